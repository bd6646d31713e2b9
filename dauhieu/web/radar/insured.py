"""One person in the store: which ids are his, where he has a place, and what is known of him by branch.

The lake asks these questions and narrows their answers; nobody else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STORED = (
    "key_person person person_identity person_link contribution_month hi_enrolment voluntary_contribution "
    "benefit_decision benefit_payment pension_record hi_claim"
).split()
# `sorted_` tables lie in the order of persons, once a worker has made the copies (by_person.py).
# A person lies where he lives, where an employer which insures him lies, and at the office which pays his pension.
PLACES = """
    SELECT a.province, a.former_province, o.org_code
    FROM sorted_person AS p
    JOIN area AS a ON a.area_code IN (p.current_admin_code, p.permanent_admin_code)
    LEFT JOIN stored_vss_org_unit AS o ON o.admin_code = a.area_code AND o.superseded_at IS NULL
    WHERE p.superseded_at IS NULL AND p.person_id IN ({ids})
    UNION
    SELECT u.province, u.former_province, u.org_code
    FROM whole__unit AS u
    WHERE u.subject_kind = 'employer' AND u.subject_id IN (
      SELECT employer_id FROM sorted_contribution_month WHERE superseded_at IS NULL AND person_id IN ({ids}))
    UNION
    SELECT CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), org_code FROM stored_pension_record
    WHERE superseded_at IS NULL AND person_id IN ({ids})"""
# The ids which stand for another, among some of them; one said to be two persons stays with the smaller.
SURVIVORS = """
    SELECT person_id, min(same_as_person_id) AS survivor_id FROM sorted_person_link
    WHERE superseded_at IS NULL AND person_id <> same_as_person_id AND {which} GROUP BY person_id"""
NEAR = """
    SELECT DISTINCT person_id FROM sorted_person_link
    WHERE superseded_at IS NULL AND same_as_person_id IN ({ids}) ORDER BY person_id"""
CHAIN_STEPS = 8

BRANCH_OF_BENEFIT = "CASE WHEN starts_with(benefit_type, 'ui_') THEN 'unemployment' ELSE 'social' END"
# Each is narrowed to the ids of one person, and to the branches which the scope lets through.
RELATIONS = {
    "register": """
        SELECT *, CAST(NULL AS VARCHAR) AS branch FROM sorted_person
        WHERE superseded_at IS NULL AND person_id IN ({ids})""",
    "identity": """
        SELECT *, CAST(NULL AS VARCHAR) AS branch FROM sorted_person_identity
        WHERE superseded_at IS NULL AND person_id IN ({ids})""",
    "contribution": """
        WITH mine AS (SELECT * FROM sorted_contribution_month WHERE superseded_at IS NULL AND person_id IN ({ids})),
        dates AS (
          SELECT employer_id, month, fund, max(due_date) AS due_date FROM stored_contribution_due
          WHERE superseded_at IS NULL AND employer_id IN (SELECT employer_id FROM mine) GROUP BY ALL)
        SELECT t.employer_id, t.month, t.scheme, t.wage_base, t.month_status, t.is_paid, f.fund, f.branch, d.due_date
        FROM mine AS t
        CROSS JOIN (VALUES ('retirement', 'social'), ('oad', 'social'), ('ui', 'unemployment'), ('hi', 'health'))
          AS f(fund, branch)
        LEFT JOIN dates AS d ON d.employer_id = t.employer_id AND d.month = t.month AND d.fund = f.fund
        WHERE CASE f.fund WHEN 'retirement' THEN t.si_flag WHEN 'oad' THEN t.oad_flag WHEN 'ui' THEN t.ui_flag
                          ELSE t.hi_flag END""",
    "enrolment": """
        SELECT *, 'health' AS branch FROM sorted_hi_enrolment WHERE superseded_at IS NULL AND person_id IN ({ids})""",
    "voluntary": """
        SELECT *, 'social' AS branch FROM stored_voluntary_contribution
        WHERE superseded_at IS NULL AND person_id IN ({ids})""",
    "decision": f"""
        SELECT *, {BRANCH_OF_BENEFIT} AS branch FROM stored_benefit_decision
        WHERE superseded_at IS NULL AND (person_id IN ({{ids}}) OR claimant_person_id IN ({{ids}}))""",
    "payment": f"""
        SELECT *, {BRANCH_OF_BENEFIT} AS branch FROM sorted_benefit_payment
        WHERE superseded_at IS NULL AND beneficiary_person_id IN ({{ids}})""",
    "pension": """
        SELECT *, 'social' AS branch FROM stored_pension_record
        WHERE superseded_at IS NULL AND person_id IN ({ids})""",
    "care": """
        SELECT hi_claim_id, facility_id, admission_at, discharge_at, care_type, total_hi, hi_amount, status,
               'health' AS branch
        FROM sorted_hi_claim WHERE superseded_at IS NULL AND person_id IN ({ids})""",
    "own_finding": """
        SELECT * FROM sorted_finding WHERE subject_kind = 'person' AND subject_id IN ({ids})""",
    "own_reason": """
        SELECT * FROM whole__reason WHERE subject_kind = 'person' AND subject_id IN ({ids})""",
}


@dataclass(frozen=True, slots=True)
class Insured:
    """A person who lies in a scope; `number` is the one he goes by, `numbers` are all which lead to him."""

    ids: tuple[int, ...]
    number: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which branches of a person's data a scope lets through; None is all of them."""

    branches: frozenset[str] | None

    def condition(self) -> str:
        if self.branches is None:
            return "true"
        listed = ", ".join("'" + one.replace("'", "''") + "'" for one in sorted(self.branches))
        return f"(branch IS NULL OR branch IN ({listed}))"


def listed_ids(ids: Iterable[int]) -> str:
    return ", ".join(str(int(one)) for one in sorted(ids))


def narrowed(ids: Iterable[int], sight: Sight) -> dict[str, str]:
    told = listed_ids(ids)
    return {
        name: f"SELECT * FROM ({query.format(ids=told)}) WHERE {sight.condition()}" for name, query in RELATIONS.items()
    }
