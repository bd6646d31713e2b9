"""`dauhieu dossier`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.catalogue.violation import violations
from dauhieu.cli.options import StoreFolder
from dauhieu.cli.terminal import month_end, out
from dauhieu.compiler.workbench import Workbench
from dauhieu.findings.read import Subject
from dauhieu.law.read import law
from dauhieu.looking import looking
from dauhieu.scoring.dossier import as_html
from dauhieu.scoring.dossier import dossier as gather
from dauhieu.scoring.rank import latest_scanned
from dauhieu.warehouse.store import Store


def dossier(
    store: StoreFolder,
    subject: Annotated[str, typer.Argument(help="The unit, KIND:CODE, such as employer:YN0123.")],
    file: Annotated[Path, typer.Option("--out", help="Write the sheet to this .html or .json.")],
    as_of: Annotated[date | None, typer.Option(parser=month_end, help="Month scanned; the latest by default.")] = None,
) -> None:
    """Put one unit on one sheet: what stands out, amounts, law, what it may answer, what to ask for."""
    if file.suffix not in (".html", ".json"):
        raise typer.BadParameter("Name a file which ends in .html or .json.")
    opened = Store.open(store)
    version = opened.version()
    catalogue = catalogue_in_force(opened)
    with looking(opened, as_of or latest_scanned(version)) as (_, sight):
        bench = Workbench(sight, catalogue, law())
        found = gather(bench, opened, version, catalogue, law(), Subject.parse(subject))
    if file.suffix == ".json":
        text = json.dumps(found.as_json(), ensure_ascii=False, indent=2, default=str)
    else:
        text = as_html(found, {name: violation.title for name, violation in violations().items()})
    file.write_text(text, encoding="utf-8")
    out.print(f"{found.findings} findings, {found.points} points: {file}")
