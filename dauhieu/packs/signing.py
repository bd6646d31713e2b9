"""Keys of agencies: who signed a pack, and whom a site believes (`site/trust/*.pub`)."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from dauhieu.catalogue.site import TRUST
from dauhieu.catalogue.writing import told, write_whole
from dauhieu.errors import PackError

# What is signed says what it is, so that a signature under something else can never pass for that of a pack.
PURPOSE = b"dauhieu pack 1\n"
PUBLIC = ".pub"
LINE = re.compile(r"^ed25519 (?P<key>[0-9a-f]{64})(?: (?P<who>[^\n]*))?$")
FINGERPRINT = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half; `who` is whose it is, as the site wrote it down."""

    raw: bytes
    who: str = ""

    @property
    def fingerprint(self) -> str:
        """What two people compare over the telephone."""
        return hashlib.sha256(self.raw).hexdigest()[:FINGERPRINT]

    def signed(self, content: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, PURPOSE + content)
        except (InvalidSignature, ValueError):
            return False
        return True

    def line(self) -> str:
        return f"ed25519 {self.raw.hex()} {self.who}".rstrip() + "\n"


def make_key(path: Path, who: str) -> PublicKey:
    """A new pair: the secret half at `path`, for its owner alone to read, the public half beside it."""
    public_path = path.with_name(path.name + PUBLIC)
    for one in (path, public_path):
        if one.exists():
            raise PackError("The file is there already. A key is never overwritten: choose another name.", path=one)
    key = Ed25519PrivateKey.generate()
    public = PublicKey(Secret(key).public.raw, _one_line(who))
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_whole(public_path, public.line())
    return public


@dataclass(frozen=True, slots=True)
class Secret:
    """The half which signs."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.key.public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        return self.key.sign(PURPOSE + content)


def read_secret(path: Path) -> Secret:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise PackError(f"The key cannot be read: {error.strerror}.", path=path) from error
    except (ValueError, TypeError) as error:
        raise PackError("This is no secret key as 'dauhieu pack key' writes it.", path=path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PackError("This is a key of another kind. Make one with 'dauhieu pack key'.", path=path)
    return Secret(key)


def read_public(path: Path) -> PublicKey:
    try:
        match = LINE.fullmatch(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise PackError("The key cannot be read.", path=path) from error
    if match is None:
        raise PackError(
            "This is no public key. It is one line 'ed25519 …', as 'dauhieu pack key' writes it.", path=path
        )
    return PublicKey(bytes.fromhex(match["key"]), match["who"] or "")


def trust(site: Path, key: PublicKey, who: str = "") -> Path:
    """Believe packs which this key has signed, from now on."""
    path = site / TRUST / f"{key.fingerprint}{PUBLIC}"
    write_whole(path, PublicKey(key.raw, _one_line(who) or key.who).line())
    return path


def trusted(site: Path) -> dict[str, PublicKey]:
    """Whom the site believes, by fingerprint."""
    keys = (read_public(path) for path in sorted((site / TRUST).glob(f"*{PUBLIC}")))
    return {key.fingerprint: key for key in keys}


def _one_line(who: str) -> str:
    return " ".join(who.split())
