"""Sickness money: papers which do not exist, days above the cap, the same days paid twice."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import tell_cases
from dauhieu.country.cases import add_cases, add_paper_of_each
from dauhieu.country.contracts import INSURED_WAGE
from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World


def plant(world: World) -> None:
    # Decisions whose paper nobody ever issued; and the paper of a station without a connection.
    world.make(
        "paperless",
        world.wrong("""SELECT * FROM benefit_case WHERE kind = 'sickness' AND ppm(id, #paperless) < 2500"""),
    )
    world.run("DELETE FROM leave_paper WHERE case_id IN (SELECT id FROM paperless)")
    tell_cases(world, "paperless", "no_certificate", "SI-BEN-01", amount="amount")
    world.make(
        "offline",
        """
        SELECT * FROM benefit_case WHERE kind = 'sickness' AND ppm(id, #offline) < 1500
            AND id NOT IN (SELECT id FROM paperless)""",
    )
    world.run("UPDATE leave_paper SET kind = 'paper', late_days = 25 WHERE case_id IN (SELECT id FROM offline)")
    tell_cases(world, "offline", "station_without_connection", "SI-BEN-01", amount="amount", innocent=True)
    # Leave after leave, far above the days of a year.
    add_cases(
        world,
        "endless",
        world.wrong(f"""
        SELECT 'sickness' AS kind, s.p, s.person, s.e, s.prov, d AS from_date, d + 13 AS to_date, 12 AS days,
            {INSURED_WAGE} AS base_wage, 75 AS rate_pct, {INSURED_WAGE} * 75 * 12 // 2400 AS amount, 0 AS one_off,
            h.code AS facility, h.f, CAST(d + 20 AS TIMESTAMP) AS submitted_at
        FROM (SELECT * FROM spell WHERE NOT hidden AND NOT ghost AND declared_m < 0 AND to_m IS NULL
            ORDER BY u(s, #endless), s LIMIT $few * 2) AS s,
             (SELECT k, DATE '2026-01-12' + CAST(k * 24 AS INTEGER) AS d FROM range(5) AS t(k)) AS k
        JOIN facility AS h ON h.prov = s.prov AND h.level = 'basic' AND h.level_place = 0
        JOIN month AS m ON m.m = date_diff('month', $first, d) JOIN floor_wage AS f ON f.m = m.m
            AND f.region = s.region"""),
    )
    add_paper_of_each(world, "endless", icd="M54", series="SE")
    tell(
        world,
        "days_above_cap",
        "SI-BEN-03",
        """
        SELECT person AS code, min(from_date) AS period_from, max(to_date) AS period_to, sum(amount) AS amount,
            75 AS strength FROM endless GROUP BY person""",
    )
    # The same days claimed a second time through another employer.
    add_cases(
        world,
        "twice_sick",
        world.wrong("""
        SELECT c.kind, c.p, c.person, x.e, c.prov, c.from_date, c.to_date, c.days, c.base_wage, c.rate_pct, c.amount,
            c.one_off, c.facility, c.submitted_at + INTERVAL 9 DAY AS submitted_at
            FROM benefit_case AS c JOIN (SELECT min(e) AS e, prov FROM employer WHERE deed = '' AND block = 'private'
                GROUP BY prov) AS x ON x.prov = c.prov AND x.e <> c.e WHERE c.kind = 'sickness' AND c.days >= 3
                AND ppm(c.id, #twicesick) < 6000"""),
    )
    second_place(world, "twice_sick", 3, 3)
    tell_cases(world, "twice_sick", "same_days_twice", "SI-BEN-03", amount="amount")
    # Who draws for days at one employer is at work for the other.
    tell_cases(world, "twice_sick", "same_days_twice", "SI-BEN-02", amount="0")
    _abroad(world)
    add_cases(
        world,
        "sick_in_maternity",
        world.wrong("""
        SELECT 'sickness' AS kind, c.p, c.person, c.e, c.prov, c.from_date + 40 AS from_date, c.from_date
            + 45 AS to_date, 5 AS days, c.base_wage, 75 AS rate_pct, c.base_wage * 75 * 5 // 2400 AS amount,
            0 AS one_off, c.facility, CAST(c.from_date + 55 AS TIMESTAMP) AS submitted_at
           FROM benefit_case AS c WHERE c.kind = 'birth' AND ppm(c.id, #sickinmaternity) < 12000"""),
    )
    add_paper_of_each(world, "sick_in_maternity", icd="J20", series="SK")
    tell_cases(world, "sick_in_maternity", "sick_in_maternity", "SI-BEN-03", amount="amount")


def _abroad(world: World) -> None:
    """A journey in the days of a longer leave."""
    world.make(
        "abroad_sick",
        world.wrong("""
        SELECT c.*, c.from_date + 1 AS out_on, c.to_date + CAST(u(c.id, #sickjourney) % 5 AS INTEGER) AS in_on
        FROM benefit_case AS c WHERE c.kind = 'sickness' AND c.days >= 8 AND c.id NOT IN (SELECT id FROM endless)
        ORDER BY u(c.id, #abroadsick), c.id LIMIT $few * 2"""),
    )
    world.run("DELETE FROM trip WHERE p IN (SELECT p FROM abroad_sick)")
    world.run(
        """INSERT INTO trip SELECT x.p, q.code, q.national_id, min(out_on), max(in_on)
           FROM abroad_sick AS x JOIN person AS q USING (p) GROUP BY ALL"""
    )
    tell_cases(world, "abroad_sick", "abroad_on_leave", "SI-BEN-02", amount="amount")


def second_place(world: World, table: str, before: int, after: int) -> None:
    """Whoever claims through a second employer is on its books then."""
    hire(
        world,
        f"""
        SELECT p, e, date_diff('month', $first, from_date) - {before} AS from_m,
            date_diff('month', $first, from_date) + {after} AS to_m, NULL::BIGINT AS entry_m, false AS ghost,
            1300 AS pay FROM {table}""",
    )
