"""How sure a share is: Wilson's score interval (E. B. Wilson, 1927), sound for small counts and shares near 0 or 1."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# The normal quantile of a two-sided 95 % interval.
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the bounds of its 95 % interval; all None when there is nothing to count."""

    hits: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def share(hits: int, of: int) -> Share:
    """The share and its interval."""
    if of == 0:
        return Share(hits, of, None, None, None)
    p = hits / of
    centre = p + Z * Z / (2 * of)
    spread = Z * sqrt(p * (1 - p) / of + Z * Z / (4 * of * of))
    scale = 1 + Z * Z / of
    return Share(hits, of, p, max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))
