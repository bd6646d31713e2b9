"""Doctors with more hours than a day has, in two places, or signing while away."""

from __future__ import annotations

from dauhieu.country.behaviours.plan import campaign, plan
from dauhieu.country.cases import add_cases, add_paper_of_each
from dauhieu.country.truth import tell
from dauhieu.country.world import World

# Days of an impossible practice, and people in each of them.
DAYS = "8 + d.strength // 6"


def plant(world: World) -> None:
    _crowds(world)
    _elsewhere(world)
    _absent(world)


def _crowds(world: World) -> None:
    """A hundred patients in a day; or forty, each treated for an hour; a teacher's name stands for his trainees'."""
    crowded = """
        WITH seats AS (
          SELECT d.d, d.f, d.prov, d.code AS doctor, i, j, {day} AS day,
              u2(d.d * 100 + j, i, #crowded) % g.k AS n
          FROM practitioner AS d JOIN grown_count AS g USING (prov), range(25) AS t(j), range(181) AS t2(i)
          WHERE {who} AND j < {days} AND i < {people})
        SELECT q.p, s.f, 'M54' AS icd, '01' AS care, s.day,
            420 + i * {minutes} + u2(s.d, i, #crowdminute) % 5 AS minute,
            '{tag}' AS tag, s.d * 100000 + s.j * 1000 + s.i AS key, s.doctor, true AS plain
        FROM seats AS s JOIN grown AS q ON q.prov = s.prov AND q.n = s.n
        QUALIFY row_number() OVER (PARTITION BY q.p, s.day ORDER BY s.d, s.i) = 1"""
    many = "(d.deed = 'impossible_days' AND d.d % 2 = 0 OR d.deed = 'supervises_trainees')"
    for table, tag, who, count, minutes in (
        (
            "crowded_day",
            "crowd",
            many,
            "CASE d.deed WHEN 'impossible_days' THEN 80 + d.strength ELSE 55 + d.strength * 3 // 4 END",
            4,
        ),
        ("treated_day", "treat", "d.deed = 'impossible_days' AND d.d % 2 = 1", "16 + d.strength * 2 // 5", 9),
    ):
        day = campaign("crowd", "d.d", DAYS, 4, "j")
        rows = crowded.format(day=day, who=who, days=DAYS, people=count, minutes=minutes, tag=tag)
        plan(world, table, rows, on_workdays=True)


def _elsewhere(world: World) -> None:
    """At two hospitals in the same quarter of an hour."""
    plan(
        world,
        "two_rooms",
        """
        SELECT q.p, CASE h WHEN 0 THEN d.f ELSE g.f END AS f, CASE j % 2 WHEN 0 THEN 'K04' ELSE 'S61' END AS icd,
            '01' AS care, $last - 45 + CAST(j * 3 AS INTEGER) AS day, 540 + j * 7 AS minute, 'rooms' AS tag,
            d.d * 1000 + j * 10 + h AS key, d.code AS doctor
            FROM practitioner AS d JOIN grown_count AS k USING (prov), range(16) AS t(j), range(2) AS t2(h),
                grown AS q, near AS g
            WHERE d.deed = 'two_places' AND j < 8 + d.strength // 12 AND q.prov = d.prov
                AND q.n = (d.d * 37 + j * 2 + h) % k.k AND g.prov = (d.prov + 5) % 34 AND g.level = 'basic'
                AND g.level_place = 0""",
    )
    # There he is registered nowhere.
    tell(
        world,
        "practises_elsewhere",
        "HI-PRA-01",
        """
        SELECT d.code, min(x.day) AS period_from, max(x.day) AS period_to, 0 AS amount,
            any_value(d.strength) AS strength
        FROM two_rooms AS x JOIN practitioner AS d ON d.code = x.doctor WHERE x.f <> d.f GROUP BY d.code""",
        kind="practitioner",
    )


def _absent(world: World) -> None:
    """Signing from the sick bed, from abroad, from the grave."""
    absent = """
        SELECT q.p, d.f, 'J20' AS icd, '01' AS care, {day} AS day, 480 + j * 20 AS minute, '{tag}' AS tag, d.d * 1000
            + j AS key, d.code AS doctor
                FROM practitioner AS d JOIN grown_count AS k USING (prov), range(14) AS t(j), grown AS q
                WHERE d.deed = '{deed}' AND j < 6 + d.strength // 12 AND q.prov = d.prov
                    AND q.n = (d.d * 53 + j) % k.k"""
    for deed, stream, day in (
        ("works_on_leave", "onleave", "$last - 40 + CAST(j % 5 AS INTEGER)"),
        ("signs_while_abroad", "signabroad", "$last - 60 + CAST(2 + j % 5 AS INTEGER)"),
        ("signs_after_death", "signdead", "$last - 90 + CAST(j * 3 AS INTEGER)"),
    ):
        plan(world, stream, absent.format(day=day, tag=stream, deed=deed))
    add_cases(
        world,
        "doctor_sick",
        """
        SELECT 'sickness' AS kind, d.p, p.code AS person, s.e, d.prov, $last - 42 AS from_date,
            $last - 33 AS to_date, 8 AS days, 9000000 AS base_wage, 75 AS rate_pct, 2250000 AS amount, 0 AS one_off,
            d.facility, d.f,
                  CAST($last - 28 AS TIMESTAMP) AS submitted_at FROM practitioner AS d JOIN person AS p USING (p)
                      JOIN (SELECT p, min(e) AS e FROM spell GROUP BY p) AS s USING (p)
                      WHERE d.deed = 'works_on_leave'""",
    )
    add_paper_of_each(world, "doctor_sick", icd="J20", series="SD")


def absences(world: World) -> None:
    """Journeys and deaths of practitioners, before anything is delivered about them."""
    world.run(
        """UPDATE person SET died = $last - 100
           WHERE p IN (SELECT p FROM practitioner WHERE deed = 'signs_after_death')"""
    )
    world.run("DELETE FROM trip WHERE p IN (SELECT p FROM practitioner WHERE deed <> '')")
    world.run(
        """
        INSERT INTO trip SELECT p.p, p.code, p.national_id, $last - 61, $last - 50 FROM practitioner AS d
            JOIN person AS p USING (p) WHERE d.deed = 'signs_while_abroad'"""
    )
