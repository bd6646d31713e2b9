"""A rule put together from blocks, without writing SQL: a form which says the SELECT of a sign and of its evidence.

The form makes the text, never the other way round: a text which somebody wrote by hand has no blocks. One table names
the subjects; its rows are narrowed by conditions and by what other tables hold of the same things, gathered by subject
(and month, and item), and measured against thresholds. No number of law or of judgement stands in the text: values are
thresholds with a name, statutory values, words of closed sets or other columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dauhieu.errors import SignError
from dauhieu.law.law import Law
from dauhieu.warehouse.contract import Column, Contract, Table

OPERATORS = ("=", "<>", "<", "<=", ">", ">=", "in", "is null", "is not null")
WITHOUT_VALUE = ("is null", "is not null")
VALUE_KINDS = ("word", "threshold", "law", "column")
# Rows which must be there, must not be there, or bring their columns.
JOINS = ("with", "without", "columns")
MEASURES = ("rows", "distinct", "sum", "max", "min")
NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
ORDERED = ("int", "bigint", "money", "amount", "date", "month", "timestamp", "degree", "time")
SUMMED = ("int", "bigint", "money")
MAIN = "t"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `column` is `t.wage_base` or `j1.status`. A statutory value is that of the day of `day`."""

    column: str
    operator: str
    kind: str = "word"
    value: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Another table, joined on columns which both have; its columns are `j1.…`, `j2.…` in the order of the joins."""

    table: str
    how: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A fact of the group under a name; with a threshold, the group must reach it."""

    what: str
    name: str
    column: str = ""
    operator: str = ">="
    threshold: str = ""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The whole form. `day` dates the rows, `window` is the threshold of how many months are looked at."""

    table: str
    subject: str
    day: str
    window: str = ""
    by_month: bool = False
    item: str = ""
    amount: str = ""
    joins: tuple[Join, ...] = ()
    conditions: tuple[Condition, ...] = ()
    measures: tuple[Measure, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(body: Mapping[str, Any]) -> Blocks:
    lists = {
        "joins": tuple(Join(one["table"], one["how"], tuple(one["on"])) for one in body.get("joins", ())),
        "conditions": tuple(Condition(**one) for one in body.get("conditions", ())),
        "measures": tuple(Measure(**one) for one in body.get("measures", ())),
    }
    return Blocks(**{**body, **lists})


def first_blocks(contract: Contract, table: str, subject: str, threshold: str, fact: str) -> Blocks:
    """What a new sign begins with: the rows of one table which name the subject are counted."""
    found = contract.table(table)
    named = subject_columns(found, subject)
    column = f"{subject}_id" if f"{subject}_id" in named else named[0]
    return Blocks(table, column, found.happens or "", measures=(Measure("rows", fact, threshold=threshold),))


def subject_columns(table: Table, subject: str) -> list[str]:
    return [column.name for column in table.columns if column.kind == subject]


def joinable(contract: Contract, table: str) -> dict[str, tuple[str, ...]]:
    """Tables which tell of the same things -> the id columns which both have."""
    own = {column.name: column.kind for column in contract.table(table).columns if column.kind}
    found = {}
    for other in contract.tables.values():
        if other.name == table or not other.clocked or other.name in contract.identity_tables:
            continue
        shared = tuple(column.name for column in other.columns if column.kind and own.get(column.name) == column.kind)
        if shared:
            found[other.name] = shared
    return found


def brings_columns(contract: Contract, table: str, on: tuple[str, ...]) -> bool:
    """Whether at most one of its rows meets a row: else sums would count twice."""
    key = set(contract.table(table).key)
    return bool(key) and key <= set(on)


def tables_read(blocks: Blocks) -> tuple[str, ...]:
    return tuple(dict.fromkeys((blocks.table, *(join.table for join in blocks.joins))))


def item_kind(blocks: Blocks, contract: Contract) -> str | None:
    """The kind of id which the item is; None for text or no item."""
    return contract.table(blocks.table).column(blocks.item).kind if blocks.item else None


def select(blocks: Blocks, contract: Contract, law: Law, thresholds: Mapping[str, object]) -> str:
    """The SELECT of the sign; SignError says everything which the form lacks."""
    writer = _Writer(blocks, contract, law, thresholds)
    writer.check()
    return writer.select()


def evidence(blocks: Blocks, contract: Contract, law: Law, thresholds: Mapping[str, object]) -> str:
    """The SELECT of the rows behind one finding."""
    writer = _Writer(blocks, contract, law, thresholds)
    writer.check()
    return writer.evidence()


@dataclass(frozen=True)
class _Writer:
    blocks: Blocks
    contract: Contract
    law: Law
    thresholds: Mapping[str, object]

    def check(self) -> None:
        faults = list(self._faults())
        if faults:
            raise SignError(" ".join(faults))

    def _faults(self) -> Iterator[str]:
        blocks = self.blocks
        table = self.contract.tables.get(blocks.table)
        if table is None:
            yield "Choose a table."
            return
        columns = {column.name: column for column in table.columns}
        for name, what in ((blocks.subject, "the subject"), (blocks.day, "the day")):
            if name not in columns:
                yield f"Choose the column of {what}."
        if blocks.day in columns and columns[blocks.day].sql_type not in ("DATE", "TIMESTAMP"):
            yield f"'{blocks.day}' is no day."
        for name, what in ((blocks.item, "item"), (blocks.amount, "amount")):
            if name and name not in columns:
                yield f"The {what} '{name}' is no column of '{blocks.table}'."
        if blocks.amount in columns and columns[blocks.amount].type not in SUMMED:
            yield f"'{blocks.amount}' is no sum of money."
        if blocks.window and blocks.window not in self.thresholds:
            yield f"There is no threshold '{blocks.window}'."
        yield from self._join_faults()
        for condition in blocks.conditions:
            yield from self._condition_faults(condition)
        yield from self._measure_faults()

    def _join_faults(self) -> Iterator[str]:
        offered = joinable(self.contract, self.blocks.table)
        for join in self.blocks.joins:
            if join.table not in offered or not join.on or not set(join.on) <= set(offered[join.table]):
                yield f"'{join.table}' cannot be joined to '{self.blocks.table}' on {', '.join(join.on) or 'nothing'}."
            elif join.how not in JOINS:
                yield f"'{join.how}' is no way to join."
            elif join.how == "columns" and not brings_columns(self.contract, join.table, join.on):
                yield f"A row may meet several rows of '{join.table}', which would count twice. Ask if there is one."

    def _condition_faults(self, condition: Condition) -> Iterator[str]:
        column = self.column(condition.column)
        if column is None:
            yield f"A condition names '{condition.column}', which is no column here."
            return
        if condition.operator not in OPERATORS or condition.kind not in VALUE_KINDS:
            yield f"The condition on '{condition.column}' cannot be read."
            return
        if condition.operator in WITHOUT_VALUE:
            return
        if not condition.value:
            yield f"The condition on '{condition.column}' has no value."
        elif condition.kind == "threshold" and condition.value not in self.thresholds:
            yield f"There is no threshold '{condition.value}'."
        elif condition.kind == "law":
            yield from self._law_faults(condition)
        elif condition.kind == "column" and self.column(condition.value) is None:
            yield f"A condition names '{condition.value}', which is no column here."
        elif condition.kind == "word":
            yield from self._word_faults(condition, column)

    def _law_faults(self, condition: Condition) -> Iterator[str]:
        parameter = self.law.parameters.get(condition.value)
        if parameter is None:
            yield f"There is no statutory value '{condition.value}'."
        elif parameter.dimensions:
            yield f"'{condition.value}' differs by {parameter.dimensions[0].name}. Write the SQL by hand for it."
        day = self.column(condition.day)
        if day is None or day.sql_type not in ("DATE", "TIMESTAMP"):
            yield f"Choose the day of which '{condition.value}' is taken."

    def _word_faults(self, condition: Condition, column: Column) -> Iterator[str]:
        words = _words(condition)
        if column.type in ORDERED or column.kind:
            yield f"'{condition.column}' wants a threshold, a statutory value or a column, not a bare number."
        elif column.type == "bool" and words not in (["true"], ["false"]):
            yield f"'{condition.column}' is true or false."
        elif column.values:
            for word in words:
                if word not in column.values:
                    yield f"'{condition.column}' is never '{word}'. It is one of {', '.join(column.values)}."

    def _measure_faults(self) -> Iterator[str]:
        names = [measure.name for measure in self.blocks.measures]
        if not names:
            yield "Measure something: how many rows, how many different values, a sum."
        for measure in self.blocks.measures:
            if not NAME.match(measure.name) or names.count(measure.name) > 1:
                yield f"'{measure.name}' is no name for a fact, or stands twice. Use small letters and _."
            if measure.what not in MEASURES or measure.operator not in ("<", "<=", ">", ">=", "="):
                yield f"The measure '{measure.name}' cannot be read."
                continue
            column = self.column(measure.column) if measure.what != "rows" else None
            if measure.what != "rows" and column is None:
                yield f"The measure '{measure.name}' names no column."
            elif measure.what == "sum" and column and column.type not in SUMMED:
                yield f"'{measure.column}' cannot be summed."
            if measure.threshold and measure.threshold not in self.thresholds:
                yield f"There is no threshold '{measure.threshold}'."

    def column(self, written: str) -> Column | None:
        """The column which `t.x` or `j1.x` means."""
        source, _, name = written.partition(".")
        table = self._table(source)
        found = self.contract.tables.get(table) if table else None
        return next((column for column in found.columns if column.name == name), None) if found else None

    def _table(self, source: str) -> str | None:
        if source == MAIN:
            return self.blocks.table
        number = source.removeprefix("j")
        joins = self.blocks.joins
        return joins[int(number) - 1].table if number.isdecimal() and 0 < int(number) <= len(joins) else None

    def select(self) -> str:
        blocks = self.blocks
        subject = f"{MAIN}.{blocks.subject}"
        month = f"calc.month({MAIN}.{blocks.day})"
        groups = [subject, *([f"{MAIN}.{blocks.item}"] if blocks.item else []), *([month] if blocks.by_month else [])]
        day = self._day(blocks.day)
        begin, end = (month, f"calc.last_day({month})") if blocks.by_month else (f"min({day})", f"max({day})")
        amount = f"CAST(sum({MAIN}.{blocks.amount}) AS BIGINT)" if blocks.amount else "CAST(NULL AS BIGINT)"
        outputs = [
            f"{subject} AS subject_id",
            f"{MAIN}.{blocks.item} AS item" if blocks.item else "CAST(NULL AS VARCHAR) AS item",
            f"{begin} AS period_from",
            f"{end} AS period_to",
            f"{amount} AS amount",
            *(f"{self._measured(measure)} AS {measure.name}" for measure in blocks.measures),
        ]
        having = [
            f"{self._measured(measure)} {measure.operator} ${measure.threshold}"
            for measure in blocks.measures
            if measure.threshold
        ]
        where = [f"{subject} IS NOT NULL", *([f"{MAIN}.{blocks.item} IS NOT NULL"] if blocks.item else [])]
        if blocks.window:
            where.append(f"calc.month_window({MAIN}.{blocks.day}, ${blocks.window})")
        return self._text(outputs, where, [f"GROUP BY {', '.join(groups)}", *_clause("HAVING", having)])

    def evidence(self) -> str:
        blocks = self.blocks
        table = self.contract.table(blocks.table)
        named = [blocks.subject, *table.key, blocks.day, blocks.item, blocks.amount]
        named += [one.column.removeprefix(f"{MAIN}.") for one in blocks.conditions if one.column.startswith(f"{MAIN}.")]
        named += [one.column.removeprefix(f"{MAIN}.") for one in blocks.measures if one.column.startswith(f"{MAIN}.")]
        outputs = [f"{MAIN}.{name}" for name in dict.fromkeys(filter(None, named))]
        taken = set(filter(None, named))
        for number, join in enumerate(blocks.joins, start=1):
            if join.how == "columns":
                more = {one.column.split(".")[1] for one in blocks.conditions if one.column.startswith(f"j{number}.")}
                outputs += [f"j{number}.{name}" for name in sorted(more - taken)]
                taken |= more
        where = [
            f"{MAIN}.{blocks.subject} = $subject_id",
            *([f"{MAIN}.{blocks.item} = $item"] if blocks.item else []),
            f"{self._day(blocks.day)} BETWEEN $period_from AND $period_to",
        ]
        order = ", ".join(f"{MAIN}.{name}" for name in dict.fromkeys((blocks.day, *table.key)))
        return self._text(outputs, where, [f"ORDER BY {order}"])

    def _text(self, outputs: list[str], where: list[str], last: list[str]) -> str:
        joins = [self._join(number, join) for number, join in enumerate(self.blocks.joins, start=1)]
        where = where + [self._condition(one) for one in self.blocks.conditions if not self._of_bare_join(one)]
        lines = [
            "SELECT " + ",\n       ".join(outputs),
            f"FROM {self.blocks.table} AS {MAIN}",
            *joins,
            *_clause("WHERE", where),
            *last,
        ]
        return "\n".join(lines) + "\n"

    def _of_bare_join(self, condition: Condition) -> bool:
        """Conditions on a table which only must, or must not, have a row stand with that table."""
        source = condition.column.partition(".")[0]
        return source != MAIN and self.blocks.joins[int(source[1:]) - 1].how != "columns"

    def _join(self, number: int, join: Join) -> str:
        name = f"j{number}"
        on = [f"{name}.{column} = {MAIN}.{column}" for column in join.on]
        if join.how != "columns":
            on += [self._condition(one) for one in self.blocks.conditions if one.column.startswith(f"{name}.")]
        word = {"with": "SEMI JOIN", "without": "ANTI JOIN", "columns": "JOIN"}[join.how]
        return f"{word} {join.table} AS {name} ON {' AND '.join(on)}"

    def _condition(self, one: Condition) -> str:
        if one.operator in WITHOUT_VALUE:
            return f"{one.column} {one.operator.upper()}"
        if one.operator == "in":
            if one.kind == "threshold":
                return f"{one.column} IN (${one.value})"
            return f"{one.column} IN ({', '.join(map(_literal, _words(one)))})"
        return f"{one.column} {one.operator} {self._value(one)}"

    def _value(self, one: Condition) -> str:
        if one.kind == "threshold":
            return f"${one.value}"
        if one.kind == "law":
            return f"law.{one.value}({self._cast(one.day)})"
        if one.kind == "column":
            return one.value
        column = self.column(one.column)
        return one.value if column and column.type == "bool" else _literal(one.value)

    def _measured(self, one: Measure) -> str:
        if one.what == "rows":
            return "count(*)"
        if one.what == "distinct":
            return f"count(DISTINCT {one.column})"
        if one.what == "sum":
            return f"CAST(sum({one.column}) AS BIGINT)"
        return f"{one.what}({one.column})"

    def _day(self, name: str) -> str:
        return self._cast(f"{MAIN}.{name}")

    def _cast(self, written: str) -> str:
        column = self.column(written)
        return f"CAST({written} AS DATE)" if column and column.sql_type == "TIMESTAMP" else written


def _words(condition: Condition) -> list[str]:
    return [word.strip() for word in condition.value.split(",")] if condition.operator == "in" else [condition.value]


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _clause(word: str, conditions: list[str]) -> list[str]:
    return [f"{word} " + "\n  AND ".join(conditions)] if conditions else []
