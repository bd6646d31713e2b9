"""What came of a sign in a scan, in the words of the page's language."""

from __future__ import annotations

import json
import re
from datetime import date

from django.utils.translation import gettext as _

from dauhieu.findings.silence import Silence
from dauhieu.web.radar.names import table_name
from dauhieu.web.scans.tasks import WAITING
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import language, written

EMPTY = re.compile(r"table (\w+) is empty")
STALE = re.compile(r"table (\w+) is stale: its newest row is of (\d{4}-\d\d-\d\d)")
YEAR = re.compile(r"table (\w+) has no rows of (\d{4})")
NEEDED = re.compile(r"sign (\S+) did not run")
FROM = re.compile(r"it applies from (\d{4}-\d\d-\d\d)")
UNTIL = re.compile(r"it applied until (\d{4}-\d\d-\d\d)")
MISSING = re.compile(r"parameter missing: (.+)")


def reason_words(reason: str) -> str:
    """Why a sign did not run. What a failed one said stays as it is: it is for whoever mends the sign."""
    if found := EMPTY.fullmatch(reason):
        return _("%(table)s: nothing delivered") % {"table": table_name(found[1])}
    if found := STALE.fullmatch(reason):
        day = written("date", date.fromisoformat(found[2]))
        return _("%(table)s: the newest row is of %(day)s") % {"table": table_name(found[1]), "day": day}
    if found := YEAR.fullmatch(reason):
        return _("%(table)s: nothing of %(year)s") % {"table": table_name(found[1]), "year": found[2]}
    if found := NEEDED.fullmatch(reason):
        return _("it needs %(sign)s, which did not run") % {"sign": found[1]}
    if found := FROM.fullmatch(reason):
        return _("it applies from %(day)s") % {"day": written("date", date.fromisoformat(found[1]))}
    if found := UNTIL.fullmatch(reason):
        return _("it applied until %(day)s") % {"day": written("date", date.fromisoformat(found[1]))}
    if found := MISSING.fullmatch(reason):
        return _("no value in force: %(parameter)s") % {"parameter": found[1]}
    return reason


def silence_words(told: str | None) -> tuple[str, ...]:
    """What is not as it ordinarily is with the sources of a sign."""
    return tuple(Silence(**one).told(language()) for one in json.loads(told)) if told else ()


def state_options() -> list[tuple[str, str]]:
    return [("run", _("with an answer")), ("not_run", _("did not run")), ("failed", _("failed"))]


def doing_words(doing: str) -> str:
    """What a scan is at: `12/237 SIGN`."""
    where, _space, what = doing.partition(" ")
    if not what:
        return _("opening the store")
    sign = find_sign(what)
    names = {
        WAITING: _("Somebody else writes to the store. The scan waits and keeps what it has found."),
        "sources": _("looking whether the sources are as they ordinarily are"),
        "warnings": _("adding up warnings"),
    }
    told = names.get(what) or (f"{what} · {getattr(sign.title, language())}" if sign else what)
    return _("%(where)s signs – %(what)s") % {"where": where, "what": told}
