"""`dauhieu country`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.cli.options import Jobs, Memory
from dauhieu.cli.terminal import as_date, now, out, progress
from dauhieu.country.build import build
from dauhieu.engines.base import EngineOptions
from dauhieu.warehouse.store import Store


def country(
    store: Annotated[Path, typer.Argument(help="Folder of the store; a new one is made if it is not there.")],
    scale: Annotated[str, typer.Option(help="Part of the nation: 1 is 97 million persons.")] = "0.002",
    months: Annotated[int, typer.Option(help="Months of life.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed makes the same nation.")] = 7,
    last_month: Annotated[str, typer.Option(help="The last month, such as 2026-10.")] = "2026-10",
    clean: Annotated[bool, typer.Option("--clean", help="A nation in which nobody does wrong.")] = False,
    truth: Annotated[Path | None, typer.Option(help="Write what was planted to this Parquet file.")] = None,
    memory: Memory = "2GB",
    jobs: Jobs = 2,
) -> None:
    """Make a synthetic nation, planted violations and all, and load it month by month; a stopped build goes on."""
    opened = Store.open(store) if (store / "store.json").exists() else Store.create(store, invented=True)
    clock = time.perf_counter()
    with progress("Country") as tell:
        report = build(
            opened,
            scale=scale,
            months=months,
            seed=seed,
            last_month=as_date(f"{last_month}-01"),
            truth=truth,
            planted=not clean,
            engine_options=EngineOptions(memory=memory, threads=jobs),
            now=now(),
            progress=tell,
        )
    out.print(
        f"{report.rows:,} rows in {len(report.deliveries)} deliveries, {time.perf_counter() - clock:.0f} s: {store}"
    )
