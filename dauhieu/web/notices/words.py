"""What a notice says. `outside` is the sentence for a mail: it names nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauhieu.web.notices.models import (
    EXPORT_FAILED,
    EXPORT_READY,
    HANDED,
    SCAN_ENDED,
    SCAN_FAILED,
    SIGN_BACK,
    SIGN_OUT,
    SIGN_WAITS,
    Notice,
)
from dauhieu.web.practice.words import marked
from dauhieu.web.ui.words import written

SIGN_NOTICES: Mapping[str, Callable[[], str]] = {
    SIGN_WAITS: lambda: _("The sign %(sign)s waits for approval."),
    SIGN_BACK: lambda: _("The sign %(sign)s was sent back with words."),
    SIGN_OUT: lambda: _("The sign %(sign)s was approved."),
}

EXPORT_NOTICES: Mapping[str, Callable[[], str]] = {
    EXPORT_READY: lambda: _("The file which you asked for is ready. It is kept for a day."),
    EXPORT_FAILED: lambda: _("The file which you asked for could not be made."),
}


def sentence(notice: Notice, *, outside: bool = False) -> str:
    return marked(_sentence(notice, outside))


def _sentence(notice: Notice, outside: bool) -> str:
    details = json.loads(notice.details)
    if notice.kind in (SCAN_ENDED, SCAN_FAILED):
        month = written("month", date.fromisoformat(details["as_of"]))
        told = (
            _("The scan of %(month)s has ended.") if notice.kind == SCAN_ENDED else _("The scan of %(month)s failed.")
        )
        return told % {"month": month}
    if notice.kind in EXPORT_NOTICES:
        return EXPORT_NOTICES[notice.kind]()
    if notice.kind in SIGN_NOTICES:
        return SIGN_NOTICES[notice.kind]() % {"sign": details["sign"]}
    number = details["number"]
    if notice.kind == HANDED:
        told = ngettext("%(number)s finding was handed to you", "%(number)s findings were handed to you", number) % {
            "number": written("count", number)
        }
        return f"{told}." if outside else _("%(what)s by %(who)s.") % {"what": told, "who": details["by"]}
    return ngettext(
        "%(number)s document of a delivery was set aside.",
        "%(number)s documents of a delivery were set aside.",
        number,
    ) % {"number": written("count", number)}
