"""The order of the passes, and the one door to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlglot import exp

from dauhieu.compiler.bind import bind
from dauhieu.compiler.calc import calc_functions
from dauhieu.compiler.columns import columns, outputs
from dauhieu.compiler.engine_sql import qualify, settled_ties, true_division, types, used_columns, whole_counts
from dauhieu.compiler.law_functions import law_functions
from dauhieu.compiler.parse import one_select, parse
from dauhieu.compiler.relations import relations
from dauhieu.compiler.rules import dialect_rules
from dauhieu.compiler.schema import Schema
from dauhieu.compiler.work import Value, Work
from dauhieu.errors import SignError
from dauhieu.law.law import Law

Pass = Callable[[Work], None]

# A stage is passed only without faults; all faults of a stage are told together.
PASSES: tuple[tuple[Pass, ...], ...] = (
    (one_select,),
    (parse,),
    (relations, bind, dialect_rules, columns, outputs, law_functions, calc_functions),
    (qualify, used_columns, types, settled_ties, whole_counts, true_division),
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Checked SQL over relation names; `history` and `keys` are read under the names `history__t` and `keys__k`.

    `tree` is the same SELECT for the compiler's own further work.
    """

    sql: str
    tables: frozenset[str]
    history: frozenset[str]
    keys: frozenset[str]
    views: frozenset[str]
    parameters: frozenset[str]
    columns: tuple[str, ...]
    used: Mapping[str, frozenset[str]]
    tree: exp.Query = field(repr=False, compare=False)

    @property
    def item_from(self) -> str | None:
        """The column which the SELECT shows as item, None where it is computed or there is none."""
        shown = next((one.unalias() for one in self.tree.selects if one.alias_or_name == "item"), None)
        return shown.name if isinstance(shown, exp.Column) else None


def compile_select(
    sql: str,
    *,
    schema: Schema,
    law: Law,
    as_of: date,
    tuning: Mapping[str, Value],
    bindings: Mapping[str, Value] | None = None,
    path: Path,
    line: int,
    dialect: str = "duckdb",
) -> Compiled:
    """Compile one SELECT which starts at `line` of `path`; a SignError carries all its faults."""
    values = {**tuning, **(bindings or {}), "as_of": as_of}
    work = Work(sql, schema, law, as_of, values, path, line, dialect)
    for stage in PASSES:
        for one in stage:
            one(work)
        if work.faults:
            raise SignError(faults=sorted(work.faults, key=lambda fault: fault.line))
    assert isinstance(work.tree, exp.Query), "parse has refused all else"
    return Compiled(
        # Without a copy of the tree: nobody writes it again, and copies make compiling two fifths longer.
        sql=work.tree.sql(dialect, pretty=True, comments=False, copy=False),
        tree=work.tree,
        tables=frozenset(work.tables),
        history=frozenset(work.history),
        keys=frozenset(work.keys),
        views=frozenset(work.views),
        parameters=frozenset(work.parameters),
        columns=tuple(work.tree.named_selects),
        used={name: frozenset(found) for name, found in work.used.items()},
    )
