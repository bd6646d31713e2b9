"""`dauhieu rank`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dauhieu.catalogue.violation import violations
from dauhieu.cli.answers import answer
from dauhieu.cli.options import AsJson, StoreFolder
from dauhieu.cli.terminal import month_end, out
from dauhieu.looking import looking
from dauhieu.scoring.rank import ORDERS, Ranking, RankRequest, latest_scanned
from dauhieu.scoring.rank import rank as rank_warnings
from dauhieu.warehouse.store import Store


def rank(
    store: StoreFolder,
    kind: Annotated[str, typer.Option(help="Kind of subject: employer, facility, person, practitioner, officer ...")],
    area: Annotated[str | None, typer.Option(help="Only this commune, district or province.")] = None,
    block: Annotated[str | None, typer.Option(help="Only this block.")] = None,
    by: Annotated[str, typer.Option(help="points, money (counted once) or amount (plain sum).")] = "points",
    top: Annotated[int, typer.Option(help="How many to show.")] = 20,
    as_of: Annotated[date | None, typer.Option(parser=month_end, help="Month scanned; the latest by default.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Show also those hidden.")] = False,
    file: Annotated[Path | None, typer.Option("--out", help="Write the list to this .csv, .xlsx or .parquet.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put subjects in order of whom to look at, with the reasons."""
    if by not in ORDERS:
        raise typer.BadParameter(f"'{by}' is no order. Use one of {', '.join(ORDERS)}.")
    opened = Store.open(store)
    version = opened.version()
    month = as_of or latest_scanned(version)
    with looking(opened, month) as (engine, sight):
        ranking = rank_warnings(engine, sight, opened, version, RankRequest(kind, by, area, block, top, everybody))
    answer(lambda: _rows(ranking), lambda: asdict(ranking), lambda: _show(ranking), file=file, as_json=as_json)


def _rows(ranking: Ranking) -> list[dict[str, object]]:
    return [asdict(row) | {"reasons": _reasons(row.reasons, "vi")} for row in ranking.rows]


def _reasons(reasons: Sequence[Mapping[str, Any]], language: str) -> str:
    known = violations()
    titles = [(reason, known[str(reason["violation"])].title) for reason in reasons]
    return "; ".join(f"{getattr(title, language)} ({reason['points']})" for reason, title in titles)


def _show(ranking: Ranking) -> None:
    table = Table("#", ranking.kind, "points", "money", "findings", "area", "reasons (points)", box=None)
    for row in ranking.rows:
        reasons = _reasons(row.reasons[:3], "vi")
        more = f"; +{len(row.reasons) - 3}" if len(row.reasons) > 3 else ""
        money, found = f"{row.money:,}", f"{row.findings:,}"
        table.add_row(
            str(row.place), row.subject_code, str(row.points), money, found, row.area_code or "", reasons + more
        )
    out.print(table)
    hidden = ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in ranking.hidden.items())
    out.print(f"As of {ranking.as_of}, by {ranking.by}." + (f" Hidden: {hidden} (--all shows them)." if hidden else ""))
