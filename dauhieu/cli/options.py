"""Arguments and options which mean the same in every command that has them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StoreFolder = Annotated[Path, typer.Argument(help="Folder of the store.")]
Memory = Annotated[str, typer.Option(help="Memory the engine may use.")]
Jobs = Annotated[int, typer.Option(help="Threads the engine may use.")]
Signs = Annotated[str, typer.Option("--signs", help="Only these signs, ids with commas between.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]


def ids(signs: str) -> tuple[str, ...]:
    """The ids which `--signs` names, none for all."""
    return tuple(part.strip() for part in signs.split(",") if part.strip())
