"""`dauhieu catalogue` and `dauhieu sql`, and what commands over the catalogue share."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.site import named_site
from dauhieu.catalogue.workbook import Change, read_changes, write_workbook
from dauhieu.cli.terminal import as_date, err, now, out
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.stored import last_failures
from dauhieu.law.read import law
from dauhieu.proof.edited import edited_texts, try_texts
from dauhieu.proof.examples import ExampleRunner
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.store import MARK, Store

Site = Annotated[
    Path | None, typer.Option("--site", help="Folder of the agency's own catalogue, or the store which holds it.")
]


def sql(
    sign: Annotated[str, typer.Argument(help="Id of the sign.")],
    as_of: Annotated[date | None, typer.Option(parser=as_date, help="Month to compile for.")] = None,
    site: Site = None,
) -> None:
    """Print the SQL of a sign as it runs."""
    catalogue = read_catalogue(contract(), named_site(site) if site else None)
    (chosen,) = catalogue.chosen([sign])
    with small_engine() as engine:
        runner = ExampleRunner(engine, contract(), catalogue, law())
        out.print(runner.empty_bench(as_of or now().date()).compile(chosen).sql, markup=False, highlight=False)


def catalogue(
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the catalogue as this .xlsx.")] = None,
    edited: Annotated[Path | None, typer.Option("--from", help="Show what this workbook changes.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Make the changes, if the ladder holds.")] = False,
) -> None:
    """The catalogue as a workbook for experts: signs, thresholds, violations, parameters; and their edits back."""
    known = read_catalogue(contract())
    if out_file:
        write_workbook(out_file, known, law())
        out.print(f"{len(known.signs)} signs: {out_file}")
    if edited:
        _take_edits(read_changes(edited, known), write)


def _take_edits(changes: Sequence[Change], write: bool) -> None:
    for change in changes:
        out.print(change.told(), markup=False, highlight=False)
    out.print(f"{len(changes)} changes.")
    if not changes:
        return
    texts = edited_texts(changes)
    with small_engine() as engine, tempfile.TemporaryDirectory() as work:
        ids = {change.sign.id for change in changes}
        report = try_texts(texts, ids, Path(work), engine, contract(), law())
    if report.failures:
        for fault in report.failures:
            err.print(fault.message, markup=False, highlight=False)
        err.print("Nothing has been changed: the signs would not pass their checks.")
        raise typer.Exit(5)
    if write:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
        out.print(f"{len(texts)} files changed.")


def failed_in(folder: Path, catalogue: Catalogue) -> dict[str, str]:
    """Signs whose last run in the store of that folder failed, and which have not been changed since."""
    if not (folder / MARK).is_file():
        return {}
    opened = Store.open(folder)
    with small_engine(folder) as engine:
        failures = last_failures(engine, opened, opened.version())
    return {
        name: f"its last run failed: {reason}"
        for name, (digest, reason) in failures.items()
        if name in catalogue.signs and catalogue.signs[name].digest == digest
    }


def small_engine(*folders: Path) -> DuckDBEngine:
    """Examples are held in memory: it sees no files but those of the folders named."""
    return DuckDBEngine(EngineOptions(memory="1GB", threads=1, folders=folders))
