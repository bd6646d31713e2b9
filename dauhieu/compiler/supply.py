"""What the sources supply to signs now, beside what they ordinarily do: rows, values of columns, provinces.

Like is compared with like by the knowledge clock: the month scanned as it is known now, and each month before as it was
known just as long after its end. A month of which half has arrived is compared with months of which half had arrived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.workbench import Workbench
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.sight import known_filter

MONTHS_BEFORE = 6
# Fewer than a quarter of the ordinary number is a fall, where twenty or more are ordinary: chance does not do that.
FALL, LEAST = 4, 20
# Whose province is the row's, where it names one of these.
AREA_KINDS = ("employer", "facility")
PROVINCES = "admin_province"


@dataclass(frozen=True, slots=True)
class Level:
    """How many there are now, and how many there ordinarily are."""

    now: int
    ordinary: int

    @property
    def fallen(self) -> bool:
        return self.ordinary >= LEAST and self.now * FALL < self.ordinary


@dataclass(frozen=True, slots=True)
class Supply:
    """One table: its rows; of columns and provinces only those which have fallen."""

    rows: Level
    empty_columns: Mapping[str, Level] = field(default_factory=dict)
    missing_areas: Mapping[str, Level] = field(default_factory=dict)


def columns_read(bench: Workbench, sign: Sign) -> dict[str, set[str]]:
    """Columns of tables which a sign reads, itself and by way of views."""
    found: dict[str, set[str]] = {}
    seen: set[str] = set()
    waiting = [bench.compile(sign)]
    while waiting:
        compiled = waiting.pop()
        for relation, names in compiled.used.items():
            table = relation.removeprefix("history__")
            if table in bench.sight.contract.tables:
                found.setdefault(table, set()).update(names)
        waiting += [bench.compile_view(bench.catalogue.views[name]) for name in sorted(compiled.views - seen)]
        seen |= compiled.views
    return found


def arrived(bench: Workbench, tables: Iterable[str], moment: datetime) -> datetime:
    """The moment at which the newest of all rows came, no later than `moment`: after it nobody has delivered."""
    found = []
    for name in tables:
        bench.sight.show([name])
        (newest,) = bench.sight.engine.rows(f"SELECT max(recorded_at) FROM raw__{name}")[0]
        if isinstance(newest, datetime):
            found.append(newest)
    return min(moment, max(found, default=moment))


def supply(bench: Workbench, table: Table, columns: Collection[str], moment: datetime, place: str) -> Supply:
    """Look at one table once; `place` is the relation of places, `moment` the time of knowledge."""
    watched = [column.name for column in table.columns if column.null and column.name in columns]
    bench.sight.show([table.name])
    if table.happens is None:
        return _register(bench, table, watched, moment)
    return _dated(bench, table, watched, moment, place)


def _known(table: Table, known_at: datetime | None, moment: datetime, ago: str) -> tuple[str, str]:
    """Filters of rows in force now, and of rows which were in force `ago` months (SQL) before now."""
    then = f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f}' - to_months(CAST({ago} AS INTEGER))"
    return (
        known_filter(known_at, history=False),
        f"t.recorded_at <= {then} AND (t.superseded_at IS NULL OR t.superseded_at > {then})",
    )


def _register(bench: Workbench, table: Table, watched: Sequence[str], moment: datetime) -> Supply:
    """A register has no months: what is in force now is compared with what was in force a month ago."""
    now, then = _known(table, bench.sight.known_at, moment, "1")
    counts = ", ".join(
        f"count({what}) FILTER ({known})"
        for what in ("*", *(f't."{name}"' for name in watched))
        for known in (now, then)
    )
    row = [int(str(value)) for value in bench.sight.engine.rows(f"SELECT {counts} FROM raw__{table.name} AS t")[0]]
    rows = Level(row[0], row[1])
    columns = {}
    for place, name in enumerate(watched, start=1):
        # As many values as there would be if the share of a month ago still held.
        columns[name] = Level(row[2 * place], row[2 * place + 1] * rows.now // rows.ordinary if rows.ordinary else 0)
    return Supply(rows, {name: level for name, level in columns.items() if level.fallen})


def _dated(bench: Workbench, table: Table, watched: Sequence[str], moment: datetime, place: str) -> Supply:
    engine, as_of = bench.sight.engine, bench.sight.as_of
    ago = f"date_diff('month', CAST(t.\"{table.happens}\" AS DATE), DATE '{as_of}')"
    now, then = _known(table, bench.sight.known_at, moment, ago)
    kind = next((kind for kind in AREA_KINDS if any(column.name == f"{kind}_id" for column in table.columns)), None)
    unit = f't."{kind}_id"' if kind else "CAST(NULL AS BIGINT)"
    values = "".join(f', count(t."{name}") FILTER ({then}) AS "v_{name}"' for name in watched)
    first = as_of.year * 12 + as_of.month - 1 - MONTHS_BEFORE
    engine.materialise(
        "supply",
        f"SELECT {ago} AS ago, {unit} AS unit_id, count(*) FILTER ({now}) AS rows_now, "
        f"count(*) FILTER ({then}) AS rows_then{values} FROM raw__{table.name} AS t "
        f"WHERE t.\"{table.happens}\" >= DATE '{first // 12}-{first % 12 + 1:02}-01' "
        f"AND t.\"{table.happens}\" < DATE '{as_of}' + 1 GROUP BY ALL",
    )
    sums = "".join(f', sum("v_{name}")' for name in watched)
    by_month = {
        int(str(row[0])): [int(str(value)) for value in row[1:]]
        for row in engine.rows(f"SELECT ago, sum(rows_now), sum(rows_then){sums} FROM supply GROUP BY ago")
    }
    months = [by_month.get(number, [0] * (2 + len(watched))) for number in range(MONTHS_BEFORE + 1)]
    rows = Level(months[0][1], _middle(month[1] for month in months[1:]))
    if rows.ordinary < LEAST:
        # Loaded in one go, so nobody knows what there was at the time: only the newest month can be too thin.
        return Supply(_newest([month[0] for month in months]))
    columns = {}
    for number, name in enumerate(watched, start=2):
        shares = [month[number] / month[1] for month in months[1:] if month[1]]
        columns[name] = Level(months[0][number], int(median(shares) * rows.now))
    areas = _areas(bench, kind, place) if kind and not rows.fallen else {}
    engine.drop("supply")
    return Supply(rows, {name: level for name, level in columns.items() if level.fallen}, areas)


def _newest(rows: Sequence[int]) -> Level:
    """The newest month with rows, and the months before it."""
    newest = next((number for number, count in enumerate(rows) if count), 0)
    before = rows[newest + 1 :]
    return Level(rows[newest], _middle(before) if len(before) > MONTHS_BEFORE // 2 else 0)


def _areas(bench: Workbench, kind: str, place: str) -> dict[str, Level]:
    """Provinces which ordinarily have rows and have none now; a unit counts where it stands today."""
    if PROVINCES not in bench.catalogue.views:
        return {}
    bench.compute([PROVINCES])
    rows = bench.sight.engine.rows(f"""
        SELECT p.province_code, s.ago, sum(s.rows_then)
        FROM supply AS s
        JOIN {place} AS l ON l.subject_kind = '{kind}' AND l.subject_id = s.unit_id AND l.valid_to = DATE '9999-12-31'
        JOIN {PROVINCES} AS p ON p.admin_code = l.area_code
        GROUP BY ALL ORDER BY ALL""")
    provinces: dict[str, list[int]] = {}
    for code, ago, count in rows:
        provinces.setdefault(str(code), [0] * (MONTHS_BEFORE + 1))[int(str(ago))] = int(str(count))
    levels = {code: Level(counts[0], _middle(counts[1:])) for code, counts in provinces.items()}
    return {code: level for code, level in levels.items() if level.now == 0 and level.fallen}


def _middle(counts: Iterable[int]) -> int:
    return int(median(counts))
