"""The one writer of a store: holds the lock, clears what a kill left behind, writes files and makes versions.

Order of every change: data files, then one Delta commit a table, then the list of the version. Only the list makes
the change real; whatever was written before it is undone by the next writer.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
from deltalake.exceptions import DeltaError

from dauhieu.engines.base import Engine
from dauhieu.errors import EngineError, StoreBusyError, StoreError
from dauhieu.warehouse import delta
from dauhieu.warehouse.disk import FULL_MESSAGE, digest, hold, is_full, remove, sync
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import (
    Cause,
    Dropped,
    StoredFile,
    TableState,
    Version,
    version_path,
    write_version,
)

COMMITS_BESIDE = 2

# Called with the name of every point at which a kill must do no harm.
Seam = Callable[[str], None]


def no_seam(point: str) -> None:
    """Nothing happens at the named points."""


@dataclass
class Change:
    """What a new version does to one table."""

    added: list[StoredFile] = field(default_factory=list)
    removed: list[StoredFile] = field(default_factory=list)


@dataclass
class Writer:
    """Made by `writing`; `latest` is the version it builds on, `number` the one it makes."""

    store: Store
    moment: datetime
    seam: Seam
    latest: Version | None
    staging: Path
    changes: dict[str, Change] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.latest.number + 1 if self.latest else 1

    def state(self, table: str) -> TableState | None:
        return self.latest.tables.get(table) if self.latest else None

    def files(self, table: str) -> tuple[StoredFile, ...]:
        state = self.state(table)
        return state.files if state else ()

    def paths(self, files: Collection[StoredFile]) -> tuple[Path, ...]:
        return tuple(self.store.path.resolve() / file.path for file in files)

    def write(
        self,
        engine: Engine,
        table: str,
        part: str | None,
        sql: str,
        sorted_by: Sequence[str] = (),
        removed: Collection[StoredFile] = (),
    ) -> StoredFile:
        """Write the rows of a query, which must be in the order named, as one new file in place of `removed`."""
        change = self.changes.setdefault(table, Change())
        folder = Path("tables") / table / (_folder(part) if part else "")
        # The name follows from the work alone, so that a rerun makes the same.
        relative = folder / f"{self.number:06d}-{len(change.added) + 1:04d}.parquet"
        path = self.store.path / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = engine.write_parquet(sql, path)
        sync(path)
        sync(path.parent)
        file = StoredFile(
            str(relative),
            part,
            rows,
            path.stat().st_size,
            digest(path),
            tuple(sorted_by) if _in_order(path, sorted_by) else (),
        )
        change.added.append(file)
        change.removed += removed
        self.seam(f"file:{table}")
        return file

    def remove(self, table: str, files: Collection[StoredFile]) -> None:
        self.changes.setdefault(table, Change()).removed += files

    def commit(
        self,
        cause: Cause,
        *,
        note: str = "",
        landed: str | None = None,
        cites: Sequence[int] = (),
        water_marks: Mapping[str, int] | None = None,
        dropped: Mapping[int, Dropped] | None = None,
    ) -> Version:
        """Commit every changed table, then the list which makes it real."""
        if self.latest and self.moment < self.latest.moment:
            raise StoreError(
                f"The moment {self.moment.isoformat()} is before the newest version "
                f"({self.latest.moment.isoformat()}). Check the clock of this machine.",
                path=self.store.path,
            )
        tables = dict(self.latest.tables) if self.latest else {}
        # A commit of Delta is mostly small files and waiting for the disk.
        with ThreadPoolExecutor(COMMITS_BESIDE) as hands:
            for table, at in hands.map(self._commit_table, sorted(self.changes)):
                change = self.changes[table]
                gone = {file.path for file in change.removed}
                kept = [file for file in self.files(table) if file.path not in gone]
                tables[table] = TableState(at, (*kept, *change.added))
                self.seam(f"table:{table}")
        before = self.latest
        version = Version(
            number=self.number,
            moment=self.moment,
            cause=cause,
            tables=tables,
            water_marks={**(before.water_marks if before else {}), **(water_marks or {})},
            note=note,
            landed=landed,
            deliveries={**(before.deliveries if before else {}), **({landed: self.number} if landed else {})},
            cites=tuple(cites),
            dropped={**(before.dropped if before else {}), **(dropped or {})},
        )
        self.seam("before-list")
        write_version(self.store.path, version)
        self.latest = version
        self.changes = {}
        self.seam("after-list")
        return version

    def _commit_table(self, table: str) -> tuple[str, int]:
        change = self.changes[table]
        columns = self.store.columns(table)
        return table, delta.commit(self.store.path, table, columns, change.added, change.removed, self.moment)


@contextlib.contextmanager
def writing(store: Store, moment: datetime, seam: Seam = no_seam) -> Iterator[Writer]:
    """Become the writer. Whatever fails inside leaves the last good version, also on the disk."""
    with lock(store.path), _plain_errors(store.path):
        latest = store.latest()
        clear(store, latest)
        staging = store.path / "staging" / "writer"
        staging.mkdir(parents=True)
        try:
            # A moment without a zone is of UTC, as all moments of the contract, wherever the machine stands.
            settled = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            writer = Writer(store, settled, seam, latest, staging)
            yield writer
        except BaseException:
            with contextlib.suppress(OSError, StoreError):
                clear(store, store.latest())
            raise
        if writer.changes:
            # Files written for a change which then proved to be none.
            clear(store, latest)
        shutil.rmtree(staging, ignore_errors=True)


def clear(store: Store, latest: Version | None) -> None:
    """Undo what an earlier writer left half done."""
    shutil.rmtree(store.path / "staging", ignore_errors=True)
    (store.path / "staging").mkdir(exist_ok=True)
    for path in (store.path / "versions").glob(".*.new"):
        path.unlink()
    for number in latest.dropped if latest else ():
        version_path(store.path, number).unlink(missing_ok=True)
    for folder in sorted((store.path / "tables").iterdir()):
        state = latest.tables.get(folder.name) if latest else None
        if state is None:
            shutil.rmtree(folder)
        elif delta.may_be_ahead(store.path, folder.name, state) and delta.is_ahead(store.path, folder.name, state):
            delta.restore(store.path, folder.name, state)
    for path in _leftovers(store, latest):
        remove(path)


def _leftovers(store: Store, latest: Version | None) -> list[Path]:
    """Data files of a version which was never listed; and those which compaction meant to delete."""
    if latest and latest.cause == "compact":
        return unlisted(store)
    newest = latest.number if latest else 0
    return [path for path in _data_files(store) if not path.name[:6].isdigit() or int(path.name[:6]) > newest]


def _data_files(store: Store) -> list[Path]:
    found = (store.path / "tables").rglob("*.parquet")
    return sorted(path for path in found if "_delta_log" not in path.parts)


def unlisted(store: Store) -> list[Path]:
    """Data files which no version lists."""
    listed = {path for version in store.versions() for path in version.paths}
    return [path for path in _data_files(store) if str(path.relative_to(store.path)) not in listed]


def _folder(part: str) -> str:
    """A folder name for a part; names of files tell parts apart should two share a folder."""
    return quote(part, safe="-_.").replace("%", "_")


def _in_order(path: Path, columns: Sequence[str]) -> bool:
    """Whether the row groups follow one another in the first column: a lost sort order shows here."""
    if not columns:
        return False
    meta = pq.read_metadata(path)
    place = meta.schema.names.index(columns[0])
    found = [meta.row_group(number).column(place).statistics for number in range(meta.num_row_groups)]
    bounds = [(one.min, one.max) for one in found if one is not None and one.has_min_max]
    return all(before[1] <= after[0] for before, after in itertools.pairwise(bounds))


@contextlib.contextmanager
def lock(store: Path) -> Iterator[None]:
    """Be the only one who may write; StoreBusyError while another is."""
    busy = "Another process is writing to this store. Wait until it is done, then try again."
    with hold(store / "writer.lock", StoreBusyError(busy, path=store)):
        yield


def is_busy(store: Path) -> bool:
    """Whether somebody writes to the store at this moment."""
    try:
        with lock(store):
            return False
    except StoreBusyError:
        return True


@contextlib.contextmanager
def _plain_errors(store: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EngineError, DeltaError) as error:
        if is_full(error):
            raise StoreError(FULL_MESSAGE, path=store) from error
        raise
