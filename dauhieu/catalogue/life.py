"""Steps in the life of a sign which several ways of writing files share: retiring it, and the lock which follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.edit import retire as retire_files
from dauhieu.catalogue.lock import lock_path, read_lock, refreshed, write_lock
from dauhieu.catalogue.sign import RUNNING, Sign
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Text


def lock_of(catalogue: Catalogue, sign: Sign) -> Path:
    """A site locks its own signs."""
    return lock_path(catalogue.site if sign.site else None)


def relock(catalogue: Catalogue, sign_id: str) -> None:
    """Write the line of one sign as it is now; `catalogue` was read after the change."""
    (found,) = catalogue.chosen([sign_id])
    path = lock_of(catalogue, found)
    write_lock(path, refreshed(read_lock(path), [found]))


def may_retire(catalogue: Catalogue, sign_id: str, replaced_by: Sequence[str] = ()) -> Sign:
    """The sign; SignError says what stands against taking it out of use."""
    (found,) = catalogue.chosen([sign_id])
    if found.retired:
        raise SignError(f"'{sign_id}' was retired on {found.retired.on}.", path=found.path)
    for other in catalogue.signs.values():
        if sign_id in other.needs.signs and other.status in RUNNING:
            message = f"'{other.id}' needs the findings of '{sign_id}'. Change or retire it first."
            raise SignError(message, path=other.path)
    for other in catalogue.chosen(replaced_by) if replaced_by else ():
        if other.status == "retired" or other.id == sign_id:
            raise SignError(f"'{other.id}' cannot take the place of '{sign_id}'.", path=other.path)
    return found


def retire(catalogue: Catalogue, sign_id: str, on: date, reason: Text, replaced_by: Sequence[str] = ()) -> Path:
    """Take a sign out of use; its line of the lock is written by `relock` over the catalogue read again."""
    return retire_files(may_retire(catalogue, sign_id, replaced_by), on, reason, replaced_by)
