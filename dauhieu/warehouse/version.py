"""One version of the store: which files every table consists of, and what made it so. Written once, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from dauhieu.errors import StoreError
from dauhieu.warehouse.disk import link_new

FORMAT = 1
Cause = Literal["delivery", "scan", "compact"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file; `path` is relative to the store, `part` is None where the table has no parts."""

    path: str
    part: str | None
    rows: int
    bytes: int
    sha256: str
    sorted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableState:
    """The files of a table in one version, and the Delta version which holds exactly these."""

    delta_version: int
    files: tuple[StoredFile, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What stays known of a version which compaction dropped: when it was."""

    moment: datetime


@dataclass(frozen=True)
class Version:
    """`landed` identifies the content of the delivery; `deliveries` are all contents ever landed, each with the number
    of its version; `cites` are versions which must be kept for this one's sake."""

    number: int
    moment: datetime
    cause: Cause
    tables: Mapping[str, TableState]
    water_marks: Mapping[str, int]
    note: str = ""
    landed: str | None = None
    deliveries: Mapping[str, int] = field(default_factory=dict)
    cites: tuple[int, ...] = ()
    dropped: Mapping[int, Dropped] = field(default_factory=dict)

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(file.path for state in self.tables.values() for file in state.files)


def version_path(store: Path, number: int) -> Path:
    return store / "versions" / f"{number:06d}.json"


def write_version(store: Path, version: Version) -> None:
    """The one act which makes a change real: the file appears whole or not at all."""
    body: dict[str, Any] = {
        "format": FORMAT,
        "number": version.number,
        "moment": version.moment.astimezone(UTC).isoformat(),
        "cause": version.cause,
        "note": version.note,
        "landed": version.landed,
        "deliveries": dict(version.deliveries),
        "cites": version.cites,
        "dropped": {
            number: {"moment": gone.moment.astimezone(UTC).isoformat()} for number, gone in version.dropped.items()
        },
        "water_marks": dict(version.water_marks),
        "tables": {
            name: {"delta_version": state.delta_version, "files": [asdict(file) for file in state.files]}
            for name, state in version.tables.items()
        },
    }
    link_new(version_path(store, version.number), json.dumps(body, indent=1, sort_keys=True).encode())


def read_version(store: Path, number: int) -> Version:
    path = version_path(store, number)
    try:
        body = json.loads(path.read_bytes())
        if body["format"] != FORMAT:
            raise StoreError(
                f"This version of the store has format {body['format']}, this program reads format {FORMAT}.", path=path
            )
        return _version(body)
    except OSError as error:
        raise StoreError(f"Version {number} of the store cannot be read: {error.strerror}.", path=path) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError("This list of a version is damaged. Restore it from a backup.", path=path) from error


def _version(body: Mapping[str, Any]) -> Version:
    return Version(
        number=body["number"],
        moment=datetime.fromisoformat(body["moment"]),
        cause=body["cause"],
        note=body["note"],
        landed=body["landed"],
        deliveries=body.get("deliveries", {}),
        cites=tuple(body["cites"]),
        dropped={
            int(number): Dropped(datetime.fromisoformat(gone["moment"])) for number, gone in body["dropped"].items()
        },
        water_marks=body["water_marks"],
        tables={
            name: TableState(
                state["delta_version"],
                tuple(StoredFile(**(file | {"sorted_by": tuple(file["sorted_by"])})) for file in state["files"]),
            )
            for name, state in body["tables"].items()
        },
    )
