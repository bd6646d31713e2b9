"""`dauhieu law diff`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from dauhieu.cli.answers import answer, studying
from dauhieu.cli.options import AsJson, Jobs, Memory, Signs, StoreFolder, ids
from dauhieu.cli.terminal import month_end, out
from dauhieu.law.read import law
from dauhieu.studies.lawdiff import LawDiff, law_diff

app = typer.Typer(help="What a change of the law does before it takes effect.", no_args_is_help=True)


@app.callback()
def _law() -> None:
    """Keep `diff` a word of its own as long as it is the only command."""


@app.command()
def diff(
    store: StoreFolder,
    change: Annotated[
        list[str],
        typer.Option("--set", help="A value to come: NAME=VALUE@DATE, or NAME[DIMENSION=KEY]=VALUE@DATE."),
    ],
    as_of: Annotated[date | None, typer.Option(parser=month_end, help="Month scanned; the latest by default.")] = None,
    signs: Signs = "",
    file: Annotated[Path | None, typer.Option("--out", help="Write one row a sign: .csv, .xlsx or .parquet.")] = None,
    memory: Memory = "4GB",
    jobs: Jobs = 2,
    as_json: AsJson = False,
) -> None:
    """Run the signs which read a statutory value with and without its change; nothing lands in the store."""
    with studying(store, "Law", memory, jobs) as (ground, tell):
        found = law_diff(ground, law(), change, as_of, tell, ids(signs))
    answer(lambda: _rows(found), found.as_json, lambda: _show(found), file=file, as_json=as_json)


def _rows(found: LawDiff) -> list[dict[str, object]]:
    return [{**one.as_json(), "title": one.title["vi"], "parameters": ", ".join(one.parameters)} for one in found.signs]


def _show(found: LawDiff) -> None:
    for change in found.changes:
        keys = "/".join(str(key) for key in change.key)
        named = f"{change.name}[{keys}]" if keys else change.name
        out.print(f"law.{named}: {_number(change.before)} -> {_number(change.value)}, {change.day}", markup=False)
    for vi, en in found.assumptions:
        out.print(f"  {vi} / {en}", markup=False)
    heads = ("findings", "gained", "lost", "changed", "subjects", "money before", "money after")
    table = Table(Column("sign", no_wrap=True), "title", *(Column(head, justify="right") for head in heads), box=None)
    for one in found.signs:
        table.add_row(
            one.sign,
            f"{one.title['vi']} / {one.title['en']}",
            f"{one.before.findings:,} -> {one.after.findings:,}",
            f"{one.gained:,}",
            f"{one.lost:,}",
            f"{one.changed:,}",
            f"{one.before.subjects:,} -> {one.after.subjects:,}",
            f"{one.before.money:,}",
            f"{one.after.money:,}",
        )
    out.print(table)
    for sign, reason in found.unjudged.items():
        out.print(f"{sign} cannot be judged: {reason}", markup=False)
    out.print(f"{len(found.signs)} signs read the value, {len(found.unjudged)} cannot be judged.")


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
