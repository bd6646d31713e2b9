from __future__ import annotations

from collections.abc import Iterable

from dauhieu.web.identities.models import KnownPerson
from dauhieu.web.identities.sealing import keyring


def number_of(handle: str) -> str | None:
    """The number a handle stands for."""
    person = KnownPerson.objects.filter(pk=handle).first()
    return keyring().open(person.sealed, person.place) if person else None


def known_handles(numbers: Iterable[str]) -> list[str]:
    """The handles there are for any of these numbers: one person may have been known under several."""
    wanted = keyring().indexes(list(numbers))
    return list(KnownPerson.objects.filter(number_index__in=wanted).order_by("handle").values_list("handle", flat=True))
