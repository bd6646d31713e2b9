"""The form of blocks: what it offers, in the words of the contract, and what it hands back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dauhieu.catalogue.blocks import (
    MAIN,
    ORDERED,
    SUMMED,
    Blocks,
    Condition,
    Join,
    Measure,
    brings_columns,
    joinable,
    subject_columns,
)
from dauhieu.catalogue.draft import countable_tables
from dauhieu.law.law import Law
from dauhieu.warehouse.contract import Column, Table, contract
from dauhieu.web.editor.texts import rows
from dauhieu.web.ui.words import language

Option = tuple[str, str]
Group = tuple[str, tuple[Option, ...]]


def posted(post: Mapping[str, str]) -> Blocks:
    """What was handed in; the check of the blocks says what does not fit."""
    joins = []
    for row in rows(post, "join"):
        table, _bar, on = row.get("what", "").partition("|")
        if table:
            joins.append(Join(table, row.get("how", ""), tuple(filter(None, on.split(",")))))
    conditions = []
    for row in rows(post, "cond"):
        if row.get("column"):
            kind, _colon, value = row.get("with", "word").partition(":")
            word = row.get("word", "") if kind == "word" else value
            day = row.get("day", "") if kind == "law" else ""
            conditions.append(Condition(row["column"], row.get("operator", ""), kind, word, day))
    measures = [
        Measure(
            row.get("what", ""),
            row.get("name", ""),
            row.get("column", ""),
            row.get("operator", ">="),
            row.get("least", ""),
        )
        for row in rows(post, "measure")
        if row.get("name")
    ]
    return Blocks(
        table=post.get("table", ""),
        subject=post.get("subject", ""),
        day=post.get("day", ""),
        window=post.get("window", ""),
        by_month=bool(post.get("by_month")),
        item=post.get("item", ""),
        amount=post.get("amount", ""),
        joins=tuple(joins),
        conditions=tuple(conditions),
        measures=tuple(measures),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form: its number, what stands in it, and the words a closed set offers for it."""

    number: int
    values: Mapping[str, str]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockForm:
    """Everything the page of blocks shows. The last row of each list is empty, for one more."""

    blocks: Blocks
    tables: tuple[Option, ...]
    subjects: tuple[Option, ...]
    days: tuple[Option, ...]
    items: tuple[Option, ...]
    amounts: tuple[Option, ...]
    thresholds: tuple[Option, ...]
    joinable: tuple[Group, ...]
    ways: tuple[Option, ...]
    columns: tuple[Group, ...]
    day_columns: tuple[Option, ...]
    operators: tuple[Option, ...]
    withs: tuple[Group, ...]
    measures_offered: tuple[Option, ...]
    borders: tuple[Option, ...]
    joins: tuple[Row, ...]
    conditions: tuple[Row, ...]
    measures: tuple[Row, ...]


def form(blocks: Blocks, subject: str, thresholds: Iterable[str], law: Law) -> BlockForm:
    table = contract().tables.get(blocks.table)
    sources = _sources(blocks)
    bringing = [one for one in sources if one[0] == MAIN or blocks.joins[int(one[0][1:]) - 1].how == "columns"]
    named = tuple((name, f"${name}") for name in thresholds)
    plain = [one for one in law.parameters.values() if not one.dimensions]
    known = {f"{source}.{column.name}": column for source, found in sources for column in found.columns}
    conditions = [_condition_row(number, one, known) for number, one in enumerate(blocks.conditions)]
    return BlockForm(
        blocks=blocks,
        tables=tuple((name, _table(contract().table(name))) for name in countable_tables(contract(), subject)),
        subjects=_columns(table, lambda one: one.name in subject_columns(table, subject)) if table else (),
        days=_columns(table, lambda one: one.sql_type in ("DATE", "TIMESTAMP")) if table else (),
        items=_columns(table, lambda one: one.kind or (one.sql_type == "VARCHAR" and not one.values)) if table else (),
        amounts=_columns(table, lambda one: one.type in SUMMED and one.type == "money") if table else (),
        thresholds=named,
        joinable=_joinable(blocks.table) if table else (),
        ways=(
            ("with", _("there is such a row")),
            ("without", _("there is no such row")),
            ("columns", _("bring its columns")),
        ),
        columns=tuple((_table(found), _columns(found, lambda one: True, source)) for source, found in sources),
        day_columns=tuple(
            option
            for source, found in sources
            for option in _columns(found, lambda one: one.sql_type in ("DATE", "TIMESTAMP"), source)
        ),
        operators=_operators(),
        withs=(
            (_("Words"), (("word", _("the word beside")),)),
            (_("Thresholds"), tuple((f"threshold:{name}", text) for name, text in named)),
            (
                _("Values of law"),
                tuple((f"law:{one.name}", f"{getattr(one, language())} ({one.name})") for one in plain),
            ),
            (
                _("Columns"),
                tuple(
                    (f"column:{name}", text)
                    for source, found in bringing
                    for name, text in _columns(found, lambda one: one.type in ORDERED, source)
                ),
            ),
        ),
        measures_offered=(
            ("rows", _("how many rows")),
            ("distinct", _("how many different")),
            ("sum", _("the sum of")),
            ("max", _("the greatest")),
            ("min", _("the least")),
        ),
        borders=((">=", "≥"), (">", ">"), ("<=", "≤"), ("<", "<"), ("=", "=")),
        joins=_numbered({"what": f"{one.table}|{','.join(one.on)}", "how": one.how} for one in blocks.joins),
        conditions=(*conditions, Row(len(conditions), {"operator": "=", "with": "word"})),
        measures=_numbered(
            {
                "what": one.what,
                "name": one.name,
                "column": one.column,
                "operator": one.operator,
                "least": one.threshold,
            }
            for one in blocks.measures
        ),
    )


def _numbered(found: Iterable[Mapping[str, str]]) -> tuple[Row, ...]:
    kept = [Row(number, values) for number, values in enumerate(found)]
    return (*kept, Row(len(kept), {}))


def _condition_row(number: int, one: Condition, known: Mapping[str, Column]) -> Row:
    column = known.get(one.column)
    values: dict[str, Any] = {"column": one.column, "operator": one.operator, "day": one.day}
    values |= {"with": "word", "word": one.value} if one.kind == "word" else {"with": f"{one.kind}:{one.value}"}
    words = ("true", "false") if column and column.type == "bool" else column.values if column else ()
    return Row(number, values, words)


def _sources(blocks: Blocks) -> list[tuple[str, Table]]:
    names = [(MAIN, blocks.table), *((f"j{number}", join.table) for number, join in enumerate(blocks.joins, start=1))]
    return [(source, contract().tables[name]) for source, name in names if name in contract().tables]


def _columns(table: Table, wanted: Any, source: str = "") -> tuple[Option, ...]:
    before = f"{source}." if source else ""
    return tuple(
        (f"{before}{one.name}", f"{one.name} – {getattr(one.meaning, language())}")
        for one in table.columns
        if wanted(one)
    )


def _table(table: Table) -> str:
    return f"{getattr(table.meaning, language())} ({table.name})"


def _joinable(table: str) -> tuple[Group, ...]:
    """Each table with the columns by which it may be joined: one by one, and all together."""
    found = []
    for name, shared in joinable(contract(), table).items():
        ways = [*((one,) for one in shared), *([shared] if len(shared) > 1 else [])]
        options = []
        for on in ways:
            note = f" · {_('at most one row')}" if brings_columns(contract(), name, on) else ""
            options.append((f"{name}|{','.join(on)}", f"{name}: {', '.join(on)}{note}"))
        found.append((_table(contract().table(name)), tuple(options)))
    return tuple(found)


def _operators() -> tuple[Option, ...]:
    return (
        ("=", "="),
        ("<>", "≠"),
        ("<", "<"),
        ("<=", "≤"),
        (">", ">"),
        (">=", "≥"),
        ("in", _("one of (commas between)")),
        ("is null", _("is missing")),
        ("is not null", _("is there")),
    )
