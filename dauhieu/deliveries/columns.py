"""Which delivered column is which column of the contract: exact names, then names alike but for case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dauhieu.errors import DeliveryError, Fault
from dauhieu.warehouse.contract import Table
from dauhieu.yamlfile import suggestion


@dataclass(frozen=True, slots=True)
class Matched:
    """Name at the door -> name in the file; and the names nobody knows."""

    names: Mapping[str, str]
    extra: tuple[str, ...]


def plain(name: str) -> str:
    """A name without case, accents, spaces and underscores."""
    bare = unicodedata.normalize("NFD", name.strip().lower().replace("đ", "d"))
    return "".join(letter for letter in bare if letter.isalnum())


def doors(table: Table) -> tuple[str, ...]:
    """Every name under which a column of this table may be delivered."""
    names = [column.delivered_as for column in table.columns]
    for column in table.columns:
        names += column.code_from
    for split in table.splits:
        names += split.columns
    return tuple(dict.fromkeys([*names, "recorded_at"]))


def match(table: Table, delivered: Sequence[str], path: Path, place: str = "", *, fixed: bool = False) -> Matched:
    """Match the delivered names; a missing or doubled column refuses the file, all faults at once.

    A `fixed` layout is not the sender's to change: there only what the key needs can be missing.
    """
    known = {plain(name): name for name in doors(table)}
    faults: list[Fault] = []
    names: dict[str, str] = {}
    extra: list[str] = []
    where = f" (sheet '{place}')" if place else ""
    for name in delivered:
        door = known.get(plain(name))
        if door is None:
            extra.append(name)
        elif door in names:
            faults.append(Fault(path, 0, f"Column '{door}' is delivered twice{where}. Keep one of the two."))
        else:
            names[door] = name
    missing = _missing(table, names, fixed)
    if missing:
        # A renamed column shows as one missing and one extra: name the likely pair.
        hints = "".join(f"\n  '{name}' is missing.{suggestion(name, extra)}" for name in missing)
        faults.append(
            Fault(
                path,
                0,
                f"The columns do not fit table '{table.name}'{where}. Rename them as the contract does, or give a "
                f"mapping file.{hints}",
            )
        )
    if faults:
        raise DeliveryError(faults=faults)
    return Matched(names, tuple(extra))


def _missing(table: Table, names: Mapping[str, str], fixed: bool) -> list[str]:
    missing: list[str] = []
    for column in table.columns:
        needed = not column.null and not column.taken_from and (not fixed or column.name in table.key)
        if not needed or column.delivered_as in names:
            continue
        if column.code_from:
            missing += [part for part in column.code_from if part not in names and part not in missing]
        else:
            missing.append(column.delivered_as)
    return missing
