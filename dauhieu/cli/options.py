"""Arguments and options which mean the same in every command that has them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StoreFolder = Annotated[Path, typer.Argument(help="Folder of the store.")]
Memory = Annotated[str, typer.Option(help="Memory the engine may use.")]
Jobs = Annotated[int, typer.Option(help="Threads the engine may use.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]
