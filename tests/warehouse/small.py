"""A small contract and short ways to deliver to a store and to read it; shared by the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import Contract, read_contract
from dauhieu.warehouse.intake import Intake, Landed, apply
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

HERE = Path(__file__).parent
OPTIONS = EngineOptions(memory="500MB", threads=2)
Rows = Sequence[Mapping[str, Any]]


def small_contract(folder: Path) -> Contract:
    tables = folder / "contract"
    tables.mkdir(parents=True, exist_ok=True)
    (tables / "small.yaml").write_bytes((HERE / "small_tables.yaml").read_bytes())
    return read_contract(tables, HERE / "small_kinds.yaml")


def day(number: int) -> datetime:
    """A moment: so many days after the first of January 2026."""
    return datetime.fromordinal(date(2026, 1, 1).toordinal() + number).replace(tzinfo=UTC)


def intake(folder: Path, moment: datetime, tables: Mapping[str, Rows], mode: str = "adds", **more: Any) -> Intake:
    """A delivery of plain rows, staged as Parquet; its digest is that of its rows unless one is given."""
    staged = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        path = folder / f"{name}-{len(list(folder.iterdir()))}.parquet"
        columns = {key: [row.get(key) for row in rows] for key in dict.fromkeys(key for row in rows for key in row)}
        if rows:
            pq.write_table(pa.table(columns), path)
        staged[name] = (path,) if rows else ()
    digest = more.pop("digest", f"{moment}{tables}")
    return Intake(staged, mode, more.pop("source", "test"), digest, moment, **more)


def deliver(store: Store, moment: datetime, tables: Mapping[str, Rows], mode: str = "adds", **more: Any) -> Landed:
    seam = more.pop("seam", lambda point: None)
    return apply(store, intake(store.path.parent / "staged", moment, tables, mode, **more), options=OPTIONS, seam=seam)


def wage(person: str, month: int, wage_base: int | None, **more: Any) -> dict[str, Any]:
    return {"person_code": person, "employer_code": "E1", "month": date(2026, month, 1), "wage_base": wage_base, **more}


def query(store: Store, sql: str, version: Version | None = None) -> list[tuple[Any, ...]]:
    """Ask a version of the store; all its tables stand under their names."""
    version = version or store.version()
    with DuckDBEngine(EngineOptions(memory="500MB", folders=(store.path,))) as engine:
        for name in (*store.contract.tables, *(f"key_{kind}" for kind in store.contract.kinds)):
            engine.register(name, store.input(version, name))
        return engine.rows(sql)


def known(store: Store, table: str, columns: str, moment: datetime) -> list[tuple[Any, ...]]:
    """Rows of a table as known at a moment, persons and employers as codes."""
    at = f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}'"
    keys = "LEFT JOIN key_person AS p ON p.id = person_id"
    if table == "wage":
        keys += " LEFT JOIN key_employer AS e ON e.id = employer_id"
    return query(
        store,
        f"SELECT {columns} FROM {table} {keys} "
        f"WHERE recorded_at <= {at} AND (superseded_at IS NULL OR superseded_at > {at}) ORDER BY ALL",
    )
