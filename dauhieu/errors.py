"""The error family: every fault a person can mend, told with its place and what to do.

An error of this family is shown without a traceback. `exit_code` tells a calling program which kind it was.
Messages never hold personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place of a file; `line` counts from 1, 0 means the whole file."""

    path: Path | None
    line: int
    message: str

    def __str__(self) -> str:
        if self.path is None:
            return self.message
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}\n{self.message}"


class DauhieuError(Exception):
    """Base of all errors meant for a person; carries every fault found, not only the first."""

    exit_code = 1

    def __init__(self, message: str = "", *, path: Path | None = None, line: int = 0, faults: Sequence[Fault] = ()):
        self.faults = tuple(faults) or (Fault(path, line, message),)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class LawError(DauhieuError):
    """A statutory parameter is missing, unknown, overlapping or badly written."""

    exit_code = 3


class ContractError(DauhieuError):
    """A table file of the data contract is badly written, or a table or column does not exist."""

    exit_code = 4


class SignError(DauhieuError):
    """A sign, view, example or violation file is badly written."""

    exit_code = 5


class DeliveryError(DauhieuError):
    """A delivery cannot be read or would set too much aside; nothing of it has landed."""

    exit_code = 6


class StoreError(DauhieuError):
    """The store is missing, damaged, locked, or full."""

    exit_code = 7


class StoreBusyError(StoreError):
    """Another process writes to the store, or does the very same work. What was done so far is not lost."""


class EngineError(DauhieuError):
    """The engine refused or failed a query."""

    exit_code = 8


class PackError(DauhieuError):
    """A pack of signs is damaged, is signed by nobody who is trusted, or does not fit here; nothing was written."""

    exit_code = 9
