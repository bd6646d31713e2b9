from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.notices.actions import tell
from dauhieu.web.notices.models import HANDED
from dauhieu.web.radar.lake import Lake
from dauhieu.web.triage.models import (
    ACKNOWLEDGE,
    ACKNOWLEDGED,
    DISMISS,
    DISMISSED,
    HAND,
    OTHER,
    PLAN,
    PLANNED,
    REASONS,
    REOPEN,
    UNDO,
    WAITING,
    SavedView,
    Step,
    Triage,
)
from dauhieu.web.triage.queries import QUEUE, Key, alike, before_of, colleagues, findings, triages

# How long a deed can be taken back.
UNDO_FOR = timedelta(minutes=10)
STATE_AFTER = {ACKNOWLEDGE: ACKNOWLEDGED, PLAN: PLANNED, DISMISS: DISMISSED, REOPEN: WAITING}


class DeedError(Exception):
    """What was asked for lacks something: a reason, its words, a colleague. The key names it for the page."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody decides; `to` is the colleague something is handed to, `due` the day by which to look."""

    did: str
    reason: str = ""
    words: str = ""
    to: User | None = None
    due: date | None = None

    def check(self) -> None:
        if self.did == DISMISS and self.reason not in REASONS:
            raise DeedError("reason")
        if self.did == DISMISS and self.reason == OTHER and not self.words.strip():
            raise DeedError("words")
        if self.did == HAND and self.to is None:
            raise DeedError("to")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed. `changed` were changed by others meanwhile and left as they are."""

    number: uuid.UUID
    did: str
    keys: tuple[Key, ...]
    changed: tuple[Triage, ...] = ()
    # Not handed on: their place or branch is not the colleague's.
    out_of_reach: int = 0


@transaction.atomic
def decide(
    lake: Lake, scope: Scope, *, by: User, seen: Mapping[Key, int], deed: Deed, with_alike: bool = False
) -> Done:
    """Do a deed to findings, each with the version of its triage which was seen: 0 where there was none."""
    deed.check()
    rows = findings(lake, scope, seen)
    expected = {key: seen[key] for key in rows}
    if with_alike:
        expected |= _waiting_alike(lake, scope, rows, expected)
        rows |= findings(lake, scope, expected)
    kept = triages(scope, expected)
    done: list[Triage] = []
    changed: list[Triage] = []
    steps: list[Step] = []
    out_of_reach = 0
    number, now = uuid.uuid4(), timezone.now()
    for key, version in expected.items():
        if deed.to is not None and deed.to not in colleagues([rows[key]]):
            out_of_reach += 1
            continue
        before = kept.get(key) or _new(key, rows[key])
        if before.version != version:
            changed.append(before)
            continue
        snapshot = before_of(before)
        after = {"changed_at": now, "changed_by": by.username, **_after(before, deed, by)}
        if not _write(scope, before, after):
            changed += triages(scope, [key]).values()
            continue
        steps.append(_step(before, number, deed, snapshot))
        done.append(before)
    Step.objects.bulk_create(steps)
    _tell_trail(done, by, {"did": deed.did, "reason": deed.reason, "to": deed.to.username if deed.to else ""})
    if deed.to is not None and done and deed.to != by:
        tell([deed.to], HANDED, f"{reverse('warnings')}?state=all&holder=me", number=len(done), by=by.get_full_name())
    keys = tuple(Key(one.finding_id, one.unit_kind, one.unit_code) for one in done)
    return Done(number, deed.did, keys, tuple(changed), out_of_reach)


def _waiting_alike(
    lake: Lake, scope: Scope, rows: Mapping[Key, Mapping[str, Any]], seen: Mapping[Key, int]
) -> dict[Key, int]:
    """Others of the same sign on the same unit; those somebody has decided of stay as they are."""
    others = {key for row in rows.values() for key in alike(lake, scope, row)} - {*seen}
    kept = triages(scope, others)
    free = (key for key in others if key not in kept or kept[key].state == WAITING)
    return {key: kept[key].version if key in kept else 0 for key in free}


def _new(key: Key, row: Mapping[str, Any]) -> Triage:
    return Triage(
        finding_id=key.finding,
        unit_kind=key.kind,
        unit_code=key.code,
        sign_id=row["sign_id"],
        violation_id=row["violation_id"],
        as_of=row["as_of"],
        amount=row["amount"],
        province_code=row["province"] or "",
        former_province_code=row["former_province"] or "",
        office_code=row["org_code"] or "",
        branch=row["branch"],
        version=0,
    )


def _after(before: Triage, deed: Deed, by: User) -> dict[str, Any]:
    """The fields which a deed changes."""
    if deed.did == HAND:
        return {"holder": deed.to}
    holder = None if deed.did in (REOPEN, DISMISS) else before.holder or by
    words = deed.words.strip()[:500]
    return {
        "state": STATE_AFTER[deed.did],
        "reason": deed.reason if deed.did == DISMISS else "",
        "words": words,
        "holder": holder,
        "due": deed.due if deed.did == PLAN else None,
    }


def _write(scope: Scope, row: Triage, after: Mapping[str, Any]) -> bool:
    """Change a row as it was read, or make it; False if somebody was faster."""
    read = row.version
    for name, value in {**after, "version": read + 1}.items():
        setattr(row, name, value)
    if row.pk is None:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return False
        return True
    return bool(Triage.objects.within(scope).filter(pk=row.pk, version=read).update(**after, version=read + 1))


def _step(row: Triage, number: uuid.UUID, deed: Deed, before: str) -> Step:
    return Step(
        triage_id=row.pk,
        number=number,
        at=row.changed_at,
        by=row.changed_by,
        did=deed.did,
        before=before,
        version=row.version,
        reason=deed.reason if deed.did == DISMISS else "",
        words=deed.words.strip()[:500],
        handed_to=deed.to,
    )


def _tell_trail(rows: Iterable[Triage], by: User, details: Mapping[str, object]) -> None:
    """One entry a unit. Words stay with the triage: they may name persons."""
    units: dict[str, list[str]] = {}
    for row in rows:
        units.setdefault(f"{row.unit_kind}:{row.unit_code}", []).append(row.finding_id)
    for unit, found in units.items():
        record(act=Act.FINDINGS_DECIDED, by=by.username, subject=unit, details={**details, "findings": found})


@transaction.atomic
def undo(scope: Scope, *, by: User, number: uuid.UUID) -> Done:
    """Take back one's own deed of a short while ago, where nobody has changed anything since."""
    since = timezone.now() - UNDO_FOR
    steps = {step.triage_id: step for step in Step.objects.filter(number=number, by=by.username, at__gt=since)}
    done: list[Triage] = []
    changed: list[Triage] = []
    taken_back: list[Step] = []
    undoing = uuid.uuid4()
    for row in Triage.objects.within(scope).filter(pk__in=steps):
        step = steps[row.pk]
        before = json.loads(step.before)
        after = {name: before[name] for name in ("state", "reason", "words")}
        after |= {"holder_id": before["holder"], "due": date.fromisoformat(before["due"]) if before["due"] else None}
        after |= {"changed_at": timezone.now(), "changed_by": by.username}
        snapshot = before_of(row)
        if row.version != step.version or not _write(scope, row, after):
            changed.append(row)
            continue
        taken_back.append(_step(row, undoing, Deed(UNDO), snapshot))
        done.append(row)
    Step.objects.bulk_create(taken_back)
    _tell_trail(done, by, {"did": UNDO})
    keys = tuple(Key(one.finding_id, one.unit_kind, one.unit_code) for one in done)
    return Done(undoing, UNDO, keys, tuple(changed))


def save_view(user: User, name: str, query: str) -> None:
    """Under a name; without one it is where the account left off."""
    values = {"query": query[:500], "saved_at": timezone.now()}
    SavedView.objects.update_or_create(user=user, place=QUEUE, name=name.strip()[:60], defaults=values)


def drop_view(user: User, number: int) -> None:
    SavedView.objects.filter(user=user, place=QUEUE, pk=number).delete()
