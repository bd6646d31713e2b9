"""Do the exceptions of a site fit the signs they name? Their conditions are compiled for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import RUNNING
from dauhieu.errors import Fault
from dauhieu.findings.excepted import condition_fault
from dauhieu.proof.examples import ExampleRunner


def exception_faults(runner: ExampleRunner, catalogue: Catalogue, as_of: date) -> Iterator[Fault]:
    """What is wrong with conditions, as of a day on which the law is known."""
    for one in catalogue.exceptions:
        for sign in catalogue.signs.values():
            if one.where and one.covers(sign) and sign.status in RUNNING:
                error = condition_fault(runner.empty_bench(as_of), sign, one)
                yield from error.faults if error else ()
