"""The trail as a file, with its seals."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.trail import Checked, last_check, read_asked, within
from dauhieu.web.audit.acts import ACT_TITLES, Act
from dauhieu.web.exports.kinds import Handout, Kind, Wish
from dauhieu.web.exports.views import hand_out
from dauhieu.web.ui.words import written
from dauhieu.web.ui.workbook import MOST_ROWS, Column, Sheet


@needs(Permission.EXPORT_TRAIL)
def export_trail(request: ScopedRequest) -> HttpResponseBase:
    return hand_out(request, f"{__name__}.TRAIL")


def _count(wish: Wish) -> int:
    return read_asked(wish.query).of(within(wish.scope)).count()


def _make(wish: Wish) -> Handout:
    asked = read_asked(wish.query)
    entries = list(asked.of(within(wish.scope))[: MOST_ROWS + 1])
    columns = (
        Column("number", "#", "count", 10),
        Column("moment", _("Moment"), "moment"),
        Column("actor", _("Account")),
        Column("act", _("Act"), width=30),
        Column("subject", _("Done to"), width=34),
        Column("purpose", _("Purpose"), width=40),
        Column("details", _("Details"), width=50),
        Column("digest", _("Seal"), width=66),
    )
    rows = [
        {column.name: getattr(entry, column.name) for column in columns} | {"act": str(ACT_TITLES[Act(entry.act)])}
        for entry in entries
    ]
    filters = [
        str(ACT_TITLES[Act(asked.act)]) if asked.act else "",
        asked.actor,
        *(written("date", day) for day in (asked.since, asked.until) if day),
    ]
    about = (
        (_("Filters"), "; ".join(filter(None, filters)) or _("none")),
        (_("Rows"), written("count", len(rows))),
        (_("Last check of the trail"), _told(last_check())),
        (_("Exported by"), f"{wish.user.get_full_name()} ({wish.user.username})"),
        (_("Exported at"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
    )
    cautions = (_("This file can be changed; the trail cannot. What counts is the trail, checked by its seals."),)
    return Handout(
        f"dauhieu-trail-{timezone.localdate():%Y-%m-%d}.xlsx",
        Sheet(_("Trail"), columns, rows, about, cautions),
        "trail",
        {"what": "trail", "rows": len(rows)},
    )


def _told(checked: Checked | None) -> str:
    if checked is None:
        return _("never")
    state = _("unbroken") if checked.broken is None else _("broken at entry %(number)s") % {"number": checked.broken}
    return f"{timezone.localtime(checked.moment):%d/%m/%Y %H:%M}: {state}; {checked.head}"


TRAIL = Kind(Permission.EXPORT_TRAIL, _count, _make)
