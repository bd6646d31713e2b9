"""The lock: what has been released under an id, so that nobody changes it without saying so.

Locked are signs which rank or ranked: `test`, `stable`, `retired`. Their subject and meaning stay for ever, and none
may vanish: findings bear their ids. What a `stable` sign finds may only change with a higher version; a retired file
does not change at all. Signs which are not in the lock are free, so that many people can write signs at once without
touching this file; it is written by `dauhieu sign lock` at a release, and by promoting and retiring.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dauhieu.catalogue.catalogue import Catalogue, examples_path
from dauhieu.catalogue.parts import BINDING, as_json, digests, identity
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.writing import write_whole
from dauhieu.errors import Fault, SignError

LOCK_FILE = Path(__file__).parent / "lock.json"
LOCK_NAME = "lock.json"
LOCKED = ("test", "stable", "retired")


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of the lock. `file` is a digest of both files, of retired signs alone."""

    version: int
    status: str
    violation: str
    subject: str
    item_kind: str | None
    amount_kind: str
    severity: int
    thresholds: Mapping[str, Any]
    digests: Mapping[str, str]
    file: str | None = None


def lock_path(site: Path | None) -> Path:
    """The lock of the shipped catalogue, or of a site: each locks its own signs."""
    return site / LOCK_NAME if site else LOCK_FILE


def locked(sign: Sign) -> Locked:
    """The line of a sign as it is now."""
    return Locked(
        version=sign.version,
        status=sign.status,
        **identity(sign),  # type: ignore[arg-type]
        severity=sign.severity,
        thresholds={name: as_json(item.value) for name, item in sorted(sign.tuning.items())},
        digests=digests(sign),
        file=_file_digest(sign) if sign.status == "retired" else None,
    )


def _file_digest(sign: Sign) -> str:
    found = hashlib.sha256(sign.path.read_bytes())
    examples = examples_path(sign.path)
    if examples.exists():
        found.update(examples.read_bytes())
    return found.hexdigest()[:16]


def read_lock(path: Path) -> dict[str, Locked]:
    """The lines of a lock, none if there is no file."""
    try:
        body = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {name: Locked(**line) for name, line in body.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        message = "The lock cannot be read. It is written by 'dauhieu sign lock' alone: take the last good one back."
        raise SignError(message, path=path) from error


def write_lock(path: Path, lines: Mapping[str, Locked]) -> None:
    """Sorted, a line a sign, so that two changes meet in a merge only where they are of the same sign."""
    written = [f"{json.dumps(name)}: {json.dumps(asdict(lines[name]), ensure_ascii=False)}" for name in sorted(lines)]
    write_whole(path, "{\n" + ",\n".join(written) + "\n}\n")


def refreshed(lines: Mapping[str, Locked], signs: Iterable[Sign]) -> dict[str, Locked]:
    """The lock with the lines of `signs` as they are now; those which were never released stay out."""
    now = {sign.id: locked(sign) for sign in signs if sign.status in LOCKED or sign.id in lines}
    return {**lines, **now}


def lock_faults(catalogue: Catalogue, path: Path, lines: Mapping[str, Locked]) -> Iterator[Fault]:
    """Where the catalogue has left what was released; `path` is where the lock stands."""
    unreadable = {broken.name for broken in catalogue.broken}
    for name, line in lines.items():
        if name in catalogue.signs:
            yield from _changes(catalogue.signs[name], line)
        elif name not in unreadable:
            message = (
                f"Sign '{name}' was released and is gone. Bring its files back, then 'dauhieu sign retire {name}'."
            )
            yield Fault(path, 0, message)


def _changes(sign: Sign, line: Locked) -> Iterator[Fault]:
    for word, value in identity(sign).items():
        before = getattr(line, word)
        if value != before:
            message = (
                f"'{word}' of a released sign was '{before}' and is now '{value}'. Older findings bear the id: "
                f"take it back, or retire '{sign.id}' and write a new sign."
            )
            yield Fault(sign.path, 1, message)
    if sign.status == "draft":
        yield Fault(sign.path, 1, "A released sign does not become a draft again. Make it experimental, or retire it.")
    if sign.version < line.version:
        yield Fault(sign.path, 1, f"Version {line.version} was released. The version never falls.")
    if line.status == "retired":
        if sign.status != "retired" or _file_digest(sign) != line.file:
            yield Fault(sign.path, 1, "A retired sign is frozen. Take the change back, or write a new sign.")
    elif line.status == "stable" and sign.version == line.version:
        parts = changed_parts(sign, line)
        if parts:
            message = (
                f"{', '.join(parts).capitalize()} of a stable sign changed. Set version to {line.version + 1}, "
                f"then 'dauhieu sign lock'; 'dauhieu sign diff {sign.id}' shows what changed."
            )
            yield Fault(sign.path, 1, message)


def changed_parts(sign: Sign, line: Locked, parts: Iterable[str] = BINDING) -> tuple[str, ...]:
    now = digests(sign)
    return tuple(name for name in parts if now[name] != line.digests.get(name))
