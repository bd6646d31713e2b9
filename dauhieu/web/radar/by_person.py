"""Copies of the tables which the page of a person reads, each one file in the order of persons.

In the store a table lies as it came, so that a look at one person reads all of it. A worker makes the copies between
its jobs; pages read the tables themselves until a copy is there. The copies lie in the store's folder for work: they
are as well guarded as the store, not backed up, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from dauhieu.engines.base import EngineOptions, Input
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version
from dauhieu.web.practice.store import the_store

# Table -> whose rows are looked for.
TABLES = {
    "person_link": "person_id",
    "person_identity": "person_id",
    "person": "person_id",
    "contribution_month": "person_id",
    "hi_enrolment": "person_id",
    "benefit_payment": "beneficiary_person_id",
    "hi_claim": "person_id",
    "finding": "subject_id",
}

# A look at one person reads the few groups which he lies in.
GROUP_ROWS = 16_384


def folder(store: Store) -> Path:
    return store.path / "work" / "by-person"


def copies(store: Store, version: Version) -> dict[str, Path]:
    """Where the copy of each table lies or would lie: a name by content, so that a table which stays keeps its copy."""
    return {table: folder(store) / _name(store.input(version, table), table) for table in TABLES}


def _name(table: Input, name: str) -> str:
    # Files of a store never change and never share a name.
    told = repr((sorted(table.columns.items()), sorted(file.name for file in table.files), table.files))
    return f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:16]}.parquet"


def copied(store: Store, version: Version) -> dict[str, Input]:
    """The copies which are there."""
    return {
        table: Input(store.input(version, table).columns, (path,))
        for table, path in copies(store, version).items()
        if path.is_file()
    }


def watch() -> None:
    """Make the first copy which is missing, and delete those of tables which have changed since.

    Those of the version before stay: somebody may be reading it.
    """
    store = the_store()
    numbers = store.numbers()
    if not numbers:
        return
    version = store.version(numbers[-1])
    wanted = copies(store, version)
    missing = next((table for table, path in wanted.items() if not path.is_file()), None)
    if missing:
        _copy(store, version, missing, wanted[missing])
    else:
        kept = {path for number in numbers[-2:] for path in copies(store, store.version(number)).values()}
        for path in folder(store).glob("*.parquet"):
            if path not in kept:
                path.unlink(missing_ok=True)


def _copy(store: Store, version: Version, table: str, path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.half")
    folders = (store.path / "tables", path.parent)
    try:
        with DuckDBEngine(EngineOptions("1GB", 1, folders, temporary=path.parent / "spill")) as engine:
            engine.register("source", store.input(version, table))
            engine.write_parquet(f"SELECT * FROM source ORDER BY {TABLES[table]}", half, group_rows=GROUP_ROWS)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
