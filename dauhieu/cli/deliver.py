"""`dauhieu load`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dauhieu.cli.options import AsJson
from dauhieu.cli.terminal import as_date, err, now, out, print_json
from dauhieu.deliveries.load import LoadOptions
from dauhieu.deliveries.load import load as load_delivery
from dauhieu.deliveries.report import LoadReport
from dauhieu.warehouse.store import Store


def _months(text: str) -> tuple[date, ...]:
    return tuple(as_date(f"{part.strip()}-01").replace(day=1) for part in text.split(",") if part.strip())


def _parts_per_million(percent: str) -> int:
    return int(Decimal(percent.removesuffix("%").strip()) * 10_000)


def load(
    store: Annotated[Path, typer.Argument(help="Folder of the store; a new one is made if it is not there.")],
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of one delivery.")],
    table: Annotated[str | None, typer.Option(help="Table of the contract which the files hold.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file which brings a foreign layout into the contract.")
    ] = None,
    mode: Annotated[str, typer.Option(help="adds, replaces (with --months) or whole.")] = "adds",
    months: Annotated[str, typer.Option(help="Months which the delivery replaces: 2026-09,2026-10.")] = "",
    encoding: Annotated[str | None, typer.Option(help="Encoding of text which is not UTF-8: tcvn3, vni.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimal sign of numbers: comma or point.")] = None,
    max_set_aside: Annotated[str, typer.Option(help="Percent of documents which may be set aside.")] = "1",
    whole_or_nothing: Annotated[bool, typer.Option(help="Refuse the delivery if any document is set aside.")] = False,
    set_aside: Annotated[
        Path | None, typer.Option(help="Write the rows set aside here, with a comment on each bad cell.")
    ] = None,
    source: Annotated[str, typer.Option(help="Who delivers.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take in a delivery: check every row, note what is strange, set aside what cannot be stored."""
    opened = Store.open(store) if (store / "store.json").exists() else Store.create(store)
    options = LoadOptions(
        table=table,
        mapping=mapping,
        mode=mode,  # type: ignore[arg-type]  # load() refuses what is no mode, with words
        months=_months(months),
        encoding=encoding,
        decimal=decimal,
        max_set_aside=_parts_per_million(max_set_aside),
        whole_or_nothing=whole_or_nothing,
        set_aside=set_aside,
        source=source,
    )
    with err.status("Loading"):
        report = load_delivery(opened, paths, options=options, now=now())
    if as_json:
        print_json(report.as_json())
    else:
        _show(report)


def _show(report: LoadReport) -> None:
    if not report.landed:
        out.print(f"Nothing new: this content is already in version {report.version}.")
        return
    counts = Table("", "delivered", "accepted", "set aside", box=None)
    for name, count in (("documents", report.documents), ("rows", report.rows)):
        counts.add_row(name, f"{count.delivered:,}", f"{count.accepted:,}", f"{count.set_aside:,}")
    out.print(counts)
    tables = Table("table", "added", "closed", "unchanged", box=None)
    for name, change in report.tables.items():
        tables.add_row(name, f"{change.added:,}", f"{change.closed:,}", f"{change.unchanged:,}")
    out.print(tables)
    for word, codes in (("set aside", report.set_aside), ("noted", report.noted)):
        for code, number in sorted(codes.items()):
            out.print(f"{word}: {code} {number:,}")
    out.print(f"Landed as version {report.version}.")
