"""Does the disk still hold what the versions list? Every damage is named with its table and file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deltalake.exceptions import DeltaError

from dauhieu.warehouse import delta
from dauhieu.warehouse.disk import digest
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import StoredFile
from dauhieu.warehouse.writer import unlisted

# ahead: Delta shows other files than the newest version; unlisted: no version lists the file. The next writer mends
# these two. The others are real damage: the file must come back from a backup.
What = Literal["missing", "truncated", "altered", "ahead", "unreadable", "unlisted"]


@dataclass(frozen=True, slots=True)
class Damage:
    table: str
    path: str
    what: What

    @property
    def mends_itself(self) -> bool:
        return self.what in ("ahead", "unlisted")


def verify(store: Store, number: int | None = None) -> tuple[Damage, ...]:
    """Compare every file with its digest: of one version, or of all kept ones (then also Delta and leftovers)."""
    versions = store.versions() if number is None else (store.version(number),)
    files = {
        file.path: (table, file)
        for version in versions
        for table, state in version.tables.items()
        for file in state.files
    }
    found = [
        Damage(table, path, what)
        for path, (table, file) in sorted(files.items())
        if (what := _damage(store.path, file))
    ]
    if number is None:
        found += _beside(store)
    return tuple(found)


def _damage(store: Path, file: StoredFile) -> What | None:
    path = store / file.path
    if not path.is_file():
        return "missing"
    size = path.stat().st_size
    if size != file.bytes:
        return "truncated" if size < file.bytes else "altered"
    return None if digest(path) == file.sha256 else "altered"


def _beside(store: Store) -> Iterator[Damage]:
    latest = store.latest()
    states = latest.tables if latest else {}
    folders = {folder.name for folder in (store.path / "tables").iterdir()}
    for table in sorted(folders | set(states)):
        try:
            if delta.is_ahead(store.path, table, states.get(table)):
                yield Damage(table, f"tables/{table}/_delta_log", "ahead")
        except (DeltaError, OSError):
            yield Damage(table, f"tables/{table}/_delta_log", "unreadable")
    for path in unlisted(store):
        relative = path.relative_to(store.path)
        yield Damage(relative.parts[1], str(relative), "unlisted")
