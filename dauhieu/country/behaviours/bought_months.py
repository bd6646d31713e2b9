"""Months which are bought or written in for a benefit: by pregnant women, the ill and the unemployed."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import MONTH
from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World


def _idle_mothers(world: World) -> None:
    world.make(
        "idle_mother",
        """
        SELECT b.mother AS p, b.m, b.prov, b.child_code, row_number() OVER (ORDER BY u(b.child, #idle),
            b.child) - 1 AS n
           FROM birth AS b WHERE b.m BETWEEN 8 AND $months - 4 AND b.mother NOT IN (SELECT p FROM worker)""",
    )


def maternity(world: World) -> None:
    """Women hired when already pregnant, for just enough months, at firms which sell the place."""
    _idle_mothers(world)
    world.make(
        "seller",
        """
        WITH sellers AS (SELECT e, deed, strength, prov, row_number() OVER (ORDER BY e) - 1 AS n,
            count(*) OVER () AS k FROM employer WHERE deed IN ('ghost_maternity', 'maternity_cluster'))
           SELECT i.*, s.e, s.deed, s.strength FROM idle_mother AS i JOIN sellers AS s ON s.n = i.n % s.k
               AND i.n // s.k < 2 + s.strength // 25""",
    )
    hire(
        world,
        """
        SELECT p, e, m - 6 - CASE WHEN strength < 30 THEN 1 ELSE 0 END AS from_m, m + 5 AS to_m,
            NULL::BIGINT AS entry_m, deed = 'ghost_maternity' AS ghost, 1500 + strength * 15 AS pay FROM seller""",
    )
    tell(
        world,
        "bought_maternity",
        "SI-BEN-04",
        f"""
        SELECT p.code, {MONTH.format("x.m - 6")} AS period_from, {MONTH.format("x.m + 6")} - 1 AS period_to,
            NULL AS amount, x.strength FROM seller AS x JOIN person AS p USING (p)""",
    )
    # One by one, at ordinary firms: some are bought, some simply had their first job.
    world.make(
        "late_joiner",
        world.wrong(
            """
        SELECT i.*, e.e, i.n % 3 = 0 AS innocent FROM idle_mother AS i
            JOIN (SELECT e, prov, row_number() OVER (PARTITION BY prov ORDER BY u(e, #joiner), e) - 1 AS n
            FROM employer WHERE deed = '' AND block = 'private') AS e ON e.prov = i.prov AND e.n = i.n % 5
            WHERE i.p NOT IN (SELECT p FROM seller) AND u(i.p, #joins) % 1000 < 60""",
            "innocent",
        ),
    )
    hire(
        world,
        """
        SELECT p, e, m - CASE WHEN innocent THEN 8 ELSE 6 + u(p, #joinmonth) % 2 END AS from_m,
            CASE WHEN NOT innocent THEN m + 5 END AS to_m, NULL::BIGINT AS entry_m, false AS ghost,
            CASE WHEN innocent THEN 1100 ELSE 2600 END AS pay FROM late_joiner""",
    )
    for innocent in (False, True):
        tell(
            world,
            "young_first_job" if innocent else "joined_while_pregnant",
            "SI-BEN-04",
            f"""
            SELECT p.code, {MONTH.format("x.m - 6")} AS period_from, {MONTH.format("x.m + 6")} - 1 AS period_to,
                NULL AS amount, 40 AS strength FROM late_joiner AS x JOIN person AS p USING (p)
                WHERE x.innocent = {innocent}""",
            innocent=innocent,
        )
    # The female trade whose women live here and have worked there for years.
    hire(
        world,
        """
        SELECT i.p, e.e, -30 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost,
            CASE WHEN e.block IN ('state', 'public_unit', 'commune') THEN 2600 ELSE 1200 END AS pay
            FROM idle_mother AS i JOIN (SELECT e, prov, block, row_number() OVER (PARTITION BY prov ORDER BY e) - 1 AS n
            FROM employer WHERE deed = 'female_salon') AS e ON e.prov = i.prov AND i.n % 20 < 2
            AND i.p NOT IN (SELECT p FROM seller) AND i.p NOT IN (SELECT p FROM late_joiner)
            QUALIFY row_number() OVER (PARTITION BY e.e ORDER BY i.n) <= 3
            AND row_number() OVER (PARTITION BY i.p ORDER BY e.e) = 1""",
    )


def backdated(world: World, firms: str) -> None:
    """Months written in for those who are about to claim: mothers, and others who will be ill."""
    world.make(
        "backdated",
        world.wrong(f"""
        WITH sellers AS (SELECT e, strength, row_number() OVER (ORDER BY e) - 1 AS n, count(*) OVER () AS k
            FROM employer WHERE deed = 'backdating'),
        mothers AS (SELECT *, row_number() OVER (ORDER BY n) - 1 AS place FROM idle_mother
            WHERE m >= 9 AND p NOT IN (SELECT p FROM spell)),
        others AS (
          SELECT p, 10 + u(p, #illmonth) % greatest(1, $months - 13) AS m,
              row_number() OVER (ORDER BY u(p, #backdated), p) - 1 AS place
          FROM person WHERE age BETWEEN 22 AND 55 AND died IS NULL AND p NOT IN (SELECT p FROM spell)
              AND p NOT IN (SELECT p FROM worker) AND p NOT IN (SELECT p FROM idle_mother)
          QUALIFY place < 1000)
        SELECT i.p, i.m, d.e, d.strength, 'birth' AS kind FROM mothers AS i JOIN sellers AS d ON d.n = i.place % d.k
        WHERE i.place // d.k < 1 + d.strength // 40
        UNION ALL
        SELECT i.p, i.m, f.e, NULL, 'birth' FROM mothers AS i JOIN {firms} AS f ON f.prov = i.prov AND f.n = i.n % f.k
        WHERE i.place % 80 = 79
        UNION ALL
        SELECT i.p, i.m, d.e, d.strength, 'sickness' FROM others AS i JOIN sellers AS d ON d.n = i.place % d.k
        WHERE i.place // d.k < 1 + u(d.e, #others) % 4"""),
    )
    hire(
        world,
        """
        SELECT p, e, m - 8 AS from_m, m + 4 + p % 3 AS to_m, m - 1 AS entry_m, false AS ghost, 1800 AS pay
        FROM backdated""",
    )
    tell(
        world,
        "months_added_backwards",
        "SI-EMP-13",
        f"""
        SELECT p.code, {MONTH.format("x.m - 8")} AS period_from, {MONTH.format("x.m - 1")} - 1 AS period_to,
            NULL AS amount, coalesce(x.strength, 50) AS strength FROM backdated AS x JOIN person AS p USING (p)""",
    )
    tell(
        world,
        "backdates_mothers",
        "SI-EMP-11",
        f"""
        SELECT e.code, {MONTH.format("min(x.m) - 8")} AS period_from, {MONTH.format("max(x.m)")} - 1 AS period_to,
            0 AS amount, any_value(x.strength) AS strength
        FROM backdated AS x JOIN employer AS e ON e.e = x.e WHERE x.strength IS NOT NULL
        GROUP BY e.code HAVING count(*) FILTER (x.kind = 'birth') * 2 > count(*)""",
        kind="employer",
    )


def topped_up(world: World, firms: str) -> None:
    """Eight or nine months of work, and four or five more written in at the end: enough for the allowance."""
    world.make(
        "topped_up",
        world.wrong(f"""
        SELECT p.p, p.prov, p.code, f.e, d.m, d.added, d.m + 8 + u(p.p, #topworked) % 2 AS left_m
        FROM (SELECT *, 5 + u(p, #topup) % greatest(1, $months - 17) AS m, 4 + u(p, #topadded) % 2 AS added FROM person
              WHERE age BETWEEN 22 AND 50 AND died IS NULL AND p NOT IN (SELECT p FROM spell)
                AND p NOT IN (SELECT p FROM worker)
              ORDER BY u(p, #topupwho), p LIMIT greatest(8, $persons // 10000)) AS d
        JOIN person AS p ON p.p = d.p JOIN {firms} AS f ON f.prov = p.prov AND f.n = u(p.p, #topupfirm) % f.k"""),
    )
    hire(
        world,
        """
        SELECT p, e, m AS from_m, left_m - 1 AS to_m, NULL::BIGINT AS entry_m, false AS ghost, 1500 AS pay
        FROM topped_up
        UNION ALL SELECT p, e, m - added, m - 1, left_m - 1, true, 1500 FROM topped_up""",
    )
