"""`dauhieu store info|versions|verify|compact|mirror`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dauhieu.cli.options import AsJson, StoreFolder
from dauhieu.cli.terminal import now, out, print_json
from dauhieu.errors import StoreBusyError
from dauhieu.warehouse.compact import compact as store_compact
from dauhieu.warehouse.mirror import Mirrored
from dauhieu.warehouse.mirror import mirror as store_mirror
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.verify import verify as store_verify

app = typer.Typer(help="Look into a store, prove that it is whole, and tidy it.", no_args_is_help=True)


@app.command()
def info(store: StoreFolder, as_json: AsJson = False) -> None:
    """Tables, rows and size of the newest version."""
    opened = Store.open(store)
    version = opened.version()
    tables = {
        name: {"rows": state.rows, "files": len(state.files), "bytes": sum(file.bytes for file in state.files)}
        for name, state in sorted(version.tables.items())
    }
    if as_json:
        print_json({"version": version.number, "moment": version.moment, "tables": tables})
        return
    shown = Table("table", "rows", "files", "MB", box=None)
    for name, state in tables.items():
        shown.add_row(name, f"{state['rows']:,}", str(state["files"]), f"{state['bytes'] / 1e6:,.1f}")
    out.print(shown)
    out.print(f"Version {version.number} of {version.moment:%Y-%m-%d %H:%M:%S} UTC.")


@app.command()
def versions(store: StoreFolder, as_json: AsJson = False) -> None:
    """Every version kept, oldest first."""
    kept = Store.open(store).versions()
    if as_json:
        print_json(
            [{"number": v.number, "moment": v.moment, "cause": v.cause, "note": v.note, "cites": v.cites} for v in kept]
        )
        return
    shown = Table("version", "moment (UTC)", "cause", "note", box=None)
    for version in kept:
        shown.add_row(str(version.number), f"{version.moment:%Y-%m-%d %H:%M:%S}", version.cause, version.note)
    out.print(shown)


@app.command()
def verify(
    store: StoreFolder,
    version: Annotated[int | None, typer.Option(help="Version to prove; the newest if not named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare every file with its checksum; name what is truncated, altered, missing or ahead."""
    damages = store_verify(Store.open(store), version)
    if as_json:
        print_json([{"table": damage.table, "path": damage.path, "what": damage.what} for damage in damages])
    else:
        for damage in damages:
            out.print(f"{damage.table}: {damage.path} {damage.what}")
        out.print("The store is whole." if not damages else f"{len(damages)} damages.")
    if damages:
        raise typer.Exit(7)


@app.command()
def compact(
    store: StoreFolder,
    keep: Annotated[
        int, typer.Option(help="How many of the newest versions to keep, beside those which are cited.")
    ] = 10,
) -> None:
    """Merge small files and drop old versions which no scan or case cites."""
    done = store_compact(Store.open(store), now(), keep=keep)
    if done.number is None:
        out.print("Nothing to do.")
        return
    out.print(
        f"Version {done.number}: {done.merged_files} files merged, {len(done.dropped)} versions dropped, "
        f"{done.deleted_files} files deleted, {done.freed_bytes / 1e6:,.1f} MB freed."
    )


@app.command()
def mirror(
    store: StoreFolder,
    folder: Annotated[Path, typer.Argument(help="Folder of the mirror; made if it is not there.")],
    wait: Annotated[int, typer.Option(help="Seconds to wait while somebody writes to the store.")] = 600,
) -> None:
    """Bring a second copy up to date, for a backup or for a machine which only reads, and verify it."""
    done = _when_free(Store.open(store), folder, time.monotonic() + wait)
    for damage in done.damages:
        out.print(f"{damage.table}: {damage.path} {damage.what}")
    out.print(f"{done.copied} files copied, {done.deleted} deleted, {len(done.damages)} damages: {folder}")
    if done.damages:
        raise typer.Exit(7)


def _when_free(store: Store, folder: Path, until: float) -> Mirrored:
    while True:
        try:
            return store_mirror(store, folder)
        except StoreBusyError:
            if time.monotonic() >= until:
                raise
            time.sleep(1)
