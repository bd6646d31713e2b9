"""A deed, and how units are chosen for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dauhieu.country.world import World


@dataclass(frozen=True, slots=True)
class Deed:
    """`share` of the eligible units in ppm do it, and never fewer than the floor of the shape.

    `where` says who is eligible, in columns of the units. Never more than a sixth of the eligible do it.
    """

    name: str
    violation: str
    share: int
    where: str = "true"
    innocent: bool = False
    at_least: int = 2


def assign(world: World, name: str, units: str, key: str, deeds: Sequence[Deed]) -> None:
    """Working table `name` (id, deed, violation, innocent, strength); a unit does one deed at most.

    In a nation where nobody does wrong only the innocent deeds are done.
    """
    world.make(
        name,
        "SELECT 0::BIGINT AS id, '' AS deed, '' AS violation, false AS innocent, 0::BIGINT AS strength WHERE false",
    )
    for deed in deeds:
        if not (world.shape.planted or deed.innocent):
            continue
        stream = f"deed_{name}_{deed.name}"
        world.run(
            f"""
            INSERT INTO "{name}"
            WITH eligible AS (
              SELECT {key} AS id, row_number() OVER (ORDER BY u({key}, #{stream}), {key}) AS place,
                  count(*) OVER () AS n
              FROM {units} WHERE ({deed.where}) AND {key} NOT IN (SELECT id FROM "{name}"))
            SELECT id, '{deed.name}', '{deed.violation}', {deed.innocent}, pick(id, #{stream}_strength, 5, 100)
                FROM eligible
            WHERE place <= least((n + 5) // 6, greatest(least($floor, {deed.at_least}), n * {deed.share} // 1000000))
            ORDER BY id"""
        )
