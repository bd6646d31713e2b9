"""Many processes give what one gives, in the same order."""

from __future__ import annotations

import operator

import pytest

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.cli.catalogue import small_engine
from dauhieu.law.read import law
from dauhieu.proof.crew import processes, spread
from dauhieu.proof.ladder import Crew, Ladder
from dauhieu.warehouse.contract import contract


def test_results_come_in_the_order_of_the_tasks() -> None:
    tasks = [str(number) for number in range(40)]
    # The context of every process is an empty text.
    assert list(spread(str, operator.add, tasks, 2)) == tasks


def test_a_fault_in_a_process_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(int, operator.floordiv, [5, 0, 7], 2))


def test_few_tasks_are_not_worth_a_process() -> None:
    assert [processes(4, tasks) for tasks in (0, 1, 7, 8, 100)] == [1, 1, 1, 2, 4]


@pytest.mark.slow
def test_two_processes_report_what_one_does() -> None:
    catalogue = read_catalogue(contract())
    with small_engine() as engine:
        ladder = Ladder(engine, contract(), catalogue, law())
        order: list[str] = []
        ids = sorted(catalogue.signs)[:8]
        alone = ladder.climb(ids)
        together = ladder.climb(ids, order.append, crew=Crew(2, small_engine))
    assert order == ids
    assert together == alone
