"""`dauhieu why`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from dauhieu.cli.answers import answer, studying
from dauhieu.cli.options import AsJson, Jobs, Memory, StoreFolder
from dauhieu.cli.terminal import month_end, out
from dauhieu.law.read import law
from dauhieu.studies.measures import Question
from dauhieu.studies.waterfall import CAUSES, MEASURES, Measure, Waterfall
from dauhieu.studies.why import Why
from dauhieu.studies.why import why as ask_why

FIRST_ROWS = 12
FIRST_TOLD = 5


def why(
    store: StoreFolder,
    earlier: Annotated[date, typer.Option("--from", parser=month_end, help="Month compared with.")],
    later: Annotated[date, typer.Option("--to", parser=month_end, help="Month whose number is asked about.")],
    area: Annotated[str | None, typer.Option(help="Only this commune, district or province.")] = None,
    sign: Annotated[str | None, typer.Option(help="Only this sign.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only findings on this kind of subject.")] = None,
    persons: Annotated[bool, typer.Option("--persons", help="Show the codes of persons and accounts.")] = False,
    file: Annotated[Path | None, typer.Option("--out", help="Write all parts to this .csv, .xlsx or .parquet.")] = None,
    memory: Memory = "4GB",
    jobs: Jobs = 2,
    as_json: AsJson = False,
) -> None:
    """Split the difference of two scanned months into new data, corrections, signs, law, geography and scope."""
    question = Question(earlier, later, area, sign, kind, persons)
    with studying(store, "Why", memory, jobs) as (ground, tell):
        found = ask_why(ground, law(), question, tell)
    answer(lambda: _rows(found), found.as_json, lambda: _show(found), file=file, as_json=as_json)


def _rows(found: Why) -> list[Mapping[str, object]]:
    """Every part of every waterfall as one row."""
    named = [("total", "", found.total)]
    named += [("sign", name, one) for name, one in found.signs.items()]
    named += [("area", name, one) for name, one in found.areas.items()]
    named += [("unit", f"{one.kind}:{one.code or ''}", one.waterfall) for one in found.units]
    return [
        {"of": what, "name": name, "part": part, **asdict(measure)}
        for what, name, one in named
        for part, measure in {"from": one.start, **one.parts, "to": one.end}.items()
    ]


def _show(found: Why) -> None:
    asked = found.question
    table = Table("", *(Column(name, justify="right") for name in MEASURES), box=None)
    table.add_row(f"{asked.earlier:%Y-%m}", *_plain(found.total.start))
    for cause, (vi, en) in CAUSES.items():
        if found.total.parts[cause] or found.details.get(cause):
            table.add_row(f"  {vi} / {en}", *_signed(found.total.parts[cause]))
    table.add_row(f"{asked.later:%Y-%m}", *_plain(found.total.end))
    table.add_row("chênh lệch / difference", *_signed(found.total.difference))
    out.print(table)
    for name, values in found.law.items():
        out.print(f"law.{name}: {values}", markup=False)
    for cause in ("scope", "sign", "law_written", "thresholds", "unseparated", "excepted"):
        told = found.details.get(cause, {})
        for number, (sign, reason) in enumerate(told.items()):
            if number < FIRST_TOLD:
                out.print(f"{CAUSES[cause][1]}: {sign}: {reason}", markup=False)
        if len(told) > FIRST_TOLD:
            out.print(f"{CAUSES[cause][1]}: and {len(told) - FIRST_TOLD} more; --json names them all.", markup=False)
    units = {f"{one.kind}:{one.code}" if one.code else one.kind: one.waterfall for one in found.units}
    for title, parts in (
        ("dấu hiệu / signs", found.signs),
        ("địa bàn / areas", found.areas),
        ("đơn vị / units", units),
    ):
        _breakdown(title, parts)


def _breakdown(title: str, found: Mapping[str, Waterfall]) -> None:
    """Findings alone; the other measures are in the file and in JSON."""
    moved = {name: one for name, one in found.items() if one.difference or any(one.parts.values())}
    causes = [cause for cause in CAUSES if any(one.parts[cause] for one in moved.values())]
    if not moved:
        return
    columns = [Column(CAUSES[cause][1], justify="right") for cause in causes]
    right = ("from", "to", "+/-")
    table = Table(Column(title, no_wrap=True), *(Column(name, justify="right") for name in right), *columns, box=None)
    for name, one in list(moved.items())[:FIRST_ROWS]:
        parts = [f"{one.parts[cause].findings:+,}" if one.parts[cause] else "" for cause in causes]
        ends = (f"{one.start.findings:,}", f"{one.end.findings:,}", f"{one.difference.findings:+,}")
        table.add_row(name or "-", *ends, *parts)
    out.print()
    out.print(table)
    if len(moved) > FIRST_ROWS:
        out.print(f"and {len(moved) - FIRST_ROWS} more; --out writes them all.")


def _plain(measure: Measure) -> tuple[str, ...]:
    return tuple(f"{getattr(measure, name):,}" for name in MEASURES)


def _signed(measure: Measure) -> tuple[str, ...]:
    return tuple(f"{getattr(measure, name):+,}" for name in MEASURES)
