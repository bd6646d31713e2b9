from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of
from dauhieu.web.accounts.scope import BRANCH_TITLES
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.radar import dossiers, queries
from dauhieu.web.radar.filters import Filters, read_filters
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, lake
from dauhieu.web.radar.names import (
    amount_name,
    block_options,
    hidden_reason,
    kind_options,
    month_options,
    not_run_by_table,
    order_options,
    status_name,
)
from dauhieu.web.radar.picture import ARCHIPELAGOS, legend, picture
from dauhieu.web.radar.ties import ties_of
from dauhieu.web.signs.names import subject_name
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import language

FEW = 6


def _context(open_lake: Lake, filters: Filters, **more: Any) -> dict[str, Any]:
    """What every page of the radar shows beside its own: filters, and to when the data goes."""
    return {
        "filters": filters,
        "month_chosen": f"{filters.month:%Y-%m}",
        "month_options": month_options(open_lake.months),
        "branch_options": list(BRANCH_TITLES.items()),
        "block_options": block_options(),
        "kind_options": kind_options(),
        "province_options": [("34", _("34 provinces")), ("63", _("63 before 7/2025"))],
        "scanned_at": queries.scanned_at(open_lake, filters),
        **more,
    }


def _ready() -> Lake | None:
    """The store, once something has been scanned."""
    found = lake()
    return found if found.months else None


@needs(Permission.SEE_OVERVIEW)
def home(request: ScopedRequest) -> HttpResponse:
    """What got worse and who made it, whom to visit and what is to be had there, what did not run and who owes data."""
    if (found := _ready()) is None:
        return render(request, "radar/nothing.html")
    filters = read_filters(request.GET, found)
    rows = queries.places(found, request.scope, filters)
    worse = sorted((row for row in rows if row.rise > 0), key=lambda row: -row.rise)
    visits = queries.units_to_visit(found, request.scope, filters, FEW)
    silent = queries.not_run(found, filters)
    context = _context(
        found,
        filters,
        totals=queries.totals(found, request.scope, filters),
        worse_places=worse[:FEW],
        worse_count=len(worse),
        worse_units=queries.worse_units(found, request.scope, filters, FEW),
        visits=visits,
        to_recover=sum(row["recoverable"] for row in visits),
        may_export=Permission.EXPORT_OVERVIEW in permissions_of(request.user),
        silent=len(silent),
        not_run=not_run_by_table(silent),
    )
    return render(request, "radar/home.html", context)


@needs(Permission.SEE_OVERVIEW)
def risk_map(request: ScopedRequest) -> HttpResponse:
    if (found := _ready()) is None:
        return render(request, "radar/nothing.html")
    filters = read_filters(request.GET, found)
    rows = queries.places(found, request.scope, filters)
    context = _context(
        found,
        filters,
        rows=rows,
        most=max((row.per_hundred for row in rows), default=0),
        picture=(drawn := picture(filters.provinces, rows)),
        legend=legend(drawn.bounds),
        archipelagos=ARCHIPELAGOS,
        may_export=Permission.EXPORT_OVERVIEW in permissions_of(request.user),
        totals=queries.totals(found, request.scope, filters),
    )
    return render(request, "radar/risk_map.html", context)


@needs(Permission.SEE_OVERVIEW)
def province(request: ScopedRequest, provinces: str, code: str) -> HttpResponse:
    if (found := _ready()) is None:
        return render(request, "radar/nothing.html")
    filters, name, rows = queries.one_province(found, request.scope, request.GET, provinces, code)
    context = _context(
        found,
        filters,
        name=name,
        rows=rows,
        most=max(row.per_hundred for row in rows),
        totals=queries.totals(found, request.scope, filters),
        worst=queries.units_to_visit(found, request.scope, filters, FEW),
        may_export=Permission.EXPORT_OVERVIEW in permissions_of(request.user),
        worse=queries.worse_units(found, request.scope, filters, FEW),
    )
    return render(request, "radar/province.html", context)


@needs(Permission.SEE_UNITS)
def units(request: ScopedRequest) -> HttpResponse:
    if (found := _ready()) is None:
        return render(request, "radar/nothing.html")
    filters = read_filters(request.GET, found)
    context = _context(
        found,
        filters,
        found=queries.units(found, request.scope, filters),
        place_options=list(queries.province_names(found, filters.provinces).items()),
        order_options=order_options(),
        may_export=Permission.EXPORT_UNITS in permissions_of(request.user),
    )
    return render(request, "radar/_units.html" if request.htmx else "radar/units.html", context)


@needs(Permission.SEE_UNITS)
def unit(request: ScopedRequest, kind: str, code: str) -> HttpResponse:
    """One unit: why it is here, what it paid and owes, and the findings by sign."""
    found = _ready()
    if found is None or kind not in UNIT_KINDS:
        raise Http404
    filters = read_filters(request.GET, found)
    page = dossiers.unit_page(found, request.scope, filters, kind, code)
    if page is None:
        raise Http404
    record(act=Act.UNIT_READ, by=request.user.username, subject=f"{kind}:{code}")
    context = _context(
        found,
        filters,
        unit=page,
        hidden_reason=hidden_reason(page.hidden) if page.hidden else "",
        block_name=dict(block_options()).get(page.known.get("block_code", ""), ""),
        status=status_name(page.known.get("status")),
        may_triage=Permission.TRIAGE in permissions_of(request.user),
        may_see_evidence=Permission.SEE_EVIDENCE in permissions_of(request.user),
        ties=ties_of(found, request.scope, filters.month, page.known["employer_id"])
        if kind == "employer" and page.known
        else None,
        month_days=range(1, 32),
        few_hidden=not request.scope.sees_persons,
        may_see_persons=Permission.SEE_PERSONS in permissions_of(request.user),
        may_export=Permission.EXPORT_UNITS in permissions_of(request.user),
    )
    return render(request, "radar/unit.html", context)


@needs(Permission.SEE_UNITS)
def sign_findings(request: ScopedRequest, sign_id: str) -> HttpResponse:
    """What one sign finds in a month, by the units which it weighs on."""
    found, sign = _ready(), find_sign(sign_id)
    if found is None or sign is None:
        raise Http404
    filters = read_filters(request.GET, found)
    page = queries.findings_of_sign(found, request.scope, filters, sign_id)
    context = _context(
        found,
        filters,
        sign=sign,
        title=getattr(sign.title, language()),
        page=page,
        # A sign on units names the unit of the row itself; else the row says on whom.
        rows=[{**row, "about": dossiers.shown_code(row["about_kind"], row["about"])} for row in page.rows],
        about=subject_name(sign.subject) if sign.subject not in UNIT_KINDS else "",
        amount_name=amount_name(sign.amount_kind),
        place_options=list(queries.province_names(found, filters.provinces).items()),
        may_see_evidence=Permission.SEE_EVIDENCE in permissions_of(request.user),
    )
    return render(request, "radar/sign_findings.html", context)


@needs(Permission.SEE_EVIDENCE)
def evidence(request: ScopedRequest, finding_id: str) -> HttpResponse:
    """The rows behind one finding, the law it was judged by, and what may explain it."""
    found = _ready()
    page = dossiers.evidence_page(found, request.scope, finding_id) if found else None
    if found is None or page is None:
        raise Http404
    record(act=Act.EVIDENCE_READ, by=request.user.username, subject=f"finding:{finding_id}")
    filters = read_filters(request.GET, found)
    context = _context(found, filters, page=page, amount_name=amount_name(page.sign.amount_kind))
    return render(request, "radar/evidence.html", context)
