"""Lump sums too soon, without leaving the country, twice, or on a second number."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import tell_cases
from dauhieu.country.cases import add_cases
from dauhieu.country.registers import SECOND_NUMBER
from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World


def plant(world: World) -> None:
    lump = """
        'lump_sum' AS kind, p, person, e, prov, CAST(left_on + to_months({months}) AS DATE) AS from_date,
            6500000 AS base_wage, 100 AS rate_pct, 0 AS amount, 2 * 6500000 * greatest(1,
            (to_m - from_m) // 12) AS one_off, '{ground}' AS ground, to_m - from_m + 1 AS months_counted,
            CAST(CAST(left_on + to_months({months}) AS DATE) AS TIMESTAMP) + INTERVAL 10 HOUR AS submitted_at"""
    free = """
        FROM leaver WHERE next_m IS NULL AND to_m + {months} < $months - 1
            AND p NOT IN (SELECT p FROM benefit_case WHERE kind = 'lump_sum') ORDER BY u(s, #{stream}), s
            LIMIT $few * {count}"""
    for table, ground, months, count, behaviour, innocent in (
        ("too_soon", "waiting_year", 5, 4, "lump_sum_too_soon", False),
        ("gravely_ill", "serious_disease", 3, 2, "grave_illness", True),
        ("never_left", "emigration", 4, 3, "emigration_without_leaving", False),
    ):
        cases = f"""
            SELECT {lump.format(months=months, ground=ground)}
            {free.format(months=months, stream=table, count=count)}"""
        add_cases(world, table, cases if innocent else world.wrong(cases))
        tell_cases(
            world, table, behaviour, "SI-BEN-11", to="from_date", amount="one_off", strength="80", innocent=innocent
        )
    add_cases(
        world,
        "withdrawn_twice",
        world.wrong("""
        SELECT kind, p, person, e, prov, from_date + 100 AS from_date, base_wage, rate_pct, amount, one_off, ground,
            months_counted, submitted_at + INTERVAL 100 DAY AS submitted_at FROM benefit_case WHERE kind = 'lump_sum'
            AND ground = 'waiting_year' ORDER BY u(id, #again), id LIMIT $few * 2"""),
    )
    tell_cases(world, "withdrawn_twice", "lump_sum_twice", "SI-BEN-11", to="from_date", amount="one_off", strength="90")


def second_numbers(world: World) -> None:
    """The lump sum on one number, and work goes on under another; most second numbers are a clerk's mistake."""
    tell(
        world,
        "second_number_by_mistake",
        "SI-PAR-01",
        """
        SELECT DISTINCT d.code, $first AS period_from, $end - 1 AS period_to, NULL AS amount, 30 AS strength
        FROM duplicate AS d JOIN spell AS s ON s.p = d.p AND s.from_m >= 0""",
        innocent=True,
    )
    world.make(
        "two_lives",
        world.wrong("""
        SELECT c.id, c.p, c.person, c.e, c.from_date, c.one_off, l.to_m, q.province, f.e AS next_e, c.submitted_at
        FROM benefit_case AS c JOIN leaver AS l ON l.p = c.p AND l.e = c.e JOIN person AS q ON q.p = c.p
        JOIN (SELECT min(e) AS e, prov FROM employer WHERE deed = '' AND block = 'private' GROUP BY prov) AS f
          ON f.prov = l.prov AND f.e <> c.e
        WHERE c.kind = 'lump_sum' AND c.ground = 'waiting_year' AND l.next_m IS NULL AND l.from_m < 0
          AND c.p NOT IN (SELECT p FROM duplicate)
        QUALIFY row_number() OVER (PARTITION BY c.p ORDER BY c.id) = 1
        ORDER BY u(c.id, #twolives), c.id LIMIT $few * 3"""),
    )
    world.run(f"INSERT INTO duplicate SELECT p, person, {SECOND_NUMBER}, NULL FROM two_lives")
    hire(
        world,
        """
        SELECT p, next_e AS e, to_m + 3 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost,
            1400 AS pay FROM two_lives""",
    )
    tell(
        world,
        "two_numbers",
        "SI-PAR-01",
        """
        SELECT person AS code, CAST($first + to_months(to_m + 3) AS DATE) AS period_from, $end - 1 AS period_to,
            one_off AS amount, 70 AS strength FROM two_lives WHERE submitted_at < $end - INTERVAL 15 DAY""",
    )
