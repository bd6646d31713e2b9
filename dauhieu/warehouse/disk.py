"""Small acts on the disk which survive a kill and a power cut."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path


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
