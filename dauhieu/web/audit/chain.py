"""The seal of an entry, and the check of the whole chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from dauhieu.web.audit.models import Entry

# What the first entry follows.
START = "0" * 64
BATCH = 2_000


def digest_of(entry: Entry) -> str:
    """Of everything but the digest itself; the moment in UTC, so that the zone of a server does not matter."""
    sealed = {
        "number": entry.number,
        "moment": entry.moment.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "purpose": entry.purpose,
        "details": entry.details,
        "previous": entry.previous,
    }
    return hashlib.sha256(canonical(sealed).encode()).hexdigest()


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` is the first entry which is not as it was written, or is missing."""

    entries: int
    head: str
    broken: int | None = None
    why: str = ""


def verify(kept_head: str | None = None, *, last: int | None = None) -> Verdict:
    """Follow the chain from its start; `kept_head` is a digest which somebody put aside and which must be in it.

    With `last` only so many of the newest entries are followed: a quick look, which proves nothing of those before.
    """
    previous, number, seen = START, 0, kept_head in (None, START)
    entries = Entry.objects.order_by("number")
    newest = Entry.objects.first()
    if last is not None and newest is not None and newest.number > last:
        before = Entry.objects.filter(number=newest.number - last).first()
        if before is None:
            return Verdict(0, START, newest.number - last, "the entry is missing")
        previous, number = before.digest, before.number
        entries = entries.filter(number__gt=number)
    for entry in entries.iterator(chunk_size=BATCH):
        number += 1
        if entry.number != number:
            return Verdict(number - 1, previous, number, "the entry is missing")
        if entry.previous != previous:
            return Verdict(number - 1, previous, number, "the entry does not follow the one before it")
        if entry.digest != digest_of(entry):
            return Verdict(number - 1, previous, number, "the entry was changed after it was written")
        previous = entry.digest
        seen = seen or previous == kept_head
    if not seen:
        return Verdict(number, previous, number + 1, "entries after this one are missing, or the whole was rewritten")
    return Verdict(number, previous)
