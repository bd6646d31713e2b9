"""What a SELECT reads: contract tables, views, `history.<table>`, `keys.<kind>`, and nothing else."""

from __future__ import annotations

from sqlglot import exp

from dauhieu.compiler.work import Work
from dauhieu.yamlfile import suggestion


def relations(work: Work) -> None:
    named = {cte.alias for cte in work.tree.find_all(exp.CTE)}
    for cte in work.tree.find_all(exp.CTE):
        if work.schema.columns(cte.alias) is not None or cte.alias in work.schema.closed:
            work.fault(cte, f"The WITH name '{cte.alias}' is the name of a table. Choose another.")
    for table in list(work.tree.find_all(exp.Table)):
        if not isinstance(table.this, exp.Identifier):
            _function(work, table)
        elif table.catalog or table.db not in ("", "history", "keys"):
            work.fault(table, f"'{table.sql()}' is not a table of the contract. Name the table alone.")
        elif table.db:
            _prefixed(work, table)
        elif table.name not in named:
            _plain(work, table)


def _function(work: Work, table: exp.Table) -> None:
    """Functions which make rows; those allowed need names for their columns."""
    if not isinstance(table.this, exp.GenerateSeries):
        work.fault(table, "Functions which make rows or read files are not allowed, but unnest() and range().")
    elif not table.alias_column_names:
        work.fault(table, "Name what range() makes: range(1, 10) AS r(i).")


def _plain(work: Work, table: exp.Table) -> None:
    name = table.name
    if name in work.schema.closed:
        work.fault(table, f"'{name}' may not be read here. {work.schema.closed[name]}")
    elif name in work.schema.tables:
        work.tables.add(name)
    elif name in work.schema.views:
        work.views.add(name)
    else:
        known = [*work.schema.tables, *work.schema.views]
        work.fault(table, f"There is no table or view '{name}'.{suggestion(name, known)}")


def _prefixed(work: Work, table: exp.Table) -> None:
    """`history.t` and `keys.k` become relations of their own, `history__t` and `keys__k`."""
    prefix, name = table.db, table.name
    known = work.schema.tables if prefix == "history" else work.schema.kinds
    if prefix == "history" and name in work.schema.closed:
        work.fault(table, f"'{name}' may not be read here. {work.schema.closed[name]}")
        return
    if name not in known:
        what = "table" if prefix == "history" else "kind of key"
        work.fault(table, f"There is no {what} '{name}'.{suggestion(name, known)}")
        return
    (work.history if prefix == "history" else work.keys).add(name)
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
    table.set("this", exp.to_identifier(f"{prefix}__{name}"))
    table.set("db", None)
