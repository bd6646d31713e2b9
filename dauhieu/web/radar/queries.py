"""What the radar's pages ask of the store. Each question goes through the lake and so through a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.http import Http404, QueryDict

from dauhieu.catalogue.violation import violations
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.radar.filters import Filters, read_filters
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, listed, plain, text
from dauhieu.web.ui.words import language

PAGE = 50
# Points from which on a unit counts as one to look at: a grave sign, or two lesser ones.
NOTABLE = 25


def _scored(filters: Filters) -> str:
    """One row a unit and month. Points are those of the warning where all its parts are in view."""
    return f"""
        SELECT as_of, subject_kind, any_value(subject_id) AS subject_id, subject_code,
               any_value(province) AS province, any_value(former_province) AS former_province,
               any_value(org_code) AS org_code, any_value(block_code) AS block_code,
               CASE WHEN count(*) = any_value(warning_violations) THEN any_value(warning_points)
                    ELSE CAST(sum(points) AS INTEGER) END AS points,
               CAST(sum(recoverable) AS BIGINT) AS recoverable, CAST(sum(exposure) AS BIGINT) AS exposure,
               CAST(sum(findings) AS INTEGER) AS findings, CAST(count(*) AS INTEGER) AS violations,
               arg_max(violation, points) AS main
        FROM reason
        WHERE subject_kind IN ({listed(UNIT_KINDS)}) AND {filters.conditions}
          AND as_of IN ({listed(month for month in (filters.month, filters.before) if month)})
        GROUP BY as_of, subject_kind, subject_code"""


def _compared(filters: Filters) -> str:
    """One row a unit: the month, and how it moved since the month before."""
    before = filters.before or filters.month
    return f"""
        SELECT n.*, coalesce(b.points, 0) AS points_before, n.points - coalesce(b.points, 0) AS rise,
               b.subject_code IS NULL AS is_new
        FROM (SELECT * FROM scored WHERE as_of = {text(filters.month)}) AS n
        LEFT JOIN (SELECT * FROM scored WHERE as_of = {text(before)}) AS b USING (subject_kind, subject_code)"""


def _steps(filters: Filters) -> dict[str, str]:
    return {"scored": _scored(filters), "compared": _compared(filters)}


@dataclass(frozen=True, slots=True)
class Totals:
    """A month in figures, and the month before."""

    units: int
    notable: int
    notable_before: int
    recoverable: int
    recoverable_before: int


def totals(lake: Lake, scope: Scope, filters: Filters) -> Totals:
    sql = f"""
        SELECT as_of, count(*) AS units, CAST(count(*) FILTER (points >= {NOTABLE}) AS INTEGER) AS notable,
               CAST(coalesce(sum(recoverable), 0) AS BIGINT) AS recoverable
        FROM scored GROUP BY as_of"""
    rows = {row["as_of"]: row for row in lake.ask(scope, sql, **_steps(filters))}
    nothing = {"units": 0, "notable": 0, "recoverable": 0}
    now, before = rows.get(filters.month, nothing), rows.get(filters.before, nothing)
    return Totals(now["units"], now["notable"], before["notable"], now["recoverable"], before["recoverable"])


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One province or office in a table and on the map; `per_hundred` are points for every hundred units there."""

    code: str
    name: str
    units: int
    warned: int
    notable: int
    points: int
    points_before: int
    recoverable: int

    @property
    def rise(self) -> int:
        return self.points - self.points_before

    @property
    def per_hundred(self) -> int:
        return round(100 * self.points / self.units) if self.units else 0


def places(lake: Lake, scope: Scope, filters: Filters) -> tuple[PlaceRow, ...]:
    """The provinces in scope, worst first."""
    column = filters.column
    names = province_names(lake, filters.provinces)
    return tuple(
        PlaceRow(name=names.get(row["code"], row["code"]), **row)
        for row in lake.ask(scope, _places_sql(filters, column), **_steps(filters))
        if row["code"] in names
    )


def offices(lake: Lake, scope: Scope, filters: Filters) -> tuple[PlaceRow, ...]:
    """The offices which have units in the place of the filters, worst first."""
    names = office_names(lake)
    rows = lake.ask(scope, _places_sql(filters, "org_code"), **_steps(filters))
    return tuple(PlaceRow(name=names.get(row["code"], row["code"]), **row) for row in rows)


def one_province(
    lake: Lake, scope: Scope, query: QueryDict, provinces: str, code: str
) -> tuple[Filters, str, tuple[PlaceRow, ...]]:
    """What was asked of a province, its name and its offices.

    Not found is also one which is there, but not for this user: nothing is told of what is outside the scope.
    """
    asked = query.copy()
    asked["provinces"] = provinces
    filters = read_filters(asked, lake, place=code)
    name = province_names(lake, filters.provinces).get(code)
    rows = offices(lake, scope, filters)
    if name is None or not rows:
        raise Http404
    return filters, name, rows


def _places_sql(filters: Filters, column: str) -> str:
    kind = f"subject_kind = {text(filters.kind)}" if filters.kind else "true"
    block = f"block_code = {text(filters.block)}" if filters.block else "true"
    inside = f"{filters.column} = {text(filters.place)}" if filters.place else "true"
    return f"""
        SELECT u.code, CAST(u.units AS INTEGER) AS units, coalesce(s.warned, 0) AS warned,
               coalesce(s.notable, 0) AS notable, coalesce(s.points, 0) AS points,
               coalesce(s.points_before, 0) AS points_before, coalesce(s.recoverable, 0) AS recoverable
        FROM (SELECT {column} AS code, count(*) AS units FROM unit
              WHERE {kind} AND {block} AND {inside} AND {column} IS NOT NULL GROUP BY 1) AS u
        LEFT JOIN (
          SELECT {column} AS code,
                 CAST(count(*) FILTER (as_of = {text(filters.month)}) AS INTEGER) AS warned,
                 CAST(count(*) FILTER (as_of = {text(filters.month)} AND points >= {NOTABLE}) AS INTEGER) AS notable,
                 CAST(coalesce(sum(points) FILTER (as_of = {text(filters.month)}), 0) AS INTEGER) AS points,
                 CAST(coalesce(sum(points) FILTER (as_of <> {text(filters.month)}), 0) AS INTEGER) AS points_before,
                 CAST(coalesce(sum(recoverable) FILTER (as_of = {text(filters.month)}), 0) AS BIGINT) AS recoverable
          FROM scored GROUP BY 1) AS s ON s.code = u.code
        ORDER BY s.points / u.units DESC NULLS LAST, u.code"""


def province_names(lake: Lake, provinces: str) -> Mapping[str, str]:
    """Of today's provinces, or of those before July 2025."""
    now = "IS NULL" if provinces == "34" else "IS NOT NULL"
    rows = lake.reference(
        "SELECT admin_code AS code, name_vi AS name FROM stored_admin_unit "
        f"WHERE level = 'province' AND valid_to {now} AND superseded_at IS NULL ORDER BY 1"
    )
    return {row["code"]: _short(row["name"]) for row in rows}


def _short(name: str) -> str:
    return name.removeprefix("Thành phố ").removeprefix("Tỉnh ")


def office_names(lake: Lake) -> Mapping[str, str]:
    return {row["org_code"]: row["name"] for row in lake.reference("SELECT org_code, name FROM office")}


def worse_units(lake: Lake, scope: Scope, filters: Filters, top: int) -> tuple[dict[str, Any], ...]:
    """Who made it worse: the units whose points rose most."""
    sql = f"SELECT * FROM compared WHERE rise > 0 ORDER BY rise DESC, points DESC, subject_code LIMIT {top}"
    return _named(lake, lake.ask(scope, sql, **_steps(filters)))


def units_to_visit(lake: Lake, scope: Scope, filters: Filters, top: int) -> tuple[dict[str, Any], ...]:
    """Whom to visit first: not those which are being checked, were lately, or are no more."""
    sql = f"""
        SELECT c.* FROM compared AS c
        ANTI JOIN hidden_unit AS h ON h.subject_kind = c.subject_kind AND h.subject_code = c.subject_code
        ORDER BY points DESC, recoverable DESC, subject_code LIMIT {top}"""
    return _named(lake, lake.ask(scope, sql, **_steps(filters)))


@dataclass(frozen=True, slots=True)
class UnitPage:
    rows: tuple[dict[str, Any], ...]
    total: int
    page: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))


def units(lake: Lake, scope: Scope, filters: Filters) -> UnitPage:
    where, total = sought(filters.search), count_units(lake, scope, filters)
    page = min(filters.page, max(1, -(-total // PAGE)))
    sql = (
        f"SELECT * FROM compared WHERE {where} ORDER BY {filters.order} DESC, points DESC, subject_code "
        f"LIMIT {PAGE} OFFSET {(page - 1) * PAGE}"
    )
    return UnitPage(_named(lake, lake.ask(scope, sql, **_steps(filters))), total, page)


def count_units(lake: Lake, scope: Scope, filters: Filters) -> int:
    sql = f"SELECT count(*) AS total FROM compared WHERE {sought(filters.search)}"
    total: int = lake.ask(scope, sql, **_steps(filters))[0]["total"]
    return total


def all_units(lake: Lake, scope: Scope, filters: Filters, most: int) -> tuple[dict[str, Any], ...]:
    """The list without pages, for a file."""
    sql = (
        f"SELECT * FROM compared WHERE {sought(filters.search)} "
        f"ORDER BY {filters.order} DESC, points DESC, subject_code LIMIT {most}"
    )
    return _named(lake, lake.ask(scope, sql, **_steps(filters)))


def findings_of_sign(lake: Lake, scope: Scope, filters: Filters, sign_id: str) -> UnitPage:
    """What the sign finds in the month on units, those with the most money first."""
    place = f"{filters.column} = {text(filters.place)}" if filters.place else "true"
    # Findings on persons have no subject for who may not see persons.
    where = f"sign_id = {text(sign_id)} AND as_of = {text(filters.month)} AND {place} AND subject_code IS NOT NULL"
    total = lake.ask(scope, f"SELECT count(*) AS total FROM finding WHERE {where}")[0]["total"]
    page = min(filters.page, max(1, -(-total // PAGE)))
    rows = lake.ask(
        scope,
        f"""
        SELECT finding_id, unit_kind AS subject_kind, unit_code AS subject_code, any_value(violation_id) AS main,
               any_value(org_code) AS org_code, any_value(province) AS province, any_value(period_from) AS period_from,
               any_value(period_to) AS period_to, any_value(amount) AS amount, any_value(state) AS state,
               any_value(subject_kind) AS about_kind, any_value(subject_code) AS about
        FROM finding WHERE {where} GROUP BY finding_id, unit_kind, unit_code
        ORDER BY amount DESC NULLS LAST, subject_code, finding_id LIMIT {PAGE} OFFSET {(page - 1) * PAGE}""",
    )
    codes = listed({row["subject_code"] for row in rows})
    units = lake.ask(
        scope,
        "SELECT subject_kind AS kind, subject_code AS code, any_value(subject_id) AS id FROM reason "
        f"WHERE as_of = {text(filters.month)} AND subject_code IN ({codes or 'NULL'}) GROUP BY ALL",
    )
    ids = {(unit["kind"], unit["code"]): unit["id"] for unit in units}
    placed = [{**row, "subject_id": ids.get((row["subject_kind"], row["subject_code"]))} for row in rows]
    return UnitPage(_named(lake, placed), total, page)


def sought(search: str) -> str:
    """By the code, or by the name without minding accents."""
    if not search:
        return "true"
    return (
        f"(contains(lower(subject_code), lower({text(search)})) OR (subject_kind, subject_id) IN ("
        f"SELECT (subject_kind, subject_id) FROM unit_name WHERE contains(name, {plain(text(search))})))"
    )


def _named(lake: Lake, rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Rows of units with the names of the units, their offices and provinces."""
    names = unit_names(lake, ((row["subject_kind"], row["subject_id"]) for row in rows))
    known_offices, provinces = office_names(lake), province_names(lake, "34")
    return tuple(
        {
            **row,
            "name": names.get((row["subject_kind"], row["subject_id"])) or row["subject_code"],
            "title": violation_title(row["main"]),
            "office": known_offices.get(row["org_code"], ""),
            "province_name": provinces.get(row["province"], ""),
        }
        for row in rows
    )


def violation_title(name: str) -> str:
    """What signs of a violation point at; a violation which the catalogue no longer has keeps its id."""
    known = violations().get(name)
    return getattr(known.title, language()) if known else name


def unit_names(lake: Lake, units: Iterable[tuple[str, int | None]]) -> Mapping[tuple[str, int | None], str]:
    wanted: dict[str, list[int]] = {}
    for kind, id_ in units:
        if id_ is not None:
            wanted.setdefault(kind, []).append(id_)
    found: dict[tuple[str, int | None], str] = {}
    for kind, ids in wanted.items():
        table, column = {
            "employer": ("stored_employer_identity", "employer_id"),
            "facility": ("stored_facility", "facility_id"),
        }[kind]
        rows = lake.reference(
            f"SELECT {column} AS id, any_value(name_vi) AS name FROM {table} "
            f"WHERE superseded_at IS NULL AND {column} IN ({', '.join(map(str, sorted(ids)))}) GROUP BY 1"
        )
        found.update({(kind, row["id"]): row["name"] for row in rows})
    return found


def not_run(lake: Lake, filters: Filters) -> tuple[Mapping[str, Any], ...]:
    """The signs which gave no answer in the last scan of the month, with the reason."""
    return lake.reference(
        "SELECT r.sign_id, arg_max(r.state, s.finished_at) AS state, arg_max(r.reason, s.finished_at) AS reason "
        "FROM stored_scan_sign AS r JOIN stored_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of = {text(filters.month)} GROUP BY 1 HAVING state <> 'run' ORDER BY 1"
    )


def scanned_at(lake: Lake, filters: Filters) -> Any:
    """When the month was last scanned."""
    rows = lake.reference(f"SELECT max(finished_at) AS moment FROM stored_scan WHERE as_of = {text(filters.month)}")
    return rows[0]["moment"].replace(tzinfo=UTC) if rows[0]["moment"] else None
