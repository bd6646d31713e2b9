"""A scan: every sign over one version of the store, as of one month. Read it from top to bottom.

Each sign's findings are a file of their own in the scan's work folder, put there whole or not at all. A killed scan
finds the files which are done when it is started again; all findings land in the store in one new version.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import RUNNING, Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.reach import definition
from dauhieu.compiler.readiness import Readiness
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine, EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DauhieuError, EngineError, SignError, StoreBusyError, StoreError
from dauhieu.findings.complete import completion, gone, stated
from dauhieu.findings.excepted import except_findings
from dauhieu.findings.report import ScanReport, ScanRequest, SignResult, scan_rows
from dauhieu.findings.silence import watched
from dauhieu.findings.stored import (
    count_excepted,
    earlier_findings,
    earlier_months,
    finding_files,
    findings_input,
    month_part,
    part_name,
    show_ranking,
    signs_stored,
)
from dauhieu.law.law import Law
from dauhieu.scoring.warnings import ROLLED_TO, warnings_sql
from dauhieu.warehouse.disk import FULL_MESSAGE, is_full, work_folder
from dauhieu.warehouse.records import write_records
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

PLACE = "subject_place"
Tell = Callable[[str, float], None]


def scan(
    store: Store,
    catalogue: Catalogue,
    law: Law,
    request: ScanRequest,
    *,
    now: Callable[[], datetime],
    tell: Tell = lambda what, done: None,
) -> ScanReport:
    """Run the signs and land findings and warnings; one failing sign never stops the others, a full disk does."""
    with _plain_when_full(store.path):
        return _scan(store, catalogue, law, request, now, tell)


@contextlib.contextmanager
def _plain_when_full(store: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EngineError) as error:
        if is_full(error):
            raise StoreError(FULL_MESSAGE, path=store) from error
        raise


def _scan(
    store: Store, catalogue: Catalogue, law: Law, request: ScanRequest, now: Callable[[], datetime], tell: Tell
) -> ScanReport:
    started_at, clock = now(), time.perf_counter()
    version = pinned(store, request.version)
    signs = in_order(catalogue, request.signs)
    scan_id = _scan_id(store, version, catalogue, request)
    work = store.path / "work" / f"{scan_id}-{_past_id(store, request.as_of)}"
    busy = StoreBusyError("This very scan is running in another process. Wait until it is done.", path=store.path)
    folders = (store.path / "tables", work)
    options = EngineOptions(request.memory, request.threads, folders, temporary=work / "spill")
    with work_folder(work, busy), DuckDBEngine(options) as engine:
        source = store_source(store, version, law)
        sight = Sight(engine, store.contract, source, request.as_of, request.known_at)
        bench = Workbench(sight, catalogue, law)
        run = Run(engine, bench, store, work, request.as_of, Readiness(bench))
        run.look_back()
        bench.compute([PLACE])
        results = run.signs(signs, tell)
        tell("sources", 1.0)
        found = {result.sign.id: result.findings for result in results if result.state == "run"}
        silence, unwatched = watched(bench, store, found, version.moment.astimezone(UTC).replace(tzinfo=None), PLACE)
        tell("warnings", 1.0)
        staying = _staying(store, request, results)
        warnings = run.warnings(results, staying)
        expired = [one.reminder() for one in catalogue.exceptions if one.state(request.as_of) == "expired"]
        seconds = time.perf_counter() - clock
        report = ScanReport(
            scan_id,
            request,
            version.number,
            tuple(results),
            warnings,
            started_at,
            seconds,
            catalogue.faults,
            tuple(file.name for file in catalogue.broken),
            (*catalogue.notes, *expired),
            run.excepted(results),
            silence,
            unwatched,
        )
        _land(engine, store, report, staying, catalogue.digest, work, now())
    return report


def pinned(store: Store, number: int | None) -> Version:
    """The version a scan reads: the one asked for, else the newest which a delivery or compaction made."""
    if number is not None:
        return store.version(number)
    delivered = [version for version in store.versions() if version.cause != "scan"]
    return delivered[-1] if delivered else store.version()


def in_order(catalogue: Catalogue, ids: Collection[str]) -> tuple[Sign, ...]:
    """The chosen signs, each after those whose findings it reads (which are scanned too)."""
    done: dict[str, Sign] = {}

    def add(sign: Sign, on_the_way: tuple[str, ...]) -> None:
        if sign.id in on_the_way:
            raise SignError(
                f"The signs {' -> '.join((*on_the_way, sign.id))} need each other in a ring.", path=sign.path
            )
        for other in sign.needs.signs:
            if catalogue.signs[other].status in RUNNING or other in ids:
                add(catalogue.signs[other], (*on_the_way, sign.id))
        done[sign.id] = sign

    for sign in catalogue.chosen(ids):
        if sign.retired:
            raise SignError(f"Sign '{sign.id}' was retired on {sign.retired.on} and is not run.", path=sign.path)
        add(sign, ())
    return tuple(done.values())


def _staying(store: Store, request: ScanRequest, results: Iterable[SignResult]) -> frozenset[str]:
    """Signs whose earlier findings of the month stand beside those of this scan.

    A scan of all signs is the whole month. One of some signs leaves the others alone; what it could not run has no
    findings either way: those of an earlier scan would pass for today's.
    """
    if not request.signs:
        return frozenset()
    return signs_stored(store.version(), request.as_of) - {result.sign.id for result in results}


def _scan_id(store: Store, version: Version, catalogue: Catalogue, request: ScanRequest) -> str:
    """The same question over the same data and catalogue has the same id, whenever it is asked."""
    data = [
        file.sha256
        for name, state in sorted(version.tables.items())
        if name not in store.contract.tables or store.contract.tables[name].clocked
        for file in state.files
    ]
    asked = [str(request.as_of), str(request.known_at), ",".join(sorted(request.signs)), catalogue.digest]
    return hashlib.sha256("\n".join([*asked, *data]).encode()).hexdigest()[:16]


def _past_id(store: Store, as_of: date) -> str:
    """Work begun before earlier months were scanned again is not gone on with: states may differ."""
    state = store.version().tables.get("finding")
    past = [file.sha256 for file in (state.files if state else ()) if (file.part or "") < part_name(as_of, "")]
    return hashlib.sha256("".join(past).encode()).hexdigest()[:8]


@dataclass
class Run:
    """The middle of a scan: one engine, one version, one work folder; `past` are the findings states compare with.

    `history` are the findings of all earlier months, for signs which count over months; else the store is asked.
    """

    engine: Engine
    bench: Workbench
    store: Store
    work: Path
    as_of: date
    ready: Readiness
    past: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    history: dict[str, tuple[Path, ...]] | None = None

    def look_back(self) -> None:
        """The findings of the latest earlier month of each sign which ran then, be they none."""
        latest = self.store.version()
        for sign, month in earlier_months(self.engine, self.store, latest, self.as_of).items():
            self.past[sign] = finding_files(self.store, latest, month, [sign])

    def signs(self, signs: Sequence[Sign], tell: Tell) -> list[SignResult]:
        """Run signs in order: one which reads the findings of others comes after them."""
        done: dict[str, SignResult] = {}
        for number, sign in enumerate(signs):
            tell(sign.id, number / len(signs))
            done[sign.id] = self.sign(sign, done)
        return list(done.values())

    def sign(self, sign: Sign, done: Mapping[str, SignResult]) -> SignResult:
        """Run one sign, or say why not."""
        clock = time.perf_counter()
        try:
            compiled = self.bench.compile(sign)
            made = definition(self.bench, sign)
            ran = {other for other, result in done.items() if result.state == "run"}
            reason = self.ready.hindrance(sign, compiled, ran)
            if reason:
                return SignResult(sign, "not_run", reason, definition=made)
            file, lost = self.work / f"{sign.id}.parquet", self.work / f"{sign.id}.gone.parquet"
            notes: list[str] = []
            if file.exists():
                rows = count = self._count(file)
            else:
                rows, count = self._find(sign, compiled, file, done, notes)
            if not lost.exists():
                self._gone(file, self.past.get(sign.id, ()), lost)
            if rows > count:
                notes.append(f"{rows - count} rows repeat a finding and were kept once")
            return SignResult(sign, "run", "; ".join(notes), count, time.perf_counter() - clock, file, lost, made)
        except DauhieuError as error:
            if is_full(error):
                raise
            return SignResult(sign, "failed", str(error), 0, time.perf_counter() - clock)

    def _find(
        self, sign: Sign, compiled: Compiled, file: Path, done: Mapping[str, SignResult], notes: list[str]
    ) -> tuple[int, int]:
        """Write the sign's findings; returns the rows its SELECT gave, and those kept. Notes what is worth knowing."""
        self.bench.ready(compiled)
        if sign.needs.signs:
            # After `ready`, which would show the findings of earlier scans.
            files = [result.file for other in sign.needs.signs if (result := done[other]).file]
            self.engine.register("needed_finding", findings_input(self.store, files))
            # What is known to be in order is no ground for another finding.
            self.engine.register_view("finding", "SELECT * FROM needed_finding WHERE exception_id IS NULL")
            if "finding" in compiled.history:
                before = [file for other in sign.needs.signs for file in self._history().get(other, ())]
                self.engine.register("history__finding", findings_input(self.store, [*before, *files]))
        rows = self.engine.materialise("found", compiled.sql)
        columns = self.engine.columns("SELECT * FROM found")
        complete = completion(sign, columns, self.store.contract, found="found", place=PLACE, as_of=self.as_of)
        self.bench.sight.show(keys=complete.kinds)
        self.engine.register("before", findings_input(self.store, self.past.get(sign.id, ())))
        names = ", ".join(f'"{name}"' for name in self.store.columns("finding"))
        excepted = except_findings(self.bench, sign, columns, complete.sql)
        notes += excepted.idle if excepted else ()
        relation = excepted.relation if excepted else None
        kept = self._write(f"SELECT {names} FROM ({stated(complete.sql, 'before', relation)})", file)
        self.engine.drop("found")
        return rows, kept

    def _history(self) -> dict[str, tuple[Path, ...]]:
        if self.history is None:
            known_at = self.bench.sight.known_at
            self.history = earlier_findings(self.engine, self.store, self.store.version(), self.as_of, known_at)
        return self.history

    def _gone(self, now: Path, before: tuple[Path, ...], file: Path) -> None:
        self.engine.register("now", findings_input(self.store, [now]))
        self.engine.register("before", findings_input(self.store, before))
        self._write(gone("now", "before", self.as_of), file)

    def _count(self, file: Path) -> int:
        self.engine.register("now", findings_input(self.store, [file]))
        return int(str(self.engine.rows("SELECT count(*) FROM now")[0][0]))

    def _write(self, sql: str, file: Path) -> int:
        """A file which is there is whole; returns its rows."""
        half = file.with_suffix(".half")
        half.unlink(missing_ok=True)
        rows = self.engine.write_parquet(sql, half)
        half.rename(file)
        return rows

    def excepted(self, results: Iterable[SignResult]) -> dict[str, int]:
        """How many findings each exception in force keeps out of warnings, be they none."""
        acting = [one for one in self.bench.catalogue.exceptions if one.state(self.as_of) == "in force"]
        counts = count_excepted(self.engine, self.store, [result.file for result in results if result.file])
        return {one.id: counts.get(one.id, 0) for one in acting}

    def warnings(self, results: Iterable[SignResult], staying: Iterable[str]) -> int:
        """Warnings of the month: over these findings and those of the signs which stay as they are."""
        others = finding_files(self.store, self.store.version(), self.as_of, staying)
        files = [*others, *(result.file for result in results if result.file)]
        show_ranking(self.engine, "month_finding", findings_input(self.store, files))
        file = self.work / "warning.parquet"
        file.unlink(missing_ok=True)
        severities = {sign.id: sign.severity for sign in self.bench.catalogue.signs.values()}
        self.engine.register("sign_severity", _severity_table(severities))
        self.bench.sight.show(keys=ROLLED_TO)
        return self.engine.write_parquet(warnings_sql("month_finding", "sign_severity", PLACE, self.as_of), file)


def _severity_table(severities: Mapping[str, int]) -> pa.Table:
    return pa.table(
        {
            "sign_id": pa.array(severities.keys(), pa.string()),
            "severity": pa.array(severities.values(), pa.int32()),
        }
    )


def _land(
    engine: Engine,
    store: Store,
    report: ScanReport,
    staying: frozenset[str],
    catalogue_digest: str,
    work: Path,
    finished: datetime,
) -> None:
    """Findings, warnings and the record of the scan become one new version; of the month only `staying` is kept."""
    as_of = report.request.as_of
    records = {}
    for name, rows in scan_rows(report, catalogue_digest, finished).items():
        engine.register("record", pa.Table.from_pylist(rows))
        records[name] = work / f"{name}.parquet"
        records[name].unlink(missing_ok=True)
        columns = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in store.columns(name).items())
        engine.write_parquet(f"SELECT {columns} FROM record", records[name])
    found = {part_name(as_of, result.sign.id): result for result in report.of_state("run")}
    stale = {part_name(as_of, sign): None for sign in signs_stored(store.version(), as_of) - staying}
    write_records(
        store,
        finished,
        replace={
            "finding": stale | {part: result.file for part, result in found.items()},
            "finding_gone": stale | {part: result.gone for part, result in found.items()},
            "warning": {month_part(as_of): work / "warning.parquet"},
            **{name: {part_name(as_of, report.scan_id): file} for name, file in records.items()},
        },
        note=f"scan {report.scan_id} as of {as_of}",
        cites=(report.store_version,),
    )
