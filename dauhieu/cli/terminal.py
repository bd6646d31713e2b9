"""What commands share: progress on stderr, tables and JSON on stdout, words into values."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dauhieu.findings.silence import Silence

# A pipe has no width; lists in it are for programs and are not cut.
PIPE_WIDTH = 300

out = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True)


def now() -> datetime:
    """The moment, UTC without zone: what the store's clock holds."""
    return datetime.now(UTC).replace(tzinfo=None)


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr; the function it hands over takes what is being done and the share already done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[step]}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=1.0, step="")

        def tell(step: str, done: float) -> None:
            bar.update(task, completed=done, step=step)

        yield tell


def as_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not a date. Write it as 2026-10-31.") from error


def month_end(text: str) -> date:
    """The last day of the month of a date, as scans are asked for: 2026-10-31 or 2026-10."""
    day = as_date(text if len(text) > 7 else f"{text}-01")
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - timedelta(days=1)


def as_moment(text: str) -> datetime:
    """A moment in UTC; a moment with a zone is turned into UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not a moment. Write it as 2026-11-05T08:00.") from error
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def show_silence(silences: Iterable[Silence]) -> None:
    """A source which several signs read is told once, with the signs."""
    told: dict[tuple[str, str], list[str]] = {}
    for silence in silences:
        told.setdefault((silence.told("vi"), silence.told("en")), []).append(silence.sign)
    for (vi, en), signs in told.items():
        named = ", ".join(signs[:3]) + (f" +{len(signs) - 3}" if len(signs) > 3 else "")
        out.print(f"{named}: {en} / {vi}", markup=False)
