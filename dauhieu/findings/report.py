"""What a scan was asked and what came of it: for people, for machines, and as rows of `scan` and `scan_sign`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.reach import Definition
from dauhieu.errors import Fault
from dauhieu.findings.silence import Silence


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
    """What came of one sign; `state` is run, not_run or failed; what does not compile has no definition."""

    sign: Sign
    state: str
    reason: str = ""
    findings: int = 0
    seconds: float = 0.0
    file: Path | None = None
    gone: Path | None = None
    definition: Definition | None = None


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
    broken_files: tuple[str, ...] = ()
    to_decide: tuple[Fault, ...] = ()
    excepted: Mapping[str, int] = field(default_factory=dict)
    silence: tuple[Silence, ...] = ()
    unwatched: str = ""

    def of_state(self, state: str) -> tuple[SignResult, ...]:
        return tuple(result for result in self.results if result.state == state)

    @property
    def failed(self) -> dict[str, str]:
        """Signs which failed, and files which could not be read as signs, with the reason."""
        return {result.sign.id: result.reason for result in self.of_state("failed")} | {
            fault.path.name if fault.path else "catalogue": fault.message for fault in self.unreadable
        }

    @property
    def broken(self) -> tuple[str, ...]:
        """Signs which the catalogue has and which give nothing until they are mended."""
        return (*(result.sign.id for result in self.of_state("failed")), *self.broken_files)

    @property
    def notes(self) -> dict[str, str]:
        """What is worth knowing of signs which ran, and what waits for a decision of the agency, by file."""
        notes = {result.sign.id: result.reason for result in self.of_state("run") if result.reason}
        for fault in self.to_decide:
            name = fault.path.name if fault.path else "catalogue"
            notes[name] = f"{notes[name]} {fault.message}" if name in notes else fault.message
        return notes

    @property
    def nothing_found(self) -> tuple[str, ...]:
        """Signs which ran, found nothing, and whose sources are as they ordinarily are: nothing is an answer."""
        told = {silence.sign for silence in self.silence}
        return tuple(
            result.sign.id for result in self.of_state("run") if not result.findings and result.sign.id not in told
        )

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
            "broken": list(self.broken),
            "status": {result.sign.id: result.sign.status for result in self.results},
            "notes": self.notes,
            "silence": [silence.as_json() for silence in self.silence],
            "nothing_found": list(self.nothing_found),
            "unwatched": self.unwatched,
            "findings": self.findings,
            "findings_by_sign": {result.sign.id: result.findings for result in self.of_state("run")},
            "excepted": sum(self.excepted.values()),
            "excepted_by": dict(self.excepted),
            "warnings": self.warnings,
            "seconds": round(self.seconds, 3),
        }


def scan_rows(report: ScanReport, catalogue_digest: str, finished: datetime) -> dict[str, list[dict[str, object]]]:
    """Rows of the tables `scan` and `scan_sign`."""
    head: dict[str, object] = {
        "scan_id": report.scan_id,
        "as_of": report.request.as_of,
        "known_at": report.request.known_at,
        "store_version": report.store_version,
        "started_at": report.started_at,
        "finished_at": finished,
        "signs_run": len(report.of_state("run")),
        "not_run": json.dumps({result.sign.id: result.reason for result in report.of_state("not_run")}),
        "failed": json.dumps(report.failed),
        "catalogue_digest": catalogue_digest,
        "engine": "duckdb",
    }
    signs: list[dict[str, object]] = [
        {
            "scan_id": report.scan_id,
            "sign_id": result.sign.id,
            "sign_version": result.sign.version,
            "digest": result.sign.digest,
            "made_digest": result.definition.made if result.definition else None,
            "law_digest": result.definition.law if result.definition else None,
            "state": result.state,
            "reason": result.reason,
            "silence": _silence_json(report, result.sign.id),
            "findings": result.findings,
            "seconds": round(result.seconds, 3),
        }
        for result in report.results
    ]
    return {"scan": [head], "scan_sign": signs}


def _silence_json(report: ScanReport, sign: str) -> str | None:
    told = [silence.as_json() for silence in report.silence if silence.sign == sign]
    return json.dumps(told) if told else None
