"""Counts of few persons, and what may be worked out of the others: not told to who may not see persons.

Whoever knows a sum takes what is shown from it, and knows this rule too. So a second count is hidden where the first
would come out, and which one is drawn with a key: the choice itself then tells nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings

LEAST = 5
# Columns of answers which count persons, or findings each of which may be one on a person; with what else in the row
# says as much.
COUNTS: Mapping[str, tuple[str, ...]] = {
    "persons": (),
    "outpatients": ("outpatient_cost",),
    "inpatients": (),
    "patients": (),
    "practitioners": (),
    "heads": ("payroll",),
    "findings": (),
    "gained": (),
    "lost": (),
}


def withheld(rows: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """An answer without its small counts."""
    kept = [dict(row) for row in rows]
    for column, hangs_on in COUNTS.items():
        if kept and column in kept[0]:
            for place in hidden([row[column] for row in kept]):
                kept[place].update(dict.fromkeys((column, *hangs_on)))
    return tuple(kept)


def hidden(counts: Sequence[int | None]) -> frozenset[int]:
    """Which of these counts are not told, though their sum may be known. All of them, where nothing else helps."""
    small = [place for place, count in enumerate(counts) if count is not None and 0 < count < LEAST]
    if not small or _uncertain([counts[place] or 0 for place in small]):
        return frozenset(small)
    others = [place for place, count in enumerate(counts) if count is not None and place not in small]
    return frozenset([*small, *_drawn(counts, others)])


def sum_shown(counts: Sequence[int | None]) -> int | None:
    """The sum of counts beside which it is shown: not where it would give away the hidden ones."""
    known = [count for count in counts if count is not None]
    places = hidden(counts)
    told = sum(known)
    alone = len(places) == len(known) and not _uncertain(known)
    return None if places and (alone or told < LEAST) else told


def _uncertain(counts: Sequence[int]) -> bool:
    """Several sets of small counts have this sum, so that none of them comes out of it."""
    number, total = len(counts), sum(counts)
    return number > 1 and number < total < number * (LEAST - 1)


def _drawn(counts: Sequence[int | None], places: Sequence[int]) -> Sequence[int]:
    if not places:
        return ()
    digest = hmac.digest(settings.SECRET_KEY.encode(), repr(list(counts)).encode(), "sha256")
    return (places[int.from_bytes(digest[:8], "big") % len(places)],)
