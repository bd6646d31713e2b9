"""Findings read back from the store, by month, sign, subject or id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from dauhieu.engines.base import Engine
from dauhieu.errors import DauhieuError
from dauhieu.findings.stored import finding_files, findings_input
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

# The columns of every list of findings, in this order.
COLUMNS = (
    "finding_id sign_id sign_version violation_id subject_kind subject_id subject_code item period_from period_to "
    "amount amount_kind strength state area_code org_code block_code facts sign_status exception_id"
).split()


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as people name it: `employer:YN0123`."""

    kind: str
    code: str

    @classmethod
    def parse(cls, text: str) -> Subject:
        kind, _, code = text.partition(":")
        if not kind or not code:
            raise DauhieuError(f"'{text}' names no subject. Write KIND:CODE, such as employer:YN0123.")
        return cls(kind, code)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def findings_table(
    engine: Engine,
    store: Store,
    version: Version,
    as_of: date,
    *,
    sign: str | None = None,
    subject: Subject | None = None,
    roll_fact: str | None = None,
) -> pa.Table:
    """Findings of one month; with `roll_fact` also those which name the subject in that fact."""
    files = finding_files(store, version, as_of, [sign] if sign else None)
    engine.register("month_finding", findings_input(store, files))
    where = "true"
    if subject:
        where = f"subject_kind = {_text(subject.kind)} AND subject_code = {_text(subject.code)}"
        if roll_fact:
            where = f"({where}) OR json_extract_string(facts, '$.{roll_fact}') = {_text(subject.code)}"
    return engine.table(
        f"SELECT {', '.join(COLUMNS)} FROM month_finding WHERE {where} "
        "ORDER BY sign_id, subject_code, item, period_from, finding_id"
    )


def one_finding(engine: Engine, store: Store, version: Version, finding_id: str) -> tuple[date, dict[str, Any]]:
    """The month and the latest row of a finding; facts are a mapping."""
    engine.register("every_finding", store.input(version, "finding"))
    rows = engine.table(
        f"SELECT * FROM every_finding WHERE finding_id = {_text(finding_id)} ORDER BY as_of DESC LIMIT 1"
    ).to_pylist()
    if not rows:
        raise DauhieuError(f"There is no finding '{finding_id}' in the store. Look it up with 'dauhieu findings'.")
    row = rows[0] | {"facts": json.loads(rows[0]["facts"])}
    return row["as_of"], row
