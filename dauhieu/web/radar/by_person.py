"""Copies of the tables which the page of a person reads, each one file in the order of persons.

In the store a table lies as it came, so that a look at one person reads all of it. A worker makes the copies
(sorting.py); pages read the tables themselves where no copy is there, or is no more. The copies lie in the store's
folder for work: they are as well guarded as the store, not backed up, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from dauhieu.engines.base import Input
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

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
