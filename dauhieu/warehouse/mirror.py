"""A second copy of a store, brought up to date: for backups, and for machines which only read.

Data files never change once they are written, so only new ones are copied. What the store is at one moment is caught
by links while nobody writes; the copying may then take its time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dauhieu.errors import StoreError
from dauhieu.warehouse.disk import is_full
from dauhieu.warehouse.store import MARK, Store
from dauhieu.warehouse.verify import Damage, verify
from dauhieu.warehouse.writer import lock

# What belongs to those who are at work in the store.
LEFT_OUT = frozenset({"work", "staging", "incoming", "writer.lock"})
FULL = "The disk of the mirror is full. The mirror is older than the store, or not whole. Free some space, repeat it."


@dataclass(frozen=True, slots=True)
class Mirrored:
    """How many files were copied and deleted, and what verifying the mirror then found."""

    copied: int
    deleted: int
    damages: tuple[Damage, ...]


def mirror(store: Store, to: Path) -> Mirrored:
    """Make `to` what the store is now; StoreBusyError while somebody writes, StoreError if `to` is something else."""
    _refuse_others(store.path, to)
    moment = store.path.parent / f".{store.path.name}.moment"
    shutil.rmtree(moment, ignore_errors=True)
    try:
        with lock(store.path):
            _catch(store.path, moment)
        to.mkdir(parents=True, exist_ok=True)
        there = sorted(_files(moment), key=_place)
        copied = sum(_copy(moment / file, to / file) for file in there)
        deleted = _delete(to, set(there))
    except OSError as error:
        if is_full(error):
            raise StoreError(FULL, path=to) from error
        raise
    finally:
        shutil.rmtree(moment, ignore_errors=True)
    return Mirrored(copied, deleted, verify(Store.open(to, store.contract)))


def _refuse_others(store: Path, to: Path) -> None:
    """What a mirror has too much is deleted, so it must be no folder of anybody else's."""
    if not to.exists() or not any(to.iterdir()):
        return
    if not (to / MARK).is_file():
        raise StoreError("The folder is neither empty nor a mirror of a store. Name another.", path=to)
    for kept in (to / "versions").glob("*.json"):
        own = store / "versions" / kept.name
        if own.is_file() and own.read_bytes() != kept.read_bytes():
            raise StoreError("The folder is the mirror of another store. Name another.", path=to)


def _is_data(file: Path) -> bool:
    return file.suffix == ".parquet" and "_delta_log" not in file.parts


def _place(file: Path) -> tuple[int, str]:
    """A list of files comes after the files it names."""
    return (0 if _is_data(file) else 2 if file.parts[0] == "versions" else 1, str(file))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).parts[0] not in LEFT_OUT:
            yield path.relative_to(folder)


def _catch(store: Path, moment: Path) -> None:
    for file in _files(store):
        target = moment / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if _is_data(file):
            os.link(store / file, target)
        else:
            shutil.copy2(store / file, target)


def _copy(source: Path, target: Path) -> bool:
    """Copy a file whole or not at all, if it is not there already."""
    if target.is_file():
        old, new = target.stat(), source.stat()
        if (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns):
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.half")
    shutil.copy2(source, half)
    half.replace(target)
    return True


def _delete(folder: Path, kept: Iterable[Path]) -> int:
    """Delete what the store no longer has, and what a mirroring which was killed left."""
    gone = set(_files(folder)) - set(kept)
    for file in gone:
        (folder / file).unlink()
    return len(gone)
