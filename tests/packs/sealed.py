"""Packs made by hand, for tests which need no catalogue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dauhieu.packs.archive import MANIFEST, SIGNATURE, pack_bytes
from dauhieu.packs.manifest import Manifest, digest_of
from dauhieu.packs.signing import Secret

KEY = Secret(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = Secret(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
CONTENT = {"signs/social/own.yaml": b"id: A\n", "signs/social/own.examples.yaml": b"[]\n", "views/v.sql": b"SELECT 1\n"}


def manifest(content: dict[str, bytes], key: Secret = KEY) -> Manifest:
    return Manifest(
        name="own",
        public_key=key.public.raw.hex(),
        fingerprint=key.public.fingerprint,
        contract={},
        signs={"A": 1},
        views=("v",),
        reads={"employer": {"employer_id": "BIGINT"}},
        parameters={},
        members={name: digest_of(body) for name, body in content.items()},
    )


def members(content: dict[str, bytes], key: Secret = KEY, **other: object) -> dict[str, bytes]:
    written = replace(manifest(content, key), **other).written()  # type: ignore[arg-type]
    return {**content, MANIFEST: written, SIGNATURE: key.sign(written).hex().encode() + b"\n"}


def put(folder: Path, sealed: dict[str, bytes]) -> Path:
    path = folder / "own.zip"
    path.write_bytes(pack_bytes(sealed))
    return path
