"""Which facilities people of a commune go to: mostly the near ones."""

from __future__ import annotations

from dauhieu.country.world import World

# By distance from the commune: half go to the nearest of a level, few farther than the third.
RANKS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5)
SLOTS = len(RANKS)
# Stays and outpatient visits a year of a thousand people, by level of the hospital.
STAYS = {"initial": 0, "basic": 55, "specialised": 45}
VISITS = {"initial": 400, "basic": 900, "specialised": 180}


def make_reach(world: World) -> None:
    """`reach`: taking a random slot of a commune and level draws a facility; `catchment`: how many people draw it."""
    ranks = ", ".join(f"({slot}, {rank})" for slot, rank in enumerate(RANKS))
    world.make(
        "reach",
        f"""
        WITH far AS (
          SELECT c.c, f.level, f.f, (f.lat - c.lat) * (f.lat - c.lat) + (f.lon - c.lon) * (f.lon - c.lon) AS far
          FROM commune AS c JOIN facility_drawn AS f ON f.prov = c.prov),
        ranked AS (
          SELECT *, row_number() OVER (PARTITION BY c, level ORDER BY far, f) - 1 AS rank,
              count(*) OVER (PARTITION BY c, level) AS n FROM far)
        SELECT r.c, r.level, CAST(s.slot AS INTEGER) AS slot, r.f FROM ranked AS r
        JOIN (VALUES {ranks}) AS s(slot, rank) ON r.rank = s.rank % r.n ORDER BY ALL""",
    )
    shares = [" ".join(f"WHEN '{level}' THEN {count}" for level, count in counts.items()) for counts in (STAYS, VISITS)]
    world.make(
        "catchment",
        f"""
        WITH people AS (SELECT c, count(*) AS people FROM person GROUP BY c),
        summed AS (
          SELECT r.f, any_value(r.level) AS level, CAST(sum(q.people) // {SLOTS} AS BIGINT) AS people
          FROM reach AS r JOIN people AS q USING (c) GROUP BY r.f)
        SELECT f, people * CASE level {shares[0]} END // 1000 AS yearly_stays,
            people * CASE level {shares[1]} END // 1000 AS yearly_visits
        FROM summed""",
    )
