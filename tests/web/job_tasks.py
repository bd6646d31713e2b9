"""Tasks for the tests of jobs; a worker of its own process imports them by name."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django_tasks import task

from dauhieu.errors import StoreBusyError
from dauhieu.web.jobs.worker import tell


@task
def add(a: int, b: int) -> int:
    return a + b


@task
def fall(word: str) -> None:
    raise ValueError(word)


@task
def write_down(folder: str, number: int, seconds: float) -> int:
    """Leaves a mark when it begins, with who does it."""
    with (Path(folder) / "begun").open("a", encoding="utf-8") as file:
        file.write(f"{number} {os.getpid()}\n")
    time.sleep(seconds)
    return number


@task
def count_up(folder: str) -> None:
    (Path(folder) / "begun").write_text("begun", encoding="utf-8")
    for percent in range(100):
        tell(percent, f"step {percent}")
        time.sleep(0.1)


@task
def find_busy() -> None:
    raise StoreBusyError("somebody writes")


watched: list[str] = []


def watch() -> None:
    watched.append("seen")


def blind_watch() -> None:
    raise OSError
