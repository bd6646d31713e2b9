"""What one SELECT may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dauhieu.warehouse.contract import Contract

Columns = Mapping[str, str]  # column -> SQL type

KEY_COLUMNS: Columns = {"id": "BIGINT", "code": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class Schema:
    """Relations by name; `closed` are those which exist but may not be read here, each with what to do about it."""

    tables: Mapping[str, Columns]
    views: Mapping[str, Columns] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    closed: Mapping[str, str] = field(default_factory=dict)

    def columns(self, relation: str) -> Columns | None:
        """Columns of a relation by the name it has in compiled SQL; None if there is no such relation."""
        if relation.startswith("keys__"):
            return KEY_COLUMNS if relation.removeprefix("keys__") in self.kinds else None
        if relation.startswith("history__"):
            return self.tables.get(relation.removeprefix("history__"))
        return self.tables.get(relation) or self.views.get(relation)


def schema_of(
    contract: Contract, views: Mapping[str, Columns], *, identity: bool = False, findings: bool = False
) -> Schema:
    """The whole contract and the views; identity tables and `finding` only for those who say they need them."""
    closed: dict[str, str] = {}
    if not identity:
        closed |= dict.fromkeys(contract.identity_tables, "It holds identities. Say 'identity: true' under 'needs'.")
    if not findings:
        closed["finding"] = "Name the signs whose findings it reads under 'needs: signs'."
    tables = {name: table.sql_columns() for name, table in contract.tables.items()}
    return Schema(tables, views, frozenset(contract.kinds), {name: closed[name] for name in closed if name in tables})
