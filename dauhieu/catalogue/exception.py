"""Exceptions: findings which the agency knows and has found in order, for a time (`site/exceptions/*.yaml`).

A file holds one exception: which signs (or all of a violation), which findings of them (subjects, a condition on facts,
or both), from when until when, why, and two people who stand for it. What it says of subjects is never repeated in a
message: codes of persons may stand there.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dauhieu.catalogue.sign import CODE_SUBJECTS, Sign
from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Contract
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

WORDS = ("id", "signs", "violation", "subjects", "where", "from", "until", "why", "by", "approved_by")
NEEDED = ("id", "from", "until", "why", "by", "approved_by")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
NUMBER = re.compile(r"\w*\d{5}\w*")
LONGEST_MONTHS = 24


@dataclass(frozen=True)
class FindingException:
    """One exception; `subjects` are (kind, code), `where` a condition on the columns and facts of a finding."""

    id: str
    signs: tuple[str, ...]
    violation: str | None
    subjects: tuple[tuple[str, str], ...]
    where: str | None
    valid_from: date
    valid_until: date
    why: str
    by: str
    approved_by: str
    digest: str
    path: Path
    where_line: int

    def covers(self, sign: Sign) -> bool:
        return sign.violation == self.violation if self.violation else sign.id in self.signs

    def state(self, as_of: date) -> str:
        """Whether it acts on findings of the month which ends on a day: waiting, in force, expired."""
        if as_of < self.valid_from:
            return "waiting"
        return "in force" if as_of <= self.valid_until else "expired"

    def reminder(self) -> Fault:
        message = (
            f"Exception '{self.id}' ended on {self.valid_until} and acts no more. Renew it, or take the file away."
        )
        return Fault(self.path, 1, message)


def read_exception(
    path: Path, contract: Contract, signs: Collection[str], violations: Collection[str]
) -> FindingException:
    """Read one file; SignError lists every fault, with long numbers masked: they may be codes of persons."""
    try:
        return _read(path, contract, signs, violations)
    except SignError as error:
        faults = [Fault(one.path, one.line, NUMBER.sub("…", one.message)) for one in error.faults]
        raise SignError(faults=faults) from None


def _read(path: Path, contract: Contract, signs: Collection[str], violations: Collection[str]) -> FindingException:
    file = read_yaml(path, SignError)
    if not isinstance(file.data, dict):
        raise SignError(f"An exception is a mapping of {', '.join(WORDS)}.", path=path)
    data = {str(word): value for word, value in file.data.items()}
    faults = [
        file.fault(f"Unknown word '{word}'.{suggestion(word, WORDS)}", word) for word in data if word not in WORDS
    ]
    faults += [
        file.fault(f"The word '{word}' is missing or empty. Add it.")
        for word in NEEDED
        if data.get(word) in (None, "", [], {})
    ]
    if faults:
        raise SignError(faults=faults)
    if not ID.fullmatch(str(data["id"])) or NUMBER.search(str(data["id"])):
        faults.append(
            file.fault("An id is at most 40 letters, digits, '.', '_', '-', and no long number: EXC-2026-01.", "id")
        )
    if str(data["by"]).strip().casefold() == str(data["approved_by"]).strip().casefold():
        faults.append(file.fault("Who approves an exception is not who asks for it.", "approved_by"))
    _check_times(file, data, faults)
    named = _signs(file, data, signs, violations, faults)
    subjects = _subjects(file, data.get("subjects"), contract, faults)
    where = data.get("where")
    if where is not None and (not isinstance(where, str) or not where.strip()):
        faults.append(file.fault("'where' is a condition such as: amount < 1000000.", "where"))
    if not subjects and where is None:
        faults.append(file.fault("Name the findings meant: 'subjects', a condition 'where', or both."))
    if faults:
        raise SignError(faults=faults)
    return FindingException(
        id=str(data["id"]),
        signs=named,
        violation=str(data["violation"]) if data.get("violation") else None,
        subjects=subjects,
        where=where,
        valid_from=data["from"],
        valid_until=data["until"],
        why=str(data["why"]),
        by=str(data["by"]),
        approved_by=str(data["approved_by"]),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        path=path,
        where_line=file.line("where") + ("\n" in str(where or "").rstrip("\n")),
    )


def _check_times(file: YamlFile, data: Mapping[str, Any], faults: list[Fault]) -> None:
    start, end = data["from"], data["until"]
    for word in ("from", "until"):
        if type(data[word]) is not date:
            faults.append(file.fault(f"'{word}' must be a date such as 2026-12-31; no exception is for ever.", word))
    if type(start) is not date or type(end) is not date:
        return
    if end < start:
        faults.append(file.fault("It ends before it begins.", "until"))
    if end > _later(start, LONGEST_MONTHS):
        faults.append(file.fault(f"An exception lasts at most {LONGEST_MONTHS} months. Renew it then.", "until"))


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _signs(
    file: YamlFile, data: Mapping[str, Any], signs: Collection[str], violations: Collection[str], faults: list[Fault]
) -> tuple[str, ...]:
    named, violation = data.get("signs"), data.get("violation")
    if (named is None) == (violation is None):
        faults.append(file.fault("Name either 'signs' or one 'violation'."))
        return ()
    if violation is not None:
        if not isinstance(violation, str) or violation not in violations:
            hint = suggestion(str(violation), violations)
            faults.append(file.fault(f"There is no violation '{violation}'.{hint}", "violation"))
        return ()
    if not isinstance(named, list) or not named:
        faults.append(file.fault("'signs' is a list of ids.", "signs"))
        return ()
    for sign in named:
        if not isinstance(sign, str) or sign not in signs:
            faults.append(file.fault(f"There is no sign '{sign}'.{suggestion(str(sign), signs)}", "signs"))
    return tuple(str(sign) for sign in named)


def _subjects(file: YamlFile, items: Any, contract: Contract, faults: list[Fault]) -> tuple[tuple[str, str], ...]:
    if items is None:
        return ()
    if not isinstance(items, list):
        faults.append(file.fault("'subjects' is a list of {kind, code}.", "subjects"))
        return ()
    found = []
    known = (*contract.kinds, *CODE_SUBJECTS)
    for place, item in enumerate(items):
        key = ("subjects", place)
        if not isinstance(item, dict) or item.keys() != {"kind", "code"}:
            faults.append(file.fault("A subject is {kind: …, code: …} and nothing more.", *key))
        elif item["kind"] not in known:
            faults.append(file.fault(f"There is no such kind of subject. Known: {', '.join(known)}.", *key, "kind"))
        elif not isinstance(item["code"], str) or not item["code"]:
            faults.append(file.fault("Write the code between quotes: it is a text.", *key, "code"))
        else:
            found.append((str(item["kind"]), item["code"]))
    return tuple(found)
