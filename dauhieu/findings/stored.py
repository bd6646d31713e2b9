"""Where findings stand in the store: one part a month scanned and sign, so that scanning again replaces just it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from dauhieu.catalogue.sign import RANKING
from dauhieu.engines.base import Engine, Input
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version


def part_name(as_of: date, name: str) -> str:
    """The part of what belongs to a month and a sign, or a scan."""
    return f"{as_of}_{name}"


def month_part(as_of: date) -> str:
    """The part of tables which hold one batch of rows a month scanned, such as `warning`."""
    return str(as_of)


def _parts(version: Version, table: str = "finding") -> Iterable[tuple[date, str]]:
    state = version.tables.get(table)
    for file in state.files if state else ():
        day, between, name = (file.part or "").partition("_")
        # Scans once had parts without their month.
        if between:
            yield date.fromisoformat(day), name


def scanned_months(version: Version) -> tuple[date, ...]:
    """Months which were scanned, oldest first, whether anything was found in them or not."""
    return tuple(sorted({day for day, _ in (*_parts(version), *_parts(version, "scan"))}))


def signs_stored(version: Version, as_of: date) -> frozenset[str]:
    """Signs of which findings of a month are kept, or findings which were gone then."""
    parts = [*_parts(version), *_parts(version, "finding_gone")]
    return frozenset(sign for day, sign in parts if day == as_of)


def finding_files(store: Store, version: Version, as_of: date, signs: Iterable[str] | None = None) -> tuple[Path, ...]:
    """Files of the findings of one month: of all signs, or of those named."""
    state = version.tables.get("finding")
    wanted = None if signs is None else {part_name(as_of, sign) for sign in signs}
    return tuple(
        store.path.resolve() / file.path
        for file in (state.files if state else ())
        if file.part and (file.part in wanted if wanted is not None else file.part.startswith(f"{as_of}_"))
    )


def earlier_months(engine: Engine, store: Store, version: Version, as_of: date) -> dict[str, date]:
    """For each sign the latest month before `as_of` in whose last scan it ran, whether it found anything or not."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    rows = engine.rows(
        "WITH last AS (SELECT r.sign_id, s.as_of, arg_max(r.state, s.finished_at) AS state "
        "FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of < DATE '{as_of}' GROUP BY r.sign_id, s.as_of) "
        "SELECT sign_id, max(as_of) FROM last WHERE state = 'run' GROUP BY sign_id"
    )
    return {str(sign): day for sign, day in rows if isinstance(day, date)}


def earlier_findings(
    engine: Engine, store: Store, version: Version, as_of: date, known_at: datetime | None
) -> dict[str, tuple[Path, ...]]:
    """For each sign the files of what it found in earlier months; none of a scan which knew more than is known now."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    knew = "arg_max(coalesce(s.known_at, s.started_at), s.finished_at)"
    known = f"AND {knew} <= TIMESTAMP '{known_at:%Y-%m-%d %H:%M:%S.%f}'" if known_at else ""
    rows = engine.rows(
        "SELECT r.sign_id, s.as_of FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of < DATE '{as_of}' GROUP BY r.sign_id, s.as_of "
        f"HAVING arg_max(r.state, s.finished_at) = 'run' {known} ORDER BY 1, 2"
    )
    found: dict[str, tuple[Path, ...]] = {}
    for sign, month in rows:
        if isinstance(month, date):
            found[str(sign)] = (*found.get(str(sign), ()), *finding_files(store, version, month, [str(sign)]))
    return found


def last_failures(engine: Engine, store: Store, version: Version) -> dict[str, tuple[str, str]]:
    """Signs whose last run failed: the digest of what was run, and the reason."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    rows = engine.rows(
        "SELECT r.sign_id, arg_max(r.digest, s.finished_at), arg_max(coalesce(r.reason, ''), s.finished_at) "
        "FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        "GROUP BY r.sign_id HAVING arg_max(r.state, s.finished_at) = 'failed'"
    )
    return {str(sign): (str(digest), str(reason)) for sign, digest, reason in rows}


def last_digests(engine: Engine, store: Store, version: Version, as_of: date) -> dict[str, str]:
    """For each sign the digest of what the last scan of a month ran."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    rows = engine.rows(
        "SELECT r.sign_id, arg_max(r.digest, s.finished_at) "
        "FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of = DATE '{as_of}' AND r.state = 'run' GROUP BY r.sign_id"
    )
    return {str(sign): str(digest) for sign, digest in rows}


def scanned_data(engine: Engine, store: Store, version: Version, as_of: date) -> tuple[int | None, datetime | None]:
    """The version of the store and the moment of knowledge which the latest scan of a month read; None if none did."""
    engine.register("past_scan", store.input(version, "scan"))
    rows = engine.table(
        f"SELECT store_version, known_at FROM past_scan WHERE as_of = DATE '{as_of}' ORDER BY finished_at DESC LIMIT 1"
    ).to_pylist()
    return (rows[0]["store_version"], rows[0]["known_at"]) if rows else (None, None)


def show_ranking(engine: Engine, name: str, findings: Input) -> None:
    """The findings which make warnings and rank, under `name`: not those which are excepted or of signs on trial."""
    engine.register(f"{name}_of_all", findings)
    ranking = ", ".join(f"'{status}'" for status in RANKING)
    # Findings of before the status was kept are of signs which ranked.
    where = f"(sign_status IS NULL OR sign_status IN ({ranking})) AND exception_id IS NULL"
    engine.register_view(name, f'SELECT * FROM "{name}_of_all" WHERE {where}')


def count_excepted(engine: Engine, store: Store, files: Iterable[Path]) -> dict[str, int]:
    """How many findings each exception keeps out of warnings."""
    engine.register("excepted_finding", findings_input(store, files))
    rows = engine.rows(
        "SELECT exception_id, count(*) FROM excepted_finding WHERE exception_id IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return {str(name): int(str(count)) for name, count in rows}


def findings_input(store: Store, files: Iterable[Path]) -> Input:
    return Input(store.columns("finding"), tuple(files))
