from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from django.db import transaction

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.identities.factors import seal_factors_anew
from dauhieu.web.identities.models import KnownPerson
from dauhieu.web.identities.sealing import keyring

# 16 bytes are 22 letters.
HANDLE_BYTES = 16
BATCH = 500


@transaction.atomic
def handles_of(numbers: Iterable[str]) -> Mapping[str, str]:
    """A handle for each number; those not known yet are given one."""
    keys = keyring()
    wanted = list(dict.fromkeys(numbers))
    found = _found(wanted)
    missing = []
    for number in wanted:
        if number not in found:
            person = KnownPerson(handle=secrets.token_urlsafe(HANDLE_BYTES))
            person.put(number, keys)
            missing.append(person)
    if missing:
        KnownPerson.objects.bulk_create(missing)
        found = _found(wanted)
    return found


def _found(numbers: list[str]) -> dict[str, str]:
    keys = keyring()
    of_index = {index: number for number in numbers for index in keys.indexes([number])}
    rows = KnownPerson.objects.filter(number_index__in=list(of_index)).order_by("-handle")
    # Of two handles for one number everybody is given the same.
    return {of_index[row.number_index]: row.handle for row in rows}


def seal_anew(by: str) -> int:
    """Everything which an older key sealed, a batch at a time: it may be stopped and started again."""
    keys, done = keyring(), 0
    while True:
        with transaction.atomic():
            older = list(KnownPerson.objects.select_for_update().exclude(key_name=keys.name)[:BATCH])
            for person in older:
                person.put(keys.open(person.sealed, person.place), keys)
            KnownPerson.objects.bulk_update(older, ["sealed", "number_index", "key_name"])
        done += len(older)
        if not older:
            break
    done += seal_factors_anew()
    record(act=Act.KEYS_ROTATED, by=by, details={"rows": done, "key": keys.name})
    return done
