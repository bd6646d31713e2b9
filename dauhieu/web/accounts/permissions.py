"""Everything somebody may be allowed to do. Views and templates ask for these, never for a role or a name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    SEE_WORK = "see_work"
    SEE_OVERVIEW = "see_overview"
    SEE_UNITS = "see_units"
    SEE_EVIDENCE = "see_evidence"
    SEE_PERSONS = "see_persons"
    UNMASK_PERSONS = "unmask_persons"
    SEE_CATALOGUE = "see_catalogue"
    SEE_DRAFTS = "see_drafts"
    WRITE_SIGNS = "write_signs"
    APPROVE_SIGNS = "approve_signs"
    SEE_SCANS = "see_scans"
    RUN_SCANS = "run_scans"
    TRIAGE = "triage"
    SEE_TRAIL = "see_trail"
    EXPORT_OVERVIEW = "export_overview"
    EXPORT_UNITS = "export_units"
    EXPORT_TRAIL = "export_trail"
    SEE_SOURCES = "see_sources"
    DELIVER = "deliver"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_DOCTOR = "see_doctor"


PERMISSION_TITLES: Mapping[Permission, str | Promise] = {
    Permission.SEE_WORK: _("see one's own work"),
    Permission.SEE_OVERVIEW: _("see the overview and the map"),
    Permission.SEE_UNITS: _("see units and what was found on them"),
    Permission.SEE_EVIDENCE: _("see the rows behind a finding"),
    Permission.SEE_PERSONS: _("see persons, for a purpose"),
    Permission.UNMASK_PERSONS: _("have numbers of persons shown in full"),
    Permission.SEE_CATALOGUE: _("see the catalogue of signs"),
    Permission.SEE_DRAFTS: _("see signs which are being written"),
    Permission.WRITE_SIGNS: _("write, change and retire signs"),
    Permission.APPROVE_SIGNS: _("approve signs of others"),
    Permission.SEE_SCANS: _("see scans"),
    Permission.RUN_SCANS: _("start and cancel scans"),
    Permission.TRIAGE: _("decide what is to become of findings"),
    Permission.SEE_TRAIL: _("see the trail and who read what"),
    Permission.EXPORT_OVERVIEW: _("export the table of the map"),
    Permission.EXPORT_UNITS: _("export lists of units and findings"),
    Permission.EXPORT_TRAIL: _("export the trail"),
    Permission.SEE_SOURCES: _("see data sources and what was set aside"),
    Permission.DELIVER: _("deliver files"),
    Permission.MANAGE_ACCOUNTS: _("make accounts, give and end roles"),
    Permission.SEE_DOCTOR: _("see whether the site is fit to serve"),
}
