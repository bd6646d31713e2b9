"""What a pack says of itself; its bytes are what is signed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dauhieu.errors import PackError
from dauhieu.warehouse.contract import Contract

FORMAT = 1
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class Manifest:
    """`reads` are tables and views with the columns which are read, and the type of each; `parameters` the
    statutory values which are read, each with a digest of its values; `public_key` is that of who signed.
    """

    name: str
    public_key: str
    fingerprint: str
    contract: Mapping[str, str]
    signs: Mapping[str, int]
    views: tuple[str, ...]
    reads: Mapping[str, Mapping[str, str]]
    parameters: Mapping[str, str]
    members: Mapping[str, str]
    format: int = FORMAT

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """PackError when it is not as this version of the product writes it."""
    try:
        body = json.loads(content)
        if body.get("format") != FORMAT:
            raise PackError(f"The pack is of format {body.get('format')!r}; this version reads {FORMAT}. Update it.")
        manifest = Manifest(**{**body, "views": tuple(body["views"])})
        _refuse_shapes(manifest)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PackError("The manifest cannot be read: the pack is damaged.") from error
    return manifest


def _refuse_shapes(manifest: Manifest) -> None:
    texts: list[Any] = [manifest.name, manifest.public_key, manifest.fingerprint, *manifest.views]
    for mapping in (manifest.contract, manifest.parameters, manifest.members, *manifest.reads.values()):
        texts += [*mapping.keys(), *mapping.values()]
    if not all(isinstance(text, str) for text in texts) or not all(type(n) is int for n in manifest.signs.values()):
        raise TypeError("a value of another kind")
    if not NAME.fullmatch(manifest.name):
        raise PackError(f"'{manifest.name}' is no name of a pack: small letters, digits and dashes.")


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def contract_digest(contract: Contract) -> str:
    """One digest of all names and types of tables and columns."""
    body = {name: table.sql_columns() for name, table in contract.tables.items()}
    return digest_of(json.dumps(body, sort_keys=True).encode())
