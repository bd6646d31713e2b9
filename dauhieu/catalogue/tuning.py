"""Thresholds which an agency sets over those of a shipped sign (`site/tuning/<SIGN-ID>.yaml`), merged three ways.

The overlay keeps the values it was based on. Where the shipped value has not changed since, the local one is in force.
Where it has changed and the local one only repeats the base, the shipped one is. Where both have changed, the local one
stays in force and a note asks for a decision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dauhieu.catalogue.sign import Local, Sign, Threshold
from dauhieu.errors import Fault, SignError
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

WORDS = ("sign", "based_on", "values")
BASED_ON = ("version", "digest", "values")
VALUE_WORDS = ("value", "unit", "why", "by", "from")


@dataclass(frozen=True)
class Overlay:
    """One file; `base` holds the shipped values known when each local one was set, `units` those the file names."""

    sign: str
    version: int
    digest: str
    base: Mapping[str, Threshold | None]
    values: Mapping[str, Local]
    units: Mapping[str, str]
    file: YamlFile


@dataclass(frozen=True)
class Merged:
    """What became of an overlay. States: local, shipped, same, conflict, and lost where the shipped sign has changed
    so that the local value means nothing any more.
    """

    overlay: Overlay
    shipped: Sign
    sign: Sign
    states: Mapping[str, str]
    notes: tuple[Fault, ...]


def tuning_digest(sign: Sign) -> str:
    """Names, values and units of the thresholds of a sign as it is shipped."""
    values = {name: [threshold.value, threshold.unit] for name, threshold in sorted(sign.tuning.items())}
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()


def read_overlay(path: Path) -> Overlay:
    """Read one file; SignError lists every fault. Whether it fits its sign is told by `merge`."""
    file = read_yaml(path, SignError)
    faults: list[Fault] = []
    data = _mapping(file, WORDS, faults)
    based_on = _mapping(file, BASED_ON, faults, "based_on")
    if data.get("sign") != path.stem:
        faults.append(file.fault(f"'sign' must be '{path.stem}', as the file is called.", "sign"))
    version, digest = based_on.get("version"), based_on.get("digest")
    if type(version) is not int or not isinstance(digest, str):
        message = "'based_on' needs the version of the shipped sign and the digest of its tuning. 'dauhieu tuning set'"
        faults.append(file.fault(f"{message} writes them.", "based_on"))
    base = based_on.get("values") or {}
    if not isinstance(base, dict):
        faults.append(file.fault("'values' of 'based_on' is a mapping of names and values.", "based_on", "values"))
        base = {}
    values: dict[str, Local] = {}
    units: dict[str, str] = {}
    named = data.get("values")
    if not isinstance(named, dict) or not named:
        faults.append(file.fault("'values' is a mapping of thresholds to {value, unit, why, by, from}.", "values"))
        named = {}
    for name in named:
        body = _mapping(file, VALUE_WORDS, faults, "values", name)
        local = _local(file, str(name), body, faults)
        if local:
            values[str(name)] = local
        if body.get("unit"):
            units[str(name)] = str(body["unit"])
    if faults:
        raise SignError(faults=faults)
    known = {str(name): threshold_of(value) for name, value in base.items()}
    return Overlay(path.stem, int(version or 0), str(digest), known, values, units, file)


def threshold_of(value: Any) -> Any:
    """A value as a file writes it, with lists as tuples."""
    return tuple(str(part) for part in value) if isinstance(value, list) else value


def written(value: Threshold | None) -> str:
    """A value as people read it."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _mapping(file: YamlFile, words: tuple[str, ...], faults: list[Fault], *key: str) -> dict[str, Any]:
    body = file.data
    for word in key:
        body = body.get(word) if isinstance(body, dict) else None
    if not isinstance(body, dict):
        what = f"'{key[-1]}'" if key else "The file"
        faults.append(file.fault(f"{what} is a mapping of {', '.join(words)}.", *key))
        return {}
    for word in body:
        if word not in words:
            faults.append(file.fault(f"Unknown word '{word}'.{suggestion(str(word), words)}", *key, word))
    return body


def _local(file: YamlFile, name: str, body: Mapping[str, Any], faults: list[Fault]) -> Local | None:
    missing = [word for word in ("value", "why", "by") if body.get(word) in (None, "", [])]
    for word in missing:
        faults.append(file.fault(f"The local value of '{name}' needs '{word}'.", "values", name))
    valid_from = body.get("from")
    if valid_from is not None and type(valid_from) is not date:
        faults.append(file.fault("'from' must be a date such as 2026-01-01.", "values", name, "from"))
    elif not missing:
        return Local(threshold_of(body["value"]), str(body["why"]), str(body["by"]), valid_from)
    return None


def merge(sign: Sign, overlay: Overlay) -> Merged:
    """The sign with the local values in force; SignError when the overlay never fitted it."""
    faults: list[Fault] = []
    notes: list[Fault] = []
    states: dict[str, str] = {}
    digest = tuning_digest(sign)
    for name, local in overlay.values.items():
        misfit = _misfit(sign, name, local, overlay.units.get(name))
        if misfit is None:
            states[name] = _state(sign.tuning[name].value, local, overlay, name, unchanged=overlay.digest == digest)
        elif overlay.digest == digest or (name not in sign.tuning and name not in overlay.base):
            faults.append(overlay.file.fault(misfit, "values", name))
        else:
            states[name] = "lost"
            message = f"{misfit} It has changed since version {overlay.version}, and the local value does nothing."
            notes.append(
                overlay.file.fault(f"{message} Set it anew, or drop it: {_command(sign)} shipped", "values", name)
            )
        if states.get(name) == "conflict":
            notes.append(overlay.file.fault(_conflict(sign, overlay, name), "values", name))
    if faults:
        raise SignError(faults=faults)
    chosen = {name: overlay.values[name] for name, state in states.items() if state in ("local", "conflict")}
    return Merged(overlay, sign, _with_local(sign, chosen), states, tuple(notes))


def _misfit(sign: Sign, name: str, local: Local, unit: str | None) -> str | None:
    shipped = sign.tuning.get(name)
    if shipped is None:
        return f"Sign '{sign.id}' has no threshold '{name}'.{suggestion(name, sign.tuning)}"
    if type(local.value) is not type(shipped.value):
        return f"'{name}' of sign '{sign.id}' is such as {shipped.value}, and {local.value} is of another type."
    if unit is not None and unit != shipped.unit:
        return f"'{name}' of sign '{sign.id}' is in {shipped.unit}, not in {unit}."
    return None


def _state(now: Threshold, local: Local, overlay: Overlay, name: str, *, unchanged: bool) -> str:
    """Three ways: the base, what is shipped now, and the local value."""
    if local.value == now:
        return "same"
    if name not in overlay.base:
        return "local" if unchanged else "conflict"
    if overlay.base[name] == now:
        return "local"
    return "shipped" if local.value == overlay.base[name] else "conflict"


def _conflict(sign: Sign, overlay: Overlay, name: str) -> str:
    was = f" from {overlay.base[name]}" if overlay.base.get(name) is not None else ""
    return (
        f"The shipped '{name}' of sign '{sign.id}' has changed{was} to {sign.tuning[name].value} since the local value "
        f"was set. The local {overlay.values[name].value} stays in force until you decide: "
        f"{_command(sign)} local|shipped"
    )


def _command(sign: Sign) -> str:
    return f"dauhieu tuning merge … {sign.id} --keep"


def _with_local(sign: Sign, chosen: Mapping[str, Local]) -> Sign:
    """The digest tells that other thresholds are in force: a scan records it."""
    if not chosen:
        return sign
    tuning = {name: replace(shipped, local=chosen.get(name)) for name, shipped in sign.tuning.items()}
    values = {name: [local.value, local.valid_from] for name, local in sorted(chosen.items())}
    digest = hashlib.sha256(f"{sign.digest} {json.dumps(values, default=str)}".encode()).hexdigest()
    return replace(sign, tuning=tuning, digest=digest)
