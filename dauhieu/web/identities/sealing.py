"""How a value is sealed with the keys of the settings, and how its equal is found without opening anything."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealError(Exception):
    """A sealed value which none of the keys opens, or which stands where it was not put."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The newest key seals; older ones still open, until everything has been sealed anew."""

    keys: tuple[str, ...]

    def seal(self, value: str, place: str) -> str:
        """`place` is sealed in: a value moved to another row does not open there."""
        return Fernet(self.keys[0]).encrypt(f"{place}\n{value}".encode()).decode()

    def open(self, sealed: str, place: str) -> str:
        try:
            told = MultiFernet([Fernet(key) for key in self.keys]).decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealError("None of the identity keys opens this value. Is a key missing?") from error
        where, _, value = told.partition("\n")
        if where != place:
            raise SealError("A sealed value stands where it was not put.")
        return value

    def is_newest(self, sealed: str) -> bool:
        """Whether the newest key sealed it."""
        try:
            Fernet(self.keys[0]).decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def index(self, value: str) -> str:
        """The same for the same value, and without the key no way back to it."""
        return _index(self.keys[0], value)

    def indexes(self, values: list[str]) -> list[str]:
        """Those under every key: rows which have not been sealed anew are found too."""
        return [_index(key, value) for value in values for key in self.keys]

    @property
    def name(self) -> str:
        """Tells the newest key from others without telling the key."""
        return hashlib.sha256(self.keys[0].encode()).hexdigest()[:16]


def _index(key: str, value: str) -> str:
    # A key of its own, derived: what seals is not used for anything else.
    own = hmac.digest(key.encode(), b"blind index", "sha256")
    return hmac.new(own, value.encode(), "sha256").hexdigest()


def new_key() -> str:
    return Fernet.generate_key().decode()


def keyring() -> Keyring:
    return Keyring(tuple(settings.IDENTITY_KEYS))
