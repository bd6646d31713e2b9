"""`dauhieu proof`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.cli.options import AsJson
from dauhieu.cli.terminal import month_end, out, print_json
from dauhieu.looking import looking
from dauhieu.proof.page import page
from dauhieu.proof.planted import prove
from dauhieu.scoring.rank import latest_scanned
from dauhieu.warehouse.store import Store


def proof(
    store: Annotated[Path, typer.Argument(help="Folder of the store of a synthetic country, scanned.")],
    truth: Annotated[Path, typer.Option(help="Truth file which the country wrote.")],
    as_of: Annotated[date | None, typer.Option(parser=month_end, help="Month scanned; the latest by default.")] = None,
    scale: Annotated[str | None, typer.Option(help="Scale of the country, to tell which scale a sign needs.")] = None,
    file: Annotated[Path | None, typer.Option("--out", help="Write the page to this .md.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare findings with planted truth: recall, precision, flag rate, and what rankings bring up first."""
    opened = Store.open(store)
    version = opened.version()
    catalogue = catalogue_in_force(opened)
    with looking(opened, as_of or latest_scanned(version)) as (engine, sight):
        found = prove(engine, sight, opened, version, catalogue, truth)
    text = page(found, catalogue, Decimal(scale) if scale else None)
    if file:
        file.write_text(text, encoding="utf-8")
    if as_json:
        print_json(found.as_json())
    elif not file:
        out.print(text, markup=False, highlight=False)
