"""From the rows of one sign to complete findings: codes for ids, a lasting id, the place, and state against before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dauhieu.catalogue.sign import OPTIONAL_OUTPUT, REQUIRED_OUTPUT, Sign
from dauhieu.warehouse.contract import Contract

ID_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Completion:
    """SQL of the complete findings of one sign, and the kinds whose keys it joins."""

    sql: str
    kinds: frozenset[str]


def completion(
    sign: Sign, columns: Mapping[str, str], contract: Contract, *, found: str, place: str, as_of: date
) -> Completion:
    """`columns` are the output columns of the sign (name -> SQL type), `found` and `place` relations.

    `place` has subject_kind, subject_id, valid_from, valid_to, area_code, org_code, block_code; the place at the end of
    the finding's period is taken. The finding's id is a digest of sign, subject code, item and first period, so that it
    lasts from month to month and from store to store.
    """
    facts = [name for name in columns if name not in (*REQUIRED_OUTPUT, *OPTIONAL_OUTPUT)]
    kinds: dict[str, str] = {}
    joins: list[str] = []

    def code_of(column: str, kind: str) -> str:
        alias = f"k_{column}"
        kinds[column] = kind
        joins.append(f'LEFT JOIN keys__{kind} AS {alias} ON {alias}.id = f."{column}"')
        return f"{alias}.code"

    subject_id = 'f."subject_id"' if "subject_id" in columns else "NULL"
    subject_code = 'f."subject_code"' if "subject_code" in columns else "CAST(NULL AS VARCHAR)"
    if sign.subject in contract.kinds and "subject_id" in columns:
        subject_code = f"coalesce({code_of('subject_id', sign.subject)}, {subject_code})"
    elif sign.subject in contract.kinds:
        # A code which the store knows is found under its id as well.
        kinds["subject_code"] = sign.subject
        joins.append(f'LEFT JOIN keys__{sign.subject} AS k_subject ON k_subject.code = f."subject_code"')
        subject_id = "k_subject.id"
    item = 'CAST(f."item" AS VARCHAR)'
    if sign.item_kind:
        item = code_of("item", sign.item_kind)
    shown = []
    for name in facts:
        kind = contract.kind_of(name)
        if kind:
            shown.append(f"'{name.removesuffix('_id')}_code', {code_of(name, kind)}")
        else:
            shown.append(f"'{name}', f.\"{name}\"")
    strength = 'CAST(f."strength" AS INTEGER)' if "strength" in columns else "CAST(NULL AS INTEGER)"
    sql = f"""
        WITH coded AS (
          SELECT CAST({subject_id} AS BIGINT) AS subject_id, {subject_code} AS subject_code, {item} AS item,
                 CAST(f.period_from AS DATE) AS period_from, CAST(f.period_to AS DATE) AS period_to,
                 CAST(f.amount AS BIGINT) AS amount, {strength} AS strength,
                 CAST(json_object({", ".join(shown)}) AS VARCHAR) AS facts
          FROM {found} AS f {" ".join(joins)})
        SELECT substr(sha256(concat_ws('|', '{sign.id}', c.subject_code, coalesce(c.item, ''),
                                       CAST(c.period_from AS VARCHAR))), 1, {ID_LENGTH}) AS finding_id,
               DATE '{as_of}' AS as_of, '{sign.id}' AS sign_id, CAST({sign.version} AS INTEGER) AS sign_version,
               '{sign.violation}' AS violation_id, '{sign.branch}' AS branch, '{sign.subject}' AS subject_kind,
               c.subject_id, c.subject_code, c.item, c.period_from, c.period_to, c.amount,
               '{sign.amount_kind}' AS amount_kind, c.strength, p.area_code, p.org_code, p.block_code, c.facts,
               '{sign.status}' AS sign_status
        FROM coded AS c
        LEFT JOIN {place} AS p ON p.subject_kind = '{sign.subject}' AND p.subject_id = c.subject_id
          AND coalesce(c.period_to, DATE '{as_of}') BETWEEN p.valid_from AND p.valid_to"""
    return Completion(sql, frozenset(kinds.values()))


def stated(complete: str, before: str, excepted: str | None = None) -> str:
    """Findings with their state against `before`, the same sign's findings of the latest earlier month.

    `excepted` gives the finding_id and exception_id of those which are known to be in order.

    A sign which names one subject, item and period twice keeps the row of the larger amount.
    """
    return f"""
        SELECT n.*, {"x.exception_id" if excepted else "CAST(NULL AS VARCHAR) AS exception_id"},
               CASE WHEN b.finding_id IS NULL THEN 'new' ELSE 'continuing' END AS state
        FROM ({complete}) AS n LEFT JOIN {before} AS b ON b.finding_id = n.finding_id
        {f"LEFT JOIN {excepted} AS x ON x.finding_id = n.finding_id" if excepted else ""}
        QUALIFY row_number() OVER (PARTITION BY n.finding_id ORDER BY n.amount DESC NULLS LAST, n.facts) = 1
        ORDER BY n.subject_code, n.item, n.period_from, n.finding_id"""


def gone(now: str, before: str, as_of: date) -> str:
    """The findings of `before` which are no longer there, with their last facts, as of the month which lacks them."""
    return (
        f"SELECT b.* REPLACE (DATE '{as_of}' AS as_of, 'gone' AS state) FROM {before} AS b "
        f"WHERE b.finding_id NOT IN (SELECT finding_id FROM {now})"
    )
