"""Whatever is put together from blocks compiles; what the form cannot say is told, all at once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dauhieu.catalogue.blocks import (
    MAIN,
    Blocks,
    Condition,
    Join,
    Measure,
    brings_columns,
    evidence,
    first_blocks,
    from_json,
    item_kind,
    joinable,
    select,
    subject_columns,
)
from dauhieu.catalogue.draft import countable_tables
from dauhieu.compiler.compile import compile_select
from dauhieu.compiler.schema import schema_of
from dauhieu.errors import SignError
from dauhieu.law.read import law
from dauhieu.warehouse.contract import contract

THRESHOLDS = {"least": 2, "window": 3, "least_money": 1_000_000, "day": date(2025, 7, 1)}
BINDINGS = {"subject_id": 1, "item": 1, "period_from": date(2026, 1, 1), "period_to": date(2026, 10, 31)}
SUBJECTS = ("person", "employer", "facility", "practitioner", "officer", "agent")
NOTES = Blocks(
    table="sickness_certificate",
    subject="person_id",
    day="issued_at",
    window="window",
    by_month=True,
    conditions=(Condition("t.kind", "=", value="CT07"), Condition("t.facility_id", "is not null")),
    measures=(
        Measure("rows", "notes"),
        Measure("distinct", "facilities", "t.facility_id", threshold="least"),
    ),
)


def compiled(sql: str, *, bindings: dict[str, object] | None = None) -> tuple[str, ...]:
    schema = schema_of(contract(), {})
    return compile_select(
        sql,
        schema=schema,
        law=law(),
        as_of=date(2026, 10, 31),
        tuning=THRESHOLDS,
        bindings=bindings,  # type: ignore[arg-type]
        path=Path("blocks"),
        line=1,
    ).columns


def both(blocks: Blocks) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = select(blocks, contract(), law(), THRESHOLDS), evidence(blocks, contract(), law(), THRESHOLDS)
    item = BINDINGS if item_kind(blocks, contract()) else BINDINGS | {"item": "x"}
    return compiled(found[0]), compiled(found[1], bindings=item)


def test_the_text_is_what_a_person_would_write() -> None:
    assert select(NOTES, contract(), law(), THRESHOLDS) == (
        "SELECT t.person_id AS subject_id,\n"
        "       CAST(NULL AS VARCHAR) AS item,\n"
        "       calc.month(t.issued_at) AS period_from,\n"
        "       calc.last_day(calc.month(t.issued_at)) AS period_to,\n"
        "       CAST(NULL AS BIGINT) AS amount,\n"
        "       count(*) AS notes,\n"
        "       count(DISTINCT t.facility_id) AS facilities\n"
        "FROM sickness_certificate AS t\n"
        "WHERE t.person_id IS NOT NULL\n"
        "  AND calc.month_window(t.issued_at, $window)\n"
        "  AND t.kind = 'CT07'\n"
        "  AND t.facility_id IS NOT NULL\n"
        "GROUP BY t.person_id, calc.month(t.issued_at)\n"
        "HAVING count(DISTINCT t.facility_id) >= $least\n"
    )


def test_a_form_comes_back_from_json_as_it_was() -> None:
    blocks = replace(NOTES, joins=(Join("contribution_month", "without", ("person_id",)),))
    assert from_json(blocks.as_json()) == blocks


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_first_form_compiles_for_every_table_which_can_be_counted(subject: str) -> None:
    tables = countable_tables(contract(), subject)
    assert tables
    for table in tables:
        if table.endswith("_identity"):
            continue
        output, _ = both(first_blocks(contract(), table, subject, "least", "rows_found"))
        assert output[:5] == ("subject_id", "item", "period_from", "period_to", "amount")


def drawn(chance: random.Random) -> Blocks:
    """Any form which the page could hand in."""
    subject = chance.choice(SUBJECTS)
    tables = [name for name in countable_tables(contract(), subject) if not name.endswith("_identity")]
    table = contract().table(chance.choice(tables))
    joins = []
    offered = joinable(contract(), table.name)
    for name in chance.sample(sorted(offered), min(len(offered), chance.randrange(3))):
        ways = ["with", "without", *(["columns"] if brings_columns(contract(), name, offered[name]) else [])]
        joins.append(Join(name, chance.choice(ways), offered[name]))
    columns = [(MAIN, column) for column in table.columns]
    for number, join in enumerate(joins, start=1):
        columns += [(f"j{number}", column) for column in contract().table(join.table).columns]
    conditions = []
    plain = [
        parameter.name
        for parameter in law().parameters.values()
        if not parameter.dimensions and parameter.type == "vnd"
    ]
    for source, column in chance.sample(columns, min(len(columns), 4)):
        written = f"{source}.{column.name}"
        if column.values:
            conditions.append(Condition(written, chance.choice(["=", "<>", "in"]), value=column.values[0]))
        elif column.type == "money" and source == MAIN:
            day = f"{MAIN}.{table.happens}"
            conditions.append(Condition(written, "<", "law", chance.choice(plain), day))
        elif column.type in ("int", "money"):
            conditions.append(Condition(written, ">=", "threshold", "least_money"))
        elif column.sql_type == "DATE":
            conditions.append(Condition(written, ">", "threshold", "day"))
        elif column.type == "bool":
            conditions.append(Condition(written, "=", value="true"))
        else:
            conditions.append(Condition(written, chance.choice(["is null", "is not null"])))
    money = [column.name for column in table.columns if column.type == "money"]
    ids = [column.name for column in table.columns if column.kind]
    measures = [
        Measure("rows", "n", threshold="least"),
        Measure("distinct", "different", f"{MAIN}.{chance.choice(ids)}"),
    ]
    if money:
        measures.append(Measure("sum", "total", f"{MAIN}.{chance.choice(money)}", threshold="least_money"))
    return Blocks(
        table=table.name,
        subject=chance.choice(subject_columns(table, subject)),
        day=str(table.happens),
        window=chance.choice(["", "window"]),
        by_month=chance.random() < 0.5,
        item=chance.choice(["", *ids]),
        amount=chance.choice(["", *money]),
        joins=tuple(joins),
        conditions=tuple(conditions),
        measures=tuple(measures),
    )


def test_any_form_which_is_whole_compiles() -> None:
    chance = random.Random(7)
    for _ in range(60):
        both(drawn(chance))


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (replace(NOTES, table="nothing"), "Choose a table."),
        (replace(NOTES, conditions=(Condition("t.kind", "=", value="CT99"),)), "'t.kind' is never 'CT99'."),
        (replace(NOTES, conditions=(Condition("t.days", ">", value="30"),)), "not a bare number"),
        (replace(NOTES, conditions=(Condition("t.kind; DROP", "=", value="x"),)), "which is no column here"),
        (replace(NOTES, conditions=(Condition("t.days", "= 1 OR", "threshold", "least"),)), "cannot be read"),
        (
            replace(NOTES, conditions=(Condition("t.days", ">", "threshold", "x) --"),)),
            "There is no threshold 'x) --'.",
        ),
        (replace(NOTES, conditions=(Condition("t.days", ">", "law", "min_wage", "t.issued_at"),)), "differs by"),
        (replace(NOTES, conditions=(Condition("j1.kind", "is null"),)), "which is no column here"),
        (replace(NOTES, joins=(Join("contribution_month", "columns", ("person_id",)),)), "count twice"),
        (replace(NOTES, joins=(Join("admin_unit", "with", ("person_id",)),)), "cannot be joined"),
        (replace(NOTES, measures=()), "Measure something"),
        (replace(NOTES, measures=(Measure("rows", "Số dòng"),)), "is no name for a fact"),
        (replace(NOTES, amount="kind"), "is no sum of money"),
        (replace(NOTES, day="kind"), "'kind' is no day."),
    ],
)
def test_what_a_form_lacks_is_said(blocks: Blocks, said: str) -> None:
    with pytest.raises(SignError) as told:
        select(blocks, contract(), law(), THRESHOLDS)
    assert said in str(told.value)


def test_a_word_with_a_quote_stays_a_word() -> None:
    open_column = next(
        column.name
        for column in contract().table("sickness_certificate").columns
        if column.sql_type == "VARCHAR" and not column.values
    )
    blocks = replace(NOTES, conditions=(Condition(f"t.{open_column}", "=", value="x' OR 1 = 1 --"),))
    sql = select(blocks, contract(), law(), THRESHOLDS)
    assert f"t.{open_column} = 'x'' OR 1 = 1 --'" in sql
    compiled(sql)


def test_all_faults_are_told_at_once() -> None:
    blocks = replace(NOTES, day="nothing", window="nothing", conditions=(Condition("t.kind", "=", value="CT99"),))
    with pytest.raises(SignError) as told:
        select(blocks, contract(), law(), THRESHOLDS)
    assert all(part in str(told.value) for part in ("the day", "no threshold 'nothing'", "never 'CT99'"))
