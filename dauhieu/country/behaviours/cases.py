"""Moments of a case, and how the deed behind it is told."""

from __future__ import annotations

from dauhieu.country.truth import tell
from dauhieu.country.world import World

MONTH = "CAST($first + to_months(CAST({} AS INTEGER)) AS DATE)"
AT = "CAST({} AS TIMESTAMP) + INTERVAL 10 HOUR"


def tell_cases(
    world: World,
    table: str,
    behaviour: str,
    violation: str,
    *,
    amount: str = "NULL",
    strength: str = "60",
    to: str = "to_date",
    innocent: bool = False,
) -> None:
    tell(
        world,
        behaviour,
        violation,
        f"""
        SELECT person AS code, from_date AS period_from, {to} AS period_to, {amount} AS amount,
            {strength} AS strength FROM {table} WHERE submitted_at < $end - INTERVAL 15 DAY""",
        innocent=innocent,
    )
