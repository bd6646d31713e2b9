"""A YAML file with other values: what has not changed keeps its notes, order and layout, to the letter.

Blocks are written anew from the smallest place which holds the change. A file whose form cannot be kept (anchors, tags
of its own) is written anew as a whole, so that the text always says what was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import yaml

from dauhieu.catalogue.writing import yaml_text

Span = tuple[int, int, str]


def rewritten(text: str, data: Any) -> str:
    """The text with these data in it."""
    before = yaml.safe_load(text)
    if before == data:
        return text
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    writer = _Writer(text)
    if root is None or not writer.value(root, before, data):
        return yaml_text(data)
    found = writer.written()
    return found if _says(found, data) else yaml_text(data)


def _says(text: str, data: Any) -> bool:
    try:
        return bool(yaml.safe_load(text) == data)
    except yaml.YAMLError:
        return False


class _Writer:
    """Gathers the places which change."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []

    def written(self) -> str:
        text = self.text
        for begin, end, new in sorted(self.spans, reverse=True):
            text = text[:begin] + new + text[end:]
        return text

    def value(self, node: yaml.Node, before: Any, now: Any) -> bool:
        """Write what differs inside a value; False when the whole of it has to be written anew."""
        if before == now and type(before) is type(now):
            return True
        if isinstance(node, yaml.MappingNode) and isinstance(before, dict) and isinstance(now, Mapping) and now:
            return self._flow_mapping(node, before, now) if node.flow_style else self._mapping(node, before, now)
        if isinstance(node, yaml.SequenceNode) and isinstance(before, list) and isinstance(now, list) and now:
            return not node.flow_style and bool(before) and self._sequence(node, before, now)
        return False

    def _mapping(self, node: yaml.MappingNode, before: dict[Any, Any], now: Mapping[Any, Any]) -> bool:
        margin = node.start_mark.column
        at = {key.value: (key, value) for key, value in node.value}
        if len(at) != len(before) or any(not isinstance(key, str) or key not in at for key in before):
            return False
        for name, (key, value) in at.items():
            if name not in now:
                self.spans.append((self._line_start(key.start_mark.index), self._next_line(_end(value)), ""))
            elif not self.value(value, before[name], now[name]):
                self._entry(key, value, name, now[name], margin)
        behind = node.value[0][0].start_mark.index
        for name in now:
            if name in at:
                behind = self._next_line(_end(at[name][1]))
            else:
                new = _indented(yaml_text({name: now[name]}), margin)
                if behind == node.value[0][0].start_mark.index:
                    behind = self._line_start(behind)
                self._add(behind, new)
        return True

    def _flow_mapping(self, node: yaml.MappingNode, before: dict[Any, Any], now: Mapping[Any, Any]) -> bool:
        at = {key.value: value for key, value in node.value}
        if list(before) != list(now) or set(at) != set(before):
            self.spans.append((node.start_mark.index, node.end_mark.index, flow(now)))
            return True
        for name, value in at.items():
            if before[name] != now[name] and not self._flow_inside(value, before[name], now[name]):
                self.spans.append((value.start_mark.index, value.end_mark.index, flow(now[name])))
        return True

    def _flow_inside(self, node: yaml.Node, before: Any, now: Any) -> bool:
        if isinstance(node, yaml.MappingNode) and isinstance(before, dict) and isinstance(now, Mapping):
            return self._flow_mapping(node, before, now)
        return False

    def _entry(self, key: yaml.Node, value: yaml.Node, name: str, now: Any, margin: int) -> None:
        begin, end = key.end_mark.index, _end(value)
        new = _indented(yaml_text({name: now}), margin).lstrip(" ")
        written = new[new.index(":") :]
        self.spans.append((begin, end, written if self.text[begin:end].endswith("\n") else written.rstrip("\n")))

    def _sequence(self, node: yaml.SequenceNode, before: Sequence[Any], now: Sequence[Any]) -> bool:
        items = node.value
        # Items stand behind "- ".
        margin = node.start_mark.column
        old_items, new_items = ([_told(item) for item in part] for part in (before, now))
        matcher = SequenceMatcher(a=old_items, b=new_items, autojunk=False)
        for word, first, last, new_first, new_last in matcher.get_opcodes():
            if word == "equal":
                continue
            shared = min(last - first, new_last - new_first)
            for place in range(shared):
                old, value = items[first + place], now[new_first + place]
                if not self.value(old, before[first + place], value):
                    self._item(old, value, margin)
            for item in items[first + shared : last]:
                self.spans.append((self._line_start(item.start_mark.index), self._next_line(_end(item)), ""))
            for value in now[new_first + shared : new_last]:
                self._add(self._item_place(items, last), _indented(yaml_text([value]), margin))
        return True

    def _item(self, node: yaml.Node, now: Any, margin: int) -> None:
        begin, end = node.start_mark.index, _end(node)
        new = _indented(yaml_text([now]), margin).lstrip(" ").removeprefix("- ")
        self.spans.append((begin, end, new if self.text[begin:end].endswith("\n") else new.rstrip("\n")))

    def _item_place(self, items: Sequence[yaml.Node], number: int) -> int:
        if number < len(items):
            return self._line_start(items[number].start_mark.index)
        return self._next_line(_end(items[-1]))

    def _add(self, place: int, new: str) -> None:
        """New lines at one place follow each other in the order in which they come."""
        for number, (begin, end, text) in enumerate(self.spans):
            if begin == end == place:
                self.spans[number] = (begin, end, text + new)
                return
        ends_line = place == 0 or self.text[place - 1] == "\n"
        self.spans.append((place, place, new if ends_line else "\n" + new))

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _next_line(self, index: int) -> int:
        if index and self.text[index - 1] == "\n":
            return index
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1


def _end(node: yaml.Node) -> int:
    """Where a value ends: the mark of a block stands behind the notes which follow it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, yaml.MappingNode) else last)


def _told(item: Any) -> str:
    return json.dumps(item, default=str, sort_keys=True)


def _indented(text: str, margin: int) -> str:
    return "".join(f"{' ' * margin}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(name)}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, str):
        plain = not any(letter in value for letter in ",:{}[]#&*!|>'\"%@`\n") and _says(f"[{value}]", [value])
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
