"""What came of scans: about signs, not about any unit or person, so the same for everybody who may see scans.

What two scans found is counted within a scope, for that is about units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.jobs.words import TONES, job_state
from dauhieu.web.radar.lake import Lake, listed, text
from dauhieu.web.radar.names import Missing, not_run_by_table
from dauhieu.web.scans.models import Order
from dauhieu.web.scans.words import doing_words, reason_words, silence_words
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import language

SHOWN = 100
SHOWN_ENDED = timedelta(days=7)
OFFERED_MONTHS = 24


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One scan as it stands in the store; `who` is None where it came from the command line."""

    id: str
    as_of: date
    known_at: datetime | None
    version: int
    started: datetime
    finished: datetime
    findings: int
    run: int
    not_run: int
    failed: int
    is_last: bool
    order: Order | None = None
    who: str | None = None

    @property
    def signs(self) -> int:
        return self.run + self.not_run + self.failed

    @property
    def seconds(self) -> int:
        return round((self.finished - self.started).total_seconds())


SCANS = """
    SELECT s.scan_id AS id, s.as_of, s.known_at, s.store_version AS version, s.started_at AS started,
           coalesce(s.finished_at, s.started_at) AS finished, r.* EXCLUDE (scan_id),
           row_number() OVER (PARTITION BY s.as_of ORDER BY s.finished_at DESC, s.scan_id) = 1 AS is_last
    FROM stored_scan AS s JOIN (
      SELECT scan_id, CAST(sum(findings) AS BIGINT) AS findings,
             CAST(count(*) FILTER (state = 'run') AS INTEGER) AS run,
             CAST(count(*) FILTER (state = 'not_run') AS INTEGER) AS not_run,
             CAST(count(*) FILTER (state = 'failed') AS INTEGER) AS failed
      FROM stored_scan_sign GROUP BY scan_id) AS r ON r.scan_id = s.scan_id"""


def scans(lake: Lake) -> tuple[ScanRow, ...]:
    """The newest first."""
    rows = lake.reference(f"SELECT * FROM ({SCANS}) ORDER BY finished DESC, id LIMIT {SHOWN}")
    orders = {order.scan_id: order for order in _orders(row["id"] for row in rows)}
    names = _full_names(order.job.asked_by for order in orders.values())
    return tuple(_row(row, orders, names) for row in rows)


def scan(lake: Lake, scan_id: str) -> ScanRow | None:
    rows = lake.reference(f"SELECT * FROM ({SCANS}) WHERE id = {text(scan_id)}")
    orders = {order.scan_id: order for order in _orders([scan_id])}
    names = _full_names(order.job.asked_by for order in orders.values())
    return _row(rows[0], orders, names) if rows else None


def _orders(ids: Iterable[str]) -> Iterable[Order]:
    """The last order of each scan stands for it."""
    return Order.objects.filter(scan_id__in=[*ids]).select_related("job").order_by("asked_at")


def _full_names(accounts: Iterable[str]) -> Mapping[str, str]:
    users = User.objects.filter(username__in={*accounts})
    return {user.username: user.get_full_name() for user in users}


def _row(row: Mapping[str, Any], orders: Mapping[str, Order], names: Mapping[str, str]) -> ScanRow:
    order = orders.get(row["id"])
    moments = {name: row[name].replace(tzinfo=UTC) for name in ("started", "finished")}
    by = order.job.asked_by if order else ""
    return ScanRow(**{**row, **moments}, order=order, who=names.get(by, by) if order else None)


@dataclass(frozen=True, slots=True)
class SignRow:
    """What came of one sign."""

    id: str
    title: str
    state: str
    findings: int
    seconds: float
    reason: str
    silence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScanPage:
    row: ScanRow
    signs: tuple[SignRow, ...]
    missing: tuple[Missing, ...]


def scan_page(lake: Lake, scan_id: str, state: str) -> ScanPage | None:
    found = scan(lake, scan_id)
    if found is None:
        return None
    rows = lake.reference(
        f"SELECT * FROM stored_scan_sign WHERE scan_id = {text(scan_id)} ORDER BY findings DESC, sign_id"
    )
    signs = tuple(
        SignRow(
            row["sign_id"],
            sign_title(row["sign_id"]),
            row["state"],
            row["findings"],
            float(row["seconds"] or 0),
            reason_words(row["reason"] or ""),
            silence_words(row["silence"]),
        )
        for row in rows
        if row["state"] == state
    )
    return ScanPage(found, signs, not_run_by_table(row for row in rows if row["state"] == "not_run"))


def sign_title(name: str) -> str:
    """A sign which the catalogue no longer has keeps its id."""
    found = find_sign(name)
    return str(getattr(found.title, language())) if found else name


@dataclass(frozen=True, slots=True)
class Change:
    """One sign in two scans. `gained` and `lost` are None where findings are no longer kept, or are on no unit."""

    id: str
    title: str
    state_before: str | None
    state: str | None
    before: int | None
    now: int | None
    gained: int | None = None
    lost: int | None = None

    @property
    def difference(self) -> int:
        return (self.now or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    before: ScanRow
    now: ScanRow
    # Of two months it can be said which findings came and which went.
    by_finding: bool
    signs: tuple[Change, ...]


def compare(lake: Lake, scope: Scope, before: ScanRow, now: ScanRow) -> Comparison:
    """What changed, sign by sign, the greatest change first; signs which are the same in both are left out."""
    by_finding = before.as_of != now.as_of
    came = _came_and_went(lake, scope, before, now) if by_finding else {}
    rows = lake.reference(
        "SELECT sign_id, max(state) FILTER (b) AS state_before, max(state) FILTER (NOT b) AS state, "
        "CAST(max(findings) FILTER (b) AS BIGINT) AS before, CAST(max(findings) FILTER (NOT b) AS BIGINT) AS now "
        f"FROM (SELECT *, scan_id = {text(before.id)} AS b FROM stored_scan_sign "
        f"WHERE scan_id IN ({listed((before.id, now.id))})) GROUP BY sign_id ORDER BY sign_id"
    )
    changes = [
        Change(
            row["sign_id"],
            sign_title(row["sign_id"]),
            row["state_before"],
            row["state"],
            row["before"],
            row["now"],
            *came.get(row["sign_id"], (None, None)),
        )
        for row in rows
    ]
    moved = [one for one in changes if one.difference or one.gained or one.lost or one.state != one.state_before]
    moved.sort(key=lambda one: (-abs(one.difference), -((one.gained or 0) + (one.lost or 0)), one.id))
    return Comparison(before, now, by_finding, tuple(moved))


def _came_and_went(lake: Lake, scope: Scope, before: ScanRow, now: ScanRow) -> Mapping[str, tuple[int, int]]:
    """How many findings on units in scope each sign gained and lost, of signs which no later scan ran again."""
    month = "(SELECT DISTINCT sign_id, finding_id, true AS there FROM finding WHERE as_of = {})"
    rows = lake.ask(
        scope,
        "SELECT sign_id, CAST(count(*) FILTER (b.there IS NULL) AS INTEGER) AS gained, "
        "CAST(count(*) FILTER (n.there IS NULL) AS INTEGER) AS lost "
        f"FROM {month.format(text(before.as_of))} AS b FULL JOIN {month.format(text(now.as_of))} AS n "
        "USING (sign_id, finding_id) GROUP BY sign_id",
    )
    kept = _kept(lake, before) & _kept(lake, now)
    return {row["sign_id"]: (row["gained"], row["lost"]) for row in rows if row["sign_id"] in kept}


def _kept(lake: Lake, row: ScanRow) -> set[str]:
    """The signs whose findings of the month are those of this scan."""
    rows = lake.reference(
        "SELECT r.sign_id, arg_max(r.scan_id, s.finished_at) AS last FROM stored_scan_sign AS r "
        f"JOIN stored_scan AS s ON s.scan_id = r.scan_id WHERE s.as_of = {text(row.as_of)} GROUP BY r.sign_id"
    )
    return {one["sign_id"] for one in rows if one["last"] == row.id}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with the words for how far it has come."""

    order: Order
    who: str
    state: str
    tone: str
    doing: str

    @property
    def is_open(self) -> bool:
        return self.order.job.state in ("ready", "running")


def orders() -> tuple[OrderRow, ...]:
    """Those which have not ended, and those which ended badly a short while ago; done ones stand among the scans."""
    since = timezone.now() - SHOWN_ENDED
    rows = Order.objects.select_related("job").exclude(job__state="done")
    return order_rows([one for one in rows if one.job.state in ("ready", "running") or one.asked_at > since])


def order_rows(rows: Iterable[Order]) -> tuple[OrderRow, ...]:
    rows = [*rows]
    names = _full_names(one.job.asked_by for one in rows)
    return tuple(
        OrderRow(
            one,
            names.get(one.job.asked_by, one.job.asked_by),
            job_state(one.job.state, one.job.cancel_asked),
            TONES[one.job.state],
            doing_words(one.job.doing) if one.job.state == "running" else "",
        )
        for one in rows
    )


def month_ends(today: date) -> tuple[date, ...]:
    """Months which may be scanned: those which have ended, the newest first."""
    found = []
    day = today.replace(day=1)
    for _number in range(OFFERED_MONTHS):
        last = day - timedelta(days=1)
        found.append(last)
        day = last.replace(day=1)
    return tuple(found)
