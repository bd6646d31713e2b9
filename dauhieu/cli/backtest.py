"""`dauhieu backtest`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.cli.options import AsJson, Jobs, Memory, StoreFolder
from dauhieu.cli.terminal import as_moment, month_end, now, out, print_json, progress
from dauhieu.findings.files import write_rows
from dauhieu.law.read import law
from dauhieu.studies import backtest as studies
from dauhieu.studies.months import ORDINARY_LAG, Span
from dauhieu.studies.otherversion import read_other_version
from dauhieu.warehouse.store import Store


def backtest(
    sign: Annotated[str, typer.Argument(help="Id of the sign.")],
    store: StoreFolder,
    first: Annotated[date, typer.Option("--from", parser=month_end, help="First month, such as 2025-01.")],
    last: Annotated[date, typer.Option("--to", parser=month_end, help="Last month.")],
    against: Annotated[Path | None, typer.Option(help="File of another version of the sign to compare with.")] = None,
    lag: Annotated[int, typer.Option(help="Days after its end at which a month is known.")] = ORDINARY_LAG,
    known_at: Annotated[
        datetime | None, typer.Option(parser=as_moment, help="Know every month as of this one moment (UTC) instead.")
    ] = None,
    memory: Memory = "4GB",
    jobs: Jobs = 2,
    file: Annotated[
        Path | None, typer.Option("--out", help="Write the months to this .parquet, .csv or .xlsx.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run one sign over past months, as it would have run then; nothing is written into the store."""
    opened = Store.open(store)
    catalogue = catalogue_in_force(opened)
    (chosen,) = catalogue.chosen([sign])
    other = read_other_version(against, chosen, catalogue, opened.contract) if against else None
    span = Span(first, last, lag, known_at, memory, jobs)
    with progress("Back-test") as tell:
        done = studies.backtest(opened, catalogue, law(), chosen, span, now=now(), against=other, tell=tell)
    if file:
        write_rows(file, [_row(month) for month in done.months])
    if as_json:
        print_json(done.as_json())
    else:
        _show(done)
        if file:
            out.print(f"{len(done.months)} months in {file}.")


def _row(month: studies.Month) -> dict[str, Any]:
    return asdict(month) | {"active_in": ", ".join(month.active_in), "flag_rate": month.flag_rate}


def _show(done: studies.BackTest) -> None:
    sign = done.sign
    out.print(f"{sign.id} version {sign.version}: {sign.title.vi} / {sign.title.en}", markup=False)
    named = ["month", "findings", sign.subject, "flag rate", sign.amount_kind, "new", "continuing", "gone", "excepted"]
    table = Table(*named, *(["gained", "lost"] if done.difference else []), "", box=None)
    for month in done.months:
        cells: list[object] = [f"{month.as_of:%Y-%m}", month.findings, month.subjects, _rate(month), month.amount]
        cells += [month.new, month.continuing, month.gone, month.excepted]
        cells += [month.gained, month.lost] if done.difference else []
        note = month.reason if month.state == "run" else f"{month.state.replace('_', ' ')}: {month.reason}"
        table.add_row(*(_cell(cell) for cell in cells), note)
    out.print(table)
    if not any(month.findings is not None for month in done.months):
        out.print(
            "The sign ran in no month. Where the data of these months was loaded later, --known-at with today's date "
            "shows what would be found knowing what is known now."
        )
    tables = next((month.active_in for month in done.months if month.active_in), ())
    if tables:
        out.print(
            f"Flag rate: subjects among the active units; an active {sign.subject} is named in {' or '.join(tables)} "
            "of the month."
        )
    known = f"at {done.span.known_at}" if done.span.known_at else f"{done.span.lag} days after its end"
    out.print(f"Each month as known {known} (UTC), by the law of the month; store version {done.store_version}.")
    _show_overlap(done.overlap)
    _show_judged(done)
    if done.difference:
        _show_difference(done.difference)


def _cell(value: object) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _rate(month: studies.Month) -> str:
    if month.flag_rate is None:
        return ""
    return f"{100 * month.flag_rate:.3f} % ({month.active_subjects:,} of {month.active:,})"


def _show_overlap(overlap: studies.Overlap) -> None:
    if not overlap.months:
        out.print("Other signs: the store has no findings of these months.")
        return
    first = ", ".join(f"{other.sign_id} {other.subjects:,}" for other in overlap.by_sign[: studies.SAMPLES])
    out.print(
        f"Other signs: in the {len(overlap.months)} months scanned, {overlap.with_any:,} of {overlap.subjects:,} "
        f"subjects are named by others too{': ' + first if first else ''}."
    )


def _show_judged(done: studies.BackTest) -> None:
    share = done.judged.confirmed
    if share.value is None or share.low is None or share.high is None:
        out.print(f"{done.findings:,} different findings, not judged: no inspection tells whether they are right.")
        return
    interval = f"{100 * share.low:.0f} to {100 * share.high:.0f} %"
    out.print(
        f"{done.findings:,} different findings, {share.of:,} judged, {share.hits:,} confirmed: "
        f"{100 * share.value:.0f} % (95 % interval {interval})."
    )


def _show_difference(difference: studies.Difference) -> None:
    out.print(f"Against version {difference.version} ({difference.file}), over all months:", markup=False)
    for word, count, first in (
        ("gained", difference.gained, difference.gained_first),
        ("lost", difference.lost, difference.lost_first),
    ):
        out.print(f"  {word} {count:,}" + (", of these:" if first else "."))
        _show_findings(first)


def _show_findings(rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        amount = "" if row["amount"] is None else f" {row['amount']:,}"
        period = f"{row['period_from']} to {row['period_to']}"
        out.print(f"    {row['finding_id']} {row['subject_code']} {row['item'] or ''} {period}{amount}", markup=False)
