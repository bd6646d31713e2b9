"""A scan: every sign over one version of the store, as of one month. Read it from top to bottom.

Each sign's findings are a file of their own in the scan's work folder, put there whole or not at all. A killed scan
finds the files which are done when it is started again; all findings land in the store in one new version.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import CLOSED_YEAR, Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine, EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DauhieuError, Fault, SignError
from dauhieu.findings.complete import completion, gone, stated
from dauhieu.findings.stored import earlier_months, finding_files, findings_input, month_part, part_name
from dauhieu.law.law import Law
from dauhieu.scoring.warnings import ROLLED_TO, warnings_sql
from dauhieu.warehouse.records import write_records
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

PLACE = "subject_place"
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """What to scan: `signs` empty means all; `version` None means the newest delivered one."""

    as_of: date
    signs: tuple[str, ...] = ()
    known_at: datetime | None = None
    version: int | None = None
    memory: str = "4GB"
    threads: int = 2


@dataclass(slots=True)
class SignResult:
    """What came of one sign; `state` is run, not_run or failed."""

    sign: Sign
    state: str
    reason: str = ""
    findings: int = 0
    seconds: float = 0.0
    file: Path | None = None
    gone: Path | None = None


@dataclass(frozen=True)
class ScanReport:
    """The whole scan."""

    scan_id: str
    request: ScanRequest
    store_version: int
    results: tuple[SignResult, ...]
    warnings: int
    started_at: datetime
    seconds: float
    unreadable: tuple[Fault, ...] = ()

    def of_state(self, state: str) -> tuple[SignResult, ...]:
        return tuple(result for result in self.results if result.state == state)

    @property
    def failed(self) -> dict[str, str]:
        """Signs which failed, and files which could not be read as signs, with the reason."""
        return {result.sign.id: result.reason for result in self.of_state("failed")} | {
            fault.path.name if fault.path else "catalogue": fault.message for fault in self.unreadable
        }

    @property
    def findings(self) -> int:
        return sum(result.findings for result in self.results)

    def as_json(self) -> dict[str, object]:
        return {
            "scan_id": self.scan_id,
            "as_of": str(self.request.as_of),
            "known_at": self.request.known_at.isoformat() if self.request.known_at else None,
            "store_version": self.store_version,
            "signs_run": [result.sign.id for result in self.of_state("run")],
            "signs_not_run": {result.sign.id: result.reason for result in self.of_state("not_run")},
            "signs_failed": self.failed,
            "findings": self.findings,
            "findings_by_sign": {result.sign.id: result.findings for result in self.of_state("run")},
            "warnings": self.warnings,
            "seconds": round(self.seconds, 3),
        }


def scan(
    store: Store,
    catalogue: Catalogue,
    law: Law,
    request: ScanRequest,
    *,
    now: Callable[[], datetime],
    tell: Tell = lambda what, done: None,
) -> ScanReport:
    """Run the signs and land findings and warnings; one failing sign never stops the others."""
    started_at, clock = now(), time.perf_counter()
    version = pinned(store, request.version)
    signs = in_order(catalogue, request.signs)
    scan_id = _scan_id(store, version, catalogue, request)
    work = store.path / "work" / scan_id
    work.mkdir(parents=True, exist_ok=True)
    folders = (store.path / "tables", work)
    options = EngineOptions(request.memory, request.threads, folders, temporary=work / "spill")
    with DuckDBEngine(options) as engine:
        source = store_source(store, version, law)
        sight = Sight(engine, store.contract, source, request.as_of, request.known_at)
        bench = Workbench(sight, catalogue, law)
        run = _Run(engine, bench, store, version, work, request.as_of)
        run.look_back()
        bench.compute([PLACE])
        results: list[SignResult] = []
        for number, sign in enumerate(signs):
            tell(sign.id, number / len(signs))
            results.append(run.sign(sign, {result.sign.id: result for result in results}))
        tell("warnings", 1.0)
        warnings = run.warnings(results)
        seconds = time.perf_counter() - clock
        report = ScanReport(
            scan_id, request, version.number, tuple(results), warnings, started_at, seconds, catalogue.faults
        )
        _land(engine, store, report, catalogue, work, now())
    shutil.rmtree(work)
    return report


def pinned(store: Store, number: int | None) -> Version:
    """The version a scan reads: the one asked for, else the newest which a delivery or compaction made."""
    if number is not None:
        return store.version(number)
    delivered = [version for version in store.versions() if version.cause != "scan"]
    return delivered[-1] if delivered else store.version()


def in_order(catalogue: Catalogue, ids: Iterable[str]) -> tuple[Sign, ...]:
    """The chosen signs, each after those whose findings it reads (which are scanned too)."""
    done: dict[str, Sign] = {}

    def add(sign: Sign, on_the_way: tuple[str, ...]) -> None:
        if sign.id in on_the_way:
            raise SignError(
                f"The signs {' -> '.join((*on_the_way, sign.id))} need each other in a ring.", path=sign.path
            )
        for other in sign.needs.signs:
            add(catalogue.signs[other], (*on_the_way, sign.id))
        done[sign.id] = sign

    for sign in catalogue.chosen(ids):
        add(sign, ())
    return tuple(done.values())


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


@dataclass
class _Run:
    """The middle of a scan: one engine, one version, one work folder."""

    engine: Engine
    bench: Workbench
    store: Store
    version: Version
    work: Path
    as_of: date
    _ages: dict[str, tuple[int, date | None]] = field(default_factory=dict)
    _past: dict[str, tuple[Path, ...]] = field(default_factory=dict)

    def look_back(self) -> None:
        """The findings of the latest earlier month of each sign which ran then, be they none."""
        latest = self.store.version()
        for sign, month in earlier_months(self.engine, self.store, latest, self.as_of).items():
            self._past[sign] = finding_files(self.store, latest, month, [sign])

    def sign(self, sign: Sign, done: Mapping[str, SignResult]) -> SignResult:
        """Run one sign, or say why not."""
        clock = time.perf_counter()
        try:
            compiled = self.bench.compile(sign)
            reason = self._hindrance(sign, compiled, done)
            if reason:
                return SignResult(sign, "not_run", reason)
            file = self.work / f"{sign.id}.parquet"
            rows = self._find(sign, compiled, file, done) if not file.exists() else self._count(file)
            lost = self.work / f"{sign.id}.gone.parquet"
            if not lost.exists():
                self._gone(file, self._past.get(sign.id, ()), lost)
            count = self._count(file)
            twice = f"{rows - count} rows repeat a finding and were kept once" if rows > count else ""
            return SignResult(sign, "run", twice, count, time.perf_counter() - clock, file, lost)
        except DauhieuError as error:
            return SignResult(sign, "failed", str(error), 0, time.perf_counter() - clock)

    def _hindrance(self, sign: Sign, compiled: Compiled, done: Mapping[str, SignResult]) -> str | None:
        """Why the sign cannot run: silence and 'nothing found' are different answers."""
        if sign.applies_from and self.as_of < sign.applies_from:
            return f"it applies from {sign.applies_from}"
        for name in sorted(compiled.parameters):
            missing = self.bench.law.missing(name, self.as_of)
            if missing:
                return f"parameter missing: {missing}"
        for other in sign.needs.signs:
            if done[other].state != "run":
                return f"sign {other} did not run"
        for table, age in sign.needs.required.items():
            rows, newest = self._age(table)
            if not rows:
                return f"table {table} is empty"
            if age == CLOSED_YEAR and not self._has_year(table, self.as_of.year - 1):
                return f"table {table} has no rows of {self.as_of.year - 1}"
            if isinstance(age, int) and newest is not None and _months_between(newest, self.as_of) > age:
                return f"table {table} is stale: its newest row is of {newest}"
        return None

    def _age(self, table: str) -> tuple[int, date | None]:
        """Rows of a table as the scan sees it, and the day of the newest."""
        if table not in self._ages:
            self.bench.sight.show([table])
            happens = self.store.contract.table(table).happens
            newest = f'CAST(max("{happens}") AS DATE)' if happens else "CAST(NULL AS DATE)"
            count, day = self.engine.rows(f'SELECT count(*), {newest} FROM "{table}"')[0]
            self._ages[table] = (int(str(count)), day if isinstance(day, date) else None)
        return self._ages[table]

    def _has_year(self, table: str, year: int) -> bool:
        return bool(self.engine.rows(f'SELECT 1 FROM "{table}" WHERE year = {year} LIMIT 1'))

    def _find(self, sign: Sign, compiled: Compiled, file: Path, done: Mapping[str, SignResult]) -> int:
        """Write the sign's findings; returns how many rows its SELECT gave."""
        self.bench.ready(compiled)
        if sign.needs.signs:
            # After `ready`, which would show the findings of earlier scans.
            files = [result.file for other in sign.needs.signs if (result := done[other]).file]
            self.engine.register("finding", findings_input(self.store, files))
        self.engine.materialise("found", compiled.sql)
        columns = self.engine.columns("SELECT * FROM found")
        complete = completion(sign, columns, self.store.contract, found="found", place=PLACE, as_of=self.as_of)
        self.bench.sight.show(keys=complete.kinds)
        self.engine.register("before", findings_input(self.store, self._past.get(sign.id, ())))
        names = ", ".join(f'"{name}"' for name in self.store.columns("finding"))
        self._write(f"SELECT {names} FROM ({stated(complete.sql, 'before')})", file)
        rows = int(str(self.engine.rows("SELECT count(*) FROM found")[0][0]))
        self.engine.drop("found")
        return rows

    def _gone(self, now: Path, before: tuple[Path, ...], file: Path) -> None:
        self.engine.register("now", findings_input(self.store, [now]))
        self.engine.register("before", findings_input(self.store, before))
        self._write(gone("now", "before"), file)

    def _count(self, file: Path) -> int:
        self.engine.register("now", findings_input(self.store, [file]))
        return int(str(self.engine.rows("SELECT count(*) FROM now")[0][0]))

    def _write(self, sql: str, file: Path) -> None:
        """A file which is there is whole."""
        half = file.with_suffix(".half")
        half.unlink(missing_ok=True)
        self.engine.write_parquet(sql, half)
        half.rename(file)

    def warnings(self, results: Iterable[SignResult]) -> int:
        """Warnings of the month: over these findings and those of signs not scanned now."""
        results = list(results)
        latest = self.store.version()
        scanned = {result.sign.id for result in results if result.file}
        others = [
            path
            for sign in self.bench.catalogue.signs
            if sign not in scanned
            for path in finding_files(self.store, latest, self.as_of, [sign])
        ]
        files = [*others, *(result.file for result in results if result.file)]
        self.engine.register("month_finding", findings_input(self.store, files))
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


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _land(
    engine: Engine, store: Store, report: ScanReport, catalogue: Catalogue, work: Path, finished: datetime
) -> None:
    """Findings, warnings and the record of the scan become one new version."""
    as_of = report.request.as_of
    records = {}
    for name, rows in _records(report, catalogue, finished).items():
        engine.register("record", pa.Table.from_pylist(rows))
        records[name] = work / f"{name}.parquet"
        records[name].unlink(missing_ok=True)
        columns = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in store.columns(name).items())
        engine.write_parquet(f"SELECT {columns} FROM record", records[name])
    write_records(
        store,
        finished,
        replace={
            "finding": {part_name(as_of, result.sign.id): result.file for result in report.of_state("run")},
            "finding_gone": {part_name(as_of, result.sign.id): result.gone for result in report.of_state("run")},
            "warning": {month_part(as_of): work / "warning.parquet"},
            **{name: {report.scan_id: file} for name, file in records.items()},
        },
        note=f"scan {report.scan_id} as of {as_of}",
        cites=(report.store_version,),
    )


def _records(report: ScanReport, catalogue: Catalogue, finished: datetime) -> dict[str, list[dict[str, object]]]:
    head = {
        "scan_id": report.scan_id,
        "as_of": report.request.as_of,
        "known_at": report.request.known_at,
        "store_version": report.store_version,
        "started_at": report.started_at,
        "finished_at": finished,
        "signs_run": len(report.of_state("run")),
        "not_run": json.dumps({result.sign.id: result.reason for result in report.of_state("not_run")}),
        "failed": json.dumps(report.failed),
        "catalogue_digest": catalogue.digest,
        "engine": "duckdb",
    }
    signs = [
        {
            "scan_id": report.scan_id,
            "sign_id": result.sign.id,
            "sign_version": result.sign.version,
            "digest": result.sign.digest,
            "state": result.state,
            "reason": result.reason,
            "findings": result.findings,
            "seconds": round(result.seconds, 3),
        }
        for result in report.results
    ]
    return {"scan": [head], "scan_sign": signs}
