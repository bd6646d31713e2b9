"""`dauhieu why`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Column, Table

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.cli.options import AsJson, Jobs, Memory, StoreFolder
from dauhieu.cli.terminal import month_end, out, print_json, progress
from dauhieu.findings.files import write_rows
from dauhieu.law.read import law
from dauhieu.studies.measures import Question
from dauhieu.studies.running import Ground
from dauhieu.studies.waterfall import CAUSES, MEASURES, Measure, Waterfall
from dauhieu.studies.why import Why
from dauhieu.studies.why import why as ask_why
from dauhieu.warehouse.store import Store

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
    opened = Store.open(store)
    question = Question(earlier, later, area, sign, kind, persons)
    with TemporaryDirectory(prefix="dauhieu-") as folder, progress("Why") as tell:
        ground = Ground(opened, catalogue_in_force(opened), Path(folder), memory, jobs)
        answer = ask_why(ground, law(), question, tell)
    if file:
        rows = _rows(answer)
        write_rows(file, rows)
        out.print(f"{len(rows)} rows in {file}.")
    elif as_json:
        print_json(answer.as_json())
    else:
        _show(answer)


def _rows(answer: Why) -> list[Mapping[str, object]]:
    """Every part of every waterfall as one row."""
    named = [("total", "", answer.total)]
    named += [("sign", name, one) for name, one in answer.signs.items()]
    named += [("area", name, one) for name, one in answer.areas.items()]
    named += [("unit", f"{one.kind}:{one.code or ''}", one.waterfall) for one in answer.units]
    return [
        {"of": what, "name": name, "part": part, **asdict(measure)}
        for what, name, one in named
        for part, measure in {"from": one.start, **one.parts, "to": one.end}.items()
    ]


def _show(answer: Why) -> None:
    asked = answer.question
    table = Table("", *(Column(name, justify="right") for name in MEASURES), box=None)
    table.add_row(f"{asked.earlier:%Y-%m}", *_plain(answer.total.start))
    for cause, (vi, en) in CAUSES.items():
        if answer.total.parts[cause] or answer.details.get(cause):
            table.add_row(f"  {vi} / {en}", *_signed(answer.total.parts[cause]))
    table.add_row(f"{asked.later:%Y-%m}", *_plain(answer.total.end))
    table.add_row("chênh lệch / difference", *_signed(answer.total.difference))
    out.print(table)
    for name, values in answer.law.items():
        out.print(f"law.{name}: {values}", markup=False)
    for cause in ("scope", "sign", "law_written", "thresholds", "unseparated", "excepted"):
        told = answer.details.get(cause, {})
        for number, (sign, reason) in enumerate(told.items()):
            if number < FIRST_TOLD:
                out.print(f"{CAUSES[cause][1]}: {sign}: {reason}", markup=False)
        if len(told) > FIRST_TOLD:
            out.print(f"{CAUSES[cause][1]}: and {len(told) - FIRST_TOLD} more; --json names them all.", markup=False)
    units = {f"{one.kind}:{one.code}" if one.code else one.kind: one.waterfall for one in answer.units}
    for title, found in (
        ("dấu hiệu / signs", answer.signs),
        ("địa bàn / areas", answer.areas),
        ("đơn vị / units", units),
    ):
        _breakdown(title, found)


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
