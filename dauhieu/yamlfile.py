"""Data files in YAML, read with the line of every key, so that a fault can name its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dauhieu.errors import DauhieuError, Fault

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The data of one file, and for each key path the line where it stands."""

    path: Path
    data: Any
    lines: Mapping[Key, int]

    def line(self, *key: str | int) -> int:
        """The line of a key path, or of its nearest parent."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def fault(self, message: str, *key: str | int) -> Fault:
        return Fault(self.path, self.line(*key), message)


def read_yaml(path: Path, error: type[DauhieuError]) -> YamlFile:
    """Read one file; a syntax fault raises `error` with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as fault:
        raise error(f"The file cannot be read: {fault.strerror}.", path=path) from fault
    except UnicodeDecodeError as fault:
        raise error("The file is not UTF-8 text. Save it as UTF-8.", path=path) from fault
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 0
        raise error(f"Not valid YAML: {fault.problem}.", path=path, line=line) from fault
    lines: dict[Key, int] = {}
    faults: list[Fault] = []
    data = _plain(node, (), lines, path, faults)
    if faults:
        raise error(faults=faults)
    return YamlFile(path, data, lines)


def _plain(node: yaml.Node | None, key: Key, lines: dict[Key, int], path: Path, faults: list[Fault]) -> Any:
    if node is None:
        return None
    lines.setdefault(key, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for name_node, value_node in node.value:
            name = _scalar(name_node)
            line = name_node.start_mark.line + 1
            if name in found:
                faults.append(Fault(path, line, f"The key '{name}' stands twice. Keep one of the two."))
            lines[(*key, name)] = line
            found[name] = _plain(value_node, (*key, name), lines, path, faults)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*key, place), lines, path, faults) for place, item in enumerate(node.value)]
    return _scalar(node)


class _Scalars(yaml.constructor.SafeConstructor):
    """Turns one scalar node into its plain value."""


_SCALARS = _Scalars()


def _scalar(node: yaml.Node) -> Any:
    return _SCALARS.construct_object(node)


def suggestion(word: str, known: Iterable[str]) -> str:
    """' Did you mean …?' for a misspelt word, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
