"""What a leader takes along on paper: the month in a country or province, one unit, the list of units chosen.

The same questions through the same scope as the pages and the files for Excel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.scope import Scope, TerritoryKind
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.radar import amounts, dossiers, queries
from dauhieu.web.radar.exports import asked, filters_told, place_told
from dauhieu.web.radar.facilities import Facility
from dauhieu.web.radar.filters import Filters
from dauhieu.web.radar.lake import UNIT_KINDS, Lake
from dauhieu.web.radar.names import block_options, hidden_reason, not_run_by_table, status_name
from dauhieu.web.radar.picture import COLOURS, legend, picture, svg
from dauhieu.web.ui.paper import MIME, Beside, Drawing, Facts, Grid, Paper, Points, Tiles, Warn, pdf
from dauhieu.web.ui.words import NOTHING, short_money, written
from dauhieu.web.ui.workbook import download

# What fits on one page, or on two.
PLACES, VISITS, WORSE, OWED = 16, 8, 5, 5
SENTENCES, LINES, MONTHS = 8, 6, 6
# A longer list is for Excel.
MOST_UNITS = 300
PLACE_COLUMNS = (2.4, 1.2, 1.2, 1, 1.4)
UNIT_COLUMNS = (3.6, 3.6, 0.9, 1.1, 1.4)


@needs(Permission.EXPORT_OVERVIEW)
def summary(request: ScopedRequest) -> HttpResponse:
    """The month where the reader may see it: of one province its offices, else the map and the provinces."""
    found, filters = asked(request.GET)
    reach = request.scope.one_province
    if reach is not None:
        provinces = "63" if reach.kind == TerritoryKind.FORMER_PROVINCE else "34"
        return _province(request, found, provinces, reach.code)
    rows = queries.places(found, request.scope, filters)
    drawn = picture(filters.provinces, rows)
    label = _("Points for every hundred units")
    colours = [*zip(COLOURS, legend(drawn.bounds), strict=False)]
    note = _("Shapes: vietnamese-provinces-database (MIT), simplified; a picture, not a survey.")
    drawing = Drawing(label, svg(drawn), _("Map of provinces"), colours, note)
    table = _places_grid(_("Provinces, worst first"), rows, filters)
    title = _("The month in figures: %(month)s") % {"month": written("month", filters.month)}
    head = place_told(found, request.scope)
    return _handed_out(
        request, found, filters, "summary", title, head, _month_parts(request, found, filters, drawing, table)
    )


@needs(Permission.EXPORT_OVERVIEW)
def province(request: ScopedRequest, provinces: str, code: str) -> HttpResponse:
    found, _filters = asked(request.GET)
    return _province(request, found, provinces, code)


def _province(request: ScopedRequest, found: Lake, provinces: str, code: str) -> HttpResponse:
    filters, name, rows = queries.one_province(found, request.scope, request.GET, provinces, code)
    title = f"{name}: {written('month', filters.month)}"
    table = _places_grid(_("Offices, worst first"), rows, filters)
    parts = _month_parts(request, found, filters, None, table)
    return _handed_out(request, found, filters, "summary", title, _("Province"), parts, f"province:{code}")


@needs(Permission.EXPORT_UNITS)
def unit(request: ScopedRequest, kind: str, code: str) -> HttpResponse:
    """The dossier of one unit: why, sums by month, law, what it may answer, what to ask it for."""
    found, filters = asked(request.GET)
    page = dossiers.unit_page(found, request.scope, filters, kind, code) if kind in UNIT_KINDS else None
    if page is None:
        raise Http404
    head = " · ".join(filter(None, (page.office, page.province, written("month", filters.month))))
    parts = _unit_parts(found, request.scope, filters, page)
    return _handed_out(request, found, filters, "unit", page.name, head, parts, f"{kind}:{code}")


@needs(Permission.EXPORT_UNITS)
def units(request: ScopedRequest) -> HttpResponse:
    """The list of units as its filters stand."""
    found, filters = asked(request.GET)
    rows = queries.all_units(found, request.scope, filters, MOST_UNITS + 1)
    shown = rows[:MOST_UNITS]
    told = _units_grid("", shown, filters)
    if len(rows) > MOST_UNITS:
        more = _("Only the first %(shown)s units are on paper. Narrow the filters, or take Excel.")
        told = replace(told, note=more % {"shown": written("count", MOST_UNITS)})
    head = f"{written('month', filters.month)} · {filters_told(found, filters)}"
    return _handed_out(request, found, filters, "units", _("Units with signs"), head, [told], rows=len(shown))


def _month_parts(
    request: ScopedRequest, found: Lake, filters: Filters, drawing: Drawing | None, table: Grid
) -> list[Any]:
    """What is worse and who made it, whom to visit, what did not run and who owes the data."""
    scope = request.scope
    figures = queries.totals(found, scope, filters)
    silent = queries.not_run(found, filters)
    visits = queries.units_to_visit(found, scope, filters, VISITS)
    worse = queries.worse_units(found, scope, filters, WORSE)
    before = _("%(before)s the month before")
    tiles = Tiles(
        (
            (
                _("Units of note"),
                written("count", figures.notable),
                before % {"before": written("count", figures.notable_before)},
            ),
            (
                _("Recoverable (estimate)"),
                short_money(figures.recoverable),
                before % {"before": short_money(figures.recoverable_before)},
            ),
            (
                _("To be recovered at the units below"),
                short_money(sum(row["recoverable"] for row in visits)),
                _("estimate, before any check"),
            ),
            (_("Signs without an answer"), written("count", len(silent)), _("for lack of data")),
        )
    )
    owed = [(one.name, str(one.owner), written("count", len(one.signs))) for one in not_run_by_table(silent)[:OWED]]
    return [
        tiles,
        Beside([drawing], [table], (4, 5)) if drawing else table,
        _units_grid(_("Who made it worse"), worse, filters),
        _units_grid(_("Proposed for a visit"), visits, filters),
        Grid(
            _("What did not run, and who owes the data"),
            ((_("Missing"), 4), (_("Owed by"), 3), (_("Signs without an answer"), 1.6)),
            owed,
            (2,),
            "" if owed else _("Every sign gave an answer"),
        ),
    ]


def _places_grid(title: str, rows: Sequence[queries.PlaceRow], filters: Filters) -> Grid:
    names = (_("Place"), _("Points per 100 units"), _("Since last month"), _("Units of note"), _("Recoverable"))
    told = [
        (
            row.name,
            written("count", row.per_hundred),
            _moved(row.points, row.points_before) if filters.before else NOTHING,
            written("count", row.notable),
            short_money(row.recoverable),
        )
        for row in rows[:PLACES]
    ]
    note = _("The %(shown)s with most points of %(total)s.") if len(rows) > PLACES else ""
    numbers = {"shown": written("count", PLACES), "total": written("count", len(rows))}
    return Grid(title, [*zip(names, PLACE_COLUMNS, strict=True)], told, (1, 2, 3, 4), note % numbers if note else "")


def _units_grid(title: str, rows: Iterable[Mapping[str, Any]], filters: Filters) -> Grid:
    names = (_("Unit"), _("Main sign points at"), _("Points"), _("Since last month"), _("Recoverable"))
    told = [
        (
            f"{row['name']} ({row['subject_code']}{', ' + row['province_name'] if row['province_name'] else ''})",
            row["title"],
            written("count", row["points"]),
            _moved(row["points"], row["points_before"]) if filters.before else NOTHING,
            short_money(row["recoverable"]),
        )
        for row in rows
    ]
    note = "" if told else _("No unit with a sign")
    return Grid(title, [*zip(names, UNIT_COLUMNS, strict=True)], told, (2, 3, 4), note)


def _moved(now: int, before: int) -> str:
    change = now - before
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{written('count', abs(change))}"


def _unit_parts(found: Lake, scope: Scope, filters: Filters, page: dossiers.Unit) -> list[Any]:
    before = (
        _("%(before)s the month before") % {"before": written("count", page.points_before)}
        if page.points_before is not None
        else _("no month before to compare with")
    )
    tiles = Tiles(
        (
            (_("Risk points"), written("count", page.points), before),
            (_("Recoverable"), short_money(page.recoverable), _("estimate, before any check")),
            (_("Exposure"), short_money(page.exposure), _("sums which may be in order")),
            (_("Signs which point here"), written("count", len(page.signs)), ""),
        )
    )
    parts: list[Any] = []
    if page.hidden:
        parts.append(Warn(f"{_('Not proposed for a visit now.')} {hidden_reason(page.hidden)}"))
    values = amounts.values_of_law(found, filters.month, [one.sign for one in page.signs])
    return [
        *parts,
        tiles,
        Beside([_reasons(page)], [_registers(page)], (5, 3)),
        *_sums(found, scope, filters, page),
        *course(page.chart, page.facility, all_counts=scope.sees_persons),
        Points(_("Findings by sign"), [_told(one) for one in page.signs[:SENTENCES]]),
        Beside(
            [Points(_("What may explain it"), page.innocent[:LINES])],
            [Points(_("What to ask for"), page.ask_for[:LINES])],
        ),
        Beside([Points(_("Legal basis"), page.articles[:LINES])], [Points(_("Law in force"), values[:LINES])]),
    ]


def _reasons(page: dossiers.Unit) -> Grid:
    names = (_("Sign points at"), _("Points"), _("Findings"), _("Recoverable"))
    rows = [
        (
            f"{row['title']} ({written('month', row['period_from'])} – {written('month', row['period_to'])})",
            written("count", row["points"]),
            _("few") if row["findings"] is None else written("count", row["findings"]),
            short_money(row["recoverable"]),
        )
        for row in page.reasons[:SENTENCES]
    ]
    return Grid(_("Why it is here"), [*zip(names, (4.5, 1, 1.2, 1.7), strict=True)], rows, (1, 2, 3))


def _registers(page: dossiers.Unit) -> Facts:
    known = page.known
    facts = (
        (_("Code"), page.code),
        (_("Block"), dict(block_options()).get(known.get("block_code") or "", "")),
        (_("State"), status_name(known.get("status"))),
        (_("Sector"), str(known.get("sector_code") or "")),
        (_("Established"), written("date", known.get("established_date"))),
        (_("Registered since"), written("date", known.get("si_registered_at"))),
        (_("Licence"), str(known.get("licence_no") or "")),
    )
    return Facts(_("What the registers say"), [one for one in facts if one[1] not in ("", NOTHING)])


def _sums(found: Lake, scope: Scope, filters: Filters, page: dossiers.Unit) -> Iterable[Grid]:
    """Of an employer what it owes by fund; where nothing is known of that, what was found by kind of sum."""
    title, sums = "", amounts.Amounts((), ())
    if page.kind == "employer" and page.known:
        title = _("Due and not paid, by month and fund, as known today (VND)")
        sums = amounts.owed(found, scope, filters.month, page.known["employer_id"])
    if not sums.months:
        title = _("Sums found, by month and kind (VND)")
        sums = amounts.found(found, scope, filters.month, page.kind, page.code)
    if sums.months:
        columns = (_("Month"), *sums.titles, _("Sum"))
        rows = [
            (
                written("month", month),
                *(written("count", one) if one else NOTHING for one in of_month),
                written("count", sum(of_month)),
            )
            for month, of_month in sums.months
        ]
        yield Grid(title, [(name, 1) for name in columns], rows, tuple(range(1, len(columns))))


def course(chart: Mapping[str, Any] | None, facility: Facility | None, *, all_counts: bool) -> Iterable[Grid]:
    """The last months of the charts of a unit's page."""
    if chart:
        title, charts = _("Workers, payroll, due and paid by month"), [chart]
    elif facility:
        title, charts = _("Visits and cost by month"), [facility.visits, facility.cost]
    else:
        return
    months = charts[0]["months"][-MONTHS:]
    series = [one for chart in charts for one in chart["series"]]
    lines = [[written("count", value) for value in one["values"][-MONTHS:]] for one in series]
    names = (_("Month"), *(one["name"] for one in series))
    few = _("Counts of fewer than five persons are not shown, nor others from which they could be worked out.")
    yield Grid(
        title,
        [(name, 1) for name in names],
        [*zip(months, *lines, strict=True)],
        tuple(range(1, len(names))),
        "" if all_counts else few,
    )


def _told(one: dossiers.BySign) -> str:
    """One sign with its gravest finding in words; of persons whom the reader does not see no more than how many."""
    words = one.findings[0].sentence if one.findings else ""
    if one.count is None:
        counted = _("Findings on few persons")
    elif not one.findings:
        counted = _("%(count)s findings on persons") % {"count": written("count", one.count)}
    else:
        counted = _("%(count)s findings in all") % {"count": written("count", one.count)} if one.count > 1 else ""
    return f"{one.title} ({one.sign.id}): {' – '.join(filter(None, (words, counted)))}"


def _handed_out(
    request: ScopedRequest,
    found: Lake,
    filters: Filters,
    name: str,
    title: str,
    head: str,
    parts: Sequence[Any],
    subject: str = "",
    rows: int | None = None,
) -> HttpResponse:
    """The pages, and that they were handed out."""
    who = _("Made for %(name)s (%(account)s), %(moment)s, version %(version)s of the store.") % {
        "name": request.user.get_full_name(),
        "account": request.user.username,
        "moment": f"{timezone.localtime():%d/%m/%Y %H:%M}",
        "version": found.number,
    }
    cautions = (
        _("A sign is a reason to look, never a verdict."),
        _("Sums are estimates before any check."),
        _("Keep and pass on only as law and agency allow."),
    )
    details = {"what": name, "form": "pdf", "rows": rows, "month": filters.month, "version": found.number}
    content = pdf(Paper(title, head, " ".join((*cautions, who)), parts))
    record(act=Act.EXPORTED, by=request.user.username, subject=subject or name, details=details)
    return download(content, f"dauhieu-{name}-{filters.month:%Y-%m}.pdf", MIME)
