"""Births, sickness, accidents, leaving, retirement and death, and the benefits which follow them.

`benefit_case` holds one row a case, whoever makes it; `payments` turns all of them into claims, decisions and
payments. `leave_paper` does the same for certificates. Officers, days and accounts not named there
are the ordinary ones.
"""

from __future__ import annotations

from dauhieu.country.contracts import TRUE_WAGE
from dauhieu.country.truth import tell
from dauhieu.country.world import World

CASE_COLUMNS = """id BIGINT, kind VARCHAR, p BIGINT, person VARCHAR, e BIGINT, prov INTEGER, from_date DATE,
    to_date DATE, days BIGINT,
    base_wage BIGINT, rate_pct BIGINT, amount BIGINT, one_off BIGINT, ground VARCHAR, months_counted BIGINT,
    child VARCHAR, birth VARCHAR,
    facility VARCHAR, claimant VARCHAR, submitted_at TIMESTAMP, decided_at TIMESTAMP, account VARCHAR,
    bank VARCHAR, list_no VARCHAR,
    device VARCHAR, ip VARCHAR, approver VARCHAR, assessor VARCHAR, override_reason VARCHAR, payer_days BIGINT"""
PAPER_COLUMNS = """id BIGINT, kind VARCHAR, p BIGINT, person VARCHAR, f BIGINT, practitioner VARCHAR, icd VARCHAR,
    from_date DATE, days BIGINT,
    issued_at DATE, serial VARCHAR, cert_no VARCHAR, case_id BIGINT, late_days BIGINT"""
PENSION_COLUMNS = """id BIGINT, kind VARCHAR, p BIGINT, person VARCHAR, prov INTEGER, start_month DATE,
    end_month DATE, amount BIGINT, months BIGINT,
    bank VARCHAR, account VARCHAR, status VARCHAR, early_pct BIGINT, decided BOOLEAN, reported_m BIGINT"""
# Sickness of working people: short, mostly of the airways, the back and the stomach.
ILLNESSES = ("J06", "J02", "J20", "M54", "K29", "A09", "H81", "B34", "S61", "J00")


def make_tables(world: World) -> None:
    for name, columns in (("benefit_case", CASE_COLUMNS), ("leave_paper", PAPER_COLUMNS), ("pension", PENSION_COLUMNS)):
        world.drop(name)
        world.run(f'CREATE TABLE "{name}" ({columns})')
    world.run("CREATE TABLE redated (p BIGINT, old_dob DATE, m BIGINT)")
    world.run("CREATE TABLE wage_change (s BIGINT, from_m BIGINT, to_m BIGINT, pct BIGINT)")
    world.run("CREATE TABLE title_change (s BIGINT, from_m BIGINT, hazard_class VARCHAR, job_title VARCHAR)")
    illnesses = ", ".join(f"({n}, '{icd}')" for n, icd in enumerate(ILLNESSES))
    world.make("illness", f"SELECT * FROM (VALUES {illnesses}) AS t(n, icd)")


def next_id(table: str) -> str:
    return f"(SELECT coalesce(max(id), 0) FROM {table})"


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
          SELECT s.s, q, CAST($first + CAST(q * 91 + u2(s.s, q, #sickday) % 85 AS INTEGER) AS DATE) AS day,
                 CASE WHEN u2(s.s, q, #sicklong) % 10 = 0 AND q % 4 = u(s.s, #sickquarter) % 4
                     THEN pick2(s.s, q, #longdays, 8, 15)
                      ELSE pick2(s.s, q, #shortdays, 1, 4) END AS days
          FROM spell AS s, range($months // 3) AS t(q)
          WHERE NOT s.hidden AND ppm2(s.s, q, #sick) < 60000 AND s.declared_m < q * 3 - 1
              AND coalesce(s.to_m, 999) > q * 3 + 3
            AND s.p NOT IN (SELECT p FROM leave_month)),
        waged AS (
          SELECT x.*, s.p, s.person, s.e, s.prov, {TRUE_WAGE} AS wage FROM falls AS x JOIN spell AS s ON s.s = x.s
          JOIN month AS m ON m.m = date_diff('month', $first, x.day) JOIN floor_wage AS f ON f.m = m.m
              AND f.region = s.region)
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
    """The claims behind pensions which begin in the window."""
    world.run(
        f"""
        INSERT INTO benefit_case BY NAME
        SELECT {next_id("benefit_case")} + row_number() OVER (ORDER BY n.id) AS id, CASE n.kind WHEN 'early'
            THEN 'early_pension' ELSE 'old_age' END AS kind, p, person, prov, start_month AS from_date, amount,
            0 AS one_off,
               months AS months_counted, 75 AS rate_pct, amount AS base_wage,
                   CAST(start_month - CAST(pick(p, #pensionclaim, 5, 25) AS INTEGER) AS TIMESTAMP)
                   + INTERVAL 9 HOUR AS submitted_at, 0 AS payer_days
        FROM pension AS n WHERE decided AND ({which})"""
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


def add_cases(world: World, name: str, rows: str) -> None:
    """Further cases: working table `name` gets ids; its columns which a case has go into `benefit_case`."""
    world.make(
        name,
        f"""
        SELECT {next_id("benefit_case")} + row_number() OVER () AS id, r.*
            FROM (SELECT * FROM ({rows}) ORDER BY ALL) AS r""",
    )
    known = {column.split()[0] for column in CASE_COLUMNS.replace("\n", " ").split(", ")} | {"id"}
    columns = [row[0] for row in world.rows(f'DESCRIBE "{name}"') if str(row[0]).strip() in {c.strip() for c in known}]
    world.run(f'INSERT INTO benefit_case BY NAME SELECT {", ".join(map(str, columns))} FROM "{name}"')


def add_papers(world: World, rows: str) -> None:
    """Certificates: `rows` select the columns of `leave_paper` but its id."""
    world.run(
        f"""
        INSERT INTO leave_paper BY NAME SELECT {next_id("leave_paper")} + 500000000 + row_number() OVER () AS id, r.*
            FROM (SELECT * FROM ({rows}) ORDER BY ALL) AS r"""
    )
