from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from django.utils import timezone

from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.chain import START, canonical, digest_of
from dauhieu.web.audit.models import Entry

# Any number, the same for everybody who adds to the chain.
TURN = 6_100_230


@transaction.atomic
def record(
    *, act: Act, by: str, subject: str = "", purpose: str = "", details: Mapping[str, object] | None = None
) -> Entry:
    """Add an entry in the transaction of what it tells, so that either both are kept or none."""
    _take_turn()
    last = Entry.objects.order_by("-number").only("number", "digest").first()
    entry = Entry(
        number=last.number + 1 if last else 1,
        moment=timezone.now(),
        actor=by[:150],
        act=act,
        subject=subject[:200],
        purpose=purpose[:500],
        details=canonical(details or {}),
        previous=last.digest if last else START,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def _take_turn() -> None:
    """One at a time: SQLite's transactions begin as writers, PostgreSQL is told to wait until this one ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
