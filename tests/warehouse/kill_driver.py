"""Runs a fixed history of a store, dying where it is told; one forked child for each experiment.

usage: kill_driver.py FOLDER (POINT | all) ...    kills at the POINT-th seam; `all` lists the seams instead
       kill_driver.py FOLDER size BYTES ...       no file may grow beyond so many bytes
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small import OPTIONS, day, intake, small_contract, wage

from dauhieu.errors import StoreError
from dauhieu.warehouse.compact import compact
from dauhieu.warehouse.intake import apply
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.writer import Seam

Guard = Callable[[], AbstractContextManager[None]]


def history(base: Path, seam: Seam, guard: Guard = nullcontext) -> None:
    """Three deliveries with corrections and a full list, then compaction; steps already done are passed over."""
    path = base / "store"
    store = Store.open(path, small_contract(base)) if (path / "store.json").exists() else Store.create(
        path, small_contract(base)
    )  # fmt: skip
    people = [f"P{number}" for number in range(40)]
    first = {"wage": [wage(person, month, 10) for person in people for month in (1, 2)]}
    second = {
        "wage": [wage(person, 2, 11) for person in people[:5]] + [wage("N1", 3, 12)],
        "visit": [{"visit_no": n, "person_code": f"V{n}", "day": date(2026, 1, 1 + n)} for n in range(9)],
    }
    third = {"visit": [{"visit_no": n, "person_code": "V1", "day": date(2026, 2, 1)} for n in range(4)]}
    for number, (tables, mode) in enumerate(((first, "adds"), (second, "adds"), (third, "whole")), start=1):
        one = intake(base / f"staged{number}", day(number), tables, mode, digest=str(number))
        with guard():
            apply(store, one, options=OPTIONS, seam=seam)
    if store.version().cause != "compact":
        with guard():
            compact(store, day(9), keep=2, options=OPTIONS, seam=seam)


def killed_at(base: Path, point: int) -> None:
    seen = 0

    def seam(name: str) -> None:
        nonlocal seen
        seen += 1
        if seen == point:
            os.kill(os.getpid(), signal.SIGKILL)

    history(base, seam)


def within(base: Path, size: int) -> None:
    @contextmanager
    def small_disk() -> Iterator[None]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    try:
        history(base, lambda name: None, small_disk)
    except StoreError as error:
        print(json.dumps(str(error)), flush=True)
        os._exit(7)


def main() -> None:
    base, *words = sys.argv[1:]
    if words == ["all"]:
        points: list[str] = []
        history(Path(base), points.append)
        print(json.dumps(points))
        return
    for word in words[1:] if words[0] == "size" else words:
        child = os.fork()
        if child == 0:
            folder = Path(base) / word
            (within if words[0] == "size" else killed_at)(folder, int(word))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


if __name__ == "__main__":
    main()
