"""What the tests of deliveries share: a store, small files of contributions and claims, and a look at what landed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.deliveries.report import LoadReport
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONTRIBUTION = {
    "person_code": "P1",
    "employer_code": "E1",
    "month": "2026-01-01",
    "scheme": "compulsory",
    "si_flag": "true",
    "ui_flag": "true",
    "hi_flag": "true",
    "oad_flag": "true",
    "wage_base": "5000000",
    "month_status": "working",
    "is_paid": "true",
}
CLAIM = {
    "facility_code": "01001",
    "ma_lk": "L1",
    "care_type": "01",
    "admission_at": "2026-01-05 08:30:00",
    "version_no": "1",
    "status": "received",
}
SERVICE = {"facility_code": "01001", "ma_lk": "L1", "line_no": "1", "price_hi": "589.999"}


def contributions(count: int, **changes: str) -> list[dict[str, str]]:
    """Contributions of persons P1, P2 ...; `changes` hold for all."""
    return [CONTRIBUTION | {"person_code": f"P{number}"} | changes for number in range(1, count + 1)]


def csv_text(rows: Sequence[Mapping[str, str]], separator: str = ",", end: str = "\n") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def csv_file(folder: Path, rows: Sequence[Mapping[str, str]], table: str = "contribution_month") -> Path:
    path = folder / f"{table}.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    return path


def deliver(store: Store, *paths: Path, **options: object) -> LoadReport:
    return load(store, paths, options=LoadOptions(**options), now=NOW)  # type: ignore[arg-type]


def stored(store: Store, sql: str, *tables: str) -> list[tuple[object, ...]]:
    """The answer of a query over the newest version's tables."""
    version = store.version()
    with DuckDBEngine(EngineOptions(folders=(store.path,))) as engine:
        for table in tables:
            engine.register(table, store.input(version, table))
        return engine.rows(sql)


def wages(store: Store) -> list[object]:
    rows = stored(
        store,
        "SELECT c.wage_base FROM contribution_month AS c JOIN key_person AS k ON k.id = c.person_id "
        "WHERE c.superseded_at IS NULL ORDER BY k.code, c.month",
        "contribution_month",
        "key_person",
    )
    return [row[0] for row in rows]
