"""The words of the forms D02, read from `layouts/d02.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dauhieu.deliveries.columns import plain
from dauhieu.errors import DeliveryError
from dauhieu.yamlfile import read_yaml

FILE = Path(__file__).parent / "layouts" / "d02.yaml"


@dataclass(frozen=True, slots=True)
class Action:
    """What a line does, if these words stand in its section and in its note."""

    section: tuple[str, ...]
    note: tuple[str, ...]
    action: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The words of a form; those which are compared are in plain letters already."""

    forms: tuple[str, ...]
    head: Mapping[str, frozenset[str]]
    constants: Mapping[str, str]
    heading: tuple[str, ...]
    columns: Mapping[str, tuple[tuple[str, ...], ...]]
    person: tuple[str, ...]
    allowance: tuple[str, ...]
    position: Mapping[str, str]
    actions: tuple[Action, ...]
    totals: tuple[str, ...]
    ends: tuple[str, ...]

    def action(self, section: str, note: str) -> str | None:
        for rule in self.actions:
            if all(word in section for word in rule.section) and all(word in note for word in rule.note):
                return rule.action
        return None


@cache
def layout() -> Layout:
    """The layout this product ships."""
    return read_layout(FILE)


def read_layout(path: Path) -> Layout:
    data = read_yaml(path, DeliveryError).data
    return Layout(
        forms=tuple(data["forms"]),
        head={fact: frozenset(map(plain, labels)) for fact, labels in data["head"].items()},
        constants=data["constants"],
        heading=tuple(data["heading"]),
        columns={
            name: tuple(tuple(plain(word) for word in choice.split(">")) for choice in choices)
            for name, choices in data["columns"].items()
        },
        person=tuple(data["person"]),
        allowance=tuple(data["allowance"]),
        position=data["position"],
        actions=tuple(
            Action(_plain(rule.get("section", ())), _plain(rule.get("note", ())), rule["action"])
            for rule in data["actions"]
        ),
        totals=_plain(data["totals"]),
        ends=_plain(data["ends"]),
    )


def _plain(words: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(word) for word in words)
