"""The page of a health facility: visits, cost against peers, who was in two places at once, practitioners."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dauhieu.web.accounts.scope import Scope
from dauhieu.web.radar.care import INPATIENT
from dauhieu.web.radar.lake import Lake, text
from dauhieu.web.radar.months import months_until
from dauhieu.web.radar.names import licence_kind_name, licence_state_name, short_name
from dauhieu.web.ui.words import written

SHOWN_MONTHS, CALENDAR_MONTHS, SHOWN_STAFF = 24, 6, 100
# With fewer peers in the province than this, those of the whole country are taken.
LEAST_PEERS = 5


@dataclass(frozen=True, slots=True)
class Day:
    """Who was here and elsewhere; None stands for few persons, of whom the number is not told."""

    day: date
    practitioners: int | None
    patients: int | None

    @property
    def some(self) -> bool:
        return self.practitioners != 0 or self.patients != 0

    @property
    def shown(self) -> str:
        if self.practitioners is None or self.patients is None:
            return "•"
        return str(self.practitioners + self.patients)


@dataclass(frozen=True, slots=True)
class Practitioner:
    name: str
    kind: str
    licence: str
    is_valid: bool
    scope: str
    days: int
    elsewhere: int
    findings: int


@dataclass(frozen=True, slots=True)
class Facility:
    """`peers` says whose cost stands beside; `calendar` has months with their days."""

    visits: Mapping[str, Any]
    cost: Mapping[str, Any]
    peers: str
    calendar: tuple[tuple[date, tuple[Day, ...]], ...]
    staff: tuple[Practitioner, ...]
    staff_total: int


def facility_page(lake: Lake, scope: Scope, month: date, facility_id: int, code: str, province: str) -> Facility | None:
    """None where the scope shows no visit, or there is none."""
    rows = lake.ask(
        scope,
        f"""
        SELECT month, CAST(count(*) FILTER (NOT {INPATIENT}) AS INTEGER) AS outpatients,
               CAST(count(*) FILTER ({INPATIENT}) AS INTEGER) AS inpatients,
               CAST(round(avg(total_hi) FILTER (NOT {INPATIENT})) AS BIGINT) AS outpatient_cost
        FROM visit WHERE facility_id = {facility_id} AND month <= {text(month)} GROUP BY month ORDER BY month""",
    )[-SHOWN_MONTHS:]
    if not rows:
        return None
    lake.keep_care()
    peers, costs = _peers(lake, facility_id, province)
    months = [written("month", row["month"]) for row in rows]
    staff, total = _staff(lake, scope, facility_id, code, month)
    return Facility(
        visits={
            "months": months,
            "series": [
                {"name": name, "kind": "bar", "axis": 0, "values": [row[column] for row in rows]}
                for name, column in ((_("Outpatient visits"), "outpatients"), (_("Inpatient stays"), "inpatients"))
            ],
        },
        cost={
            "months": months,
            "series": [
                {
                    "name": _("Cost of an outpatient visit here (VND)"),
                    "kind": "line",
                    "axis": 0,
                    "values": [row["outpatient_cost"] for row in rows],
                },
                {
                    "name": _("Median of the peers (VND)"),
                    "kind": "line",
                    "axis": 0,
                    "values": [costs.get(row["month"]) for row in rows],
                },
            ],
        },
        peers=peers,
        calendar=_calendar(lake, scope, facility_id, month),
        staff=staff,
        staff_total=total,
    )


def _peers(lake: Lake, facility_id: int, province: str) -> tuple[str, Mapping[date, int]]:
    """The median cost of those of the same level, in the province or, where they are few, in the country."""
    level = f"(SELECT any_value(technical_level) FROM stored_facility WHERE facility_id = {facility_id})"
    rows = lake.reference(f"SELECT province, month, facilities, cost FROM peer_month WHERE technical_level = {level}")
    near = [row for row in rows if row["province"] == province]
    if near and min(row["facilities"] for row in near) >= LEAST_PEERS:
        return _("facilities of the same level in the province"), {row["month"]: row["cost"] for row in near}
    whole = {row["month"]: row["cost"] for row in rows if row["province"] is None}
    return _("facilities of the same level in the country"), whole


def _calendar(lake: Lake, scope: Scope, facility_id: int, month: date) -> tuple[tuple[date, tuple[Day, ...]], ...]:
    """The months with their days; nothing where nobody was in two places."""
    months = months_until(month, CALENDAR_MONTHS)
    rows = lake.ask(
        scope,
        f"""
        SELECT day, CAST(count(DISTINCT who) FILTER (kind = 'practitioner') AS INTEGER) AS practitioners,
               CAST(count(DISTINCT who) FILTER (kind = 'patient') AS INTEGER) AS patients
        FROM two_places WHERE facility_id = {facility_id} AND day BETWEEN {text(months[0])} AND {text(month)}
        GROUP BY day ORDER BY day""",
    )
    found = {row["day"]: Day(**row) for row in rows}
    if not found:
        return ()
    return tuple((first, tuple(found.get(day, Day(day, 0, 0)) for day in _days(first))) for first in months)


def _days(first: date) -> list[date]:
    return [first.replace(day=number + 1) for number in range(calendar.monthrange(first.year, first.month)[1])]


def _staff(lake: Lake, scope: Scope, facility_id: int, code: str, month: date) -> tuple[tuple[Practitioner, ...], int]:
    """Those registered here at the end of the month; first on whom something was found."""
    if not scope.sees_persons:
        return (), 0
    first = month.replace(day=1)
    this = f"facility_id = {facility_id}"
    within = f"day BETWEEN {text(first)} AND {text(month)}"
    rows = lake.ask(
        scope,
        """
        SELECT m.*, coalesce(d.days, 0) AS days, coalesce(e.days, 0) AS elsewhere, coalesce(f.findings, 0) AS findings
        FROM mine AS m LEFT JOIN days_here AS d ON d.practitioner_id = m.practitioner_id
        LEFT JOIN days_elsewhere AS e ON e.who = m.practitioner_id
        LEFT JOIN found_here AS f ON f.subject_id = m.practitioner_id
        ORDER BY findings DESC, elsewhere DESC, days DESC, m.practitioner_id""",
        mine=f"""
          SELECT practitioner_id, any_value(full_name) AS full_name,
                 any_value(licence_kind) AS licence_kind, any_value(licence_status) AS licence_status,
                 any_value(scope) AS scope
          FROM staff WHERE {this} AND valid_from <= {text(month)} AND (valid_to IS NULL OR valid_to >= {text(first)})
          GROUP BY practitioner_id""",
        days_here=f"""
          SELECT practitioner_id, CAST(count(DISTINCT day) AS INTEGER) AS days FROM worked
          WHERE {this} AND {within} GROUP BY 1""",
        days_elsewhere=f"""
          SELECT who, CAST(count(DISTINCT day) AS INTEGER) AS days FROM two_places
          WHERE {this} AND kind = 'practitioner' AND {within} GROUP BY 1""",
        found_here=f"""
          SELECT subject_id, CAST(count(DISTINCT finding_id) AS INTEGER) AS findings FROM finding
          WHERE as_of = {text(month)} AND subject_kind = 'practitioner' AND unit_kind = 'facility'
            AND unit_code = {text(code)} GROUP BY 1""",
    )
    shown = tuple(
        Practitioner(
            short_name(row["full_name"]),
            licence_kind_name(row["licence_kind"]),
            licence_state_name(row["licence_status"]),
            row["licence_status"] == "valid",
            row["scope"] or "",
            row["days"],
            row["elsewhere"],
            row["findings"],
        )
        for row in rows[:SHOWN_STAFF]
    )
    return shown, len(rows)
