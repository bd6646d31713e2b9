"""Compound signs: so many different signs on one subject within so many months, written as data instead of SQL.

    compound: {signs: [A, B, C, D, E], at_least: 3, within_months: 12, subject: employer, roll_up: employer}

It becomes one SELECT over `history.finding`, so that everything else about it is as for any other sign. A finding
counts when it was found in one of these months and its facts reach into them; excepted ones do not count. With
`roll_up`, findings on persons and practitioners count for the employer or facility which their facts name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dauhieu.catalogue.sign import Tuning
from dauhieu.warehouse.contract import Text
from dauhieu.yamlfile import suggestion

WORDS = ("signs", "at_least", "within_months", "subject", "roll_up")
ROLL_UPS = ("employer", "facility")
ROLLED = ("person", "practitioner")
MOST_MONTHS = 120
# Its numbers, which stand in the file as words of `compound` and are thresholds everywhere else.
THRESHOLDS = ("at_least", "within_months")


@dataclass(frozen=True, slots=True)
class Compound:
    """What is counted: different signs of `signs` on one subject of kind `subject`."""

    signs: tuple[str, ...]
    at_least: int
    within_months: int
    subject: str
    roll_up: bool

    def tuning(self) -> dict[str, Tuning]:
        """Both numbers are thresholds, so that they are shown and an agency may set its own."""
        return {
            "at_least": Tuning(
                self.at_least,
                "signs",
                Text(
                    "quy tắc đòi ngần ấy dấu hiệu khác nhau trong số đã nêu",
                    "so many different signs, of those named, the rule asks for",
                ),
            ),
            "within_months": Tuning(
                self.within_months,
                "months",
                Text("số tháng được tính, kể cả tháng quét", "the months, with the one scanned, which count"),
            ),
        }

    def sql(self) -> str:
        """`period_from` is that of the first finding known, so that the finding stays itself while the months move."""
        return f"""WITH told AS ({self._told()}),
  latest AS (
    SELECT t.unit_id, t.sign_id, t.finding_id, t.as_of, t.period_from, t.period_to
    FROM told AS t
    QUALIFY row_number() OVER (PARTITION BY t.unit_id, t.finding_id ORDER BY t.as_of DESC) = 1),
  by_sign AS (
    SELECT l.unit_id, l.sign_id, count(*) AS findings, max(coalesce(l.period_to, l.as_of)) AS period_to
    FROM latest AS l
    WHERE {self._within("l")}
    GROUP BY l.unit_id, l.sign_id),
  first_told AS (
    SELECT l.unit_id, min(coalesce(l.period_from, l.as_of)) AS period_from
    FROM latest AS l
    GROUP BY l.unit_id)
  SELECT b.unit_id AS subject_id, CAST(NULL AS VARCHAR) AS item, min(f.period_from) AS period_from,
         max(b.period_to) AS period_to, CAST(NULL AS BIGINT) AS amount,
         count(*) AS signs, CAST(sum(b.findings) AS BIGINT) AS findings,
         string_agg(b.sign_id, ', ' ORDER BY b.sign_id) AS which, $within_months AS within_months
  FROM by_sign AS b
  JOIN first_told AS f ON f.unit_id = b.unit_id
  GROUP BY b.unit_id
  HAVING count(*) >= $at_least
"""

    def evidence(self) -> str:
        """The findings which were counted, with those of them found again once."""
        return f"""WITH told AS ({self._told()})
  SELECT t.sign_id, t.finding_id, t.as_of, t.subject_kind, t.subject_code, t.item, t.period_from, t.period_to, t.amount
  FROM told AS t
  WHERE t.unit_id = $subject_id AND {self._within("t")}
  QUALIFY row_number() OVER (PARTITION BY t.finding_id ORDER BY t.as_of DESC) = 1
  ORDER BY t.sign_id, t.period_from, t.finding_id
"""

    def _within(self, alias: str) -> str:
        found = f"calc.month_window({alias}.as_of, $within_months)"
        return f"{found} AND calc.month_window(coalesce({alias}.period_to, {alias}.as_of), $within_months)"

    def _told(self) -> str:
        """The findings known up to the month scanned, each with the subject it counts for."""
        named = ", ".join(f"'{sign}'" for sign in self.signs)
        columns = (
            "g.sign_id, g.finding_id, g.as_of, g.subject_kind, g.subject_code, g.item, g.period_from, g.period_to, "
            "g.amount"
        )
        counted = f"g.sign_id IN ({named}) AND g.as_of <= $as_of AND g.exception_id IS NULL"
        own = f"""
    SELECT g.subject_id AS unit_id, {columns}
    FROM history.finding AS g
    WHERE {counted} AND g.subject_kind = '{self.subject}' AND g.subject_id IS NOT NULL"""
        if not self.roll_up:
            return own
        kinds = ", ".join(f"'{kind}'" for kind in ROLLED)
        return f"""{own}
    UNION ALL
    SELECT k.id AS unit_id, {columns}
    FROM history.finding AS g
    JOIN keys.{self.subject} AS k ON k.code = calc.fact(g.facts, '{self.subject}_code')
    WHERE {counted} AND g.subject_kind IN ({kinds})"""


def read_compound(body: Mapping[str, Any], subject: str) -> tuple[Compound | None, list[str]]:
    """The compound a mapping writes, and what is wrong with it."""
    faults = [f"Unknown word '{word}'.{suggestion(word, WORDS)}" for word in body if word not in WORDS]
    signs = body.get("signs")
    if not isinstance(signs, list) or not all(isinstance(sign, str) for sign in signs) or len(set(signs)) < 2:
        faults.append("'signs' is a list of at least two ids.")
        signs = []
    if len(set(signs)) != len(signs):
        faults.append("A sign stands twice in 'signs'.")
    at_least, within = body.get("at_least"), body.get("within_months")
    if type(at_least) is not int or (signs and not 2 <= at_least <= len(signs)):
        faults.append("'at_least' must be a whole number from 2 to the number of signs.")
    if type(within) is not int or not 1 <= within <= MOST_MONTHS:
        faults.append(f"'within_months' must be a whole number from 1 to {MOST_MONTHS}.")
    if body.get("subject", subject) != subject:
        faults.append(f"The sign is on subjects of kind '{subject}': its compound cannot be on another.")
    roll_up = body.get("roll_up")
    if roll_up is not None and (roll_up not in ROLL_UPS or roll_up != subject):
        faults.append(f"'roll_up' is the subject of the sign, one of {', '.join(ROLL_UPS)}.")
    if faults or not isinstance(at_least, int) or not isinstance(within, int):
        return None, faults
    return Compound(tuple(signs), at_least, within, subject, roll_up is not None), []
