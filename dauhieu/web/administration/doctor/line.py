from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

State = Literal["green", "amber", "red"]
# Worst first.
ORDER: tuple[State, ...] = ("red", "amber", "green")


@dataclass(frozen=True, slots=True)
class Line:
    """One check: what was looked at, how it is, and what to do where it is not green."""

    name: str
    state: State
    told: str
    todo: str = ""

    @property
    def state_title(self) -> str:
        return {"green": _("in order"), "amber": _("mind this"), "red": _("mend this")}[self.state]


def worst(lines: Iterable[Line]) -> State:
    states = {line.state for line in lines}
    return next((state for state in ORDER if state in states), "green")
