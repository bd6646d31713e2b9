"""Wrongs through employment: phoenix firms, gangs which move on, double lives, raises and titles."""

from __future__ import annotations

from dauhieu.country.behaviours import bought_months
from dauhieu.country.behaviours.cases import MONTH
from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World


def plant(world: World) -> None:
    """Changes employers and spells, before anything is declared."""
    _phoenix(world)
    bought_months.maternity(world)
    _gangs(world)
    _double_lives(world)
    _insured_staff(world)
    _raises(world)


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


def _gangs(world: World) -> None:
    """A broker moves the same few people through one small firm after another."""
    world.make(
        "gang",
        world.wrong("""
        WITH idle AS (SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY u(p, #gang), p) - 1 AS n
            FROM person WHERE age BETWEEN 22 AND 48 AND died IS NULL AND p NOT IN (SELECT p FROM spell)
            AND p NOT IN (SELECT p FROM worker)),
           firms AS (SELECT e, prov, row_number() OVER (PARTITION BY prov ORDER BY u(e, #gangfirm), e) - 1 AS n
               FROM employer WHERE deed = '' AND block = 'private' AND size <= 12)
           SELECT i.p, i.prov, f.e, f.n AS stage, i.n % 6 AS member FROM idle AS i JOIN firms AS f USING (prov)
               WHERE i.n < 6 AND f.n < 3 AND prov < least(12, 1 + $persons // 50000)"""),
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
        world.wrong(f"""
        SELECT b.mother AS p, b.m, f.e, b.child_code FROM birth AS b JOIN spell AS s ON s.p = b.mother
            AND NOT s.hidden AND NOT s.ghost AND s.declared_m <= b.m - 6 AND s.to_m IS NULL
            JOIN {firms} AS f ON f.prov = s.prov AND f.n = u(b.child, #secondfirm) % f.k AND f.e <> s.e
                WHERE b.m BETWEEN 1 AND $months - 5 AND u(b.child, #works_in_leave) % 1000 < 15"""),
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
        world.wrong(f"""
        SELECT s.p, s.to_m, f.e, s.prov, s.s FROM spell AS s JOIN {firms} AS f ON f.prov = s.prov
            AND f.n = u(s.s, #uifirm) % f.k AND f.e <> s.e
            WHERE s.reason = 'left' AND s.came = 'settled' AND s.to_m BETWEEN 0 AND $months - 7 AND NOT s.hidden
                AND s.to_m - s.declared_m >= 24 AND s.block NOT IN ('state', 'commune')
              AND s.p NOT IN (SELECT p FROM spell WHERE came <> 'settled')
              AND u(s.s, #works_on_allowance) % 1000 < 40"""),
    )
    world.run("DELETE FROM worked_on_allowance WHERE p IN (SELECT p FROM second_job)")
    bought_months.backdated(world, firms)
    bought_months.topped_up(world, firms)
    world.make(
        "covered_late",
        world.wrong(f"""
        SELECT p.p, f.e, 6 + u(p.p, #latecover) % greatest(1, $months - 10) AS m FROM person AS p JOIN {firms} AS f
            ON f.prov = p.prov AND f.n = u(p.p, #coverfirm) % f.k
            WHERE p.age BETWEEN 22 AND 55 AND p.male AND p.died IS NULL AND p.p NOT IN (SELECT p FROM spell)
                AND p.p NOT IN (SELECT p FROM worker) ORDER BY u(p.p, #coverorder)
                LIMIT greatest(4, $persons // 60000)"""),
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
    # Women who expect a child are raised for the six months which count.
    world.make(
        "raised_mother",
        """
        SELECT s.s, s.p, s.e, s.person, s.strength, b.m FROM spell AS s JOIN birth AS b ON b.mother = s.p
        WHERE s.deed = 'raise_before_benefit' AND s.from_m < 0 AND s.to_m IS NULL AND NOT s.hidden
          AND b.m BETWEEN 8 AND $months - 5 AND u(s.s, #raisedmother) % 100 < 70
          AND s.s NOT IN (SELECT s FROM raised)
        QUALIFY row_number() OVER (PARTITION BY s.s ORDER BY b.m) = 1""",
    )
    world.run("INSERT INTO wage_change SELECT s, m - 6, m - 1, 160 + strength FROM raised_mother")
    tell(
        world,
        "raise_before_birth",
        "SI-EMP-14",
        f"""
        SELECT person AS code, {MONTH.format("m - 6")} AS period_from, {MONTH.format("m + 6")} - 1 AS period_to,
            NULL AS amount, strength FROM raised_mother""",
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
