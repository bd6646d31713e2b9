"""The folder where one delivery waits inside the store until it lands, and the sweeping of what a kill left there."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

LOCK = "lock"


@contextlib.contextmanager
def incoming(store: Path) -> Iterator[Path]:
    """A folder of its own on the disk of the store; gone afterwards, whatever happens."""
    parent = store / "incoming"
    parent.mkdir(exist_ok=True)
    for left in parent.iterdir():
        _sweep(left)
    folder = Path(tempfile.mkdtemp(dir=parent)).resolve()
    # Held as long as the process lives: a folder whose lock is free belongs to nobody.
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    with contextlib.suppress(OSError), (folder / LOCK).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
