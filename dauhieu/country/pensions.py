"""Retirement at the age and before it, death, and the pensions and grants which follow."""

from __future__ import annotations

from dauhieu.country.cases import next_id
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def make_pensions(world: World) -> None:
    """Pensions paid since long ago, those which start when workers retire, and survivors'."""
    world.run(
        """
        INSERT INTO pension BY NAME
        SELECT row_number() OVER (ORDER BY p) AS id, CASE WHEN ppm(p, #wasearly) < 90000 THEN 'early' ELSE 'old_age' END
                   AS kind, p, code AS person, prov,
               -- Paid from the month after the one in which the age is reached.
               date_trunc('month', dob + to_months(CAST(CASE WHEN male THEN 739 ELSE 685 END
                   - CASE WHEN ppm(p, #wasearly) < 90000 THEN 12 * pick(p, #earlyyears, 1, 5) ELSE 0 END AS INTEGER)))
                   AS start_month, CASE
                   WHEN died IS NOT NULL THEN date_trunc('month', died) END AS end_month,
               pick(p, #pension, 26, 95) * 100000 AS amount, pick(p, #pensionmonths, 240, 420) AS months, bank,
                   account, 'paying' AS status,
                   CASE WHEN ppm(p, #wasearly) < 90000 THEN pick(p, #earlyyears, 1, 5) * 2 ELSE 0 END AS early_pct,
                   false AS decided, NULL AS reported_m
        FROM person WHERE ppm(p, #pensioner) < 310000 AND p NOT IN (SELECT p FROM worker) AND dob
            + to_months(CASE WHEN male THEN 738 ELSE 684 END) < $first - 31"""
    )
    world.run(
        f"""
        INSERT INTO pension BY NAME
        SELECT {next_id("pension")} + row_number() OVER (ORDER BY w.p) AS id, 'old_age' AS kind, w.p,
            p.code AS person, p.prov,
               CAST($first + to_months(CAST(w.retire_m + 1 AS INTEGER)) AS DATE) AS start_month, CASE
                   WHEN p.died IS NOT NULL THEN date_trunc('month', p.died) END AS end_month,
               pick(w.p, #pension, 30, 110) * 100000 AS amount, pick(w.p, #pensionmonths, 240, 420) AS months,
                   p.bank, p.account, 'paying' AS status, 0 AS early_pct, true AS decided, NULL AS reported_m
        FROM worker AS w JOIN person AS p USING (p) JOIN (SELECT p FROM spell WHERE reason = 'retired' AND NOT hidden
            GROUP BY p) USING (p)
        WHERE w.retire_m BETWEEN 0 AND $months - 2 AND (p.died IS NULL
            OR p.died > CAST($first + to_months(CAST(w.retire_m AS INTEGER)) AS DATE))"""
    )
    _retire_before_age(world)
    decide_pensions(world, "true")


def _retire_before_age(world: World) -> None:
    """Lawful pensions before the age: after long hazardous work, and when a board finds two thirds of health lost."""
    world.make(
        "retired_before",
        f"""
        WITH reached AS (
          SELECT s.s, s.p, m.m, s.hazard_class, date_diff('month', s.dob, m.month) AS age,
              CASE WHEN s.male THEN m.retire_male ELSE m.retire_female END AS needed
          FROM spell AS s JOIN worker AS w USING (p)
          JOIN month AS m ON m.m = 4 + u(s.s, #beforemonth) % greatest(1, $months - 6)
          WHERE NOT s.hidden AND NOT s.ghost AND s.from_m < -12 AND s.to_m IS NULL AND s.came = 'settled'
            AND w.last_m IS NULL AND s.s NOT IN (SELECT s FROM retitled) AND s.s NOT IN (SELECT s FROM raised)),
        chosen AS (
          SELECT *, CASE WHEN hazard_class IS NOT NULL AND age >= needed - 60 AND ppm(s, #hazardleaves) < 350000
              THEN 'hazard' WHEN age BETWEEN needed - 120 AND needed - 12 AND ppm(s, #unfit) < 10000
                  AND (age >= needed - 60 OR ppm(s, #veryunfit) < 100000) THEN 'early' END
              AS why FROM reached)
        SELECT {next_id("pension")} + row_number() OVER (ORDER BY c.s) AS id, c.*, q.code AS person, q.prov, q.bank,
            q.account, CAST($first + to_months(c.m) AS DATE) AS start_month, CASE WHEN c.age < c.needed - 60
                THEN pick(c.s, #unfitpct, 81, 92) ELSE pick(c.s, #unfitpct, 61, 80) END AS loss
        FROM chosen AS c JOIN person AS q USING (p)
        WHERE why IS NOT NULL AND m >= 4 AND q.died IS NULL AND c.p NOT IN (SELECT p FROM pension)
          AND NOT EXISTS (SELECT 1 FROM benefit_case AS b WHERE b.p = c.p
              AND b.from_date >= CAST($first + to_months(c.m) AS DATE))
        QUALIFY row_number() OVER (PARTITION BY c.p ORDER BY c.s) = 1""",
    )
    world.run(
        """
        INSERT INTO pension BY NAME SELECT id, CASE why WHEN 'early' THEN 'early' ELSE 'old_age' END AS kind, p, person,
            prov, start_month, NULL AS end_month, pick(p, #pension, 26, 80) * 100000 AS amount,
            pick(p, #pensionmonths, 240, 380) AS months, bank, account, 'paying' AS status,
            CASE why WHEN 'early' THEN (needed - age) // 12 * 2 ELSE 0 END AS early_pct, true AS decided,
            NULL AS reported_m FROM retired_before"""
    )
    world.run("UPDATE spell SET to_m = r.m - 1, reason = 'retired' FROM retired_before AS r WHERE spell.s = r.s")
    for why, behaviour in (("hazard", "retired_after_hazardous_work"), ("early", "retired_unfit_for_work")):
        tell(
            world,
            behaviour,
            "SI-BEN-10",
            f"""SELECT person AS code, start_month AS period_from, $end - 1 AS period_to, 0 AS amount, 50 AS strength
                FROM retired_before WHERE why = '{why}'""",
            innocent=True,
        )


def decide_pensions(world: World, which: str) -> None:
    """The claims behind pensions which begin in the window; the average wage is what the rate of the years asks."""
    world.run(
        f"""
        INSERT INTO benefit_case BY NAME
        WITH rated AS (
          -- 45 % for a woman's 15 and a man's 20 years, one more for each half year; up to six odd months are half.
          SELECT n.*, least(75, 45 + n.months // 12 * 2
              + CASE WHEN n.months % 12 > 6 THEN 2 WHEN n.months % 12 > 0 THEN 1 ELSE 0 END
              - CASE WHEN q.male THEN 40 ELSE 30 END) - n.early_pct AS rate
          FROM pension AS n JOIN person AS q USING (p) WHERE n.decided AND ({which}))
        SELECT {next_id("benefit_case")} + row_number() OVER (ORDER BY n.id) AS id, CASE n.kind WHEN 'early'
            THEN 'early_pension' ELSE 'old_age' END AS kind, p, person, prov, start_month AS from_date, amount,
            0 AS one_off,
               months AS months_counted, rate AS rate_pct, amount * 100 // rate AS base_wage,
                   CAST(start_month - CAST(pick(p, #pensionclaim, 5, 25) AS INTEGER) AS TIMESTAMP)
                   + INTERVAL 9 HOUR AS submitted_at, 0 AS payer_days
        FROM rated AS n"""
    )


def make_deaths(world: World) -> None:
    """A funeral grant for insured persons and pensioners; a monthly benefit for children left behind."""
    world.make(
        "mourned",
        """
        SELECT d.p, d.code AS person, d.prov, d.died, k.code AS claimant, k.p AS claimant_p
        FROM person AS d JOIN person AS k ON k.p = d.h * 4 + CASE WHEN d.p % 4 = 0 THEN 1 ELSE 0 END
        WHERE d.died IS NOT NULL AND k.died IS NULL AND (d.p IN (SELECT p FROM spell WHERE NOT hidden)
            OR d.p IN (SELECT p FROM pension))""",
    )
    world.run(
        f"""
        INSERT INTO benefit_case BY NAME
        SELECT {next_id("benefit_case")} + row_number() OVER (ORDER BY d.p) AS id, 'funeral' AS kind, d.p, d.person,
            d.prov, d.died AS from_date, 0 AS amount, 10 * m.base_level AS one_off,
               d.claimant, CAST(d.died + CAST(pick(d.p, #funeral, 12, 70) AS INTEGER) AS TIMESTAMP)
                   + INTERVAL 9 HOUR AS submitted_at
        FROM mourned AS d JOIN month AS m ON m.m = date_diff('month', $first, d.died)"""
    )
    world.make(
        "orphan",
        """
        SELECT d.p AS deceased, d.person AS deceased_code, c.p, c.code, c.prov, d.died, c.dob FROM mourned AS d
            JOIN person AS c ON c.h = d.p // 4 AND c.relation = 'child'
           WHERE d.p % 4 < 2 AND c.dob > d.died - INTERVAL 17 YEAR AND c.dob < d.died""",
    )
    world.run(
        f"""
        INSERT INTO pension BY NAME
        SELECT {next_id("pension")} + row_number() OVER (ORDER BY o.p) AS id, 'survivors' AS kind, o.p,
            o.code AS person, o.prov, date_trunc('month', o.died + INTERVAL 1 MONTH) AS start_month,
               NULL AS end_month, 1170000 AS amount, NULL AS months, k.bank, k.account, 'paying' AS status,
                   0 AS early_pct, false AS decided, NULL AS reported_m
        FROM orphan AS o JOIN person AS k ON k.p = o.p // 4 * 4 + CASE WHEN o.deceased % 4 = 0 THEN 1 ELSE 0 END"""
    )
    world.add(
        "survivor_dependant",
        """
        SELECT 'LH' || CAST(n.id AS VARCHAR) AS pension_code, o.deceased_code AS deceased_person_code,
            o.code AS dependant_person_code, 'child' AS relation, 50 AS share_pct,
                  CAST(o.dob + INTERVAL 18 YEAR AS DATE) AS end_due_date, true AS income_test_ok,
                      CAST(o.died + 60 AS TIMESTAMP) AS recorded_at
           FROM orphan AS o JOIN pension AS n ON n.p = o.p AND n.kind = 'survivors' WHERE o.died + 60 < $end""",
    )
