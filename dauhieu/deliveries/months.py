"""A delivery which replaces months may hold only rows of these: another month would be left half old and half new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dauhieu.deliveries.landing import Landing
from dauhieu.engines.base import Engine
from dauhieu.errors import DeliveryError, Fault
from dauhieu.warehouse.contract import Contract
from dauhieu.warehouse.rows import NO_PART, part_of

NAMED = 5


def refuse_other_months(landing: Landing, engine: Engine, contract: Contract, months: Sequence[date]) -> None:
    """Refuse the delivery if a row of a table kept by month belongs to none of the named months."""
    named = ", ".join(f"'{month:%Y-%m}'" for month in sorted(months))
    faults = []
    for parts in landing.parts():
        table = contract.table(parts.table)
        if table.partition is None:
            continue
        engine.register("staged", landing.input(parts))
        found = engine.rows(
            f"SELECT part, count(*) FROM (SELECT {part_of(table)} AS part FROM staged) WHERE part NOT IN ({named}) "
            "GROUP BY part ORDER BY part"
        )
        if not found:
            continue
        rows = sum(int(str(count)) for _, count in found)
        others = [f"no {table.partition}" if part == NO_PART else str(part) for part, _ in found]
        told = ", ".join(others[:NAMED]) + (" ..." if len(others) > NAMED else "")
        faults.append(
            Fault(
                None,
                0,
                f"{rows} rows of '{table.name}' belong to other months than those replaced ({told}). "
                "Nothing has landed. Name these months too, or deliver the rows with mode 'adds'.",
            )
        )
    if faults:
        raise DeliveryError(faults=faults)
