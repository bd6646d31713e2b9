"""A sign as a frozen value: what it points at, what it needs, and the SELECT which finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from dauhieu.warehouse.contract import Text

STATUSES = ("draft", "experimental", "test", "stable", "retired")
# A scan runs these; a draft only by its name, a retired one never.
RUNNING = ("experimental", "test", "stable")
# Their findings make warnings and points; those of an experimental sign are only kept and shown.
RANKING = ("test", "stable")
# Never written in a file: the file cannot be read or compiled, or the last run failed.
BROKEN = "broken"
BRANCHES = ("social", "unemployment", "health", "cross")
# Subjects which have no ids of their own: a sign names them by code.
CODE_SUBJECTS = ("office", "document")
AMOUNT_KINDS = ("arrears", "undue_benefit", "refused_cost", "exposure")

# Output columns of every sign, in this order; `subject_code` and `strength` may be left out, what follows are facts.
REQUIRED_OUTPUT = ("subject_id", "item", "period_from", "period_to", "amount")
OPTIONAL_OUTPUT = ("subject_code", "strength")


@dataclass(frozen=True, slots=True)
class Texts:
    """A list in both languages, of equal length."""

    vi: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An article and its time of force."""

    instrument: str
    article: str
    valid_from: date
    valid_to: date | None


Threshold = int | str | date | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Local:
    """A value which the agency has set over a shipped one, for months which end on `valid_from` or later."""

    value: Threshold
    why: str
    by: str
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class Tuning:
    """A named threshold with its unit and the reason for its value; an author may give one text for both languages."""

    value: Threshold
    unit: str
    why: Text
    local: Local | None = None

    def local_at(self, as_of: date) -> Local | None:
        """What the agency has set for a month, None if the shipped value is in force."""
        return self.local if self.local and (self.local.valid_from is None or self.local.valid_from <= as_of) else None

    def at(self, as_of: date) -> Threshold:
        """The value in force for a month."""
        local = self.local_at(as_of)
        return local.value if local else self.value


# How new the newest row of a table must be: so many months, any age, or of the latest closed year (tables by year).
CLOSED_YEAR = "closed year"
Age = int | str | None


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be there: tables with their greatest age (months, None for any, CLOSED_YEAR), other signs, identity."""

    required: Mapping[str, Age]
    helpful: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Retired:
    """Since when and why a sign is not run any more, and which signs took its place."""

    on: date
    reason: Text
    replaced_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. `item_kind` tells which kind of id a BIGINT item is (None: text or no item).

    It is run for months which end within `applies_from` and `applies_to`, so no period of a finding lies after them.
    `site` tells a sign of the agency's own from one which is shipped. `counts` are the kinds of
    subjects whose findings a compound sign counts, none for a sign which has SQL of its own. `lines` says where
    each word stands in the file.
    """

    id: str
    version: int
    status: str
    violation: str
    branch: str
    subject: str
    severity: int
    title: Text
    rule: Text
    explain: Text
    legal_basis: tuple[LegalBasis, ...]
    applies_from: date | None
    applies_to: date | None
    amount_kind: str
    needs: Needs
    innocent_explanations: Texts
    ask_for: Texts
    tuning: Mapping[str, Tuning]
    sql: str
    evidence: str
    item_kind: str | None
    reading: Text | None
    digest: str
    path: Path
    sql_line: int
    evidence_line: int
    site: bool = False
    retired: Retired | None = None
    counts: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)

    def line(self, word: str) -> int:
        """The line of a word of the file, such as `explain` or `tuning.least`; the first where it is not there."""
        return self.lines.get(word) or self.lines.get(word.partition(".")[0], 1)

    def thresholds(self, as_of: date) -> dict[str, Threshold]:
        """The values in force for a month."""
        return {name: threshold.at(as_of) for name, threshold in self.tuning.items()}

    def as_shipped(self) -> Sign:
        """The sign without the values of an agency: what its examples are written for."""
        return replace(self, tuning={name: replace(one, local=None) for name, one in self.tuning.items()})
