"""What codes of the catalogue are called on a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from dauhieu.catalogue.sign import AMOUNT_KINDS, CLOSED_YEAR, CODE_SUBJECTS, Age, Threshold
from dauhieu.warehouse.contract import contract
from dauhieu.web.ui.words import language, written

TONES = {"stable": "good", "test": "cool", "experimental": "warn", "draft": "", "retired": "", "broken": "bad"}


def status_options() -> list[tuple[str, str]]:
    return [
        ("stable", _("stable")),
        ("test", _("in test")),
        ("experimental", _("experimental")),
        ("draft", _("draft")),
        ("retired", _("retired")),
    ]


def status_name(status: str) -> str:
    return dict(status_options()).get(status, status)


def amount_options() -> list[tuple[str, str]]:
    names = (
        _("contributions owed"),
        _("benefits not due"),
        _("health costs not payable"),
        _("money at risk"),
    )
    return list(zip(AMOUNT_KINDS, names, strict=True))


def amount_name(kind: str) -> str:
    return dict(amount_options())[kind]


def subject_name(subject: str) -> str:
    kind = contract().kinds.get(subject)
    if kind:
        return str(getattr(kind.meaning, language())).split(" (")[0]
    return dict(zip(CODE_SUBJECTS, (_("an office"), _("a document")), strict=True)).get(subject, subject)


def subject_options(subjects: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((one, subject_name(one)) for one in set(subjects)), key=lambda pair: pair[1])


def age_name(age: Age) -> str:
    if age == CLOSED_YEAR:
        return _("of the latest closed year")
    return _("of any age") if age is None else _("at most %(months)s months old") % {"months": age}


def unit_name(unit: str) -> str:
    """The units which most thresholds have; a rare one stays as its author wrote it."""
    names = {
        "months": _("months"),
        "calendar months": _("calendar months"),
        "days": _("days"),
        "working days": _("working days"),
        "weeks": _("weeks"),
        "years": _("years"),
        "hours": _("hours"),
        "minutes": _("minutes"),
        "percent": _("percent"),
        "percentage points": _("percentage points"),
        "parts per million": _("parts per million"),
        "ppm": _("parts per million"),
        "points": _("points"),
        "times": _("times"),
        "VND": _("VND"),
        "đồng": _("VND"),
        "persons": _("persons"),
        "people": _("persons"),
        "workers": _("workers"),
        "women": _("women"),
        "employers": _("employers"),
        "facilities": _("facilities"),
        "provinces": _("provinces"),
        "claims": _("claims"),
        "decisions": _("decisions"),
        "certificates": _("certificates"),
        "papers": _("papers"),
        "visits": _("visits"),
        "stays": _("stays"),
        "services": _("services"),
        "receipts": _("receipts"),
        "lines": _("lines"),
        "rows": _("rows"),
        # These say nothing which the value does not say.
        "date": "",
        "any": "",
        "km": _("km"),
        "yes or no": "",
    }
    return names.get(unit, unit)


def threshold_value(value: Threshold) -> str:
    """A threshold as people write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return written("count", value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value if isinstance(value, str) else written("date", value)
