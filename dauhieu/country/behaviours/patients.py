"""Patients who collect drugs and visits; and those who must come often."""

from __future__ import annotations

from dauhieu.country.behaviours.plan import DAY, people, plan
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    # The same month's supply from four places, month after month.
    plan(
        world,
        "hoarder",
        world.wrong(f"""
        SELECT x.p, g.f, 'E11' AS icd, '01' AS care, {DAY.format("10 + u(x.p, #hoardday) % 120 + k * 6")} AS day,
            480 AS minute, 'hor' AS tag, x.p * 100 + k AS key FROM {people("hoarder", "$few * 3", "age > 45")} AS x,
            range(16) AS t(k) JOIN near AS g ON true WHERE g.prov = x.prov
            AND ((k % 3 = 0 AND g.level = 'specialised' AND g.level_place = 0)
            OR (k % 3 > 0 AND g.level = 'basic' AND g.level_place = k % 3))"""),
    )
    tell(
        world,
        "drugs_hoarded",
        "HI-PAR-04",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 75 AS strength FROM hoarder
            JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # A visit nearly every day of a month, everywhere.
    plan(
        world,
        "wanderer",
        world.wrong(f"""
        SELECT x.p, g.f, ['J20', 'K29', 'M54', 'H81', 'L30'][1 + k % 5] AS icd, '01' AS care,
            {DAY.format("30 + u(x.p, #wanderday) % 280 + k")} AS day, 500 AS minute, 'wan' AS tag,
            x.p * 100 + k AS key FROM {people("wanderer", "$few * 3", "age BETWEEN 25 AND 80")} AS x,
            range(18) AS t(k) JOIN near AS g ON true
            WHERE g.prov = x.prov AND g.level = 'basic' AND g.level_place = k % 3"""),
    )
    tell(
        world,
        "visits_without_end",
        "HI-PAR-04",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 70 AS strength FROM wanderer
            JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # Dialysis three times a week looks alike.
    plan(
        world,
        "dialysis",
        f"""
        SELECT x.p, g.f, 'N18' AS icd, '01' AS care, {DAY.format("5 + (k * 7) // 3")} AS day, 420 AS minute,
            'dia' AS tag, x.p * 1000 + k AS key FROM {people("dialysis", "$few * 3", "age > 40")} AS x,
            range(140) AS t(k) JOIN near AS g ON true WHERE g.prov = x.prov AND g.level = 'specialised'
            AND g.level_place = 0""",
    )
    tell(
        world,
        "dialysis",
        "HI-PAR-04",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 70 AS strength FROM dialysis
            JOIN person AS q USING (p) GROUP BY q.code""",
        innocent=True,
    )
