"""How much a finding weighs. Whole thousandths of a point, so that every machine adds up the same.

A finding weighs by the severity of its sign, its strength and how recent it is. Several findings of one violation
count once, by the heaviest, with a little more for each doubling of their number; independent violations add up.
Findings on a person or a practitioner weigh on their employer or facility by a share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Weights:
    """The figures behind points; changing one changes every ranking, so each says why."""

    # Each step of severity is worth about twice the one below: one grave sign outweighs two lesser ones.
    severity: Mapping[int, int] = field(default_factory=lambda: {1: 1_000, 2: 3_000, 3: 8_000, 4: 20_000, 5: 40_000})
    # A sign which does not grade its findings is taken as somewhat strong.
    ordinary_strength: int = 70
    # (age of the finding's last month in months, percent): old facts are harder to prove and to recover.
    recency: tuple[tuple[int, int], ...] = ((3, 100), (12, 80), (24, 50))
    oldest: int = 30
    # Percent which a person's finding weighs on the employer or facility.
    rolled: int = 50
    # Percent more for each doubling of the findings of one violation, and the most doublings which count.
    doubling: int = 15
    doublings: int = 8
    # (amount in đồng, thousandths of a point) for the money of one violation.
    money: tuple[tuple[int, int], ...] = (
        (10_000_000_000, 15_000),
        (1_000_000_000, 10_000),
        (100_000_000, 5_000),
        (10_000_000, 2_000),
    )


WEIGHTS = Weights()


def severity_case(column: str, weights: Weights = WEIGHTS) -> str:
    arms = " ".join(f"WHEN {level} THEN {points}" for level, points in weights.severity.items())
    return f"CASE {column} {arms} ELSE 0 END"


def recency_case(months: str, weights: Weights = WEIGHTS) -> str:
    arms = " ".join(f"WHEN {months} <= {age} THEN {percent}" for age, percent in weights.recency)
    return f"CASE {arms} ELSE {weights.oldest} END"


def money_case(amount: str, weights: Weights = WEIGHTS) -> str:
    arms = " ".join(f"WHEN {amount} >= {least} THEN {points}" for least, points in weights.money)
    return f"CASE {arms} ELSE 0 END"


def count_percent(count: str, weights: Weights = WEIGHTS) -> str:
    """100 and more: percent by which many findings of one violation weigh more than one."""
    return f"(100 + {weights.doubling} * least({weights.doublings}, CAST(floor(log2({count})) AS INTEGER)))"
