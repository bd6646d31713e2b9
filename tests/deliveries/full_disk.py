"""Loads a delivery in a process whose files may not grow beyond some bytes: to it, the disk is full then.

`python full_disk.py STORE FILE BYTES MEMORY` prints the error, its cause, the modules it came through and its words.
"""

from __future__ import annotations

import resource
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from dauhieu.deliveries.load import load
from dauhieu.engines.base import EngineOptions
from dauhieu.errors import DauhieuError
from dauhieu.warehouse.store import Store


def main(store: str, file: str, size: str, memory: str) -> None:
    opened = Store.open(Path(store))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    try:
        load(opened, [Path(file)], now=now, engine_options=EngineOptions(memory=memory))
    except DauhieuError as fault:
        cause = fault.__cause__
        rooms = [Path(frame.filename).stem for frame in traceback.extract_tb(cause.__traceback__ if cause else None)]
        print(type(fault).__name__, type(cause).__name__, ",".join(dict.fromkeys(rooms)), str(fault), sep="\n")
    else:
        print("landed")


if __name__ == "__main__":
    main(*sys.argv[1:])
