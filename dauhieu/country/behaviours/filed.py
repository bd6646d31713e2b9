"""Cases which employers and gangs file: raised wages, batches of papers, accidents before cover, ghosts."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import AT, MONTH
from dauhieu.country.cases import add_cases, add_paper_of_each, add_papers
from dauhieu.country.contracts import INSURED_WAGE
from dauhieu.country.stakes import LAST_DAY, WORTH
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    """Cases employers file: raised wages, batches of papers, an outbreak, accidents before cover; gangs."""
    _gangs(world)
    sick = """
        'sickness' AS kind, p, person, e, prov, d AS from_date, d + 9 AS to_date, 8 AS days, 12000000 AS base_wage,
            75 AS rate_pct, 3000000 AS amount, 0 AS one_off"""
    add_cases(
        world,
        "raised_sick",
        f"""
        SELECT {sick}, {AT.format("d + 20")} AS submitted_at, f.f, f.code AS facility
            FROM (SELECT r.p, r.person, r.e, r.prov, {MONTH.format("m")} + 6 AS d FROM raised AS r)
            JOIN facility AS f USING (prov) WHERE f.level = 'basic' AND f.level_place = 0""",
    )
    add_paper_of_each(world, "raised_sick", icd="K29", series="SX")
    world.run(
        """
        UPDATE benefit_case SET base_wage = base_wage * (160 + x.strength) // 100,
            amount = amount * (160 + x.strength) // 100
        FROM raised_mother AS x WHERE benefit_case.p = x.p AND benefit_case.e = x.e AND benefit_case.kind = 'birth'
          AND date_diff('month', $first, benefit_case.from_date) = x.m"""
    )
    add_cases(
        world,
        "backdated_sick",
        f"""
        SELECT {sick}, {AT.format("d + 20")} AS submitted_at, f.f, f.code AS facility
        FROM (SELECT b.p, q.code AS person, b.e, q.prov, {MONTH.format("b.m")} + 9 AS d FROM backdated AS b
              JOIN person AS q USING (p) WHERE b.kind = 'sickness')
        JOIN facility AS f USING (prov) WHERE f.level = 'basic' AND f.level_place = 0""",
    )
    add_paper_of_each(world, "backdated_sick", icd="M54", series="SB")
    add_cases(
        world,
        "batch",
        f"""
        SELECT 'sickness' AS kind, s.p, s.person, s.e, s.prov, d AS from_date, d + 2 AS to_date, 3 AS days,
            {INSURED_WAGE} AS base_wage, 75 AS rate_pct, {INSURED_WAGE} * 75 * 3 // 2400 AS amount, 0 AS one_off,
            h.code AS facility, h.f, s.n,
            s.deed, s.strength, {AT.format("d + 12")} AS submitted_at, 'BATCH' || CAST(s.e AS VARCHAR)
            || CAST(k AS VARCHAR) AS list_no
            FROM (SELECT *, CAST($first + CAST(200 + (e * 37) % 300 + CASE WHEN deed = 'outbreak' THEN 0
                ELSE k * 35 END + n % 3 AS INTEGER) AS DATE) AS d
                  FROM (SELECT *, row_number() OVER (PARTITION BY e ORDER BY u(s, #batch), s) AS n FROM spell
                      WHERE deed IN ('leave_papers', 'outbreak') AND from_m < 0 AND to_m IS NULL AND NOT hidden
                        AND p NOT IN (SELECT p FROM leave_month)),
                      range(CASE WHEN deed = 'outbreak' THEN 1 ELSE 3 END) AS t(k)
                  WHERE n <= 6 + strength // 8) AS s
            JOIN facility AS h ON h.prov = s.prov AND h.level = CASE WHEN s.deed = 'outbreak' THEN 'basic'
                ELSE 'initial' END AND h.level_place = 0
            JOIN month AS m ON m.m = date_diff('month', $first, d) JOIN floor_wage AS f ON f.m = m.m
                AND f.region = s.region""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, NULL AS practitioner, CASE WHEN deed = 'outbreak' THEN 'A09'
            ELSE 'J06' END AS icd, from_date, 3 AS days, from_date AS issued_at,
                  CASE WHEN deed = 'outbreak' THEN 'SO' || CAST(u(id, #outbreakserial) % 900000 AS VARCHAR)
                      ELSE CAST(700000 + id % 100000 AS VARCHAR) END AS serial, CAST(id AS VARCHAR)
                      || '/B' AS cert_no, id AS case_id, 0 AS late_days FROM batch""",
    )
    for source in ("batch WHERE deed = 'leave_papers' AND", "gang_sick WHERE"):
        tell(
            world,
            "paper_without_illness",
            "SI-BEN-01",
            f"""
            SELECT person AS code, min(from_date) AS period_from, max(to_date) AS period_to, sum(amount) AS amount,
                60 AS strength FROM {source} submitted_at < $end - INTERVAL 15 DAY GROUP BY person""",
        )
    world.add(
        "work_accident",
        f"""
        SELECT 'TNM' || CAST(x.p AS VARCHAR) AS accident_code, e.code AS employer_code, p.code AS person_code,
            CAST({MONTH.format("x.m")} + 11 AS TIMESTAMP) + INTERVAL 15 HOUR AS occurred_at, 'workplace' AS place,
            'serious' AS severity, 'BBM' || CAST(x.p AS VARCHAR) AS minutes_no,
                   false AS reported_to_labour, CAST({MONTH.format("x.m + 1")} + 30 AS TIMESTAMP) AS entered_at,
                       CAST({MONTH.format("x.m + 1")} + 30 AS TIMESTAMP) AS recorded_at
            FROM covered_late AS x JOIN person AS p USING (p) JOIN employer AS e ON e.e = x.e
                WHERE {MONTH.format("x.m + 1")} + 30 < $end""",
    )
    add_cases(
        world,
        "covered_case",
        f"""
        SELECT 'work_injury' AS kind, x.p, p.code AS person, x.e, p.prov, {MONTH.format("x.m")} + 11 AS from_date,
            6000000 AS base_wage, 25 AS rate_pct, 0 AS amount, 46800000 AS one_off,
            {AT.format(MONTH.format("x.m + 2"))} AS submitted_at FROM covered_late AS x JOIN person AS p USING (p)""",
    )


def _gangs(world: World) -> None:
    """At each firm, shortly before they move on, all of them fall ill; at the end all of them are out of work."""
    add_cases(
        world,
        "gang_sick",
        f"""
        SELECT 'sickness' AS kind, g.p, q.code AS person, g.e, g.prov, d AS from_date, d + 9 AS to_date, 8 AS days,
            9000000 AS base_wage, 75 AS rate_pct, 2250000 AS amount, 0 AS one_off, f.f, f.code AS facility,
            {AT.format("d + 16")} AS submitted_at
        FROM (SELECT *, {MONTH.format("5 + stage * 7")} + CAST(2 + member % 3 AS INTEGER) AS d FROM gang) AS g
        JOIN person AS q USING (p) JOIN facility AS f ON f.prov = g.prov AND f.level = 'initial'
            AND f.level_place = 0""",
    )
    add_paper_of_each(world, "gang_sick", icd="M54", series="SG")
    add_cases(
        world,
        "gang_allowance",
        f"""
        SELECT 'ui_allowance' AS kind, g.p, q.code AS person, g.e, g.prov, {MONTH.format("21")} + 24 AS from_date,
            CAST({MONTH.format("21")} + 24 + to_months(3) AS DATE) - 1 AS to_date, 90 AS days, 60 AS rate_pct,
            9000000 AS base_wage, 5400000 AS amount, 0 AS one_off, 18 AS months_counted, 3 AS payer_days,
            {AT.format(MONTH.format("21") + " + 6 + CAST(member % 4 AS INTEGER)")} AS submitted_at
        FROM gang AS g JOIN person AS q USING (p) WHERE g.stage = 2""",
    )


def ghosts(world: World) -> None:
    """Whoever is on the books without ever working, and draws on it."""
    tell(
        world,
        "drew_as_ghost",
        "SI-EMP-11",
        f"""
        SELECT c.person AS code, min(c.from_date) AS period_from, max({LAST_DAY}) AS period_to,
            sum({WORTH}) AS amount, 60 AS strength
        FROM benefit_case AS c JOIN (SELECT DISTINCT p, e FROM spell WHERE ghost AND deed IN ('ghost_staff', 'shell'))
            AS s ON s.p = c.p AND s.e = c.e
        WHERE c.submitted_at < $end GROUP BY c.person""",
    )
