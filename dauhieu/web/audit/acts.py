"""What the trail knows to have happened. The words of an act stay as written; its name for people may change."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Act(StrEnum):
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    ACCOUNT_MADE = "account_made"
    INVITED = "invited"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    FACTORS_FORGOTTEN = "factors_forgotten"
    SESSIONS_ENDED = "sessions_ended"
    ROLE_GIVEN = "role_given"
    ROLE_CONFIRMED = "role_confirmed"
    ROLE_WAITS = "role_waits"
    ROLE_ENDED = "role_ended"
    UNIT_READ = "unit_read"
    EVIDENCE_READ = "evidence_read"
    PERSON_SOUGHT = "person_sought"
    PERSON_PURPOSE = "person_purpose"
    PERSON_READ = "person_read"
    PERSON_UNMASKED = "person_unmasked"
    WORKERS_READ = "workers_read"
    TRAIL_READ = "trail_read"
    TRAIL_CHECKED = "trail_checked"
    READERS_ASKED = "readers_asked"
    EXPORT_ASKED = "export_asked"
    EXPORT_CANCELLED = "export_cancelled"
    EXPORTED = "exported"
    DELIVERED = "delivered"
    EXAMINED = "examined"
    KEYS_ROTATED = "keys_rotated"
    SCAN_ASKED = "scan_asked"
    SCAN_CANCELLED = "scan_cancelled"
    SCANS_PLANNED = "scans_planned"
    FINDINGS_DECIDED = "findings_decided"
    SIGN_BEGUN = "sign_begun"
    SIGN_CHANGED = "sign_changed"
    SIGN_TRIED = "sign_tried"
    SIGN_SUBMITTED = "sign_submitted"
    SIGN_SENT_BACK = "sign_sent_back"
    SIGN_WITHDRAWN = "sign_withdrawn"
    SIGN_PUBLISHED = "sign_published"
    SIGN_RETIRED = "sign_retired"
    REFUSED = "refused"


ACT_TITLES = {
    Act.SIGNED_IN: _("signed in"),
    Act.SIGN_IN_FAILED: _("failed to sign in"),
    Act.SIGNED_OUT: _("signed out"),
    Act.PASSWORD_CHANGED: _("changed the password"),
    Act.FACTOR_ADDED: _("added a second factor"),
    Act.FACTOR_REMOVED: _("removed a second factor"),
    Act.ACCOUNT_MADE: _("made an account"),
    Act.INVITED: _("made a link to choose a password"),
    Act.ACCOUNT_DISABLED: _("shut an account"),
    Act.ACCOUNT_ENABLED: _("opened an account again"),
    Act.FACTORS_FORGOTTEN: _("removed all second factors of an account"),
    Act.SESSIONS_ENDED: _("ended all sessions of an account"),
    Act.ROLE_GIVEN: _("gave a role"),
    Act.ROLE_CONFIRMED: _("confirmed a role which another gave"),
    Act.ROLE_WAITS: _("made a role wait again for another administrator"),
    Act.ROLE_ENDED: _("ended a role"),
    Act.UNIT_READ: _("read the page of a unit"),
    Act.EVIDENCE_READ: _("read the rows of a finding"),
    Act.PERSON_SOUGHT: _("searched for a person by number"),
    Act.PERSON_PURPOSE: _("gave a purpose for looking at a person"),
    Act.PERSON_READ: _("read the page of a person"),
    Act.PERSON_UNMASKED: _("had a person's numbers shown in full"),
    Act.WORKERS_READ: _("read the list of workers of an employer"),
    Act.TRAIL_READ: _("read the trail"),
    Act.TRAIL_CHECKED: _("checked the trail"),
    Act.READERS_ASKED: _("asked who read what"),
    Act.EXPORT_ASKED: _("asked for a large export"),
    Act.EXPORT_CANCELLED: _("cancelled a large export"),
    Act.EXPORTED: _("exported"),
    Act.EXAMINED: _("examined the site thoroughly"),
    Act.DELIVERED: _("delivered a file"),
    Act.KEYS_ROTATED: _("sealed identity numbers with a new key"),
    Act.SCAN_ASKED: _("asked for a scan"),
    Act.SCAN_CANCELLED: _("cancelled a scan"),
    Act.SCANS_PLANNED: _("changed which scans come by themselves"),
    Act.FINDINGS_DECIDED: _("decided of findings"),
    Act.SIGN_BEGUN: _("began a draft of a sign"),
    Act.SIGN_CHANGED: _("changed a draft of a sign"),
    Act.SIGN_TRIED: _("tried a draft of a sign"),
    Act.SIGN_SUBMITTED: _("submitted a sign for approval"),
    Act.SIGN_SENT_BACK: _("sent a sign back"),
    Act.SIGN_WITHDRAWN: _("withdrew a draft of a sign"),
    Act.SIGN_PUBLISHED: _("approved and published a sign"),
    Act.SIGN_RETIRED: _("approved that a sign is retired"),
    Act.REFUSED: _("was refused"),
}

# What somebody reads of one unit or person.
READS = (Act.UNIT_READ, Act.EVIDENCE_READ, Act.PERSON_READ, Act.PERSON_UNMASKED, Act.WORKERS_READ)
