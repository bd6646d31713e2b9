"""Everything somebody may be allowed to do. Views and templates ask for these, never for a role or a name."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    SEE_OVERVIEW = "see_overview"
    SEE_UNITS = "see_units"
    SEE_EVIDENCE = "see_evidence"
    SEE_CATALOGUE = "see_catalogue"
    SEE_SCANS = "see_scans"
    SEE_TRAIL = "see_trail"
    EXPORT_OVERVIEW = "export_overview"
    EXPORT_UNITS = "export_units"
    EXPORT_TRAIL = "export_trail"
