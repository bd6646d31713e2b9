"""The Delta Lake side of the store: one commit a table, and the way back to what the list of versions names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, Field, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from dauhieu.errors import StoreError
from dauhieu.warehouse.version import StoredFile, TableState

PART = "part"
ARROW_TYPES = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(18,3)": pa.decimal128(18, 3),
    "DOUBLE": pa.float64(),
    # Delta has no time of day: it is kept as text and cast back on reading.
    "TIME": pa.string(),
}


def commit(
    store: Path,
    table: str,
    columns: dict[str, str],
    added: Collection[StoredFile],
    removed: Collection[StoredFile],
    moment: datetime,
) -> int:
    """Add and remove files of one table in one commit; returns the new Delta version."""
    folder = store / "tables" / table
    schema = Schema.from_arrow(
        pa.schema([*((name, ARROW_TYPES[kind]) for name, kind in columns.items()), (PART, pa.string())])
    )
    if not DeltaTable.is_deltatable(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        create_table_with_add_actions(
            str(folder), schema, [], partition_by=[PART], name=table, configuration={"delta.checkpointInterval": "10"}
        )
    delta = opened(folder)
    known = {known_field.name for known_field in delta.schema().fields}
    new: list[Field] = [new_field for new_field in schema.fields if new_field.name not in known]
    if new:
        delta.alter.add_columns(new)
        delta = opened(folder)
    milliseconds = int(moment.timestamp() * 1000)
    actions: list[AddAction | RemoveAction] = [
        RemoveAction(_inside(file), True, milliseconds, file.bytes, {PART: file.part}) for file in removed
    ]
    actions += [
        AddAction(
            _inside(file), file.bytes, {PART: file.part}, milliseconds, True, json.dumps({"numRecords": file.rows})
        )
        for file in added
    ]
    delta.create_write_transaction(actions, "append", delta.schema(), [PART])
    delta.update_incremental()
    return int(delta.version())


def _inside(file: StoredFile) -> str:
    """The path as seen from the table's folder."""
    return file.path.split("/", 2)[2]


def opened(folder: Path) -> DeltaTable:
    delta = DeltaTable(str(folder))
    if "deletionVectors" in (delta.protocol().reader_features or []):
        raise StoreError(
            "This Delta table uses deletion vectors, so another program has written to it. "
            "Restore the folder from a backup: only this program may write to the store.",
            path=folder,
        )
    return delta


def may_be_ahead(store: Path, table: str, state: TableState) -> bool:
    """Whether Delta holds a commit after the one listed; to open a table takes a hundred times longer than this."""
    return (store / "tables" / table / "_delta_log" / f"{state.delta_version + 1:020d}.json").exists()


def is_ahead(store: Path, table: str, state: TableState | None) -> bool:
    """Whether Delta shows other files than the list of versions names."""
    folder = store / "tables" / table
    if not DeltaTable.is_deltatable(str(folder)):
        return state is not None
    listed = {_inside(file) for file in state.files} if state else set()
    shown = pa.table(opened(folder).get_add_actions()).column("path").to_pylist()
    return set(shown) != listed


def restore(store: Path, table: str, state: TableState | None) -> None:
    """Bring a table back to the state listed; one which no version lists goes altogether."""
    folder = store / "tables" / table
    if state is None:
        shutil.rmtree(folder)
    else:
        opened(folder).restore(state.delta_version)
