"""The program: its commands in one list, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys

import typer

from dauhieu.cli import (
    backtest,
    catalogue,
    check,
    country,
    deliver,
    dossier,
    exception,
    findings,
    law,
    overlap,
    pack,
    proof,
    rank,
    scan,
    sign,
    store,
    tuning,
    why,
)
from dauhieu.errors import DauhieuError

app = typer.Typer(
    name="dauhieu",
    help="Signs of violations in social, unemployment and health insurance: data in, ranked findings out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("load")(deliver.load)
app.command("scan")(scan.scan)
app.command("rank")(rank.rank)
app.command("findings")(findings.findings)
app.command("explain")(findings.explain)
app.command("dossier")(dossier.dossier)
app.command("backtest")(backtest.backtest)
app.command("overlap")(overlap.overlap)
app.command("why")(why.why)
app.command("country")(country.country)
app.command("proof")(proof.proof)
app.command("check")(check.check)
app.command("catalogue")(catalogue.catalogue)
app.command("sql")(catalogue.sql)
app.add_typer(law.app, name="law")
app.add_typer(sign.app, name="sign")
app.add_typer(pack.app, name="pack")
app.add_typer(store.app, name="store")
app.add_typer(exception.app, name="exception")
app.add_typer(tuning.app, name="tuning")


def main() -> None:
    """Run; a fault a person can mend is told without a traceback."""
    try:
        app()
    except DauhieuError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        sys.exit(error.exit_code)
