"""Small acts on the disk which survive a kill and a power cut."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

FULL_NUMBERS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
FULL_WORDS = tuple(os.strerror(number) for number in FULL_NUMBERS)
FULL_MESSAGE = "The disk is full. Nothing has landed. Free some space, then repeat it."


def is_full(error: BaseException) -> bool:
    """Whether an error of the system, the engine or Delta, each in words of its own, means that the disk is full."""
    number = error.errno if isinstance(error, OSError) else None
    return number in FULL_NUMBERS or any(word in str(error) for word in FULL_WORDS)


def sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; FileExistsError if it is already there."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    finally:
        temporary.unlink()
    sync(path.parent)


def remove(path: Path) -> None:
    """Delete a file, and its folder if that is then empty."""
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.parent.rmdir()


@contextlib.contextmanager
def hold(path: Path, busy: Exception) -> Iterator[None]:
    """Hold a lock file; raise `busy` if another does. The system lets go of it when its process dies."""
    with path.open("a") as file:
        _lock(file.fileno(), busy)
        yield


@contextlib.contextmanager
def work_folder(path: Path, busy: Exception) -> Iterator[None]:
    """Make a folder and be the only one who works in it; gone when the work is done, kept when it fails."""
    while True:
        path.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDONLY)
        try:
            _lock(handle, busy)
            if _is_still(handle, path):
                yield
                shutil.rmtree(path)
                return
        finally:
            os.close(handle)


def _lock(handle: int, busy: Exception) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise busy from error


def _is_still(handle: int, path: Path) -> bool:
    """Whether the folder was not removed between opening and locking it, by whoever held it before."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), path.stat())
    return False
