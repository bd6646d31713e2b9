"""Roles: named lists of permissions, each with a sentence for people. A role is given with a territory and a branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.scope import TerritoryKind

SCANS, RUN, TRIAGE = Permission.SEE_SCANS, Permission.RUN_SCANS, Permission.TRIAGE
OVERVIEW = (Permission.SEE_OVERVIEW, Permission.SEE_CATALOGUE)
UNITS = (*OVERVIEW, Permission.SEE_UNITS, SCANS)
TRAIL = (Permission.SEE_TRAIL, Permission.EXPORT_TRAIL)
KEEPING = (Permission.MANAGE_ACCOUNTS, Permission.SEE_DOCTOR, Permission.SEE_SOURCES)
DELIVERY = (Permission.SEE_SOURCES, Permission.DELIVER)
OVERSIGHT = (
    Permission.SEE_CATALOGUE,
    SCANS,
    Permission.SEE_DRAFTS,
    Permission.SEE_SOURCES,
    Permission.SEE_DOCTOR,
    *TRAIL,
)
STUDY = (*UNITS, Permission.SEE_EVIDENCE, Permission.SEE_SOURCES)
WRITING = (Permission.SEE_DRAFTS, Permission.WRITE_SIGNS)
APPROVING = (Permission.SEE_DRAFTS, Permission.APPROVE_SIGNS)
EXPORTS = (Permission.EXPORT_OVERVIEW, Permission.EXPORT_UNITS)
INSPECTION = (*STUDY, *EXPORTS)
SEE_PERSONS = Permission.SEE_PERSONS
CHECKING = (*INSPECTION, TRIAGE, SEE_PERSONS, Permission.UNMASK_PERSONS)


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    title: str | Promise
    sentence: str | Promise
    permissions: frozenset[Permission]


def _role(name: str, title: str | Promise, sentence: str | Promise, *permissions: Permission) -> Role:
    return Role(name, title, sentence, frozenset((Permission.SEE_WORK, *permissions)))


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        _role("leader", _("Leader"), _("Sees where it is worst and what the offices do."), *UNITS, *EXPORTS),
        _role("analyst", _("Analyst"), _("Studies what signs find and why."), *INSPECTION, RUN, *WRITING),
        _role("sign_author", _("Sign author"), _("Writes signs and tries them."), *STUDY, *WRITING),
        _role("sign_approver", _("Sign approver"), _("Approves the signs of others."), *STUDY, *APPROVING),
        _role("inspector", _("Inspector"), _("Checks units and reads the evidence on them."), *CHECKING),
        _role("team_leader", _("Team leader"), _("Leads a team of inspectors."), *CHECKING),
        _role("collection", _("Collection"), _("Follows contributions and arrears."), *INSPECTION, TRIAGE, SEE_PERSONS),
        _role("benefits", _("Benefits"), _("Follows benefits which were granted."), *CHECKING),
        _role("claims_review", _("Claims review"), _("Reviews what facilities claim."), *CHECKING),
        _role("accounting", _("Accounting"), _("Follows payments and recoveries."), *UNITS, *EXPORTS),
        _role(
            "officer", _("Office clerk"), _("Delivers data and mends what is set aside."), *OVERVIEW, SCANS, *DELIVERY
        ),
        _role("auditor", _("Auditor"), _("Checks who did and read what."), *OVERSIGHT),
        _role("data_protection", _("Data protection officer"), _("Watches over personal data."), *TRAIL),
        _role("administrator", _("Administrator"), _("Gives roles and keeps the site running."), SCANS, RUN, *KEEPING),
    )
}

# What one person alone does not give: it reaches over accounts, over the trail, over what signs say.
WIDE = frozenset({Permission.MANAGE_ACCOUNTS, *TRAIL, Permission.APPROVE_SIGNS})


def is_wide(role: str, territory_kind: str) -> bool:
    """Whether a second administrator confirms that such a role is given."""
    return territory_kind == TerritoryKind.NATION or bool(ROLES[role].permissions & WIDE)


def roles_with(permission: Permission) -> frozenset[str]:
    return frozenset(role.name for role in ROLES.values() if permission in role.permissions)
