from __future__ import annotations

from django.db import models

from dauhieu.web.identities.sealing import Keyring

HANDLE = 22
DIGEST = 64


class KnownPerson(models.Model):
    """A person whom somebody of the site has been shown: the handle, and the number sealed."""

    handle = models.CharField(max_length=HANDLE, primary_key=True)
    sealed = models.TextField()
    # Two who meet the same person at one moment may make two handles; both go on to stand for that person.
    number_index = models.CharField(max_length=DIGEST, db_index=True)
    # Which key sealed it, so that those of an older key are found.
    key_name = models.CharField(max_length=16, db_index=True)

    def __str__(self) -> str:
        return self.handle

    @property
    def place(self) -> str:
        return f"person:{self.handle}"

    def put(self, number: str, keys: Keyring) -> None:
        self.sealed, self.number_index, self.key_name = keys.seal(number, self.place), keys.index(number), keys.name
