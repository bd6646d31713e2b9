"""The store as readers see it: versions, and the files each names. Readers need no lock; files named never change."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dauhieu.engines.base import Input
from dauhieu.errors import StoreError
from dauhieu.warehouse.contract import Contract, contract
from dauhieu.warehouse.disk import link_new
from dauhieu.warehouse.version import Version, read_version

KEY_COLUMNS = {"id": "BIGINT", "code": "VARCHAR"}
MARK = "store.json"


@dataclass(frozen=True)
class Store:
    """A folder with `tables/`, `versions/` and a mark which says that it is a store."""

    path: Path
    contract: Contract

    @classmethod
    def create(cls, path: Path, of: Contract | None = None, *, invented: bool = False) -> Store:
        """Make an empty store in a new or empty folder; what is invented is marked so for ever."""
        if path.exists() and any(path.iterdir()):
            raise StoreError("The folder is not empty. Name a new folder for the store.", path=path)
        for name in ("tables", "versions", "staging"):
            (path / name).mkdir(parents=True)
        mark = {"store": "dauhieu", "format": 1} | ({"invented": True} if invented else {})
        link_new(path / MARK, json.dumps(mark).encode())
        return cls(path, of or contract())

    @classmethod
    def open(cls, path: Path, of: Contract | None = None) -> Store:
        if not (path / MARK).is_file():
            raise StoreError("There is no store in this folder. Create one first, or name another folder.", path=path)
        return cls(path, of or contract())

    @property
    def invented(self) -> bool:
        """Whether it holds a made nation, and never anything of real people."""
        try:
            return json.loads((self.path / MARK).read_bytes()).get("invented") is True
        except (OSError, ValueError, AttributeError) as error:
            raise StoreError(
                "The mark of the store cannot be read. Restore it from a backup.", path=self.path
            ) from error

    def numbers(self) -> tuple[int, ...]:
        """Numbers of the versions kept, oldest first."""
        listed = self._listed()
        # A kill in compaction may leave lists which are already dropped.
        return tuple(n for n in listed if n not in self.version(listed[-1]).dropped) if listed else ()

    def _listed(self) -> list[int]:
        names = (path.name for path in (self.path / "versions").iterdir())
        return sorted(int(name[:6]) for name in names if re.fullmatch(r"\d{6}\.json", name))

    def versions(self) -> tuple[Version, ...]:
        return tuple(self.version(number) for number in self.numbers())

    def latest(self) -> Version | None:
        """The newest version, or None if nothing has ever landed."""
        listed = self._listed()
        return read_version(self.path, listed[-1]) if listed else None

    def version(self, number: int | None = None) -> Version:
        """One version; the newest if no number is given."""
        latest = self.latest()
        if latest is None:
            raise StoreError("The store holds nothing yet. Load a delivery first.", path=self.path)
        if number is None or number == latest.number:
            return latest
        if number in latest.dropped:
            raise StoreError(f"Version {number} was dropped by compaction. Read a later one.", path=self.path)
        if number not in self._listed():
            raise StoreError(f"There is no version {number}; the newest is {latest.number}.", path=self.path)
        return read_version(self.path, number)

    def version_at(self, moment: datetime) -> Version:
        """The version which was the newest at this moment."""
        latest = self.version()
        moments = {number: gone.moment for number, gone in latest.dropped.items()}
        moments |= {version.number: version.moment for version in self.versions()}
        found = [number for number, at in sorted(moments.items()) if at <= moment]
        if not found:
            raise StoreError(
                f"The store has no version at {moment.isoformat()}: "
                f"its first is of {min(moments.values()).isoformat()}.",
                path=self.path,
            )
        return self.version(found[-1])

    def landed(self, content: str) -> int | None:
        """The version which landed this content, also if it is no longer kept."""
        latest = self.latest()
        return latest.deliveries.get(content) if latest else None

    def files(self, version: Version, table: str) -> tuple[Path, ...]:
        """Absolute paths of a table's files; none if it is empty."""
        state = version.tables.get(table)
        return tuple(self.path.resolve() / file.path for file in state.files) if state else ()

    def columns(self, table: str) -> dict[str, str]:
        """Column -> SQL type of a table of the contract or a key table `key_<kind>`."""
        if table.removeprefix("key_") in self.contract.kinds and table.startswith("key_"):
            return dict(KEY_COLUMNS)
        return self.contract.table(table).sql_columns()

    def input(self, version: Version, table: str) -> Input:
        """A table ready to be registered with an engine."""
        return Input(self.columns(table), self.files(version, table))
