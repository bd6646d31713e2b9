"""What the radar hands out as files: the same questions, through the same scope, as its pages ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.scope import BRANCH_TITLES, TERRITORY_TITLES, Branch, Scope, TerritoryKind
from dauhieu.web.exports.kinds import Handout, Kind, Wish
from dauhieu.web.exports.views import hand_out
from dauhieu.web.radar import dossiers, queries
from dauhieu.web.radar.filters import Filters, read_filters
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, lake
from dauhieu.web.radar.names import amount_name, block_options, kind_options
from dauhieu.web.ui.words import written
from dauhieu.web.ui.workbook import MOST_ROWS, Column, Sheet


@needs(Permission.EXPORT_UNITS)
def units(request: ScopedRequest) -> HttpResponseBase:
    return hand_out(request, f"{__name__}.UNITS")


@needs(Permission.EXPORT_OVERVIEW)
def map_table(request: ScopedRequest) -> HttpResponseBase:
    return hand_out(request, f"{__name__}.MAP")


@needs(Permission.EXPORT_UNITS)
def findings(request: ScopedRequest, kind: str, code: str) -> HttpResponseBase:
    return hand_out(request, f"{__name__}.FINDINGS", {"kind": kind, "code": code})


def _make_units(wish: Wish) -> Handout:
    found, filters = asked(wish.query)
    rows = queries.all_units(found, wish.scope, filters, MOST_ROWS + 1)
    columns = (
        Column("subject_code", _("Code")),
        Column("name", _("Name"), width=40),
        Column("kind", _("Kind of unit")),
        Column("province_name", _("Province")),
        Column("office", _("Office in charge"), width=28),
        Column("block", _("Block")),
        Column("title", _("Main sign points at"), width=48),
        Column("points", _("Points"), "count", 10),
        Column("points_before", _("Points the month before"), "count", 10),
        Column("findings", _("Findings"), "count", 10),
        Column("recoverable", _("Recoverable (estimate)"), "vnd", 22),
        Column("exposure", _("Exposure"), "vnd", 22),
    )
    kinds, blocks = dict(kind_options()), dict(block_options())
    told = [
        row | {"kind": kinds.get(row["subject_kind"], ""), "block": blocks.get(row["block_code"] or "", "")}
        for row in rows
    ]
    return _handout(wish, found, filters, "units", _("Units with signs"), columns, told)


def _make_map(wish: Wish) -> Handout:
    found, filters = asked(wish.query)
    columns = (
        Column("code", _("Code"), width=10),
        Column("name", _("Province"), width=28),
        Column("units", _("Units"), "count"),
        Column("warned", _("Units with signs"), "count"),
        Column("notable", _("Units of note"), "count"),
        Column("points", _("Points"), "count"),
        Column("points_before", _("Points the month before"), "count"),
        Column("per_hundred", _("Points for every hundred units"), "count"),
        Column("recoverable", _("Recoverable (estimate)"), "vnd", 22),
    )
    names = [column.name for column in columns]
    rows = [{name: getattr(row, name) for name in names} for row in queries.places(found, wish.scope, filters)]
    return _handout(wish, found, filters, "map", _("Provinces, worst first"), columns, rows)


def _make_findings(wish: Wish) -> Handout:
    found, filters = asked(wish.query)
    kind, code = wish.arguments["kind"], wish.arguments["code"]
    rows = dossiers.all_findings(found, wish.scope, filters.month, kind, code) if kind in UNIT_KINDS else ()
    if not rows:
        raise Http404
    columns = (
        Column("sign", _("Sign"), width=16),
        Column("title", _("Sign points at"), width=40),
        Column("sentence", _("What was found"), width=90),
        Column("period_from", _("From"), "date", 12),
        Column("period_to", _("To"), "date", 12),
        Column("amount", _("Sum"), "vnd", 20),
        Column("amount_kind", _("Kind of sum"), width=20),
        Column("finding_id", _("Finding"), width=36),
    )
    told = [{**row, "amount_kind": amount_name(row["amount_kind"])} for row in rows]
    title = _("Findings on %(code)s") % {"code": code}
    return _handout(wish, found, filters, "findings", title, columns, told, subject=f"{kind}:{code}")


def asked(query: QueryDict) -> tuple[Lake, Filters]:
    found = lake()
    if not found.months:
        raise Http404
    return found, read_filters(query, found)


def _handout(
    wish: Wish,
    found: Lake,
    filters: Filters,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    subject: str = "",
) -> Handout:
    """The file, and what is told of it: not what was searched for, for it may name a person."""
    moment = timezone.localtime()
    about = (
        (_("Month"), written("month", filters.month)),
        (_("Filters"), filters_told(found, filters)),
        (_("Where"), place_told(found, wish.scope)),
        (_("Version of the store"), f"{found.number} ({timezone.localtime(found.moment):%d/%m/%Y %H:%M})"),
        (_("Rows"), written("count", len(rows))),
        (_("Exported by"), f"{wish.user.get_full_name()} ({wish.user.username})"),
        (_("Exported at"), f"{moment:%d/%m/%Y %H:%M}"),
    )
    cautions = (
        _("A sign is a reason to look, never a verdict."),
        _("Sums are estimates before any check."),
        _("Sensitive personal data may stand here. Keep it and pass it on only as law and agency allow."),
    )
    return Handout(
        f"dauhieu-{name}-{filters.month:%Y-%m}.xlsx",
        Sheet(title, columns, rows, about, cautions),
        subject or name,
        {"what": name, "rows": len(rows), "month": filters.month, "version": found.number},
    )


def filters_told(found: Lake, filters: Filters) -> str:
    """The filters in words."""
    names = queries.province_names(found, filters.provinces)
    parts = (
        (_("Branch"), str(BRANCH_TITLES[Branch(filters.branch)]) if filters.branch else ""),
        (_("Block"), dict(block_options()).get(filters.block, "")),
        (_("Kind of unit"), dict(kind_options()).get(filters.kind, "")),
        (_("Province"), names.get(filters.place, filters.place)),
        (_("Office"), filters.office),
        (_("Name or code"), filters.search),
    )
    return "; ".join(f"{name}: {value}" for name, value in parts if value) or _("none")


def place_told(found: Lake, scope: Scope) -> str:
    """The reaches of whoever exports, in words."""
    provinces = {
        TerritoryKind.PROVINCE: queries.province_names(found, "34"),
        TerritoryKind.FORMER_PROVINCE: queries.province_names(found, "63"),
        TerritoryKind.OFFICE: queries.office_names(found),
    }
    told = []
    for reach in sorted(scope.reaches):
        kind = TerritoryKind(reach.kind)
        place = provinces.get(kind, {}).get(reach.code, reach.code)
        branch = f" ({BRANCH_TITLES[Branch(reach.branch)]})" if reach.branch else ""
        told.append(f"{TERRITORY_TITLES[kind]} {place}".strip() + branch)
    return "; ".join(told)


def _count_units(wish: Wish) -> int:
    found, filters = asked(wish.query)
    return queries.count_units(found, wish.scope, filters)


def _count_findings(wish: Wish) -> int:
    """Those which are a line each; those on persons are one a sign for who may not see persons."""
    found, filters = asked(wish.query)
    return dossiers.count_findings(found, wish.scope, filters.month, wish.arguments["kind"], wish.arguments["code"])


# There are never more provinces than fit at once.
MAP = Kind(Permission.EXPORT_OVERVIEW, lambda wish: 0, _make_map)
UNITS = Kind(Permission.EXPORT_UNITS, _count_units, _make_units)
FINDINGS = Kind(Permission.EXPORT_UNITS, _count_findings, _make_findings)
