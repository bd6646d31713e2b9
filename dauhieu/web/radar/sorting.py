"""How the copies in the order of persons come and go (by_person.py): each table is a job, one after the other."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import StoreBusyError
from dauhieu.warehouse.disk import hold
from dauhieu.warehouse.store import Store
from dauhieu.web.jobs import queue
from dauhieu.web.jobs.models import Job
from dauhieu.web.practice.store import the_store
from dauhieu.web.radar.by_person import TABLES, copies, folder

# A look at one person reads the few groups which he lies in.
GROUP_ROWS = 16_384
LOCK = "sorting.lock"
# Whatever somebody waits for comes first.
PRIORITY = -1
# How long to leave it when a job has failed for good.
REST = timedelta(hours=1)


def watch() -> None:
    """Ask for the first copy which is missing, and delete what nobody needs."""
    store = the_store()
    numbers = store.numbers()
    if not numbers:
        return
    with suppress(StoreBusyError), alone(store):
        _sweep(store, numbers)
    if _missing(store) and not _is_asked_for():
        queue.enqueue(copy_next.module_path, {"args": [], "kwargs": {}}, now=timezone.now(), priority=PRIORITY)


@task
def copy_next() -> str:
    """Bring one table into the order of persons."""
    store = the_store()
    with alone(store):
        table = _missing(store)
        if table:
            _copy(store, table)
    return table


def alone(store: Store) -> AbstractContextManager[None]:
    """Nobody else writes copies: so whatever is half written comes from somebody who died."""
    folder(store).mkdir(mode=0o700, parents=True, exist_ok=True)
    return hold(folder(store) / LOCK, StoreBusyError("Another process brings tables into order.", path=store.path))


def _is_asked_for() -> bool:
    jobs = Job.objects.filter(task=copy_next.module_path)
    failed = jobs.filter(state="failed", finished_at__gt=timezone.now() - REST)
    return jobs.filter(state__in=("ready", "running")).exists() or failed.exists()


def _missing(store: Store) -> str:
    wanted = copies(store, store.version())
    return next((table for table, path in wanted.items() if not path.is_file()), "")


def _sweep(store: Store, numbers: Sequence[int]) -> None:
    """Also what a worker left which was killed. Of the version before the copies stay: somebody may be reading it."""
    kept = {path for number in numbers[-2:] for path in copies(store, store.version(number)).values()}
    for path in folder(store).iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path not in kept and path.name != LOCK:
            path.unlink()


def _copy(store: Store, table: str) -> None:
    """Whole or not at all."""
    version = store.version()
    path = copies(store, version)[table]
    half = path.with_suffix(".half")
    options = EngineOptions("1GB", 1, (store.path / "tables", path.parent), temporary=path.parent / "spill")
    with DuckDBEngine(options) as engine:
        engine.register("source", store.input(version, table))
        engine.write_parquet(f"SELECT * FROM source ORDER BY {TABLES[table]}", half, group_rows=GROUP_ROWS)
    half.replace(path)
