"""What has been shown of a sign, beside its files: `x.proof.json`, written by `dauhieu sign promote` alone.

A proof names the text it is a proof of (`text`, a digest of all that findings depend on) and the file it was taken
from; a promotion names who signed it and on what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from dauhieu.catalogue.writing import write_whole
from dauhieu.errors import SignError

PROOF = ".proof.json"
KINDS = ("planted", "backtest", "outcomes")


@dataclass(frozen=True, slots=True)
class Proved:
    """One proof: `figures` depend on the kind, `source` is a digest of the file they were taken from."""

    kind: str
    version: int
    text: str
    as_of: str
    figures: Mapping[str, Any]
    source: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """One change of status, with those who answer for it."""

    to: str
    on: str
    version: int
    text: str
    signers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """All proofs and promotions of one sign; of each kind the newest proof of a text is kept."""

    sign: str
    proofs: tuple[Proved, ...] = ()
    promotions: tuple[Promotion, ...] = field(default=())

    def latest(self, kind: str, text: str) -> Proved | None:
        """The proof of this kind which is of this very text."""
        return next((one for one in reversed(self.proofs) if (one.kind, one.text) == (kind, text)), None)

    def proved(self, proof: Proved) -> Record:
        others = tuple(one for one in self.proofs if (one.kind, one.text) != (proof.kind, proof.text))
        return replace(self, proofs=(*others, proof))

    def promoted(self, promotion: Promotion) -> Record:
        return replace(self, promotions=(*self.promotions, promotion))


def record_path(sign_path: Path) -> Path:
    return sign_path.with_name(sign_path.stem + PROOF)


def read_record(sign: str, sign_path: Path) -> Record:
    """The record beside a sign's files; an empty one when nothing has been shown yet."""
    path = record_path(sign_path)
    if not path.exists():
        return Record(sign)
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        proofs = tuple(Proved(**one) for one in body["proofs"])
        promotions = tuple(Promotion(**{**one, "signers": tuple(one["signers"])}) for one in body["promotions"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = "The record of proofs cannot be read. It is written by 'dauhieu sign promote' alone: take it back."
        raise SignError(message, path=path) from error
    return Record(sign, proofs, promotions)


def write_record(record: Record, sign_path: Path) -> None:
    write_whole(record_path(sign_path), json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n")
