"""`dauhieu exception list|check`: findings which the agency knows and has found in order, for a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.site import named_site
from dauhieu.cli.options import AsJson
from dauhieu.cli.terminal import as_date, err, now, out, print_json
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.proof.exceptions import exception_faults
from dauhieu.warehouse.contract import contract

app = typer.Typer(help="Findings known to be in order, kept out of warnings for a time.", no_args_is_help=True)

Place = Annotated[Path, typer.Argument(help="Folder of the store, or of the site catalogue itself.")]
On = Annotated[date | None, typer.Option("--on", parser=as_date, help="State on this day; today by default.")]


@app.command("list")
def list_(place: Place, on: On = None, as_json: AsJson = False) -> None:
    """Every exception with its state; subjects are counted, not named."""
    day = on or now().date()
    rows = [
        {
            "id": one.id,
            "state": one.state(day),
            "from": str(one.valid_from),
            "until": str(one.valid_until),
            "of": one.violation or ", ".join(one.signs),
            "subjects": len(one.subjects),
            "where": one.where is not None,
            "by": one.by,
            "approved_by": one.approved_by,
            "why": one.why,
        }
        for one in read_catalogue(contract(), named_site(place)).exceptions
    ]
    if as_json:
        print_json(rows)
        return
    shown = Table("id", "state", "from", "until", "signs or violation", "subjects", "condition", "by", "approved by")
    shown.box = None
    for row in rows:
        cells = [str(cell) for name, cell in row.items() if name not in ("why", "where")]
        shown.add_row(*cells[:6], "yes" if row["where"] else "", *cells[6:])
    out.print(shown)


@app.command()
def check(place: Place, on: On = None, as_json: AsJson = False) -> None:
    """Tell every fault of the exceptions, and those which have expired: renew them, or take them away."""
    day = on or now().date()
    catalogue = read_catalogue(contract(), named_site(place))
    faults = [fault for fault in catalogue.faults if fault.path and fault.path.parent.name == "exceptions"]
    with DuckDBEngine(EngineOptions(memory="1GB", threads=1)) as engine:
        faults += exception_faults(ExampleRunner(engine, contract(), catalogue, law()), catalogue, day)
    expired = [one.reminder() for one in catalogue.exceptions if one.state(day) == "expired"]
    if as_json:
        print_json(
            {"exceptions": len(catalogue.exceptions), "faults": [*map(str, faults)], "expired": [*map(str, expired)]}
        )
    else:
        for fault in (*faults, *expired):
            err.print(str(fault), markup=False, highlight=False)
        out.print(f"{len(catalogue.exceptions)} exceptions, {len(expired)} expired, {len(faults)} faults.")
    if faults:
        raise typer.Exit(5)
