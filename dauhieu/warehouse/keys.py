"""Ids for codes. A code keeps its id for ever; new ones follow the water mark of their kind in the order of the codes,
so a rerun of the same delivery mints the same ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dauhieu.engines.base import SIDE_BY_SIDE, Engine, Input
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.store import KEY_COLUMNS
from dauhieu.warehouse.writer import Writer


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows on their way into a table, registered with the engine as `view`; `coded` ids come as codes."""

    table: Table
    view: str
    coded: frozenset[str]


def key_table(kind: str) -> str:
    return f"key_{kind}"


def codes_view(kind: str) -> str:
    """Where the ids of this delivery's codes are found: (id, code)."""
    return f"codes_{kind}"


def mint(engine: Engine, writer: Writer, staged: Sequence[Staged]) -> dict[str, int]:
    """Give every new code an id, add them to the key tables, and return the new water marks."""
    codes = _codes(staged)

    def of_kind(kind: str) -> tuple[str, int]:
        with engine.beside(shared=True) as hand:
            return kind, _mint_kind(hand, writer, kind, codes[kind])

    with ThreadPoolExecutor(SIDE_BY_SIDE) as hands:
        return {kind: mark for kind, mark in hands.map(of_kind, sorted(codes)) if mark}


def _mint_kind(engine: Engine, writer: Writer, kind: str, queries: Sequence[str]) -> int:
    """The new water mark of one kind, 0 if it has no new code."""
    mark = writer.latest.water_marks.get(kind, 0) if writer.latest else 0
    name = key_table(kind)
    engine.register(name, Input(KEY_COLUMNS, writer.paths(writer.files(name))))
    engine.materialise(
        codes_view(kind),
        f"WITH delivered AS (SELECT DISTINCT code FROM ({' UNION ALL '.join(queries)}) WHERE code <> ''), "
        f"known AS (SELECT d.code, k.id FROM delivered AS d LEFT JOIN {name} AS k ON k.code = d.code) "
        "SELECT id, code FROM known WHERE id IS NOT NULL UNION ALL "
        f"SELECT {mark} + row_number() OVER (ORDER BY code) AS id, code FROM known WHERE id IS NULL",
    )
    new = int(str(engine.rows(f"SELECT count(*) FROM {codes_view(kind)} WHERE id > {mark}")[0][0]))
    if not new:
        return 0
    new_codes = f"SELECT id, code FROM {codes_view(kind)} WHERE id > {mark} ORDER BY id"
    writer.write(engine, name, None, new_codes, ("id",))
    return mark + new


def _codes(staged: Sequence[Staged]) -> dict[str, list[str]]:
    queries: dict[str, list[str]] = {}
    for source in staged:
        for column in source.table.columns:
            if column.kind and column.name in source.coded:
                query = f'SELECT CAST("{column.delivered_as}" AS VARCHAR) AS code FROM {source.view}'
                queries.setdefault(column.kind, []).append(query)
    return queries
