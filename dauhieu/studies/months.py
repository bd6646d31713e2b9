"""One sign over past months as it would have run then: the law of the month, and only what was known at the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.readiness import Readiness
from dauhieu.compiler.schema import Columns
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DauhieuError
from dauhieu.findings.report import SignResult
from dauhieu.findings.stored import findings_input
from dauhieu.law.law import Law
from dauhieu.scan import PLACE, Run, in_order, pinned
from dauhieu.studies.active import Active, active
from dauhieu.studies.running import NO_PLACE, Ground, Moment, sight_at

# A month is ordinarily scanned so many days after its end: what is filed and settled for it has then arrived.
ORDINARY_LAG = 20
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Span:
    """Which months (their last days) are run, and what is known in each.

    A month is known as it stood `lag` days after its end, when a live scan ordinarily runs; with `known_at` every
    month is known as it stood at that one moment.
    """

    first: date
    last: date
    lag: int = ORDINARY_LAG
    known_at: datetime | None = None
    memory: str = "4GB"
    threads: int = 2

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise DauhieuError(f"There is no month from {self.first:%Y-%m} to {self.last:%Y-%m}. Change their order.")

    def months(self) -> tuple[date, ...]:
        found = [self.first]
        while found[-1] < self.last:
            following = (found[-1] + timedelta(days=32)).replace(day=1)
            found.append(following - timedelta(days=1))
        return tuple(found)

    def moment(self, as_of: date) -> datetime:
        return self.known_at or datetime(as_of.year, as_of.month, as_of.day) + timedelta(days=1 + self.lag)


@dataclass(frozen=True, slots=True)
class Ran:
    """One sign in one month; `file` and `gone` hold its findings if it ran."""

    as_of: date
    known_at: datetime
    result: SignResult
    subjects: int = 0
    active: Active | None = None
    active_subjects: int = 0


@dataclass(frozen=True)
class Past:
    """Runs signs over the months of a span; nothing is written into the store."""

    ground: Ground
    law: Law
    span: Span

    def run(self, signs: Mapping[str, Sign], tell: Tell) -> Iterator[Mapping[str, Ran]]:
        """Month by month what came of each; `signs` are versions of signs under names the caller gives them.

        One engine serves all versions of a month, so that a view is computed once for all.
        """
        ground = self.ground
        version = pinned(ground.store, None).number
        view_columns: dict[str, Columns] = {}
        compiled: dict[tuple[str, date], Compiled] = {}
        files: dict[str, dict[str, tuple[Path, ...]]] = {name: {} for name in signs}
        histories: dict[str, dict[str, tuple[Path, ...]]] = {name: {} for name in signs}
        months = self.span.months()
        for number, as_of in enumerate(months):
            tell(f"{as_of:%Y-%m}", number / len(months))
            known_at = self.span.moment(as_of)
            with DuckDBEngine(ground.options(ground.work)) as engine:
                sight = sight_at(ground, self.law, engine, Moment(as_of, version, known_at))
                bench = Workbench(sight, ground.catalogue, self.law, view_columns, compiled)
                self._place(bench, signs.values())
                found = {}
                for name, sign in signs.items():
                    catalogue = replace(ground.catalogue, signs={**ground.catalogue.signs, sign.id: sign})
                    folder = ground.work / name / str(as_of)
                    folder.mkdir(parents=True)
                    ready = Readiness(bench)
                    run = Run(engine, bench, ground.store, folder, as_of, ready, files[name], histories[name])
                    found[name] = self._one(run, catalogue, sign, known_at)
                yield found

    def _place(self, bench: Workbench, signs: Iterable[Sign]) -> None:
        """Only the condition of an exception may ask where a subject stands; else its place is spared."""
        if any(one.where and one.covers(sign) for one in self.ground.catalogue.exceptions for sign in signs):
            bench.compute([PLACE])
        else:
            bench.sight.engine.materialise(PLACE, NO_PLACE)

    def _one(self, run: Run, catalogue: Catalogue, sign: Sign, known_at: datetime) -> Ran:
        """The sign, after those whose findings it reads."""
        done: dict[str, SignResult] = {}
        for other in in_order(catalogue, [sign.id]):
            result = done[other.id] = run.sign(other, done)
            if result.file:
                run.past[other.id] = (result.file,)
        for name, found in done.items():
            if run.history is not None and found.file:
                run.history[name] = (*run.history.get(name, ()), found.file)
        result = done[sign.id]
        if not result.file:
            return Ran(run.as_of, known_at, result)
        engine = run.engine
        engine.register("now", findings_input(self.ground.store, [result.file]))
        units = active(run.bench.sight, sign.subject)
        subjects = _count(engine, "SELECT count(DISTINCT subject_code) FROM now")
        busy = 0
        if units:
            named = f"SELECT DISTINCT subject_id FROM now WHERE subject_id IN (SELECT id FROM {units.relation})"
            busy = _count(engine, f"SELECT count(*) FROM ({named})")
        return Ran(run.as_of, known_at, result, subjects, units, busy)


def _count(engine: Engine, sql: str) -> int:
    return int(str(engine.rows(sql)[0][0]))
