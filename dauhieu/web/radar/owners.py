"""Who owes the data of a table, by the beginning of its name: whom to ask when a sign could not run."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OWNERS: tuple[tuple[str, str | Promise], ...] = (
    ("ext_tax", _("Tax authority")),
    ("ext_einvoice", _("Tax authority")),
    ("ext_business", _("Business registration office")),
    ("ext_population", _("Police: population database")),
    ("ext_border", _("Police: immigration")),
    ("ext_custody", _("Police: custody")),
    ("ext_death", _("Civil status registers")),
    ("ext_birth", _("Civil status registers")),
    ("ext_work_permit", _("Labour authority")),
    ("ext_licence", _("Health authority")),
    ("ext_poverty", _("Social affairs of the communes")),
    ("ext_military", _("Military command")),
    ("ext_bank", _("Banks")),
    ("ext_", _("Partner agencies")),
    ("hi_", _("Health facilities, by the claims portal")),
    ("service_", _("Health insurance department")),
    ("drug_", _("Health insurance department")),
    ("supply_", _("Health insurance department")),
    ("facility", _("Health insurance department")),
    ("benefit", _("Benefits department")),
    ("pension", _("Benefits department")),
    ("contribution", _("Collection department")),
    ("employer", _("Collection department")),
    ("voluntary", _("Collection department")),
    ("ui_", _("Job centres")),
    ("training", _("Job centres")),
    ("job_", _("Job centres")),
    ("sanction", _("Inspection department")),
    ("inspection", _("Inspection department")),
)


def owner_of(table: str) -> str | Promise:
    return next((owner for start, owner in OWNERS if table.startswith(start)), _("Information technology centre"))
