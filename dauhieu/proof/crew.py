"""Work on many signs, spread over processes; the results come in the order of the tasks, whoever is done first.

Each process makes a context of its own (an engine lives in one process alone) and keeps it for all its tasks, so one
process and many give the same results.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, TypeVar

Context = TypeVar("Context")
Task = TypeVar("Task")
Result = TypeVar("Result")

# A process costs about as much to start as a task to do; for fewer tasks than this it is not worth it.
WORTH_A_PROCESS = 4

_context: Any = None


def processes(jobs: int, tasks: int) -> int:
    """How many of the jobs asked for are worth a process."""
    return max(1, min(jobs, tasks // WORTH_A_PROCESS))


def spread(
    make: Callable[[], Context], work: Callable[[Context, Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[Result]:
    """`work(context, task)` of every task; both functions and all values must pickle."""
    # Not forked: threads of the engine do not survive a fork.
    ways = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, ways, _begin, (make,)) as pool:
        try:
            yield from pool.map(partial(_in_process, work), tasks)
        finally:
            # Whoever stops listening does not wait for the rest.
            pool.shutdown(cancel_futures=True)


def _begin(make: Callable[[], Any]) -> None:
    global _context
    _context = make()


def _in_process(work: Callable[[Any, Any], Any], task: Any) -> Any:
    return work(_context, task)
