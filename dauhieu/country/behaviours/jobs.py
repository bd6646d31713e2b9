"""Wrongs through employment: bought participation, ghosts, phoenix firms, back-dated months, gangs which move on."""

from __future__ import annotations

from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World

MONTH = "CAST($first + to_months(CAST({} AS INTEGER)) AS DATE)"


def plant(world: World) -> None:
    """Changes employers and spells, before anything is declared."""
    _phoenix(world)
    _bought_maternity(world)
    _gangs(world)
    _double_lives(world)
    _insured_staff(world)
    _raises(world)


def _idle_mothers(world: World) -> None:
    world.make(
        "idle_mother",
        """
        SELECT b.mother AS p, b.m, b.prov, b.child_code, row_number() OVER (ORDER BY u(b.child, #idle),
            b.child) - 1 AS n
           FROM birth AS b WHERE b.m BETWEEN 8 AND $months - 4 AND b.mother NOT IN (SELECT p FROM worker)""",
    )


def _phoenix(world: World) -> None:
    """A debtor empties and the same people go on under a new code; a lawful one takes its debts along."""
    world.make(
        "reborn",
        """
        SELECT e, e + 10000000 AS new_e, CASE WHEN deed = 'phoenix' THEN 10 ELSE 12 END AS last_m, deed FROM employer
            WHERE deed IN ('phoenix', 'lawful_restructuring')""",
    )
    world.run(
        f"""
        INSERT INTO employer BY NAME
            SELECT e.* REPLACE (r.new_e AS e, e.code || 'B' AS code, substr(e.tax_code, 1, 9)
                || CAST((CAST(e.tax_code[10] AS INTEGER) + 5) % 10 AS VARCHAR) || '9' AS tax_code, e.name
                || ' mới' AS name,
                   {MONTH.format("r.last_m")} AS established, '' AS deed, 0 AS strength, CASE WHEN e.deed = 'phoenix'
                       AND e.strength < 40 THEN e.phone || '1' ELSE e.phone END AS phone)
            FROM employer AS e JOIN reborn AS r USING (e)"""
    )
    world.make(
        "moved_staff",
        """
        SELECT s.s, s.p, r.new_e AS e, r.last_m, s.pay FROM spell AS s JOIN reborn AS r USING (e)
            WHERE coalesce(s.to_m, 999) > r.last_m AND s.from_m <= r.last_m
            AND (r.deed <> 'phoenix' OR u(s.s, #follows) % 100 < 45 + s.strength // 2)""",
    )
    world.run(
        """
        UPDATE spell SET to_m = r.last_m, reason = 'left' FROM reborn AS r WHERE spell.e = r.e
            AND coalesce(spell.to_m, 999) > r.last_m AND spell.from_m <= r.last_m"""
    )
    world.run("DELETE FROM spell USING reborn AS r WHERE spell.e = r.e AND spell.from_m > r.last_m")
    hire(
        world,
        """
        SELECT p, e, last_m + 1 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost, pay
            FROM moved_staff""",
    )


def _bought_maternity(world: World) -> None:
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
        """
        SELECT i.*, e.e, i.n % 3 = 0 AS innocent FROM idle_mother AS i
            JOIN (SELECT e, prov, row_number() OVER (PARTITION BY prov ORDER BY u(e, #joiner), e) - 1 AS n
            FROM employer WHERE deed = '' AND block = 'private') AS e ON e.prov = i.prov AND e.n = i.n % 5
            WHERE i.p NOT IN (SELECT p FROM seller) AND u(i.p, #joins) % 1000 < 60""",
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


def _gangs(world: World) -> None:
    """A broker moves the same few people through one small firm after another."""
    world.make(
        "gang",
        """
        WITH idle AS (SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY u(p, #gang), p) - 1 AS n
            FROM person WHERE age BETWEEN 22 AND 48 AND died IS NULL AND p NOT IN (SELECT p FROM spell)
            AND p NOT IN (SELECT p FROM worker)),
           firms AS (SELECT e, prov, row_number() OVER (PARTITION BY prov ORDER BY u(e, #gangfirm), e) - 1 AS n
               FROM employer WHERE deed = '' AND block = 'private' AND size <= 12)
           SELECT i.p, i.prov, f.e, f.n AS stage, i.n % 6 AS member FROM idle AS i JOIN firms AS f USING (prov)
               WHERE i.n < 6 AND f.n < 3 AND prov < least(12, 1 + $persons // 50000)""",
    )
    hire(
        world,
        """
        SELECT p, e, 1 + stage * 7 AS from_m, 6 + stage * 7 AS to_m, NULL::BIGINT AS entry_m, true AS ghost,
            2200 AS pay FROM gang""",
    )
    tell(
        world,
        "moving_gang",
        "X-BRK-02",
        """
        SELECT DISTINCT p.code, $first AS period_from, $end - 1 AS period_to, NULL AS amount, 60 AS strength
            FROM gang AS g JOIN person AS p USING (p)""",
    )
    tell(
        world,
        "keeps_a_gang",
        "SI-EMP-11",
        f"""
        SELECT e.code, {MONTH.format("min(1 + g.stage * 7)")} AS period_from,
            {MONTH.format("max(7 + g.stage * 7)")} - 1 AS period_to, 0 AS amount, 60 AS strength
        FROM gang AS g JOIN employer AS e ON e.e = g.e GROUP BY e.code""",
        kind="employer",
    )


def _double_lives(world: World) -> None:
    """Work during leave or the allowance; months entered backwards before a claim; cover after the accident."""
    firms = """
        (SELECT e, prov, row_number() OVER (PARTITION BY prov ORDER BY u(e, #secondjob), e) - 1 AS n,
            count(*) OVER (PARTITION BY prov) AS k FROM employer WHERE deed = '' AND block = 'private')"""
    world.make(
        "second_job",
        f"""
        SELECT b.mother AS p, b.m, f.e, b.child_code FROM birth AS b JOIN spell AS s ON s.p = b.mother
            AND NOT s.hidden AND NOT s.ghost AND s.declared_m <= b.m - 6 AND s.to_m IS NULL
            JOIN {firms} AS f ON f.prov = s.prov AND f.n = u(b.child, #secondfirm) % f.k AND f.e <> s.e
                WHERE b.m BETWEEN 1 AND $months - 5 AND u(b.child, #works_in_leave) % 1000 < 15""",
    )
    hire(
        world,
        """
        SELECT p, e, m + 1 AS from_m, m + 3 AS to_m, NULL::BIGINT AS entry_m, false AS ghost, 1400 AS pay
            FROM second_job""",
    )
    tell(
        world,
        "works_during_leave",
        "SI-BEN-02",
        f"""
        SELECT p.code, {MONTH.format("x.m + 1")} AS period_from, {MONTH.format("x.m + 4")} - 1 AS period_to,
            NULL AS amount, 70 AS strength FROM second_job AS x JOIN person AS p USING (p)""",
    )
    world.make(
        "worked_on_allowance",
        f"""
        SELECT s.p, s.to_m, f.e, s.prov, s.s FROM spell AS s JOIN {firms} AS f ON f.prov = s.prov
            AND f.n = u(s.s, #uifirm) % f.k AND f.e <> s.e
            WHERE s.reason = 'left' AND s.came = 'settled' AND s.to_m BETWEEN 0 AND $months - 7 AND NOT s.hidden
                AND s.to_m - s.declared_m >= 24 AND s.block NOT IN ('state', 'commune')
              AND s.p NOT IN (SELECT p FROM spell WHERE came <> 'settled')
              AND u(s.s, #works_on_allowance) % 1000 < 40""",
    )
    world.run("DELETE FROM worked_on_allowance WHERE p IN (SELECT p FROM second_job)")
    _backdated(world, firms)
    _topped_up(world, firms)
    world.make(
        "covered_late",
        f"""
        SELECT p.p, f.e, 6 + u(p.p, #latecover) % greatest(1, $months - 10) AS m FROM person AS p JOIN {firms} AS f
            ON f.prov = p.prov AND f.n = u(p.p, #coverfirm) % f.k
            WHERE p.age BETWEEN 22 AND 55 AND p.male AND p.died IS NULL AND p.p NOT IN (SELECT p FROM spell)
                AND p.p NOT IN (SELECT p FROM worker) ORDER BY u(p.p, #coverorder)
                LIMIT greatest(4, $persons // 60000)""",
    )
    hire(
        world,
        """
        SELECT p, e, m AS from_m, NULL::BIGINT AS to_m, m + 1 AS entry_m, false AS ghost, 1500 AS pay
            FROM covered_late""",
    )
    tell(
        world,
        "cover_after_accident",
        "SI-BEN-07",
        f"""
        SELECT p.code, {MONTH.format("x.m")} AS period_from, {MONTH.format("x.m + 1")} AS period_to, NULL AS amount,
            80 AS strength FROM covered_late AS x JOIN person AS p USING (p)""",
    )


def _backdated(world: World, firms: str) -> None:
    """Months written in for those who are about to claim: mothers, and others who will be ill."""
    world.make(
        "backdated",
        f"""
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
        WHERE i.place // d.k < 1 + u(d.e, #others) % 4""",
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


def _topped_up(world: World, firms: str) -> None:
    """Eight or nine months of work, and four or five more written in at the end: enough for the allowance."""
    world.make(
        "topped_up",
        f"""
        SELECT p.p, p.prov, p.code, f.e, d.m, d.added, d.m + 8 + u(p.p, #topworked) % 2 AS left_m
        FROM (SELECT *, 5 + u(p, #topup) % greatest(1, $months - 17) AS m, 4 + u(p, #topadded) % 2 AS added FROM person
              WHERE age BETWEEN 22 AND 50 AND died IS NULL AND p NOT IN (SELECT p FROM spell)
                AND p NOT IN (SELECT p FROM worker)
              ORDER BY u(p, #topupwho), p LIMIT greatest(8, $persons // 10000)) AS d
        JOIN person AS p ON p.p = d.p JOIN {firms} AS f ON f.prov = p.prov AND f.n = u(p.p, #topupfirm) % f.k""",
    )
    hire(
        world,
        """
        SELECT p, e, m AS from_m, left_m - 1 AS to_m, NULL::BIGINT AS entry_m, false AS ghost, 1500 AS pay
        FROM topped_up
        UNION ALL SELECT p, e, m - added, m - 1, left_m - 1, true, 1500 FROM topped_up""",
    )


def _insured_staff(world: World) -> None:
    """Doctors who will be on leave and the kin officers decide about have an employer like anybody."""
    hire(
        world,
        """
        WITH places AS (
          SELECT e, prov FROM employer WHERE deed = ''
          QUALIFY row_number() OVER (PARTITION BY prov ORDER BY block <> 'public_unit', block <> 'state', e) = 1)
        SELECT d.p, x.e, -60 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost, 2900 AS pay
        FROM (SELECT p, prov FROM practitioner WHERE deed = 'works_on_leave' AND p IS NOT NULL
              UNION SELECT p + 1, prov FROM officer WHERE deed = 'own_family') AS d JOIN places AS x USING (prov)
        WHERE d.p NOT IN (SELECT p FROM spell)""",
    )


def _raises(world: World) -> None:
    """Wages doubled before a benefit and cut after; hazardous titles given to the oldest."""
    world.make(
        "raised",
        """
        SELECT s.s, s.p, s.e, s.prov, s.person, s.strength, 6 + u(s.s, #raisemonth) % greatest(1, $months - 12) AS m
            FROM spell AS s WHERE s.deed = 'raise_before_benefit' AND s.from_m < 0 AND s.to_m IS NULL AND NOT s.hidden
           QUALIFY row_number() OVER (PARTITION BY s.e ORDER BY u(s.s, #raised)) <= 4 + s.strength // 20""",
    )
    world.run("INSERT INTO wage_change SELECT s, m - 2, m + 1, 160 + strength FROM raised")
    tell(
        world,
        "raise_before_benefit",
        "SI-EMP-14",
        f"""
        SELECT person AS code, {MONTH.format("m - 2")} AS period_from, {MONTH.format("m + 2")} - 1 AS period_to,
            NULL AS amount, strength FROM raised""",
    )
    # A real promotion looks alike, but nobody falls ill.
    world.run(
        """INSERT INTO wage_change SELECT s, 1 + u(s, #promotedmonth) % $months, 999, 106 + u(s, #promotedby) % 25
           FROM spell WHERE deed = '' AND u(s, #promoted) % 1000 < 8"""
    )
    world.make(
        "retitled",
        """
        SELECT s.s, s.p, s.e, s.person, s.prov, s.strength FROM spell AS s JOIN worker AS w USING (p)
            WHERE s.deed = 'hazard_title' AND s.from_m < 0 AND s.to_m IS NULL AND NOT s.hidden
            AND s.hazard_class IS NULL AND w.retire_m IS NULL AND s.dob < $first - INTERVAL 40 YEAR
           QUALIFY row_number() OVER (PARTITION BY s.e ORDER BY s.dob, s.s) <= 3 + s.strength // 30""",
    )
    world.run("INSERT INTO title_change SELECT s, 3 + (100 - strength) // 12, 'V', 'Công nhân nấu luyện' FROM retitled")
    tell(
        world,
        "hazard_title_before_retirement",
        "SI-EMP-16",
        f"""
        SELECT person AS code, {MONTH.format("3 + (100 - strength) // 12")} AS period_from, $end - 1 AS period_to,
            NULL AS amount, strength FROM retitled""",
    )
