"""`dauhieu check` and `dauhieu sql`."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.site import named_site
from dauhieu.cli.terminal import as_date, err, now, out, print_json, progress
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.proof.ladder import Ladder
from dauhieu.warehouse.contract import contract

Site = Annotated[
    Path | None, typer.Option("--site", help="Folder of the agency's own catalogue, or the store which holds it.")
]


def check(
    ids: Annotated[list[str] | None, typer.Argument(help="Signs to check; all if none is named.")] = None,
    site: Site = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Climb the ladder: schema, lint, columns, compile, examples. Every fault with file and line."""
    catalogue = read_catalogue(contract(), named_site(site) if site else None)
    total = max(1, len(catalogue.signs))
    with _engine() as engine, progress("Check") as tell:
        counter = itertools.count(1)
        ladder = Ladder(engine, contract(), catalogue, law())
        report = ladder.climb(ids or (), lambda sign: tell(sign, next(counter) / total))
    if as_json:
        print_json(report.as_json())
    else:
        for fault in report.failures:
            err.print(str(fault), markup=False, highlight=False)
        out.print(
            f"{report.signs} signs of {report.violations} violations, {report.examples} examples, "
            f"{len(report.failures)} failures."
        )
    if report.failures:
        raise typer.Exit(5)


def sql(
    sign: Annotated[str, typer.Argument(help="Id of the sign.")],
    as_of: Annotated[date | None, typer.Option(parser=as_date, help="Month to compile for.")] = None,
    site: Site = None,
) -> None:
    """Print the SQL of a sign as it runs."""
    catalogue = read_catalogue(contract(), named_site(site) if site else None)
    (chosen,) = catalogue.chosen([sign])
    with _engine() as engine:
        runner = ExampleRunner(engine, contract(), catalogue, law())
        out.print(runner.empty_bench(as_of or now().date()).compile(chosen).sql, markup=False, highlight=False)


def _engine() -> DuckDBEngine:
    """A small engine which sees no files: examples are held in memory."""
    return DuckDBEngine(EngineOptions(memory="1GB", threads=1))
