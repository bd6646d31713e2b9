"""Why a sign may be silent: its source dried up, a column of it is empty, a province is missing, or nobody knows.

"Nothing found" is an answer only where the data was there. What is told here stops nothing: the sign has run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.supply import FALL, LEAST, MONTHS_BEFORE, Supply, arrived, columns_read, supply
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.errors import DauhieuError
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

# A sign which ordinarily finds so many does not find fewer than a quarter of them by chance.
LEAST_FINDINGS = 8
# Scans before this one from which on a sign has a history.
LEAST_SCANS = 3

TOLD = {
    "dried_up": (
        "nguồn cạn: bảng {table} có {now:,} dòng, thường có {ordinary:,}",
        "the source dried up: table {table} has {now:,} rows where {ordinary:,} are ordinary",
    ),
    "column_empty": (
        "cột trống: {table}.{column} có {now:,} giá trị, thường có {ordinary:,}",
        "a column is empty: {table}.{column} has {now:,} values where {ordinary:,} are ordinary",
    ),
    "area_missing": (
        "thiếu tỉnh {area}: bảng {table} không có dòng nào, thường có {ordinary:,}",
        "province {area} is missing: it has no rows in table {table} where {ordinary:,} are ordinary",
    ),
    "fewer": (
        "{now:,} phát hiện, thường có {ordinary:,}",
        "{now:,} findings where {ordinary:,} are ordinary",
    ),
    "more": (
        "{now:,} phát hiện, thường chỉ có {ordinary:,}",
        "{now:,} findings where only {ordinary:,} are ordinary",
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Silence:
    """One thing which is not as it ordinarily is, and bears on a sign; `cause` is a key of TOLD."""

    sign: str
    cause: str
    now: int
    ordinary: int
    table: str = ""
    column: str = ""
    area: str = ""

    def told(self, language: str) -> str:
        return TOLD[self.cause][("vi", "en").index(language)].format(**asdict(self))

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value != ""}


def watched(
    bench: Workbench, store: Store, found: Mapping[str, int], moment: datetime, place: str
) -> tuple[tuple[Silence, ...], str]:
    """What is not as it ordinarily is with the signs which ran (`found`: id -> findings); else why nobody could look.

    `moment` is that of the version of the store. A scan is not stopped by what only watches it.
    """
    signs = [bench.catalogue.signs[name] for name in found]
    try:
        past = _ordinary_findings(bench.sight.engine, store, bench.sight.as_of, signs)
        return tuple(_silences(bench, signs, found, moment, past, place)), ""
    except DauhieuError as error:
        return (), f"The sources could not be watched: {error}"


def _silences(
    bench: Workbench,
    signs: Sequence[Sign],
    found: Mapping[str, int],
    moment: datetime,
    past: Mapping[str, int],
    place: str,
) -> Iterable[Silence]:
    """Each table is looked at once, whatever the number of signs which need it."""
    read = {sign.id: columns_read(bench, sign) for sign in signs}
    needed = {table for sign in signs for table in sign.needs.required}
    tables = [table for name in sorted(needed) if (table := bench.sight.contract.table(name)).clocked]
    known_at = bench.sight.known_at or arrived(bench, [table.name for table in tables], moment)
    supplies: dict[str, Supply] = {}
    for table in tables:
        columns = {column for reading in read.values() for column in reading.get(table.name, ())}
        supplies[table.name] = supply(bench, table, columns, known_at, place)
    for sign in signs:
        yield from _of_sources(sign, read[sign.id], supplies)
        yield from _of_itself(sign, found[sign.id], past.get(sign.id))


def _of_sources(sign: Sign, read: Mapping[str, set[str]], supplies: Mapping[str, Supply]) -> Iterable[Silence]:
    for table in sign.needs.required:
        if table not in supplies:
            continue
        given = supplies[table]
        if given.rows.fallen:
            yield Silence(sign.id, "dried_up", given.rows.now, given.rows.ordinary, table)
        for column, level in given.empty_columns.items():
            if column in read.get(table, ()):
                yield Silence(sign.id, "column_empty", level.now, level.ordinary, table, column)
        for area, level in given.missing_areas.items():
            yield Silence(sign.id, "area_missing", level.now, level.ordinary, table, area=area)


def _of_itself(sign: Sign, now: int, ordinary: int | None) -> Iterable[Silence]:
    if ordinary is None:
        return
    if ordinary >= LEAST_FINDINGS and now * FALL < ordinary:
        yield Silence(sign.id, "fewer", now, ordinary)
    if now >= LEAST and now > ordinary * FALL:
        yield Silence(sign.id, "more", now, ordinary)


def _ordinary_findings(engine: Engine, store: Store, as_of: date, signs: Iterable[Sign]) -> dict[str, int]:
    """The middle of what each sign, in its present version, found in the months before, where it ran in enough."""
    version = store.version()
    versions = {sign.id: sign.version for sign in signs}
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    rows = engine.rows(
        "WITH last AS (SELECT r.sign_id, s.as_of, arg_max(r.state, s.finished_at) AS state, "
        "arg_max(r.findings, s.finished_at) AS findings, arg_max(r.sign_version, s.finished_at) AS sign_version "
        "FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of < DATE '{as_of}' GROUP BY r.sign_id, s.as_of) "
        "SELECT sign_id, sign_version, findings FROM last WHERE state = 'run' "
        f"QUALIFY row_number() OVER (PARTITION BY sign_id ORDER BY as_of DESC) <= {MONTHS_BEFORE}"
    )
    counts: dict[str, list[int]] = {}
    for sign, number, findings in rows:
        if versions.get(str(sign)) == number:
            counts.setdefault(str(sign), []).append(int(str(findings)))
    return {sign: int(median(found)) for sign, found in counts.items() if len(found) >= LEAST_SCANS}


def silence_kept(engine: Engine, store: Store, version: Version, as_of: date, sign: str | None) -> list[Silence]:
    """What the last scan of a month told of one sign, or of all."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    rows = engine.rows(
        "SELECT r.sign_id, r.silence FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of = DATE '{as_of}' "
        "QUALIFY row_number() OVER (PARTITION BY r.sign_id ORDER BY s.finished_at DESC) = 1 ORDER BY r.sign_id"
    )
    return [Silence(**one) for name, text in rows if text and sign in (None, name) for one in json.loads(str(text))]
