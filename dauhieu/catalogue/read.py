"""Read one sign file into a `Sign`; every fault of the file is reported at once, with line and suggestion."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dauhieu.catalogue.compound import ROLLED, Compound, read_compound
from dauhieu.catalogue.sign import (
    AMOUNT_KINDS,
    BRANCHES,
    CLOSED_YEAR,
    CODE_SUBJECTS,
    STATUSES,
    Age,
    LegalBasis,
    Needs,
    Retired,
    Sign,
    Texts,
    Tuning,
)
from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Contract, Text
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

REQUIRED_WORDS = (
    "id version status violation subject severity title rule explain legal_basis amount_kind needs "
    "innocent_explanations ask_for sql evidence"
).split()
OPTIONAL_WORDS = "applies tuning item_kind reading retired compound".split()
SIGN_ID = re.compile(r"^(SI|UI|HI|X)-[A-Z]{2,4}-\d{2}-S\d{1,2}$")
ID_PREFIX = {"social": "SI", "unemployment": "UI", "health": "HI", "cross": "X"}
COMPOUND_MAKES = ("sql", "evidence")
AGE = re.compile(r"^(\d+) months?$")


def read_sign(path: Path, contract: Contract, violations: Mapping[str, object], branch: str | None = None) -> Sign:
    """Read `path`; SignError lists every fault. The branch is the folder's name, where none is given."""
    file = read_yaml(path, SignError)
    if not isinstance(file.data, dict):
        raise SignError("A sign file is a mapping of words such as id, title, sql.", path=path)
    faults = list(_word_faults(file))
    if faults:
        raise SignError(faults=faults)
    reader = _Reader(file, contract, faults)
    sign = reader.sign(violations, branch or path.parent.name)
    if faults:
        raise SignError(faults=faults)
    return sign


def _word_faults(file: YamlFile) -> list[Fault]:
    known = (*REQUIRED_WORDS, *OPTIONAL_WORDS)
    compound = "compound" in file.data
    faults = [
        file.fault(f"Unknown word '{word}'.{suggestion(str(word), known)}", word)
        for word in file.data
        if word not in known
    ]
    if compound:
        faults += [
            file.fault(f"A compound sign has no '{word}': it is made from what it counts.", word)
            for word in COMPOUND_MAKES
            if word in file.data
        ]
    needed = [word for word in REQUIRED_WORDS if not compound or word not in (*COMPOUND_MAKES, "needs")]
    missing = [word for word in needed if file.data.get(word) in (None, "", [], {})]
    return faults + [file.fault(f"The word '{word}' is missing or empty. Add it.") for word in missing]


class _Reader:
    """Turns the words of one file into values, collecting faults."""

    def __init__(self, file: YamlFile, contract: Contract, faults: list[Fault]) -> None:
        self.file, self.contract, self.faults = file, contract, faults

    def sign(self, violations: Mapping[str, object], branch: str) -> Sign:
        data = self.file.data
        self._choice(branch, BRANCHES, "branch (the folder)", "id")
        self._identifier(data["id"], branch)
        self._choice(data["violation"], tuple(violations), "violation", "violation")
        subjects = (*self.contract.kinds, *CODE_SUBJECTS)
        self._choice(data["subject"], subjects, "subject", "subject")
        if data.get("item_kind"):
            self._choice(data["item_kind"], tuple(self.contract.kinds), "item_kind", "item_kind")
        severity = self._whole(data["severity"], "severity", 1, 5)
        applies = self._mapping("applies")
        text = self.file.path.read_bytes()
        compound = self._compound(str(data["subject"]))
        return Sign(
            id=str(data["id"]),
            version=self._whole(data["version"], "version", 1, 10_000),
            status=self._choice(data["status"], STATUSES, "status", "status"),
            violation=str(data["violation"]),
            branch=branch,
            subject=str(data["subject"]),
            severity=severity,
            title=self._text("title"),
            rule=self._text("rule"),
            explain=self._text("explain"),
            legal_basis=self._legal_basis(data["legal_basis"]),
            applies_from=self._date(applies.get("from"), "applies", "from"),
            applies_to=self._date(applies.get("to"), "applies", "to"),
            amount_kind=self._choice(data["amount_kind"], AMOUNT_KINDS, "amount_kind", "amount_kind"),
            needs=self._needs(self._mapping("needs"), compound),
            innocent_explanations=self._texts("innocent_explanations"),
            ask_for=self._texts("ask_for"),
            tuning=self._tuning(self._mapping("tuning")) | (compound.tuning() if compound else {}),
            sql=compound.sql() if compound else self._sql("sql"),
            evidence=compound.evidence() if compound else self._sql("evidence"),
            item_kind=data.get("item_kind"),
            reading=self._text("reading") if data.get("reading") else None,
            digest=hashlib.sha256(text).hexdigest(),
            path=self.file.path,
            sql_line=self.file.line("sql") + 1,
            evidence_line=self.file.line("evidence") + 1,
            retired=self._retired(data["status"]),
            counts=(compound.subject, *(ROLLED if compound.roll_up else ())) if compound else (),
            lines={".".join(map(str, key)): line for key, line in self.file.lines.items() if 0 < len(key) <= 2},
        )

    def _fault(self, message: str, *key: str | int) -> None:
        self.faults.append(self.file.fault(message, *key))

    def _mapping(self, *key: str) -> Mapping[str, Any]:
        """The words under a key, none if it is not there."""
        body: Any = self.file.data
        for word in key:
            body = body.get(word) or {}
        if not isinstance(body, dict):
            self._fault(f"'{key[-1]}' is a mapping of words and values.", *key)
            return {}
        return {str(word): value for word, value in body.items()}

    def _names(self, body: Mapping[str, Any], *key: str) -> tuple[str, ...]:
        """A list of names, none if it is not there."""
        found = body.get(key[-1]) or []
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            self._fault(f"'{key[-1]}' is a list of names.", *key)
            return ()
        return tuple(found)

    def _identifier(self, identifier: object, branch: str) -> None:
        if not SIGN_ID.match(str(identifier)):
            self._fault(f"'{identifier}' is not an id such as SI-EMP-05-S1.", "id")
        elif branch in ID_PREFIX and not str(identifier).startswith(ID_PREFIX[branch] + "-"):
            self._fault(f"'{identifier}' stands in the folder '{branch}'. Move the file or change the id.", "id")

    def _choice(self, value: object, known: Sequence[str], what: str, *key: str) -> str:
        if value not in known:
            self._fault(f"Unknown {what} '{value}'.{suggestion(str(value), known)}", *key)
        return str(value)

    def _whole(self, value: object, word: str, least: int, most: int) -> int:
        if not isinstance(value, int) or not least <= value <= most:
            self._fault(f"'{word}' must be a whole number from {least} to {most}.", word)
            return least
        return value

    def _date(self, value: object, *key: str | int) -> date | None:
        if value is None or isinstance(value, date):
            return value
        self._fault(f"'{value}' is not a date. Write it as 2025-07-01.", *key)
        return None

    def _text(self, word: str) -> Text:
        body = self.file.data[word]
        if not isinstance(body, dict) or not all(body.get(language) for language in ("vi", "en")):
            self._fault(f"'{word}' needs a text in vi and one in en.", word)
            return Text("", "")
        return Text(str(body["vi"]).strip(), str(body["en"]).strip())

    def _texts(self, word: str) -> Texts:
        body = self.file.data[word]
        lists = [body.get(language) if isinstance(body, dict) else None for language in ("vi", "en")]
        if not all(isinstance(found, list) and found for found in lists) or len({len(f or []) for f in lists}) != 1:
            self._fault(f"'{word}' needs a list in vi and a list in en, of equal length and never empty.", word)
            return Texts((), ())
        return Texts(*(tuple(str(line) for line in found or []) for found in lists))

    def _legal_basis(self, items: object) -> tuple[LegalBasis, ...]:
        if not isinstance(items, list):
            self._fault("'legal_basis' is a list of {instrument, article, from, to}.", "legal_basis")
            return ()
        found = []
        for place, item in enumerate(items):
            key = ("legal_basis", place)
            if not isinstance(item, dict):
                self._fault("A legal basis is a mapping {instrument, article, from, to}.", *key)
                continue
            start = self._date(item.get("from"), *key)
            if not item.get("instrument") or not item.get("article") or start is None:
                self._fault("A legal basis needs instrument, article and from (a date).", *key)
                continue
            end = self._date(item.get("to"), *key)
            found.append(LegalBasis(str(item["instrument"]), str(item["article"]), start, end))
        return tuple(found)

    def _retired(self, status: str) -> Retired | None:
        body = self._mapping("retired")
        if (status == "retired") != bool(body):
            self._fault("'retired' (on, reason) and the status 'retired' stand together. Use 'dauhieu sign retire'.")
            return None
        if not body:
            return None
        on, reason = self._date(body.get("on"), "retired", "on"), body.get("reason")
        if on is None or not isinstance(reason, dict) or not all(reason.get(word) for word in ("vi", "en")):
            self._fault("'retired' needs the day ('on') and a 'reason' in vi and en.", "retired")
            return None
        return Retired(on, Text(str(reason["vi"]), str(reason["en"])), self._names(body, "retired", "replaced_by"))

    def _compound(self, subject: str) -> Compound | None:
        if "compound" not in self.file.data:
            return None
        compound, faults = read_compound(self._mapping("compound"), subject)
        for message in faults:
            self._fault(message, "compound")
        if compound and subject not in self.contract.kinds:
            self._fault(f"'{subject}' has no ids: a compound sign cannot count on it.", "compound")
        return compound

    def _needs(self, body: Mapping[str, Any], compound: Compound | None) -> Needs:
        required: dict[str, Age] = {}
        for table, age in self._mapping("needs", "required").items() if body else ():
            self._table(table, "needs", "required", table)
            match = AGE.match(str(age))
            if age not in ("any", CLOSED_YEAR) and not match:
                message = f"'{age}' is not an age. Write '2 months', 'closed year' or 'any'."
                self._fault(message, "needs", "required", table)
            columns = self.contract.tables[table].sql_columns() if table in self.contract.tables else {"year": ""}
            if age == CLOSED_YEAR and "year" not in columns:
                self._fault(f"Table '{table}' has no column 'year', so no closed year.", "needs", "required", table)
            required[table] = int(match.group(1)) if match else CLOSED_YEAR if age == CLOSED_YEAR else None
        if not required and "compound" not in self.file.data:
            self._fault("'needs' must name at least one required table.", "needs")
        helpful = self._names(body, "needs", "helpful")
        for table in helpful:
            self._table(table, "needs", "helpful")
        for word in body.keys() - {"required", "helpful", "signs", "identity"}:
            self._fault(f"Unknown word '{word}' in needs.", "needs", word)
        return Needs(
            required,
            helpful,
            (*self._names(body, "needs", "signs"), *(compound.signs if compound else ())),
            bool(body.get("identity")),
        )

    def _table(self, name: str, *key: str | int) -> None:
        if name not in self.contract.tables:
            self._fault(f"There is no table '{name}'.{suggestion(name, self.contract.tables)}", *key)

    def _tuning(self, body: Mapping[str, Any]) -> dict[str, Tuning]:
        found: dict[str, Tuning] = {}
        for name, item in body.items():
            complete = isinstance(item, dict) and item.get("value") is not None and item.get("unit") and item.get("why")
            if not complete:
                self._fault(f"The threshold '{name}' needs value, unit and why.", "tuning", name)
                continue
            value, why = item["value"], item["why"]
            if isinstance(why, dict) and (set(why) != {"vi", "en"} or not all(why.values())):
                self._fault(
                    f"'why' of the threshold '{name}' is one text, or a text in vi and one in en.", "tuning", name
                )
                continue
            if isinstance(value, float):
                self._fault(
                    f"The threshold '{name}' is a fraction. Use a whole number, such as percent or parts per million.",
                    *("tuning", name),
                )
            found[name] = Tuning(tuple(value) if isinstance(value, list) else value, str(item["unit"]), _both(why))
        return found

    def _sql(self, word: str) -> str:
        return str(self.file.data.get(word) or "")


def _both(text: object) -> Text:
    return Text(str(text["vi"]), str(text["en"])) if isinstance(text, dict) else Text(str(text), str(text))
