"""What inspections have established for findings of a sign: only this may be called right or wrong.

A finding is judged when a concluded inspection of its subject covered months of its period, and either

- a sanction out of this inspection names the violation of the sign: confirmed, or
- it established nothing, no amount and no sanction: not confirmed.

An inspection which established something else says nothing about this violation. What was known later counts: a
judgement comes years after the finding.
"""

from __future__ import annotations

from dataclasses import dataclass

from dauhieu.scoring.cases import CASES, target_column
from dauhieu.scoring.interval import Share, share
from dauhieu.warehouse.sight import Sight

SANCTIONS = "sanction_decision"


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings judged and, of these, confirmed with the interval of their share."""

    findings: int
    confirmed: Share


def judged(sight: Sight, findings: str, subject: str, violation: str) -> Judged:
    """`findings` is a relation with finding_id, subject_id, period_from and period_to; the sight is of today."""
    target = target_column(sight.contract, subject)
    if target is None:
        return Judged(0, share(0, 0))
    sight.show([CASES, SANCTIONS])
    rows = sight.engine.rows(f"""
        WITH sanctioned AS (
          SELECT case_id, bool_or(violation_code = '{violation}') AS names_it
          FROM {SANCTIONS} WHERE case_id IS NOT NULL GROUP BY case_id),
        verdict AS (
          SELECT f.finding_id, coalesce(bool_or(s.names_it), false) AS confirmed,
                 bool_or(s.case_id IS NULL AND coalesce(c.finding_amount, 0) = 0) AS nothing
          FROM {findings} AS f
          JOIN {CASES} AS c ON c.{target} = f.subject_id AND c.conclusion_date IS NOT NULL
            AND c.period_from <= f.period_to AND c.period_to >= f.period_from
          LEFT JOIN sanctioned AS s ON s.case_id = c.case_id
          GROUP BY f.finding_id)
        SELECT count(*) FILTER (confirmed OR nothing), count(*) FILTER (confirmed) FROM verdict""")
    total, confirmed = (int(str(value)) for value in rows[0])
    return Judged(total, share(confirmed, total))
