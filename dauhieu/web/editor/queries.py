"""What the pages of the editor show."""

from __future__ import annotations

import difflib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from dauhieu.catalogue.catalogue import examples_path
from dauhieu.compiler.difference import Change, sign_changes
from dauhieu.errors import DauhieuError
from dauhieu.findings.stored import scanned_months
from dauhieu.warehouse.contract import contract
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.editor.checking import Checked, read_text
from dauhieu.web.editor.models import DRY_RUN, OPEN_STATES, SUBMITTED, WRITING, Draft, DraftTrial
from dauhieu.web.practice.store import the_store
from dauhieu.web.signs.shelf import catalogue, plain
from dauhieu.web.ui.words import language

SHOWN_CLOSED = 20
# Below so many, a count would point at somebody.
LEAST_CELL = 5
COUNTS = "findings subjects active_subjects new continuing gone excepted gained lost".split()
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Desk:
    """The drafts as one account sees them."""

    waiting: QuerySet[Draft]
    mine: QuerySet[Draft]
    others: QuerySet[Draft]
    closed: QuerySet[Draft]


def desk(username: str) -> Desk:
    return Desk(
        Draft.objects.filter(state=SUBMITTED).order_by("submitted_at"),
        Draft.objects.filter(author=username, state=WRITING),
        Draft.objects.filter(state=WRITING).exclude(author=username),
        Draft.objects.exclude(state__in=OPEN_STATES).order_by("-decided_at")[:SHOWN_CLOSED],
    )


def months() -> tuple[date, ...]:
    """The months which were scanned, the newest first: what a dry run may look at."""
    return tuple(reversed(scanned_months(the_store().version())))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a draft changes: by meaning, and line by line of each file."""

    changes: tuple[Change, ...]
    sign_lines: tuple[tuple[str, str], ...]
    example_lines: tuple[tuple[str, str], ...]
    against: str


def difference(draft: Draft, checked: Checked) -> Difference:
    """Against the file it began from; a copy against the sign it was copied from."""
    before_sign, before_examples = draft.base_sign_text, draft.base_examples_text
    against = draft.sign_id if before_sign else ""
    shipped = catalogue().signs.get(draft.copied_from)
    if not before_sign and shipped:
        before_sign, against = shipped.path.read_text(encoding="utf-8"), shipped.id
        before_examples = examples_path(shipped.path).read_text(encoding="utf-8")
    changes: tuple[Change, ...] = ()
    if before_sign and checked.sign:
        try:
            with tempfile.TemporaryDirectory() as folder:
                changes = sign_changes(read_text(before_sign, draft.branch, draft.stem, Path(folder)), checked.sign)
        except DauhieuError:
            # The file in force may be broken; its lines still show what changes.
            changes = ()
    return Difference(
        changes, _lines(before_sign, draft.sign_text), _lines(before_examples, draft.examples_text), against
    )


def _lines(before: str, now: str) -> tuple[tuple[str, str], ...]:
    """(mark, line): what went, what came, and what stands around it."""
    compared = difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=2)
    found = [(line[0], line[1:].lstrip("@")) for line in compared if not line.startswith(("---", "+++"))]
    return tuple(found[:MOST_LINES])


@dataclass(frozen=True, slots=True)
class PlaceRow:
    name: str
    findings: int
    subjects: int


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A dry run or back-test as shown: `done` is its JSON, `stale` says that the text has changed since."""

    asked: DraftTrial
    done: Mapping[str, Any]
    stale: bool
    places: tuple[PlaceRow, ...]
    months: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.asked.job and self.asked.job.state in ("ready", "running") and not self.done)


def trials(draft: Draft, text: str, scope: Scope) -> tuple[TrialRow, ...]:
    return tuple(trial_row(one, text, scope) for one in draft.trials.select_related("job")[:8])


def trial_row(one: DraftTrial, text: str, scope: Scope) -> TrialRow:
    done = json.loads(one.result) if one.result else {}
    places = done.get("places", ()) if one.kind == DRY_RUN else ()
    months = [_month(_withheld(month, scope)) for month in done.get("months", ())]
    done = _withheld(done, scope)
    return TrialRow(one, done, one.text != text, tuple(_places(places, scope)), tuple(months), tuple(_warnings(done)))


def _withheld(figures: Mapping[str, Any], scope: Scope) -> Mapping[str, Any]:
    """Figures without those which would point at somebody, for who may not see persons."""
    if scope.sees_persons:
        return figures
    few = [name for name in COUNTS if isinstance(figures.get(name), int) and 0 < figures[name] < LEAST_CELL]
    hidden = {*few, *(("amount", "active") if few else ())}
    return {name: None if name in hidden else value for name, value in figures.items()}


def _month(month: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**month, "as_of": date.fromisoformat(month["as_of"])}


def _warnings(done: Mapping[str, Any]) -> Iterable[str]:
    """A rule which names nobody or nearly everybody is seldom meant."""
    rate = done.get("flag_rate")
    if done.get("state") == "run" and not done.get("findings"):
        yield "none"
    elif rate is not None and rate > 0.2:
        yield "many"


def _places(places: Iterable[Mapping[str, Any]], scope: Scope) -> Iterable[PlaceRow]:
    """By province, those in scope, for who may see persons: from parts which are told others could be worked out."""
    codes = {reach.code for reach in scope.reaches}
    for one in places if scope.sees_persons else ():
        if scope.is_national or (one["code"] and one["code"] in codes):
            yield PlaceRow(one["name"] or one["code"], one["findings"], one["subjects"])


@dataclass(frozen=True, slots=True)
class ColumnRow:
    name: str
    type: str
    meaning: str
    values: tuple[str, ...]


def columns_of(table: str) -> tuple[ColumnRow, ...]:
    found = contract().tables.get(table)
    spoken = language()
    return tuple(
        ColumnRow(one.name, one.sql_type, getattr(one.meaning, spoken), one.values)
        for one in (found.columns if found else ())
    )


def table_options(search: str = "") -> list[tuple[str, str]]:
    """Tables a sign may read, and their meaning."""
    spoken, words = language(), plain(search).split()
    named = ((one.name, str(getattr(one.meaning, spoken))) for one in contract().tables.values() if one.clocked)
    return [(name, meaning) for name, meaning in named if all(word in plain(f"{name} {meaning}") for word in words)]
