"""The dead who draw on, and funerals paid twice or of the living."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import AT, MONTH
from dauhieu.country.cases import add_cases
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    """Nobody reports the death of one pensioner in ten; the family draws on for months."""
    world.make(
        "unreported",
        world.wrong(
            """
            SELECT id FROM pension WHERE end_month IS NOT NULL AND kind IN ('old_age', 'survivors')
                AND ppm(id, #silent) < 70000 AND end_month >= $first"""
        ),
    )
    world.run(
        """
        UPDATE pension SET reported_m = date_diff('month', $first, end_month) + 3 + u(id, #unreported) % 14
            WHERE id IN (SELECT id FROM unreported)"""
    )
    # Who is silent asks for no grant either.
    world.run(
        """DELETE FROM benefit_case WHERE kind = 'funeral'
           AND p IN (SELECT p FROM pension WHERE reported_m IS NOT NULL AND kind = 'old_age')"""
    )
    tell(
        world,
        "drawn_after_death",
        "SI-BEN-09",
        f"""
        SELECT person AS code, CAST(end_month + INTERVAL 1 MONTH AS DATE) AS period_from,
            least({MONTH.format("reported_m")}, $end) - 1 AS period_to,
            amount * (reported_m - date_diff('month', $first, end_month) - 1) AS amount,
            reported_m - date_diff('month', $first, end_month) + 40 AS strength FROM pension
            WHERE reported_m IS NOT NULL AND kind <> 'survivors'""",
    )
    # A second grant for one funeral; a grant for somebody who lives.
    add_cases(
        world,
        "second_funeral",
        world.wrong("""
        SELECT kind, p, person, prov, from_date, amount, one_off, claimant, submitted_at
            + INTERVAL 60 DAY AS submitted_at FROM benefit_case WHERE kind = 'funeral'
            ORDER BY u(id, #secondfuneral), id LIMIT $few * 2"""),
    )
    tell(
        world,
        "funeral_twice",
        "SI-BEN-13",
        """
        SELECT person AS code, from_date AS period_from, from_date AS period_to, one_off AS amount, 90 AS strength
            FROM second_funeral""",
    )
    add_cases(
        world,
        "early_funeral",
        world.wrong(f"""
        SELECT 'funeral' AS kind, n.p, n.person, n.prov, $first + CAST(200
            + u(n.id, #alive) % 200 AS INTEGER) AS from_date, 0 AS amount, 23400000 AS one_off, k.code AS claimant,
            {AT.format("$first + CAST(220 + u(n.id, #alive) % 200 AS INTEGER)")} AS submitted_at
            FROM pension AS n JOIN person AS k ON k.p = n.p // 4 * 4 WHERE n.end_month IS NULL AND n.kind = 'old_age'
                AND k.p <> n.p ORDER BY u(n.id, #earlyfuneral), n.id LIMIT $few"""),
    )
    tell(
        world,
        "funeral_of_the_living",
        "SI-BEN-13",
        """
        SELECT person AS code, from_date AS period_from, from_date AS period_to, one_off AS amount, 80 AS strength
            FROM early_funeral""",
    )
