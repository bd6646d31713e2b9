"""Cases: whom an inspection may have as its target."""

from __future__ import annotations

from dauhieu.warehouse.contract import Contract

CASES = "inspection_case"


def target_column(contract: Contract, kind: str) -> str | None:
    """The column of a case which names a subject of this kind; None if no case can be on one."""
    name = f"target_{kind}_id"
    return name if any(column.name == name for column in contract.table(CASES).columns) else None
