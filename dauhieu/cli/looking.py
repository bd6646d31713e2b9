"""What commands which read a scanned store share: an engine and a sight over the very data the scan read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from dauhieu.engines.base import Engine, EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.stored import scanned_data
from dauhieu.law.read import law
from dauhieu.scan import pinned
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store


@contextmanager
def looking(store: Store, as_of: date) -> Iterator[tuple[Engine, Sight]]:
    """What has been delivered since a month was scanned does not change what its findings rest on.

    The engine sees only the tables of the store.
    """
    with DuckDBEngine(EngineOptions(folders=(store.path / "tables",))) as engine:
        number, known_at = scanned_data(engine, store, store.version(), as_of)
        source = store_source(store, pinned(store, number), law())
        yield engine, Sight(engine, store.contract, source, as_of, known_at)
