"""What commands with an answer of rows share: the ground a study stands on, and where its answer goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.cli.terminal import out, print_json, progress
from dauhieu.findings.files import write_rows
from dauhieu.studies.running import Ground
from dauhieu.warehouse.store import Store


@contextmanager
def studying(store: Path, title: str, memory: str, jobs: int) -> Iterator[tuple[Ground, Callable[[str, float], None]]]:
    """The store with the catalogue in force and a folder for its work, and the function which tells progress."""
    opened = Store.open(store)
    with TemporaryDirectory(prefix="dauhieu-") as folder, progress(title) as tell:
        yield Ground(opened, catalogue_in_force(opened), Path(folder), memory, jobs), tell


def answer(
    rows: Callable[[], Sequence[Mapping[str, object]]],
    told: Callable[[], Any],
    show: Callable[[], None],
    *,
    file: Path | None,
    as_json: bool,
) -> None:
    """The rows into a file, or the whole as JSON, or shown to a person."""
    if file:
        written = rows()
        write_rows(file, written)
        out.print(f"{len(written)} rows in {file}.")
    elif as_json:
        print_json(told())
    else:
        show()
