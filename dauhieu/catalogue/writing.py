"""How the product writes files of a catalogue: whole or not at all, and a folder it may not write is told plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dauhieu.errors import SignError


@contextmanager
def told(path: Path) -> Iterator[None]:
    """A file or folder which cannot be written is a fault a person can mend."""
    try:
        yield
    except OSError as error:
        raise SignError(f"The file cannot be written: {error.strerror}.", path=path) from error


def write_whole(path: Path, text: str) -> None:
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_text(text, encoding="utf-8")
        half.replace(path)
