"""What a delivery costs apart from its rows: 35 tables of 200 rows, month after month into one store.

`python benchmarks/fixed_cost.py [--months N]` prints wall and CPU seconds of every delivery. All keys of a month are
those of the month before, so each row meets an older version of itself.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.warehouse.contract import Column, Table, contract
from dauhieu.warehouse.delta import ARROW_TYPES
from dauhieu.warehouse.store import Store

TABLES, ROWS = 35, 200


def value(column: Column, row: int, month: int) -> object:
    if column.values:
        return column.values[0]
    day = date(2024 + month // 12, month % 12 + 1, row % 28 + 1)
    return {
        "id": f"{column.kind}{row}",
        "text": f"{column.name}{row}",
        "bool": True,
        "amount": Decimal(row),
        "degree": 1.0,
        "date": day,
        "month": day.replace(day=1),
        "timestamp": datetime(day.year, day.month, day.day),
        "instant": datetime(day.year, day.month, day.day),
    }.get(column.type, month * 1000 + row)


def write(table: Table, path: Path, month: int) -> None:
    columns = {}
    for column in table.columns:
        if column.type != "time":
            kind = pa.string() if column.type == "id" else ARROW_TYPES[column.sql_type]
            columns[column.delivered_as] = pa.array([value(column, row, month) for row in range(ROWS)], kind)
    known = datetime(2024 + month // 12, month % 12 + 1, 2)
    columns["recorded_at"] = pa.array([known] * ROWS, pa.timestamp("us"))
    pq.write_table(pa.table(columns), path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=12)
    months = parser.parse_args().months
    delivered = [table for table in contract().tables.values() if table.clocked and table.name != "person_link"]
    tables = [table for table in delivered if not table.name.startswith("hi_claim")][:TABLES]
    with tempfile.TemporaryDirectory() as name:
        store = Store.create(Path(name) / "store")
        for month in range(months):
            folder = Path(name) / f"month-{month}"
            folder.mkdir()
            for table in tables:
                write(table, folder / f"{table.name}.parquet", month)
            now = datetime(2024 + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
            wall, cpu = time.perf_counter(), time.process_time()
            load(store, [folder], options=LoadOptions(max_set_aside=1_000_000), now=now)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(f"delivery {month + 1}: {wall:.2f} s, {cpu:.2f} s CPU", flush=True)


if __name__ == "__main__":
    main()
