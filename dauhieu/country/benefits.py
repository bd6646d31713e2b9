"""Births, sickness, accidents and leaving, and the benefits which follow them."""

from __future__ import annotations

from dauhieu.country.cases import ILLNESSES, next_id
from dauhieu.country.contracts import TRUE_WAGE
from dauhieu.country.world import World


def make_births(world: World) -> None:
    """`birth`: the children of the window, where they were born, and their mother's job if she has one."""
    world.make(
        "birth",
        """
        WITH parents AS (
          SELECT c.p AS child, c.code AS child_code, c.dob AS day, c.prov, c.c, CASE WHEN a.male THEN b.p
              ELSE a.p END AS mother,
                 CASE WHEN a.male THEN a.p ELSE b.p END AS father, c.p % 4 = 3 AS second
          FROM person AS c JOIN person AS a ON a.p = c.h * 4 JOIN person AS b ON b.p = c.h * 4 + 1
          WHERE c.relation = 'child' AND c.dob >= $first AND c.dob < $end)
        SELECT x.* EXCLUDE (c), date_diff('month', $first, x.day) AS m, f.f, f.code AS facility,
               'K' || lpad(CAST(x.child AS VARCHAR), 9, '0') AS ma_lk, 'CS' || CAST(x.child AS VARCHAR) AS code,
                   ppm(x.child, #surgery) < 350000 AS surgery
        FROM parents AS x JOIN reach AS r ON r.c = x.c AND r.level = 'basic' AND r.slot = u(x.child, #birthplace) % 16
        JOIN facility AS f ON f.f = r.f""",
    )


def make_maternity(world: World) -> None:
    """Leave, allowance and the visits before birth, of parents who are insured."""
    world.make(
        "leave_month",
        """
        WITH mothers AS (
          SELECT b.mother AS p, b.m FROM birth AS b JOIN spell AS s ON s.p = b.mother AND NOT s.hidden
              AND s.declared_m <= b.m - 6 AND coalesce(s.to_m, 999) >= b.m)
        SELECT p, m + k AS m, 'maternity' AS status FROM mothers, range(6) AS t(k)
        UNION
        -- A few take unpaid leave.
        SELECT p, m, 'unpaid' FROM (SELECT p, pick(p, #unpaidmonth, 0, $months - 1) AS m FROM worker
            WHERE ppm(p, #unpaid) < 15000)
        WHERE p NOT IN (SELECT p FROM mothers)""",
    )
    world.run(
        f"""
        INSERT INTO benefit_case BY NAME
        WITH paid AS (
          SELECT b.*, s.s, s.e, s.person, {TRUE_WAGE} AS wage, m.base_level, CASE WHEN b.second
              AND b.day >= DATE '2026-07-01' THEN 7 ELSE 6 END AS length
          FROM birth AS b JOIN spell AS s ON s.p = b.mother AND NOT s.hidden AND s.declared_m <= b.m - 6
              AND coalesce(s.to_m, 999) >= b.m
          JOIN month AS m ON m.m = b.m JOIN floor_wage AS f ON f.m = b.m AND f.region = s.region)
        SELECT {next_id("benefit_case")} + row_number() OVER (ORDER BY child) AS id, 'birth' AS kind, mother AS p,
            person, e, prov, day AS from_date,
               CAST(day + to_months(length) AS DATE) - 1 AS to_date, length * 30 AS days, wage AS base_wage,
                   100 AS rate_pct, wage * length AS amount, 2 * base_level AS one_off,
               child_code AS child, code AS birth, facility, CAST(day
                   + CAST(pick(child, #birthclaim, 25, 70) AS INTEGER) AS TIMESTAMP) + INTERVAL 9 HOUR AS submitted_at
        FROM paid QUALIFY row_number() OVER (PARTITION BY child ORDER BY s) = 1
        UNION ALL BY NAME
        SELECT {next_id("benefit_case")} + 100000000 + b.child AS id, 'paternity' AS kind, b.father AS p, s.person,
            s.e, b.prov, b.day + 1 AS from_date, b.day + 7 AS to_date, 5 AS days,
               8000000 AS base_wage, 100 AS rate_pct, 8000000 * 5 // 24 AS amount, 0 AS one_off,
                   b.child_code AS child, b.code AS birth, b.facility,
               CAST(b.day + 30 AS TIMESTAMP) + INTERVAL 10 HOUR AS submitted_at
        FROM birth AS b JOIN spell AS s ON s.p = b.father AND NOT s.hidden AND s.declared_m <= b.m
            AND coalesce(s.to_m, 999) >= b.m
        UNION ALL BY NAME
        SELECT {next_id("benefit_case")} + 200000000 + b.child * 2 + k AS id, 'prenatal' AS kind, b.mother AS p,
            s.person, s.e, b.prov, b.day - CAST(60 + 60 * k AS INTEGER) AS from_date,
               b.day - CAST(60 + 60 * k AS INTEGER) AS to_date, 1 AS days, 6000000 AS base_wage, 100 AS rate_pct,
                   250000 AS amount, 0 AS one_off, NULL AS child, NULL AS birth, b.facility,
               CAST(b.day - CAST(50 + 60 * k AS INTEGER) AS TIMESTAMP) + INTERVAL 10 HOUR AS submitted_at
        FROM birth AS b JOIN spell AS s ON s.p = b.mother AND NOT s.hidden AND s.declared_m <= b.m - 6
            AND coalesce(s.to_m, 999) >= b.m, range(2) AS t(k)
        WHERE b.day - CAST(60 + 60 * k AS INTEGER) >= $first"""
    )


def make_sickness(world: World) -> None:
    """A quarter of a paper per worker and year, one long leave in a year at most; each with its certificate."""
    world.make(
        "sick_leave",
        f"""
        WITH falls AS (
          SELECT s.s, q, CAST($first + CAST(q * 91 + u2(s.s, q, #sickday) % 85 AS INTEGER) AS DATE) AS drawn,
                 CASE WHEN u2(s.s, q, #sicklong) % 10 = 0 AND q % 4 = u(s.s, #sickquarter) % 4
                     THEN pick2(s.s, q, #longdays, 8, 15)
                      ELSE pick2(s.s, q, #shortdays, 1, 4) END AS days
          FROM spell AS s, range($months // 3) AS t(q)
          WHERE NOT s.hidden AND ppm2(s.s, q, #sick) < 60000 AND s.declared_m < q * 3 - 1
              AND coalesce(s.to_m, 999) > q * 3 + 3
            AND s.p NOT IN (SELECT p FROM leave_month)),
        waged AS (
          SELECT x.*, s.p, s.person, s.e, s.prov, {TRUE_WAGE} AS wage
          FROM (SELECT y.* EXCLUDE (drawn), w.instead AS day FROM falls AS y JOIN workday AS w USING (drawn)) AS x
          JOIN spell AS s ON s.s = x.s JOIN month AS m ON m.m = date_diff('month', $first, x.day)
          JOIN floor_wage AS f ON f.m = m.m AND f.region = s.region)
        SELECT w.*, i.icd, h.f, h.code AS facility, d.code AS doctor, {next_id("benefit_case")}
            + row_number() OVER (ORDER BY w.s, w.q) AS id
        FROM waged AS w JOIN illness AS i ON i.n = u2(w.s, w.q, #illness) % {len(ILLNESSES)}
        JOIN person AS z ON z.p = w.p
        JOIN reach AS r ON r.c = z.c AND r.level = CASE WHEN u2(w.s, w.q, #sicklevel) % 3 = 0 THEN 'initial'
            ELSE 'basic' END AND r.slot = u2(w.s, w.q, #sickplace) % 16
        JOIN facility AS h ON h.f = r.f
        JOIN doctor AS d ON d.f = h.f AND d.doctor_place = u2(w.s, w.q, #sickdoctor) % d.doctor_count""",
    )
    world.run(
        """
        INSERT INTO benefit_case BY NAME
        SELECT id, 'sickness' AS kind, p, person, e, prov, day AS from_date, day
            + CAST(days - 1 AS INTEGER) AS to_date, days, wage AS base_wage, 75 AS rate_pct,
               wage * 75 * days // 2400 AS amount, 0 AS one_off, facility,
                   CAST(day + CAST(days + pick(id, #sickclaim, 4, 30) AS INTEGER) AS TIMESTAMP)
                   + INTERVAL 9 HOUR AS submitted_at,
               'DS' || CAST(e AS VARCHAR) || '.' || strftime(day, '%Y%m') AS list_no
        FROM sick_leave"""
    )
    world.run(
        """
        INSERT INTO leave_paper BY NAME
        SELECT id, CASE WHEN ppm(id, #paperkind) < 985000 THEN 'CT07' ELSE 'discharge' END AS kind, p, person, f,
            doctor AS practitioner, icd, day AS from_date, days, day AS issued_at,
               'SR' || CAST(id * 7 + 100000 AS VARCHAR) AS serial, CAST(id AS VARCHAR) || '/CT' AS cert_no,
                   id AS case_id, CASE WHEN ppm(id, #paperlate) < 30000 THEN 9 ELSE 0 END AS late_days
        FROM sick_leave"""
    )


def make_leavers(world: World) -> None:
    """Those who leave without a next job: an allowance, and for some a lump sum a year later."""
    world.make(
        "leaver",
        """
        SELECT s.*, CAST($first + to_months(s.to_m + 1) AS DATE) AS left_on,
            coalesce(n.from_m, w.to_m + 2) AS next_m
        FROM spell AS s LEFT JOIN spell AS n ON n.p = s.p AND n.from_m > s.from_m
        LEFT JOIN worked_on_allowance AS w ON w.s = s.s
        WHERE s.reason = 'left' AND NOT s.hidden AND s.to_m < $months - 1 AND s.to_m >= s.declared_m
        QUALIFY row_number() OVER (PARTITION BY s.s ORDER BY n.from_m) = 1""",
    )
    world.run(
        f"""
        INSERT INTO benefit_case BY NAME
        WITH entitled AS (
          SELECT l.*, {TRUE_WAGE} AS wage, least(12, greatest(3, (l.to_m - l.declared_m) // 12)) AS months_long
          FROM leaver AS l JOIN spell AS s USING (s) JOIN month AS m ON m.m = l.to_m JOIN floor_wage AS f
              ON f.m = l.to_m AND f.region = l.region
          WHERE l.to_m - l.declared_m >= 12 AND l.block NOT IN ('state', 'commune')
              AND (l.next_m IS NULL OR l.next_m - l.to_m >= 4)
            AND l.p NOT IN (SELECT p FROM worked_on_allowance)
            AND (l.next_m IS NOT NULL OR ppm(l.s, #allowance) < 550000)),
        timed AS (SELECT *, CASE WHEN next_m IS NULL THEN months_long
            -- Work begins after the last day, but for a few.
            ELSE least(months_long, next_m - to_m - CASE WHEN ppm(s, #overlap) < 80000 THEN 2 ELSE 3 END)
            END AS months_paid, left_on + 35 AS starts FROM entitled)
        SELECT {next_id("benefit_case")} + row_number() OVER (ORDER BY s) AS id, 'ui_allowance' AS kind, p, person,
            e, prov, starts AS from_date,
               CAST(starts + to_months(CAST(months_paid AS INTEGER)) AS DATE) - 1 AS to_date,
                   months_paid * 30 AS days, wage AS base_wage, 60 AS rate_pct, wage * 60 // 100 AS amount,
                   0 AS one_off,
               months_paid AS payer_days, to_m - declared_m + 1 AS months_counted,
                   CAST(left_on + CAST(pick(s, #uiclaim, 3, 18) AS INTEGER) AS TIMESTAMP)
                   + INTERVAL 9 HOUR AS submitted_at
        FROM timed WHERE months_paid > 0"""
    )
    world.run(
        f"""
        INSERT INTO benefit_case BY NAME
        SELECT {next_id("benefit_case")} + row_number() OVER (ORDER BY s) AS id, 'lump_sum' AS kind, p, person, e,
            prov,
               CAST(left_on + to_months(13) AS DATE) AS from_date, 6500000 AS base_wage, 100 AS rate_pct,
                   0 AS amount, 2 * 6500000 * greatest(1, (to_m - from_m) // 12) AS one_off,
               'waiting_year' AS ground, to_m - from_m + 1 AS months_counted,
               CAST(CAST(left_on + to_months(13) AS DATE) + CAST(pick(s, #lumpday, 0, 60) AS INTEGER) AS TIMESTAMP)
                   + INTERVAL 10 HOUR AS submitted_at
        FROM leaver WHERE next_m IS NULL AND to_m + 14 < $months AND ppm(s, #lumpsum) < 400000"""
    )


def make_accidents(world: World) -> None:
    world.make(
        "accident",
        f"""
        SELECT s.s, s.p, s.person, s.e, s.employer, s.prov, CAST($first
            + CAST(u(s.s, #accidentday) % ($end - $first) AS INTEGER) AS DATE) AS day,
               {next_id("benefit_case")} + row_number() OVER (ORDER BY s.s) AS id, pick(s.s, #loss, 5, 30) AS loss
        FROM spell AS s WHERE NOT s.hidden AND s.declared_m < 0 AND s.to_m IS NULL AND ppm(s.s, #accident) < 1500""",
    )
    world.run(
        """
        INSERT INTO benefit_case BY NAME
        SELECT id, 'work_injury' AS kind, p, person, e, prov, day AS from_date, 6000000 AS base_wage,
            loss AS rate_pct, 0 AS amount, (5 + loss * 6 // 10) * 2340000 AS one_off,
               CAST(day + 45 AS TIMESTAMP) + INTERVAL 9 HOUR AS submitted_at FROM accident"""
    )


def deliver_events(world: World) -> None:
    """Birth papers, accidents and assessments as events of their own."""
    world.add(
        "birth_record",
        """
        SELECT b.code AS birth_code, m.code AS mother_person_code, f.code AS father_person_code,
            b.child_code AS child_person_code, b.day AS birth_date, CASE WHEN b.second THEN 2
            ELSE 1 END AS child_order,
                  1 AS children_count, pick(b.child, #weeks, 37, 41) AS gestation_weeks, b.surgery AS by_surgery,
                      b.facility AS facility_code, 'S' || CAST(b.child * 3 + 1000 AS VARCHAR) AS cert_no,
                  'xml9' AS source, b.day + 2 AS issued_at, CASE WHEN b.day >= $first_claims
                      AND b.mother IN (SELECT p FROM card) THEN b.facility || '/' || b.ma_lk END AS hi_claim_code,
                      CAST(b.day + 4 AS TIMESTAMP) AS recorded_at
           FROM birth AS b JOIN person AS m ON m.p = b.mother JOIN person AS f ON f.p = b.father WHERE b.day
               + 4 < $end""",
    )
    world.add(
        "birth_identity",
        """SELECT b.code AS birth_code, n.full_name AS child_name, CAST(b.day + 4 AS TIMESTAMP) AS recorded_at
           FROM birth AS b JOIN person_name AS n ON n.p = b.child WHERE b.day + 4 < $end""",
    )
    world.add(
        "work_accident",
        """
        SELECT 'TN' || CAST(a.id AS VARCHAR) AS accident_code, a.employer AS employer_code, a.person AS person_code,
            CAST(a.day AS TIMESTAMP) + to_minutes(CAST(pick(a.s, #accidenttime, 420,
            1080) AS INTEGER)) AS occurred_at,
                  'workplace' AS place, CASE WHEN a.loss > 20 THEN 'serious' ELSE 'light' END AS severity, 'BB'
                      || CAST(a.id AS VARCHAR) AS minutes_no, true AS reported_to_labour, a.day + 3 AS reported_at,
                  CAST(a.day + 10 AS TIMESTAMP) AS entered_at, CAST(a.day + 10 AS TIMESTAMP) AS recorded_at
           FROM accident AS a WHERE a.day + 10 < $end""",
    )
    world.add(
        "medical_assessment",
        """
        SELECT 'GD' || CAST(a.id AS VARCHAR) AS assessment_code, a.person AS person_code, 'GDYK'
            || lpad(CAST(a.prov AS VARCHAR), 2, '0') || '/[Mẫu] Chủ tịch' AS chair_code, 'GDYK'
            || lpad(CAST(a.prov AS VARCHAR), 2, '0') AS board_code, a.day + 30 AS meeting_date,
                  'first' AS kind, 'TNLD' AS object_code, a.loss AS rate_new_pct, a.loss AS total_rate_pct, a.day
                      + 20 AS request_date, CAST(a.day + 35 AS TIMESTAMP) AS recorded_at
           FROM accident AS a WHERE a.day + 35 < $end
           UNION ALL BY NAME
           SELECT 'GDH' || CAST(id AS VARCHAR) AS assessment_code, person AS person_code, 'GDYK'
               || lpad(CAST(prov AS VARCHAR), 2, '0') || '/[Mẫu] Chủ tịch' AS chair_code, 'GDYK'
               || lpad(CAST(prov AS VARCHAR), 2, '0') AS board_code, start_month - 60 AS meeting_date,
               'first' AS kind, 'HUUTRI' AS object_code, loss AS rate_new_pct, loss AS total_rate_pct,
               start_month - 75 AS request_date, CAST(start_month - 55 AS TIMESTAMP) AS recorded_at
           FROM retired_before WHERE why = 'early' AND start_month - 55 < $end
           UNION ALL BY NAME
           -- Of old findings those since the registers are electronic.
           SELECT 'GDC' || CAST(id AS VARCHAR) AS assessment_code, person AS person_code, 'GDYK'
               || lpad(CAST(prov AS VARCHAR), 2, '0') || '/[Mẫu] Chủ tịch' AS chair_code, 'GDYK'
               || lpad(CAST(prov AS VARCHAR), 2, '0') AS board_code, start_month - 60 AS meeting_date,
               'first' AS kind, 'HUUTRI' AS object_code, pick(id, #oldloss, 61, 80) AS rate_new_pct,
               pick(id, #oldloss, 61, 80) AS total_rate_pct, start_month - 75 AS request_date, $before AS recorded_at
           FROM pension WHERE kind = 'early' AND NOT decided AND start_month >= DATE '2016-01-01'""",
    )
