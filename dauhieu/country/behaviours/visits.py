"""Wrongs at the point of care, in the order in which they are planned."""

from __future__ import annotations

from dauhieu.country.behaviours import card_misuse, doctors, papers, patients, phantoms
from dauhieu.country.behaviours.plan import make_grown
from dauhieu.country.care import PRESENT
from dauhieu.country.world import World


def plant(world: World) -> None:
    world.make("near", "SELECT f, prov, level, level_place, level_count, code, lat, lon FROM facility")
    make_grown(world)
    card_misuse.plant(world)
    patients.plant(world)
    phantoms.plant(world)
    doctors.plant(world)
    papers.plant(world)
    # Nobody is fetched, treated and scanned on one day.
    world.run(
        f"""DELETE FROM planned_visit AS v USING (
              SELECT ma_lk, f, row_number() OVER (PARTITION BY p, CAST(admission AS DATE) ORDER BY ma_lk, f) AS place
              FROM planned_visit WHERE tag IN ({PRESENT})) AS x
            WHERE x.place > 1 AND v.ma_lk = x.ma_lk AND v.f = x.f"""
    )


absences = doctors.absences
