"""`dauhieu overlap`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dauhieu.cli.options import AsJson, StoreFolder
from dauhieu.cli.terminal import month_end, out, print_json
from dauhieu.errors import DauhieuError
from dauhieu.findings.files import write_rows
from dauhieu.findings.stored import scanned_months
from dauhieu.looking import looking
from dauhieu.studies.overlap import Overlaps, overlaps
from dauhieu.warehouse.store import Store

FIRST_PAIRS = 20
# Shown to people; files and JSON hold every pair.
LEAST_SHARED = 5


def overlap(
    store: StoreFolder,
    as_of: Annotated[
        date | None, typer.Option(parser=month_end, help="Only this month; all months scanned by default.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--out", help="Write all pairs to this .parquet, .csv or .xlsx.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell how far signs find the same units, and which of them the catalogue may not need."""
    opened = Store.open(store)
    version = opened.version()
    months = (as_of,) if as_of else scanned_months(version)
    if not months:
        raise DauhieuError("The store has no findings yet. Run 'dauhieu scan' first.")
    with looking(opened, months[-1]) as (_, sight):
        found = overlaps(sight, opened, version, months)
    if file:
        columns = ["kind", "sign", "other", "units", "shared", "other_units", "share", "lift"]
        write_rows(file, [asdict(pair) for pair in found.pairs], columns)
    if as_json:
        print_json(found.as_json())
    else:
        _show(found)
        if file:
            out.print(f"{len(found.pairs):,} pairs in {file}.")


def _show(found: Overlaps) -> None:
    table = Table("kind", "sign", "units", "shared", "share", "lift", "with", "units of it", box=None)
    for pair in [pair for pair in found.pairs if pair.shared >= LEAST_SHARED][:FIRST_PAIRS]:
        lift = "" if pair.lift is None else f"{pair.lift:,.1f}"
        counts = (f"{pair.units:,}", f"{pair.shared:,}", f"{100 * pair.share:.0f} %", lift)
        table.add_row(pair.kind, pair.sign, *counts, pair.other, f"{pair.other_units:,}")
    out.print(table)
    for proposal in found.proposals:
        out.print(f"{proposal.vi}\n  {proposal.en}", markup=False)
    months = f"{found.months[0]:%Y-%m}" + (f" to {found.months[-1]:%Y-%m}" if len(found.months) > 1 else "")
    out.print(
        f"{len(found.pairs):,} pairs of signs share units in {months}; shown are the greatest shares of at least "
        f"{LEAST_SHARED} units, --out writes all. Lift: times more than by chance among the active units."
    )
