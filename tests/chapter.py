"""A chapter of the manual as a test reads it: files to save, commands to type, answers to give, and what is shown.

A file is a block under its name in bold; `$` begins a command of a block marked `console`, and the lines under it are
what it shows, in this order, between whatever else it says. `…` stands for anything. A table whose first row names a
question and an answer belongs to the command before it, a block marked `output` too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from dauhieu.cli.main import app
from dauhieu.errors import DauhieuError

BLOCK = re.compile(r"^(?:\*\*`(?P<file>[^`]+)`\*\*\n\n)?```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^\| question .*\n\|[-|]+\|\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
EXIT = re.compile(r"exit code (\d+)")


@dataclass(frozen=True, slots=True)
class File:
    """Something to save."""

    path: str
    text: str

    def do(self) -> None:
        path = Path(self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, encoding="utf-8")


@dataclass(slots=True)
class Command:
    """Something to type, and what is then shown."""

    line: str
    shows: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    exit_code: int = 0

    def do(self) -> None:
        typed, _, file = self.line.partition(" > ")
        result = CliRunner().invoke(app, shlex.split(typed)[1:], input="".join(f"{line}\n" for line in self.answers))
        known = isinstance(result.exception, DauhieuError)
        code = result.exception.exit_code if known else result.exit_code  # type: ignore[union-attr]
        said = _plain(result.output + (str(result.exception) if known else ""))
        assert code == self.exit_code, f"{self.line}: exit code {code}\n{result.exception!r}\n{result.output}"
        if file:
            Path(file).write_text(result.stdout, encoding="utf-8")
        for question in self.asked:
            assert question in said, f"{self.line} does not ask {question}"
        at = 0
        for line in self.shows:
            found = re.compile(".*?".join(map(re.escape, map(_plain, line.split("…"))))).search(said, at)
            assert found, f"{self.line} does not show, here or at all:\n{line}\n{said[at:]}"
            at = found.end()


def _plain(text: str) -> str:
    """Columns are as wide as the terminal allows: blanks count as one."""
    return " ".join(text.split())


def steps(page: Path) -> Iterator[File | Command]:
    """What a reader of the page does, in order."""
    text = page.read_text(encoding="utf-8")
    commands: list[Command] = []
    for match in sorted([*BLOCK.finditer(text), *TABLE.finditer(text)], key=lambda one: one.start()):
        words = match.groupdict()
        if "rows" in words:
            cells = [[cell.strip() for cell in row.split("|")] for row in words["rows"].splitlines()]
            commands[-1].asked += [row[1] for row in cells]
            commands[-1].answers += [row[2].strip("`") for row in cells]
        elif words["file"]:
            yield from commands
            commands = []
            yield File(words["file"], words["body"])
        elif words["kind"] == "output":
            commands[-1].shows += words["body"].splitlines()
        elif words["kind"] == "console":
            for line in words["body"].splitlines():
                if line.startswith("$ "):
                    commands.append(Command(line[2:]))
                elif exit_code := EXIT.fullmatch(line):
                    commands[-1].exit_code = int(exit_code[1])
                else:
                    commands[-1].shows.append(line)
    yield from commands
