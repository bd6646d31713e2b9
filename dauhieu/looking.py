"""What every reader of a scanned store shares: an engine and a sight over the very data the scan read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pyarrow as pa

from dauhieu.engines.base import Engine, EngineOptions, Input
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.stored import earlier_findings, finding_files, findings_input, scanned_data
from dauhieu.law.read import law
from dauhieu.scan import pinned
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store


@contextmanager
def looking(store: Store, as_of: date, options: EngineOptions | None = None) -> Iterator[tuple[Engine, Sight]]:
    """What has been delivered since a month was scanned does not change what its findings rest on.

    The engine sees only the tables of the store.
    """
    bounds = replace(options or EngineOptions(), folders=(store.path / "tables",))
    with DuckDBEngine(bounds) as engine:
        number, known_at = scanned_data(engine, store, store.version(), as_of)
        source = store_source(store, pinned(store, number), law())
        # The findings which signs read are those of the scan, not those of before it.
        files = finding_files(store, store.version(), as_of)
        earlier = earlier_findings(engine, store, store.version(), as_of, known_at)
        before = [file for found in earlier.values() for file in found]

        def month(name: str) -> Input | pa.Table:
            return findings_input(store, files) if name == "finding" else source(name)

        def past(name: str) -> Input | pa.Table:
            return findings_input(store, [*before, *files]) if name == "finding" else source(name)

        yield engine, Sight(engine, store.contract, month, as_of, known_at, past)
