"""Scans the thin store in a process whose files may not grow beyond some bytes: to it, the disk is full then.

`python -m tests.full_disk_scan STORE BYTES` prints the error, its message and how far the scan had come; with `die` as
third word the process is killed in the middle of the write which would go beyond.
"""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from dauhieu.errors import DauhieuError
from dauhieu.warehouse.store import Store
from tests.thin import TWO_SIGNS, scanned


def main(store: str, size: str, die: str = "") -> None:
    opened = Store.open(Path(store))
    if die:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    come_to: list[str] = []
    try:
        scanned(opened, signs=TWO_SIGNS, tell=lambda what, done: come_to.append(what))
    except DauhieuError as error:
        print(type(error).__name__, " ".join(str(error).splitlines()), come_to[-1], sep="\n")
    else:
        print("landed")


if __name__ == "__main__":
    main(*sys.argv[1:])
