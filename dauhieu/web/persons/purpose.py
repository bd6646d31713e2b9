"""For what somebody looks at a person: asked once for a person and kept in the session for a limited time."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

PURPOSE_LASTS = timedelta(hours=1)
NUMBERS_LAST = timedelta(minutes=15)
# How many persons a session keeps a purpose for: the latest.
KEPT = 30
LEAST_WORDS = 10
MOST_WORDS = 400
# A purpose stays in the trail for ever: no number of a person belongs there.
LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){8,}")
KEY = "persons"

Session = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Purpose:
    """`until` and `numbers_until` are moments as text: a session keeps no others."""

    told: str
    until: str
    numbers_until: str = ""

    @property
    def ends(self) -> datetime:
        return datetime.fromisoformat(self.until)

    @property
    def shows_numbers(self) -> bool:
        return bool(self.numbers_until) and timezone.now() < datetime.fromisoformat(self.numbers_until)


def purpose_of(session: Session, handle: str) -> Purpose | None:
    """The purpose in force for this person."""
    kept = session.get(KEY, {}).get(handle)
    purpose = Purpose(**kept) if kept else None
    return purpose if purpose and timezone.now() < purpose.ends else None


def keep_purpose(session: Session, handle: str, told: str) -> Purpose:
    return _keep(session, handle, Purpose(told, (timezone.now() + PURPOSE_LASTS).isoformat()))


def show_numbers(session: Session, handle: str, purpose: Purpose) -> Purpose:
    until = (timezone.now() + NUMBERS_LAST).isoformat()
    return _keep(session, handle, Purpose(purpose.told, purpose.until, until))


def _keep(session: Session, handle: str, purpose: Purpose) -> Purpose:
    others = {name: one for name, one in session.get(KEY, {}).items() if name != handle}
    latest = dict(list(others.items())[-(KEPT - 1) :])
    session[KEY] = latest | {handle: asdict(purpose)}
    return purpose


def fault_of(case: str, reason: str) -> str:
    """What is wrong with a purpose as written; nothing if it will do."""
    if not case and len(reason) < LEAST_WORDS:
        return _("Write the number of the case, or the reason in at least ten letters.")
    if len(case) + len(reason) > MOST_WORDS:
        return _("Write it shorter: the trail keeps 400 letters.")
    if LONG_NUMBER.search(case) or LONG_NUMBER.search(reason):
        return _("Leave out numbers of persons: the trail keeps what you write for ever.")
    return ""


def told(case: str, reason: str) -> str:
    return ": ".join(filter(None, (case, reason)))
