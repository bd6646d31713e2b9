"""Ids become codes wherever rows leave the store."""

from __future__ import annotations

from collections.abc import Mapping

from dauhieu.warehouse.contract import Contract


def coded(sql: str, columns: Mapping[str, str], contract: Contract) -> tuple[str, frozenset[str]]:
    """A query whose `x_id` columns are `x_code`, in the same order, and the kinds whose keys it reads."""
    shown, joins, kinds = [], [], set()
    for place, name in enumerate(columns):
        kind = contract.kind_of(name)
        if kind is None:
            shown.append(f'r."{name}"')
            continue
        kinds.add(kind)
        joins.append(f'LEFT JOIN keys__{kind} AS k{place} ON k{place}.id = r."{name}"')
        shown.append(f'k{place}.code AS "{name.removesuffix("_id")}_code"')
    # The place keeps the order of the rows, which a join would lose.
    return (
        f"SELECT {', '.join(shown)} FROM (SELECT *, row_number() OVER () AS place__ FROM ({sql})) AS r "
        f"{' '.join(joins)} ORDER BY r.place__",
        frozenset(kinds),
    )
