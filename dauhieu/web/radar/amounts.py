"""Money on one unit by month, as a dossier on paper shows it, and the statutory values its findings rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.workbench import Workbench
from dauhieu.errors import SignError
from dauhieu.findings.evidence import law_in_force
from dauhieu.law.read import law
from dauhieu.looking import looking
from dauhieu.scoring.dossier import COLUMNS, FUNDS
from dauhieu.scoring.warnings import AMOUNT_KINDS
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.radar.lake import Lake, text
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import language

SHOWN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Amounts:
    """Months with their sums by column; `titles` name the columns."""

    titles: tuple[str, ...]
    months: tuple[tuple[date, tuple[int, ...]], ...]


def owed(lake: Lake, scope: Scope, month: date, employer_id: int) -> Amounts:
    """What is due of an employer and not paid, by fund, up to the end of the month: as known today, not then."""
    rows = lake.ask(
        scope,
        f"""
        SELECT month, fund, CAST(sum(due) - sum(paid) AS BIGINT) AS amount FROM (
          SELECT month, fund, amount_due + coalesce(adjustment, 0) AS due, 0 AS paid
          FROM due WHERE employer_id = {employer_id} AND month <= {text(month)}
          UNION ALL
          SELECT allocated_month, allocated_fund, 0, allocated_amount
          FROM paid WHERE employer_id = {employer_id} AND paid_at <= {text(month)})
        WHERE month IS NOT NULL AND fund IS NOT NULL
        GROUP BY month, fund HAVING sum(due) > sum(paid) ORDER BY month""",
    )
    return _by_month(FUNDS, ((row["month"], row["fund"], row["amount"]) for row in rows))


def found(lake: Lake, scope: Scope, month: date, kind: str, code: str) -> Amounts:
    """What was found on a unit, by the kind of sum and the month; not the sums of single persons without a face."""
    rows = lake.ask(
        scope,
        f"""
        SELECT CAST(date_trunc('month', period_from) AS DATE) AS month, sign_id, CAST(sum(amount) AS BIGINT) AS amount
        FROM finding WHERE as_of = {text(month)} AND unit_kind = {text(kind)} AND unit_code = {text(code)}
          AND amount > 0 AND subject_code IS NOT NULL
        GROUP BY ALL ORDER BY month, sign_id""",
    )
    known = ((row, find_sign(row["sign_id"])) for row in rows)
    return _by_month(AMOUNT_KINDS, ((row["month"], sign.amount_kind, row["amount"]) for row, sign in known if sign))


def _by_month(columns: tuple[str, ...], rows: Iterable[tuple[date, str, int]]) -> Amounts:
    """The last months with a sum, and the columns which have one."""
    sums: dict[date, dict[str, int]] = {}
    for month, column, amount in rows:
        of_month = sums.setdefault(month, {})
        of_month[column] = of_month.get(column, 0) + amount
    months = sorted(sums)[-SHOWN_MONTHS:]
    shown = [column for column in columns if any(column in sums[month] for month in months)]
    return Amounts(
        tuple(getattr(COLUMNS[column], language()) for column in shown),
        tuple((month, tuple(sums[month].get(column, 0) for column in shown)) for month in months),
    )


def values_of_law(lake: Lake, month: date, signs: Iterable[Sign]) -> tuple[str, ...]:
    """The statutory values which signs read, as they were in force at the end of the month."""
    wanted = tuple(signs)
    key = f"law {month} {language()} {' '.join(sorted(sign.id for sign in wanted))}"
    return lake.keep(key, lambda: _values(lake, month, wanted))


def _values(lake: Lake, month: date, signs: Iterable[Sign]) -> tuple[str, ...]:
    told: dict[str, str] = {}
    with looking(lake.store, month) as (_, sight):
        bench = Workbench(sight, catalogue(), law())
        for sign in signs:
            for one in _in_force(bench, sign, month).items():
                told.setdefault(*one)
    return tuple(told.values())


def _in_force(bench: Workbench, sign: Sign, month: date) -> Mapping[str, str]:
    try:
        values = law_in_force(bench, sign, law(), month)
    except SignError:
        # A sign which was retired may read what the contract no longer has.
        return {}
    return {one.parameter.name: f"{getattr(one.parameter, language())}: {one.shown(language())}" for one in values}
