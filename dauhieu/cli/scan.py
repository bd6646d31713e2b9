"""`dauhieu scan`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.table import Table

from dauhieu import scan as scanning
from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.catalogue.sign import RANKING
from dauhieu.cli.options import AsJson, Jobs, Memory, Signs, StoreFolder, ids
from dauhieu.cli.terminal import as_moment, month_end, now, out, print_json, progress, show_silence
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.law.read import law
from dauhieu.warehouse.store import Store


def scan(
    store: StoreFolder,
    as_of: Annotated[date, typer.Option(parser=month_end, help="Month to scan; its last day is taken.")],
    signs: Signs = "",
    known_at: Annotated[
        datetime | None, typer.Option(parser=as_moment, help="Use only what was known at this moment (UTC).")
    ] = None,
    version: Annotated[
        int | None, typer.Option(help="Version of the store; the newest delivered if not named.")
    ] = None,
    memory: Memory = "4GB",
    jobs: Jobs = 2,
    as_json: AsJson = False,
) -> None:
    """Evaluate the signs for one month and land findings and warnings in the store."""
    opened = Store.open(store)
    request = ScanRequest(as_of, ids(signs), known_at, version, memory, jobs)
    with progress("Scan") as tell:
        report = scanning.scan(opened, catalogue_in_force(opened), law(), request, now=now, tell=tell)
    if as_json:
        print_json(report.as_json())
    else:
        _show(report)


def _show(report: ScanReport) -> None:
    table = Table("sign", "title", "findings", "seconds", box=None)
    for result in sorted(report.of_state("run"), key=lambda result: -result.findings):
        table.add_row(result.sign.id, result.sign.title.vi, f"{result.findings:,}", f"{result.seconds:.2f}")
    out.print(table)
    for name, count in report.excepted.items():
        out.print(f"{count:,} findings excepted by {name}", markup=False)
    for name, note in report.notes.items():
        out.print(f"{name}: {note}", markup=False)
    show_silence(report.silence)
    if report.unwatched:
        out.print(report.unwatched, markup=False)
    for result in report.of_state("not_run"):
        out.print(f"{result.sign.id} not run: {result.reason}", markup=False)
    for result in report.of_state("run"):
        if result.sign.status not in RANKING:
            out.print(f"{result.sign.id} is {result.sign.status}: its findings make no warnings.", markup=False)
    for name, reason in report.failed.items():
        out.print(f"{name} BROKEN: {reason}", markup=False)
    out.print(
        f"Scan {report.scan_id} as of {report.request.as_of} over version {report.store_version}: "
        f"{len(report.of_state('run'))} signs run, {len(report.of_state('not_run'))} not run, "
        f"{len(report.failed)} broken; {report.findings:,} findings, {report.warnings:,} warnings, "
        f"{report.seconds:.1f} s."
    )
