"""Changes which the product makes to sign files: only what must change, so that notes and layout of the author stay."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml

from dauhieu.catalogue.catalogue import EXAMPLES, examples_path
from dauhieu.catalogue.record import PROOF, record_path
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.writing import told, write_whole
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Text
from dauhieu.yamlfile import Key

STATUS_LINE = re.compile(r"^status:.*$", re.MULTILINE)
RETIRED = "retired"


def set_status(sign: Sign, status: str) -> None:
    """Write another status into the file of a sign."""
    write_whole(sign.path, _with_status(sign.path, f"status: {status}"))


def retire(sign: Sign, on: date, reason: Text, replaced_by: Sequence[str]) -> Path:
    """Mark a sign as retired and move its files under `retired/`; returns the new place of the sign file."""
    body = {"on": on, "reason": {"vi": reason.vi, "en": reason.en}, "replaced_by": list(replaced_by)}
    block = yaml.safe_dump({"retired": body}, allow_unicode=True, sort_keys=False, width=110).rstrip()
    text = _with_status(sign.path, f"status: retired\n{block}")
    folder = sign.path.parent.parent / RETIRED / sign.path.parent.name
    moved = folder / sign.path.name
    if moved.exists():
        raise SignError("A retired sign of this file name is there already. Rename the file of the sign.", path=moved)
    write_whole(moved, text)
    with told(sign.path):
        sign.path.unlink()
        for old, ending in ((examples_path(sign.path), EXAMPLES), (record_path(sign.path), PROOF)):
            if old.exists():
                old.rename(folder / (sign.path.stem + ending))
    return moved


def _with_status(path: Path, line: str) -> str:
    text = path.read_text(encoding="utf-8")
    if len(STATUS_LINE.findall(text)) != 1:
        raise SignError("The file needs one line 'status: …' at its head.", path=path)
    return STATUS_LINE.sub(lambda _: line, text)


def put(path: Path, values: Mapping[Key, object]) -> str:
    """The text of a YAML file with other scalars or lists at these places, and nothing else touched."""
    text = path.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spans = []
    for key, value in values.items():
        node = _node(root, key)
        if node is None:
            raise SignError(f"The file has no '{'.'.join(map(str, key))}'.", path=path)
        begin, end = node.start_mark.index, node.end_mark.index
        # A block text ends behind its last line break, a plain one before it.
        tail = "\n" if text[begin:end].endswith("\n") else ""
        spans.append((begin, end, _flow(value) + tail))
    for begin, end, new in sorted(spans, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _node(node: yaml.Node | None, key: Key) -> yaml.Node | None:
    for part in key:
        if isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            return None
    return node


def _flow(value: object) -> str:
    """A value on one line: JSON, which YAML reads, but for dates."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
