"""Write the tuning files of a site: a threshold set, a decision between a local value and a new shipped one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dauhieu.catalogue.sign import Local, Sign, Threshold
from dauhieu.catalogue.tuning import Merged, merge, read_overlay, tuning_digest
from dauhieu.errors import SignError
from dauhieu.yamlfile import suggestion


def set_threshold(site: Path, sign: Sign, merged: Merged | None, name: str, local: Local) -> Path:
    """Write one local value of a shipped sign, based on what is shipped now; the other values stay as they are."""
    if name not in sign.tuning:
        raise SignError(f"Sign '{sign.id}' has no threshold '{name}'.{suggestion(name, sign.tuning)}")
    kept = [one for one, state in merged.states.items() if state != "lost"] if merged else []
    values = {**{one: merged.overlay.values[one] for one in kept if merged}, name: local}
    base = {**_base(sign, merged), name: sign.tuning[name].value}
    return _write(site, sign, values, base)


def settle(site: Path, merged: Merged, keep: str) -> Path | None:
    """Decide every conflict for the local or the shipped values; None when no local value is left.

    What is the same as shipped, or gives way to it, is taken out of the file.
    """
    decided = ("local", "conflict") if keep == "local" else ("local",)
    sign, values = merged.shipped, merged.overlay.values
    if keep == "local" and (lost := [name for name, state in merged.states.items() if state == "lost"]):
        raise SignError(f"{', '.join(lost)} cannot be kept: the shipped sign has changed. Set anew, or keep shipped.")
    kept = {name: values[name] for name, state in merged.states.items() if state in decided}
    if not kept:
        merged.overlay.file.path.unlink()
        return None
    return _write(site, sign, kept, {name: sign.tuning[name].value for name in kept})


def _base(sign: Sign, merged: Merged | None) -> dict[str, Threshold | None]:
    """What the local values were based on; None where that is not known any more, which stays to be decided."""
    if merged is None:
        return {}
    base = merged.overlay.base
    unchanged = merged.overlay.digest == tuning_digest(sign)
    return {
        name: base[name] if name in base else sign.tuning[name].value if unchanged else None
        for name, state in merged.states.items()
        if state != "lost"
    }


def _write(site: Path, sign: Sign, values: Mapping[str, Local], base: Mapping[str, Threshold | None]) -> Path:
    body = {
        "sign": sign.id,
        "based_on": {
            "version": sign.version,
            "digest": tuning_digest(sign),
            "values": {name: _plain(base[name]) for name in values},
        },
        "values": {name: _entry(local, sign.tuning[name].unit) for name, local in values.items()},
    }
    path = site / "tuning" / f"{sign.id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    try:
        merge(sign, read_overlay(half))
    except SignError:
        half.unlink()
        raise
    half.rename(path)
    return path


def _entry(local: Local, unit: str) -> dict[str, Any]:
    body = {"value": _plain(local.value), "unit": unit, "why": local.why, "by": local.by, "from": local.valid_from}
    return {word: value for word, value in body.items() if value is not None}


def _plain(value: Threshold | None) -> Any:
    return list(value) if isinstance(value, tuple) else value


def parsed(text: str, like: Threshold) -> Threshold:
    """A value typed in a terminal, as the shipped one is: a number, a date, yes or no, words with commas, a text."""
    try:
        if isinstance(like, bool):
            return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
        if isinstance(like, int):
            return int(text)
        if isinstance(like, date):
            return date.fromisoformat(text)
    except (ValueError, KeyError) as error:
        raise SignError(f"'{text}' does not fit: the shipped value is such as {like}.") from error
    return tuple(part.strip() for part in text.split(",")) if isinstance(like, tuple) else text
