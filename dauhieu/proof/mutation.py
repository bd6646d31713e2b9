"""Mutation: every condition of a sign, weakened, must be noticed by one of its examples.

What survives is either a condition no example shows (write one) or one which changes nothing (take it out, or say that
it narrows). The share noticed is the sign's mutation score. What is said to narrow must not be noticed: it counts only
when it is, among the survivors.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dauhieu.catalogue.example import Example
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.mutants import Mutant, mutants
from dauhieu.proof.drawn import store_example
from dauhieu.proof.examples import ExampleRunner

MILLION = 1_000_000
# The engine in which examples run.
DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class MutationScore:
    """Of `mutants` weakened texts of a sign, those no example notices."""

    sign_id: str
    mutants: int
    survivors: tuple[str, ...]

    @property
    def seen(self) -> int:
        """How many are noticed."""
        return self.mutants - len(self.survivors)

    @property
    def noticed(self) -> int:
        """Share noticed, in parts per million; of no mutants all are."""
        return share_noticed(self.seen, self.mutants)


def share_noticed(seen: int, mutants: int) -> int:
    """In parts per million; of no mutants all are."""
    return seen * MILLION // mutants if mutants else MILLION


def mutation_score(sign: Sign, drawn: tuple[Example, ...], runner: ExampleRunner) -> MutationScore:
    """Run every mutant over the examples until one of them fails."""
    tried: dict[int, Mutant] = {}
    left: dict[int, Mutant] | None = None
    # Texts of one month serve all its examples.
    for as_of, examples in itertools.groupby(sorted(drawn, key=_month), key=_month):
        compiled = runner.empty_bench(as_of).compile(sign)
        left = {mutant.place: mutant for mutant in mutants(compiled.tree, DIALECT, left)}
        tried = tried or left
        for example in examples:
            stored = store_example(example, runner.contract)
            runner.bench(example, stored).ready(compiled)
            left = {
                place: mutant
                for place, mutant in left.items()
                if not runner.differs(sign, compiled, mutant.sql, example, stored)
            }
    survivors = [mutant.change for mutant in (left or {}).values() if not mutant.idle]
    false = [mutant.change for place, mutant in tried.items() if mutant.idle and place not in (left or {})]
    counted = sum(not mutant.idle for mutant in tried.values()) + len(false)
    return MutationScore(sign.id, counted, (*survivors, *(f"said to narrow, but noticed: {told}" for told in false)))


def _month(example: Example) -> date:
    return example.as_of


def median_noticed(shares: Iterable[int]) -> int:
    """The median of the shares noticed, in parts per million."""
    known = list(shares)
    return int(statistics.median(known)) if known else MILLION


def as_figures(scores: Sequence[MutationScore]) -> dict[str, object]:
    """Scores by sign and their median, for machines."""
    return {
        "mutation_median_ppm": median_noticed(score.noticed for score in scores),
        "mutation": {
            score.sign_id: {"mutants": score.mutants, "noticed_ppm": score.noticed, "survivors": list(score.survivors)}
            for score in scores
        },
    }
