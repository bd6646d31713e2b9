"""What states, reasons and deeds of triage are called on a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

TONES = {"waiting": "", "acknowledged": "cool", "planned": "good", "dismissed": "warn"}


def state_name(state: str) -> str:
    return dict(state_options())[state]


def state_options() -> list[tuple[str, str]]:
    return [
        ("waiting", _("waiting for a look")),
        ("acknowledged", _("acknowledged")),
        ("planned", _("in the plan")),
        ("dismissed", _("dismissed")),
    ]


def reason_options() -> list[tuple[str, str]]:
    return [
        ("explained", _("it has a good explanation")),
        ("data_error", _("the data is wrong")),
        ("checked", _("it was checked already")),
        ("small", _("too little is at stake")),
        ("twice", _("another finding says the same")),
        ("elsewhere", _("another agency is in charge")),
        ("other", _("another reason, in words")),
    ]


def reason_name(reason: str) -> str:
    return dict(reason_options()).get(reason, "")


def deed_name(deed: str) -> str:
    names = {
        "acknowledge": _("acknowledged it"),
        "plan": _("put it into the plan"),
        "dismiss": _("dismissed it"),
        "hand": _("handed it on"),
        "reopen": _("opened it again"),
        "undo": _("undid the change before"),
    }
    return names[deed]


def order_options() -> list[tuple[str, str]]:
    return [("points", _("points of the unit")), ("amount", _("amount")), ("new", _("new ones first"))]


def holder_options() -> list[tuple[str, str]]:
    return [("me", _("with me")), ("nobody", _("with nobody"))]
