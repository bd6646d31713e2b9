"""What codes of sources are called on a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Titles = Mapping[str, str | Promise]

STATE_TITLES: Titles = {
    "missing": _("missing"),
    "stale": _("too old"),
    "unusual": _("unusual"),
    "fresh": _("fresh"),
    "unused": _("needed by no sign"),
}
MODE_TITLES: Titles = {
    "adds": _("adds"),
    "replaces": _("replaces months"),
    "whole": _("replaces the whole table"),
}
AREA_TITLES: Titles = {
    "reference": _("Reference and organisation"),
    "persons": _("Persons"),
    "employers": _("Employers and employment"),
    "contributions": _("Contributions"),
    "agents": _("Collection agents"),
    "benefits": _("Benefits"),
    "health": _("Health facilities and practitioners"),
    "claims": _("Claims"),
    "control": _("Internal control"),
    "external": _("Partner agencies"),
    "product": _("Written by the product"),
}
TYPE_TITLES: Titles = {
    "id": _("code"),
    "text": _("text"),
    "bool": _("yes or no"),
    "int": _("whole number"),
    "bigint": _("whole number"),
    "money": _("đồng"),
    "amount": _("number with three decimals"),
    "degree": _("degrees"),
    "date": _("date"),
    "month": _("month"),
    "timestamp": _("moment"),
    "instant": _("moment (UTC)"),
    "time": _("time of day"),
}
PERSONAL_TITLES: Titles = {
    "identity": _("identity of a person"),
    "contact": _("contact of a person"),
    "health": _("health of a person"),
    "money": _("money of a person"),
}
