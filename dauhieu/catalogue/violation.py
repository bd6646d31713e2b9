"""The violations: the wrongs which the law names and signs point at, read from `violations.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dauhieu.catalogue.sign import BRANCHES
from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Text
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

VIOLATIONS_FILE = Path(__file__).parent / "violations.yaml"
ACTORS = (
    "employer",
    "participant",
    "beneficiary",
    "facility",
    "practitioner",
    "training_provider",
    "collection_agent",
    "broker",
    "officer",
    "office",
)
CONFIDENCES = ("high", "medium", "low")
TEXTS = ("title", "description", "legal_basis", "sanction")
WORDS = frozenset((*TEXTS, "branch", "actor", "confidence", "as_of"))
ID = re.compile(r"(SI|UI|HI|X)-[A-Z]{3}-\d{2}")


@dataclass(frozen=True, slots=True)
class Violation:
    """One wrong; `actor` is who commits it, `as_of` the day on which the law was last looked at."""

    id: str
    title: Text
    branch: str
    actor: str
    description: Text
    legal_basis: Text
    sanction: Text
    confidence: str
    as_of: date


@cache
def violations() -> Mapping[str, Violation]:
    """The violations this product ships, by id."""
    return read_violations()


def violation(id_: str) -> Violation:
    known = violations()
    if id_ not in known:
        raise SignError(f"There is no violation '{id_}'.{suggestion(id_, known)}")
    return known[id_]


def read_violations(path: Path = VIOLATIONS_FILE) -> Mapping[str, Violation]:
    """Read and check the file; every fault is in the error."""
    file = read_yaml(path, SignError)
    if not isinstance(file.data, dict):
        raise SignError("The file holds no violations. Write 'SI-EMP-01: {title: …, …}'.", path=path)
    faults = [fault for id_ in file.data for fault in _faults(file, id_)]
    if faults:
        raise SignError(faults=faults)
    return {id_: _violation(id_, body) for id_, body in file.data.items()}


def _violation(id_: str, body: Mapping[str, Any]) -> Violation:
    texts = {name: Text(str(body[name]["vi"]), str(body[name]["en"])) for name in TEXTS}
    return Violation(
        id=id_,
        branch=body["branch"],
        actor=body["actor"],
        confidence=body["confidence"],
        as_of=body["as_of"],
        **texts,
    )


def _faults(file: YamlFile, id_: str) -> list[Fault]:
    body = file.data[id_]
    if not isinstance(body, dict):
        return [file.fault(f"Violation '{id_}' has no body. Give it a title and the rest.", id_)]
    found = []
    if not ID.fullmatch(str(id_)):
        found.append(file.fault(f"'{id_}' is not the id of a violation. Write it as SI-EMP-01.", id_))
    for word in body.keys() - WORDS:
        found.append(file.fault(f"Unknown word '{word}' in a violation.{suggestion(word, WORDS)}", id_, word))
    for name in TEXTS:
        for language in ("vi", "en"):
            text = body.get(name)
            if not isinstance(text, dict) or not text.get(language):
                found.append(file.fault(f"'{name}' of '{id_}' has no text in '{language}'. Add it.", id_, name))
    for name, known in (("branch", BRANCHES), ("actor", ACTORS), ("confidence", CONFIDENCES)):
        if body.get(name) not in known:
            found.append(file.fault(f"'{name}' of '{id_}' must be one of {known}.", id_, name))
    if type(body.get("as_of")) is not date:
        found.append(file.fault(f"'as_of' of '{id_}' must be a date such as 2026-11-21.", id_, "as_of"))
    return found
