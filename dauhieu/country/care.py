"""Care: who falls ill of what in a month, where they go, and who treats them."""

from __future__ import annotations

from dauhieu.country import bills, claims, stakes
from dauhieu.country.shape import month_after
from dauhieu.country.world import World

AGE_BANDS = ("infant", "child", "young", "middle", "old")
BAND = "CASE WHEN c.age < 6 THEN 0 WHEN c.age < 18 THEN 1 WHEN c.age < 40 THEN 2 WHEN c.age < 60 THEN 3 ELSE 4 END"
VISIT_COLUMNS = """p BIGINT, f BIGINT, icd VARCHAR, care VARCHAR, admission TIMESTAMP, discharge TIMESTAMP,
    ma_lk VARCHAR, m BIGINT, tag VARCHAR,
    doctor VARCHAR, visit_object VARCHAR, referral_to VARCHAR, male BOOLEAN, plain BOOLEAN"""

# Months before the first claims of which the stays are known.
HISTORY = 3

# Visits planned by others than their patients, who must be there all the same; who types a visit asks the portal.
PRESENT = (
    "'typed', 'crowd', 'treat', 'scan', 'dia', 'seen', 'bus', 'serial', 'rooms', 'onleave', 'signabroad', 'signdead'"
)

# Visits for which a doctor signs wherever he is.
SIGNS_ANYWAY = "'crowd', 'treat', 'rooms', 'onleave', 'signabroad', 'signdead'"


def make_care(world: World) -> None:
    """Slots which draw a disease by age and season; `planned_visit` for visits somebody plans."""
    for season, factor in ((0, "100"), (1, "winter_pct")):
        parts = [
            f"""
            SELECT {band} AS band, row_number() OVER (ORDER BY icd) AS n, icd, w_{name} * {factor} / 100.0 AS w
                FROM ref_diseases WHERE icd NOT IN ('O80', 'O82')"""
            for band, name in enumerate(AGE_BANDS)
        ]
        world.slots(
            f"disease_slot_{season}",
            f"({' UNION ALL '.join(parts)} ORDER BY 1, 2)",
            columns="band, icd",
            weight="w * 10",
            by="band",
        )
    chronic = [
        f"""
        SELECT {band} AS band, row_number() OVER (ORDER BY icd) AS n, icd, w_{name} AS w FROM ref_diseases
            WHERE chronic = 1 AND inpatient_pct < 15"""
        for band, name in enumerate(AGE_BANDS)
    ]
    world.slots(
        "chronic_slot",
        f"({' UNION ALL '.join(chronic)} ORDER BY 1, 2)",
        columns="band, icd",
        weight="w * 10",
        by="band",
    )
    world.make(
        "banded",
        f"""
        SELECT c.p, c.c, c.home_f, c.male, {BAND} AS band, c.died, c.dob,
            CASE WHEN c.age >= 60 THEN ppm(c.p, #chronic) < 400000 WHEN c.age >= 40 THEN ppm(c.p, #chronic) < 110000
            ELSE false END AS chronic
        FROM card AS c""",
    )
    world.run(f"CREATE TABLE planned_visit ({VISIT_COLUMNS})")
    world.run("CREATE TABLE in_bed (p BIGINT, until DATE)")
    world.run("DELETE FROM trip USING birth AS b WHERE trip.p = b.mother AND b.day BETWEEN out_on - 10 AND in_on + 10")
    world.run(
        "CREATE TABLE drug_use (f BIGINT, registration_no VARCHAR, m BIGINT, quantity BIGINT, price DECIMAL(18, 3))"
    )


def make_absent(world: World) -> None:
    """`absent`: practitioners on leave, abroad, or dead, from the day on, who neither treat nor write papers."""
    world.make(
        "absent",
        """
        SELECT d.code, c.from_date AS since, c.to_date AS until FROM practitioner AS d JOIN benefit_case AS c USING (p)
            WHERE c.kind IN ('sickness', 'birth') AND c.to_date IS NOT NULL
        UNION ALL SELECT d.code, t.out_on, t.in_on FROM practitioner AS d JOIN trip AS t USING (p)
        UNION ALL SELECT d.code, x.died + 1, $end FROM practitioner AS d JOIN person AS x USING (p)
            WHERE x.died IS NOT NULL""",
    )
    # The next doctor of the house who is there writes the papers of leave.
    world.make(
        "writer",
        """
        WITH gone AS (
          SELECT DISTINCT s.id, s.day, d.f, d.doctor_place, d.doctor_count
          FROM sick_leave AS s JOIN doctor AS d ON d.code = s.doctor
          JOIN absent AS a ON a.code = s.doctor AND s.day BETWEEN a.since AND a.until)
        SELECT g.id, arg_min(c.code, (c.doctor_place - g.doctor_place + g.doctor_count) % g.doctor_count) AS doctor
        FROM gone AS g JOIN doctor AS c USING (f)
        WHERE NOT EXISTS (SELECT 1 FROM absent AS a WHERE a.code = c.code AND g.day BETWEEN a.since AND a.until)
        GROUP BY g.id""",
    )
    world.run("UPDATE sick_leave SET doctor = w.doctor FROM writer AS w WHERE sick_leave.id = w.id")
    world.run("UPDATE leave_paper SET practitioner = w.doctor FROM writer AS w WHERE leave_paper.case_id = w.id")
    world.drop("writer")


def make_month(world: World, m: int) -> None:
    """The claims of month m with all their rows; with the first come the stays of the quarter before, heads alone."""
    shape = world.shape
    if month_after(shape.first_month, m) == shape.first_claim_month and m >= HISTORY:
        for before in range(m - HISTORY, m):
            world.set("m", before)
            _visits(world, stays_alone=True)
            bills.make_bills(world)
            claims.deliver_heads(world)
    world.set("m", m)
    _visits(world)
    bills.make_bills(world)
    claims.deliver_heads(world)
    claims.deliver_rows(world)
    stakes.of_claims(world)
    world.drop("visit", "service_line", "drug_line", "bill", "away", "relief")


def _visits(world: World, *, stays_alone: bool = False) -> None:
    month = world.rows("SELECT month(month) FROM month WHERE m = $m")[0][0]
    season = 1 if month in (11, 12, 1, 2, 3) else 0
    world.make(
        "fallen",
        f"""
        WITH falls AS (
          SELECT *, 0 AS k FROM banded WHERE ppm2(p, $m, #fall0) < [310000, 60000, 62000, 85000, 140000][band + 1]
          UNION ALL
          SELECT *, 1 FROM banded WHERE ppm2(p, $m, #fall1) < [50000, 4000, 5000, 8000, 15000][band + 1]
          UNION ALL
          SELECT *, 2 FROM banded WHERE chronic AND ppm2(p, $m, #fall2) < 620000),
        drawn AS (
          SELECT x.*, CASE WHEN k = 2 THEN cs.icd ELSE ds.icd END AS drawn_icd
          FROM falls AS x JOIN disease_slot_{season} AS ds ON ds.band = x.band
              AND ds.slot = u2(x.p, $m * 4 + x.k, #disease) % 1000
          LEFT JOIN chronic_slot AS cs ON cs.band = x.band AND cs.slot = u(x.p, #chronicdisease) % 1000)
        SELECT p, c, home_f, male, k, p * 4 + k AS n, CASE WHEN r.sex = 'any' OR (r.sex = 'male') = male
            THEN r.icd ELSE 'J06' END AS icd,
               CAST($first + to_months($m) AS DATE) + CAST(pick2(p, $m * 4 + k, #visitday, 0,
                   27) AS INTEGER) AS drawn_day, r.inpatient_pct, r.los, dob, died
        FROM drawn JOIN ref_diseases AS r ON r.icd = drawn.drawn_icd""",
    )
    world.make(
        "fallen_placed",
        """
        WITH dated AS (
          -- Whoever falls ill twice in a month comes on two days; outpatients mostly wait for a working day.
          SELECT x.*, CASE WHEN sick OR ppm2(n, $m, #weekend) < w.open_ppm THEN drawn_day ELSE w.instead END AS day
          FROM (SELECT *, ppm2(n, $m, #admit) < inpatient_pct * 7000 AS sick FROM fallen) AS x
          JOIN workday AS w ON w.drawn = x.drawn_day
          QUALIFY row_number() OVER (PARTITION BY p, day ORDER BY k) = 1),
        leveled AS (
          SELECT *, CASE WHEN NOT sick AND u2(n, $m, #level) % 100 < 58 THEN 'home'
              WHEN u2(n, $m, #level2) % 100 < CASE WHEN sick THEN 55 ELSE 75 END THEN 'basic'
              ELSE 'specialised' END AS level
          FROM dated WHERE day > dob AND (died IS NULL OR day <= died)
              AND NOT EXISTS (SELECT 1 FROM trip AS t WHERE t.p = dated.p AND day BETWEEN t.out_on - 20 AND t.in_on)),
        placed AS (
          SELECT l.*, coalesce(r.f, l.home_f) AS f FROM leveled AS l LEFT JOIN reach AS r ON r.c = l.c
              AND r.level = l.level AND r.slot = u2(l.p, l.k, #hospital) % 16)
        SELECT x.*, f.deed, f.strength, NOT sick AS treatable,
               -- Some admit what others treat in the surgery; some send the sick home late.
               sick OR (f.deed = 'light_admissions' AND icd IN ('J06', 'J20', 'K29', 'M54', 'I10', 'H81', 'J00',
                   'A09') AND ppm2(n, $m, #light) < f.strength * 4500) AS inpatient,
               CASE WHEN f.deed = 'stretched_stays' THEN CASE WHEN los < 7 THEN 7 WHEN los < 10 THEN 10 ELSE 14 END
                   + f.strength // 40
                    WHEN f.deed = 'rehabilitation' AND icd IN ('M54', 'M17', 'M47', 'I63') THEN 14
                    ELSE greatest(2, los * pick2(n, $m, #los, 60, 135) // 100) END AS stay
        FROM placed AS x JOIN facility AS f ON f.f = x.f""",
    )
    _keep_in_bed(world)
    if stays_alone:
        world.run("DELETE FROM fallen_placed WHERE NOT inpatient")
    world.make(
        "visit",
        f"""
        WITH ordinary AS (
          SELECT p, f, told_icd AS icd,
                 CASE WHEN inpatient THEN '03' WHEN k = 2 AND ppm2(n, 1, #care05) < 250000 THEN '05'
                     ELSE '01' END AS care,
                 CAST(day AS TIMESTAMP) + to_minutes(CAST(pick2(n, $m, #visitminute, 420, CASE WHEN inpatient
                     THEN 1260 ELSE 960 END) AS INTEGER)) AS admission,
                 CASE WHEN inpatient THEN CAST(day + CAST(stay AS INTEGER) AS TIMESTAMP)
                     + to_minutes(CAST(pick2(n, $m, #leaving, 540, 680) AS INTEGER)) END AS discharge,
                 'L' || lpad(CAST($m AS VARCHAR), 2, '0') || lpad(CAST(n AS VARCHAR), 9, '0') AS ma_lk,
                 CASE WHEN deed = 'light_admissions' AND inpatient AND treatable THEN 'light'
                     WHEN deed = 'case_mix_jump' AND told_icd <> icd THEN 'upcoded' ELSE '' END AS tag,
                     NULL AS doctor, NULL AS visit_object, NULL AS referral_to, male, false AS plain, n
          FROM (SELECT *, CASE WHEN deed IN ('case_mix_jump', 'new_department') AND $m >= $months - 4 AND inpatient
              AND ppm2(n, $m, #upcode) < 250000 + strength * 5000
                            THEN CASE WHEN icd IN ('I10', 'I25') THEN 'I21' WHEN icd IN ('J20', 'J06', 'J45')
                                THEN 'J18' WHEN icd IN ('H81', 'G44', 'M54') THEN 'I63' WHEN icd IN ('E11', 'K29')
                                THEN 'I50' ELSE icd END ELSE icd END AS told_icd FROM fallen_placed)),
        -- The same day cut into two or three bills.
        split AS (
          SELECT o.* REPLACE (o.ma_lk || 'S' || CAST(k AS VARCHAR) AS ma_lk, o.admission
              + to_minutes(CAST(70 * k AS INTEGER)) AS admission, 'split_visits' AS tag)
          FROM ordinary AS o JOIN facility AS f ON f.f = o.f AND f.deed = 'split_visits', range(1, 3) AS t(k)
          WHERE o.care = '01' AND ppm2(o.n, k, #split) < (150000 + f.strength * 5000) // (k * k)),
        -- Another specialty of the same house, after the first.
        second AS (
          SELECT * REPLACE (ma_lk || 'K' AS ma_lk, admission
              + to_minutes(CAST(pick2(n, 12, #second, 195, 300) AS INTEGER)) AS admission,
            ['L30', 'H10', 'K04', 'M54'][1 + n % 4] AS icd)
          FROM ordinary WHERE care = '01' AND tag = '' AND ppm2(n, 11, #second) < 6000),
        -- Sent home, and back within two days for the same.
        again AS (
          SELECT o.* REPLACE (o.ma_lk || 'R' AS ma_lk, o.discharge
              + to_hours(CAST(pick2(o.n, 7, #back, 8, 40) AS INTEGER)) AS admission,
                 o.discharge + to_days(CAST(pick2(o.n, 8, #back, 3, 6) AS INTEGER)) AS discharge, f.deed AS tag)
          FROM ordinary AS o JOIN facility AS f ON f.f = o.f
          WHERE o.care = '03' AND ((f.deed = 'readmissions' AND ppm2(o.n, 9, #back) < 80000 + f.strength * 4000)
              OR (f.deed = 'chemotherapy' AND o.icd IN ('C34', 'C50', 'C18', 'C22')))),
        births AS (
          SELECT b.mother AS p, b.f, CASE WHEN b.surgery THEN 'O82' ELSE 'O80' END AS icd, '03' AS care,
              CAST(b.day AS TIMESTAMP) - INTERVAL 5 HOUR AS admission,
                 CAST(b.day + CASE WHEN b.surgery THEN 5 ELSE 3 END AS TIMESTAMP) + INTERVAL 9 HOUR AS discharge,
                     b.ma_lk, 'birth' AS tag, NULL AS doctor, NULL AS visit_object, NULL AS referral_to,
                     false AS male, false AS plain, b.mother * 4 + 3 AS n
          FROM birth AS b WHERE b.m = $m AND b.mother IN (SELECT p FROM card)),
        -- Women who expect a child are seen at its birthplace, the first time in the second or third month.
        expecting AS (
          SELECT b.mother AS p, b.f, 'Z34' AS icd, '01' AS care,
              CAST(b.seen_on AS TIMESTAMP) + to_minutes(CAST(pick2(b.child, k, #antenatal, 430, 900) AS INTEGER))
                  AS admission,
              NULL AS discharge, 'A' || lpad(CAST(b.child AS VARCHAR), 9, '0') || CAST(k AS VARCHAR) AS ma_lk,
              'expecting' AS tag, NULL AS doctor, NULL AS visit_object, NULL AS referral_to, false AS male,
              false AS plain, b.mother * 4 + 3 AS n
          FROM (SELECT x.*, w.instead AS seen_on
                FROM (SELECT *, CAST(day - to_months(CAST(k AS INTEGER)) AS DATE)
                          - CASE WHEN k = 7 THEN CAST(u(child, #noticed) % 18 AS INTEGER) ELSE 0 END AS drawn_on
                      FROM birth, (VALUES (7), (5), (3), (1)) AS t(k)) AS x
                JOIN workday AS w ON w.drawn = x.drawn_on) AS b
          WHERE NOT EXISTS (SELECT 1 FROM fallen_placed AS x WHERE x.p = b.mother AND b.seen_on BETWEEN x.day
                AND x.day + CASE WHEN x.inpatient THEN CAST(x.stay AS INTEGER) ELSE 0 END)
            AND date_trunc('month', b.seen_on) = CAST($first + to_months($m) AS DATE)
            AND ppm2(b.child, k, #antenatalcomes) < 800000),
        -- Whoever is written off sick was seen by the doctor who wrote it; a few pay for the visit themselves.
        unwell AS (
          SELECT s.p, s.f, s.icd, '01' AS care,
              CAST(s.day AS TIMESTAMP) + to_minutes(CAST(pick(s.id, #unwell, 430, 1000) AS INTEGER)) AS admission,
              NULL AS discharge, 'U' || lpad(CAST(s.id AS VARCHAR), 10, '0') AS ma_lk, 'unwell' AS tag, s.doctor,
              NULL AS visit_object, NULL AS referral_to, NULL AS male, false AS plain, s.p * 4 + 2 AS n
          FROM sick_leave AS s
          WHERE date_trunc('month', s.day) = CAST($first + to_months($m) AS DATE) AND ppm(s.id, #payshimself) > 30000
            AND s.p NOT IN (SELECT p FROM in_bed WHERE until >= s.day)
            AND NOT EXISTS (SELECT 1 FROM fallen_placed AS x WHERE x.p = s.p AND s.day BETWEEN x.day
                AND x.day + CASE WHEN x.inpatient THEN CAST(x.stay AS INTEGER) ELSE 0 END)
            AND NOT EXISTS (SELECT 1 FROM planned_visit AS x WHERE x.p = s.p AND CAST(x.admission AS DATE) = s.day)),
        planned AS (
          SELECT p, f, icd, care, admission, discharge, ma_lk, tag, doctor, visit_object, referral_to,
              male, plain,
              u(p, #planned) + f AS n
          FROM planned_visit AS v WHERE m = $m),
        whole AS (SELECT * FROM ordinary UNION ALL SELECT * FROM split UNION ALL SELECT * FROM second
            UNION ALL SELECT * FROM again UNION ALL SELECT * FROM births
            UNION ALL SELECT * FROM expecting UNION ALL SELECT * FROM unwell UNION ALL SELECT * FROM planned)
        SELECT w.p, w.f, w.icd, w.care, w.admission, coalesce(w.discharge, w.admission
            + to_minutes(CAST(pick2(w.n, 3, #outpatient, 45, 190) AS INTEGER))) AS discharge, w.ma_lk, w.tag,
            w.visit_object, w.referral_to, coalesce(w.male, c.male) AS male,
               coalesce(w.plain, false) AS plain, row_number() OVER (ORDER BY w.f, w.ma_lk) AS v, f.code AS facility,
                   f.code || '/' || w.ma_lk AS claim, f.level, f.deed, f.strength, r.family, r.los, c.person, c.dob,
                   CASE WHEN w.admission >= c.later_from THEN c.later_code ELSE c.code END AS card,
                   CASE WHEN w.admission >= c.later_from THEN 95 ELSE c.pct END AS pct, c.home,
               CASE WHEN o.code IS NULL THEN coalesce(w.doctor, d.code) ELSE o.instead END AS doctor,
               CAST(w.admission AS DATE) AS admitted_on,
                   w.care IN ('03', '04') AS stays,
               CASE WHEN w.care IN ('03', '04') THEN greatest(1,
                   date_diff('day', CAST(w.admission AS DATE), CAST(coalesce(w.discharge, w.admission) AS DATE)))
                   ELSE 0 END AS bed_days
        FROM whole AS w JOIN facility AS f ON f.f = w.f JOIN card AS c ON c.p = w.p JOIN ref_diseases AS r
            ON r.icd = w.icd
        JOIN doctor AS d ON d.f = w.f AND d.doctor_place = u2(w.n, $m, #doctor) % d.doctor_count
        LEFT JOIN relief AS o ON o.code = coalesce(w.doctor, d.code) AND o.scope = ''
            AND o.day = CAST(w.admission AS DATE) AND w.tag NOT IN ({SIGNS_ANYWAY})
        -- Where every doctor is away the door stays shut.
        WHERE o.code IS NULL OR o.instead IS NOT NULL""",
    )
    if stays_alone:
        world.run("DELETE FROM visit WHERE NOT stays")
    world.drop("fallen", "fallen_placed")


def _keep_in_bed(world: World) -> None:
    """Whoever lies in hospital visits nobody: ordinary visits during a stay, or during the last month's, fall away."""
    world.make(
        "stay",
        """
        -- Where people are sent home and back, the second stay is part of the first.
        SELECT p, n, day AS since, day + CAST(stay AS INTEGER) + CASE WHEN deed IN ('readmissions', 'chemotherapy')
            THEN 9 ELSE 0 END AS until
        FROM fallen_placed WHERE inpatient
        UNION ALL
        SELECT p, NULL, until - 30, until FROM in_bed
        UNION ALL
        SELECT mother, NULL, day - 1, day + 6 FROM birth WHERE m BETWEEN $m - 1 AND $m + 1""",
    )
    world.run(
        """DELETE FROM fallen_placed AS x USING stay AS s
           WHERE s.p = x.p AND s.n IS DISTINCT FROM x.n AND (NOT x.inpatient OR s.n IS NULL OR s.n < x.n)
             AND x.day <= s.until + 1
               AND x.day + CASE WHEN x.inpatient THEN CAST(x.stay AS INTEGER) ELSE 0 END >= s.since - 1"""
    )
    # Nobody in bed or abroad joins a crowd, comes to dialysis elsewhere or rides along.
    for spans in ("(SELECT p, since, until FROM stay)", "(SELECT p, out_on AS since, in_on AS until FROM trip)"):
        world.run(
            f"""DELETE FROM planned_visit AS v USING {spans} AS s WHERE v.m = $m AND v.tag IN ({PRESENT})
                AND s.p = v.p AND CAST(v.admission AS DATE) BETWEEN s.since - 1 AND s.until + 1"""
        )
    # Nor does who is seen elsewhere that day.
    world.run(
        f"""DELETE FROM planned_visit AS v USING fallen_placed AS x WHERE v.m = $m AND v.tag IN ({PRESENT})
            AND x.p = v.p AND x.day = CAST(v.admission AS DATE)"""
    )
    world.make("in_bed", "SELECT p, max(until) AS until FROM stay WHERE n IS NOT NULL GROUP BY p")
    world.make(
        "away",
        """
        SELECT DISTINCT a.code, CAST(d.day AS DATE) AS day
        FROM (SELECT code, since, until FROM absent
              UNION ALL SELECT d.code, s.since, s.until FROM stay AS s JOIN practitioner AS d USING (p)) AS a,
            generate_series(greatest(a.since, CAST($first + to_months($m) AS DATE)),
                least(a.until, CAST($first + to_months($m + 1) AS DATE)), INTERVAL 1 DAY) AS d(day)
        WHERE a.since <= CAST($first + to_months($m + 1) AS DATE)
          AND a.until >= CAST($first + to_months($m) AS DATE)""",
    )
    world.drop("stay")
    world.make(
        "relief",
        # Who stands in for whom: the next of the same scope who is there that day, if any; of doctors with no scope.
        """
        WITH post AS (
          SELECT f, scope, code, place, n FROM able
          UNION ALL SELECT f, '', code, doctor_place, doctor_count FROM doctor),
        wanting AS (SELECT o.*, w.day FROM post AS o JOIN away AS w USING (code))
        SELECT o.code, o.scope, o.day,
            arg_min(s.code, (s.place - o.place + o.n) % o.n) FILTER (WHERE x.code IS NULL) AS instead
        FROM wanting AS o LEFT JOIN post AS s ON s.f = o.f AND s.scope = o.scope
        LEFT JOIN away AS x ON x.code = s.code AND x.day = o.day
        GROUP BY o.code, o.scope, o.day""",
    )
