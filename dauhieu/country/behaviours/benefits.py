"""Wrongs in benefits, in the order in which they are planted."""

from __future__ import annotations

from dauhieu.country.behaviours import allowances, births, deaths, filed, lump_sums, pensions, sickness
from dauhieu.country.world import World


def plant(world: World) -> None:
    world.set("few", max(2, world.shape.persons // 40_000))
    sickness.plant(world)
    births.plant(world)
    deaths.plant(world)
    pensions.plant(world)
    lump_sums.plant(world)
    lump_sums.second_numbers(world)
    allowances.plant(world)
    filed.plant(world)
    filed.ghosts(world)
