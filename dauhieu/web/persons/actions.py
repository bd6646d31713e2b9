from __future__ import annotations

from django.db import transaction

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.identities.actions import handles_of
from dauhieu.web.persons.purpose import Purpose, Session, keep_purpose, show_numbers


def subject_of(handle: str) -> str:
    return f"person:{handle}"


@transaction.atomic
def tell_search(number: str | None, *, found: bool, by: str) -> str:
    """The handle of whom somebody searched for; `number` is None where there is no such person."""
    handle = handles_of([number])[number] if number else ""
    subject = subject_of(handle) if handle else ""
    record(act=Act.PERSON_SOUGHT, by=by, subject=subject, details={"found": found})
    return handle


@transaction.atomic
def give_purpose(session: Session, handle: str, purpose: str, *, by: str) -> Purpose:
    record(act=Act.PERSON_PURPOSE, by=by, subject=subject_of(handle), purpose=purpose)
    return keep_purpose(session, handle, purpose)


@transaction.atomic
def unmask(session: Session, handle: str, purpose: Purpose, reason: str, *, by: str) -> Purpose:
    record(act=Act.PERSON_UNMASKED, by=by, subject=subject_of(handle), purpose=reason, details={"for": purpose.told})
    return show_numbers(session, handle, purpose)


def tell_read(handle: str, purpose: Purpose, *, by: str) -> None:
    record(
        act=Act.PERSON_READ,
        by=by,
        subject=subject_of(handle),
        purpose=purpose.told,
        details={"numbers": purpose.shows_numbers},
    )
