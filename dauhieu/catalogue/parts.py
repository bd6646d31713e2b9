"""The parts of a sign and a digest of each: what tells whether, and where, a sign is still what it was.

A digest is of the values, not of the file: layout of the YAML and of the SQL, and notes in it, do not matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from dauhieu.catalogue.sign import Sign

# What findings, and what they weigh, depend on. A change of texts alone changes no finding.
BINDING = ("logic", "thresholds", "law", "needs", "weight")
PARTS = (*BINDING, "texts")
# Under one id these stay as they are for ever: older findings are of this meaning.
IDENTITY = ("violation", "subject", "item_kind", "amount_kind")
LENGTH = 16


def contents(sign: Sign) -> Mapping[str, Any]:
    """What each part holds."""
    return {
        "logic": [_plain(sign.sql), _plain(sign.evidence), sign.applies_from, sign.applies_to],
        "thresholds": {name: as_json(item.value) for name, item in sorted(sign.tuning.items())},
        "law": [astuple(basis) for basis in sign.legal_basis],
        "needs": [sorted(sign.needs.required.items()), sorted(sign.needs.signs), sign.needs.identity],
        "weight": [sign.severity],
        "texts": [
            *(astuple(text) for text in (sign.title, sign.rule, sign.explain)),
            *(astuple(texts) for texts in (sign.innocent_explanations, sign.ask_for)),
            [(name, item.unit, astuple(item.why)) for name, item in sorted(sign.tuning.items())],
            astuple(sign.reading) if sign.reading else None,
        ],
    }


def as_json(value: object) -> object:
    """A threshold's value as JSON holds it."""
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    return value if isinstance(value, int | str) else str(value)


def digests(sign: Sign) -> dict[str, str]:
    """A digest of each part."""
    return {name: _digest(value) for name, value in contents(sign).items()}


def binding_digest(sign: Sign) -> str:
    """One digest of all that findings depend on: a proof is a proof of this text, with the thresholds of this place."""
    found = digests(sign)
    local = [(name, astuple(item.local)) for name, item in sorted(sign.tuning.items()) if item.local]
    return _digest([[found[name] for name in BINDING], *local])


def identity(sign: Sign) -> dict[str, str | None]:
    return {name: getattr(sign, name) for name in IDENTITY}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, default=str).encode()).hexdigest()[:LENGTH]


def _plain(sql: str) -> str:
    """Without the notes which stand on lines of their own, and without layout."""
    lines = (line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return " ".join(" ".join(lines).split())
