"""The program: its commands in one list, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from dauhieu.errors import DauhieuError

# Command -> module of this room and the name in it: a function, or a group of commands. Only what is asked for is
# imported, for all together take longer to import than most of them take to answer.
COMMANDS = {
    "load": ("deliver", "load"),
    "scan": ("scan", "scan"),
    "rank": ("rank", "rank"),
    "findings": ("findings", "findings"),
    "explain": ("findings", "explain"),
    "dossier": ("dossier", "dossier"),
    "backtest": ("backtest", "backtest"),
    "overlap": ("overlap", "overlap"),
    "why": ("why", "why"),
    "country": ("country", "country"),
    "proof": ("proof", "proof"),
    "check": ("check", "check"),
    "catalogue": ("catalogue", "catalogue"),
    "sql": ("catalogue", "sql"),
    "law": ("law", "app"),
    "sign": ("sign", "app"),
    "pack": ("pack", "app"),
    "store": ("store", "app"),
    "exception": ("exception", "app"),
    "tuning": ("tuning", "app"),
}


HELP = "Signs of violations in social, unemployment and health insurance: data in, ranked findings out."
LOOK: dict[str, Any] = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}


class _Commands(TyperGroup):
    """Imports a command when it is asked for, all of them when they are listed or a name is mistyped."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.add_command(_command(name), name)
        return super().get_command(ctx, cmd_name)


def _command(name: str) -> Any:
    module, attribute = COMMANDS[name]
    found = getattr(import_module(f"dauhieu.cli.{module}"), attribute)
    alone = typer.Typer(**LOOK)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
        return typer.main.get_group(alone).commands[name]
    alone.command(name)(found)
    return typer.main.get_command(alone)


app = typer.Typer(name="dauhieu", help=HELP, cls=_Commands, no_args_is_help=True, **LOOK)


@app.callback()
def _dauhieu() -> None:
    """Makes of it a group, though no command is known yet."""


def main() -> None:
    """Run; a fault a person can mend is told without a traceback."""
    try:
        app()
    except DauhieuError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        sys.exit(error.exit_code)
