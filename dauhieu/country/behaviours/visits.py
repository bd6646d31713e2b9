"""Wrongs at the point of care, in the order in which they are planned."""

from __future__ import annotations

from dauhieu.country.behaviours import card_misuse, doctors, papers, patients, phantoms
from dauhieu.country.behaviours.plan import make_grown
from dauhieu.country.world import World


def plant(world: World) -> None:
    world.make("near", "SELECT f, prov, level, level_place, level_count, code, lat, lon FROM facility")
    make_grown(world)
    card_misuse.plant(world)
    patients.plant(world)
    phantoms.plant(world)
    doctors.plant(world)
    papers.plant(world)


absences = doctors.absences
