"""Proofs of one sign taken from what `dauhieu proof --json` and `dauhieu backtest --json` have written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.record import Proved
from dauhieu.catalogue.sign import Sign
from dauhieu.errors import SignError


def proofs_in(path: Path, sign: Sign) -> tuple[Proved, ...]:
    """What a file shows of this very text of the sign; SignError when it shows nothing of it."""
    try:
        raw = path.read_bytes()
        found = tuple(_proofs(json.loads(raw), sign, hashlib.sha256(raw).hexdigest()[:16]))
    except OSError as error:
        raise SignError(f"The file cannot be read: {error.strerror}.", path=path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = "This is no proof. Write one with 'dauhieu proof --json' or 'dauhieu backtest --json'."
        raise SignError(message, path=path) from error
    if not found:
        message = f"The file shows nothing of '{sign.id}' as it is now. Make the proof again with the present text."
        raise SignError(message, path=path)
    return found


def _proofs(body: Mapping[str, Any], sign: Sign, source: str) -> Iterator[Proved]:
    def proved(kind: str, as_of: object, figures: Mapping[str, Any]) -> Proved:
        return Proved(kind, sign.version, binding_digest(sign), str(as_of), figures, source)

    if "signs" in body:
        for one in body["signs"]:
            if one["sign_id"] == sign.id and one["text"] == binding_digest(sign):
                figures = {"hits": one["recall"]["hits"], "of": one["recall"]["of"], "findings": one["findings"]}
                yield proved("planted", body["as_of"], figures)
    elif body["sign_id"] == sign.id and body["text"] == binding_digest(sign):
        run = [month for month in body["months"] if month["state"] == "run"]
        silent = sum(not month["findings"] for month in run)
        yield proved("backtest", body["to"], {"months": len(run), "silent": silent, "findings": body["findings"]})
        if isinstance(body["judged"], dict):
            confirmed = body["judged"]["confirmed"]["hits"]
            yield proved("outcomes", body["to"], {"judged": body["judged"]["findings"], "confirmed": confirmed})
