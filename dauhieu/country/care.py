"""Care: who falls ill of what in a month, where they go, what is done and prescribed, and the bill of it."""

from __future__ import annotations

from dauhieu.country import stakes
from dauhieu.country.world import World

AGE_BANDS = ("infant", "child", "young", "middle", "old")
BAND = "CASE WHEN c.age < 6 THEN 0 WHEN c.age < 18 THEN 1 WHEN c.age < 40 THEN 2 WHEN c.age < 60 THEN 3 ELSE 4 END"
VISIT_COLUMNS = """p BIGINT, f BIGINT, icd VARCHAR, care VARCHAR, admission TIMESTAMP, discharge TIMESTAMP,
    ma_lk VARCHAR, m BIGINT, tag VARCHAR,
    doctor VARCHAR, visit_object VARCHAR, referral_to VARCHAR, male BOOLEAN, plain BOOLEAN"""

# Visits planned by others than their patients, who must be there all the same.
PRESENT = "'crowd', 'scan', 'dia', 'seen', 'bus', 'rooms', 'onleave', 'signabroad', 'signdead'"


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
    world.run(f"CREATE TABLE planned_visit ({VISIT_COLUMNS})")
    world.run("CREATE TABLE in_bed (p BIGINT, until DATE)")
    world.run("DELETE FROM trip USING birth AS b WHERE trip.p = b.mother AND b.day BETWEEN out_on - 10 AND in_on + 10")
    world.run(
        "CREATE TABLE drug_use (f BIGINT, registration_no VARCHAR, m BIGINT, quantity BIGINT, price DECIMAL(18, 3))"
    )


def make_absent(world: World) -> None:
    """`absent`: doctors on leave, abroad, or dead, from the day on."""
    world.make(
        "absent",
        """
        SELECT d.code, c.from_date AS since, c.to_date AS until FROM doctor AS d JOIN benefit_case AS c USING (p)
            WHERE c.kind IN ('sickness', 'birth') AND c.to_date IS NOT NULL
        UNION ALL SELECT d.code, t.out_on, t.in_on FROM doctor AS d JOIN trip AS t USING (p)
        UNION ALL SELECT d.code, x.died + 1, $end FROM doctor AS d JOIN person AS x USING (p)
            WHERE x.died IS NOT NULL""",
    )


def make_month(world: World, m: int) -> None:
    """The claims of month m with all their rows."""
    world.set("m", m)
    _visits(world)
    _services(world)
    _drugs(world)
    _bills(world)
    _deliver(world)
    stakes.of_claims(world)
    world.drop("visit", "service_line", "drug_line", "bill")


def _visits(world: World) -> None:
    month = world.rows("SELECT month(month) FROM month WHERE m = $m")[0][0]
    season = 1 if month in (11, 12, 1, 2, 3) else 0
    world.make(
        "fallen",
        f"""
        WITH banded AS (
          SELECT c.p, c.prov, c.home_f, c.male, {BAND} AS band, c.died, c.dob,
                 CASE WHEN c.age >= 60 THEN ppm(c.p, #chronic) < 400000 WHEN c.age >= 40
                     THEN ppm(c.p, #chronic) < 110000 ELSE false END AS chronic
          FROM card AS c),
        falls AS (
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
        SELECT p, prov, home_f, male, k, p * 4 + k AS n, CASE WHEN r.sex = 'any' OR (r.sex = 'male') = male
            THEN r.icd ELSE 'J06' END AS icd,
               CAST($first + to_months($m) AS DATE) + CAST(pick2(p, $m * 4 + k, #visitday, 0,
                   27) AS INTEGER) AS drawn_day, r.inpatient_pct, r.los, dob, died
        FROM drawn JOIN ref_diseases AS r ON r.icd = drawn.drawn_icd""",
    )
    world.make(
        "fallen_placed",
        """
        WITH dated AS (
          -- Whoever falls ill twice in a month comes on two days.
          SELECT *, drawn_day + CASE WHEN dayofweek(drawn_day) = 0 THEN 1 ELSE 0 END AS day,
              ppm2(n, $m, #admit) < inpatient_pct * 7000 AS sick FROM fallen
          QUALIFY row_number() OVER (PARTITION BY p, day ORDER BY k) = 1),
        leveled AS (
          SELECT *, CASE WHEN NOT sick AND u2(n, $m, #level) % 100 < 58 THEN 'home'
              WHEN u2(n, $m, #level2) % 100 < CASE WHEN sick THEN 55 ELSE 75 END THEN 'basic'
              ELSE 'specialised' END AS level
          FROM dated WHERE day > dob AND (died IS NULL OR day <= died)
              AND NOT EXISTS (SELECT 1 FROM trip AS t WHERE t.p = dated.p AND day BETWEEN t.out_on - 20 AND t.in_on)),
        placed AS (
          SELECT l.*, f.f FROM leveled AS l JOIN facility AS f ON f.f = l.home_f WHERE l.level = 'home'
          UNION ALL
          SELECT l.*, f.f FROM leveled AS l JOIN facility AS f ON l.level <> 'home' AND f.prov = l.prov
              AND f.level = l.level AND f.level_place = u2(l.p, l.k, #hospital) % f.level_count)
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
    world.make(
        "visit",
        """
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
        -- Women who expect a child are seen at its birthplace, the first time in the third month.
        expecting AS (
          SELECT b.mother AS p, b.f, 'Z34' AS icd, '01' AS care,
              CAST(b.day - to_months(CAST(k AS INTEGER)) AS TIMESTAMP)
                  + to_minutes(CAST(pick2(b.child, k, #antenatal, 430, 900) AS INTEGER)) AS admission,
              NULL AS discharge, 'A' || lpad(CAST(b.child AS VARCHAR), 9, '0') || CAST(k AS VARCHAR) AS ma_lk,
              'expecting' AS tag, NULL AS doctor, NULL AS visit_object, NULL AS referral_to, false AS male,
              false AS plain, b.mother * 4 + 3 AS n
          FROM birth AS b, (VALUES (6), (4), (2), (1)) AS t(k)
          WHERE b.mother IN (SELECT p FROM card)
            AND date_trunc('month', b.day - to_months(CAST(k AS INTEGER))) = CAST($first + to_months($m) AS DATE)
            AND ppm2(b.child, k, #antenatalcomes) < 800000),
        planned AS (
          SELECT p, f, icd, care, admission, discharge, ma_lk, tag, doctor, visit_object, referral_to,
              coalesce(male, (SELECT any_value(c.male) FROM card AS c WHERE c.p = v.p)) AS male, plain,
              u(p, #planned) + f AS n
          FROM planned_visit AS v WHERE m = $m),
        whole AS (SELECT * FROM ordinary UNION ALL SELECT * FROM split UNION ALL SELECT * FROM again
            UNION ALL SELECT * FROM births UNION ALL SELECT * FROM expecting UNION ALL SELECT * FROM planned)
        SELECT w.p, w.f, w.icd, w.care, w.admission, coalesce(w.discharge, w.admission
            + to_minutes(CAST(pick2(w.n, 3, #outpatient, 45, 190) AS INTEGER))) AS discharge, w.ma_lk, w.tag,
            w.visit_object, w.referral_to, w.male,
               coalesce(w.plain, false) AS plain, row_number() OVER (ORDER BY w.f, w.ma_lk) AS v, f.code AS facility,
                   f.code || '/' || w.ma_lk AS claim, f.level, f.deed, f.strength, r.family, r.los, c.person, c.dob,
                   c.code AS card, c.pct, c.home,
               coalesce(w.doctor, CASE WHEN o.code IS NULL THEN d.code ELSE d2.code END) AS doctor,
               CAST(w.admission AS DATE) AS admitted_on,
                   w.care IN ('03', '04') AS stays,
               CASE WHEN w.care IN ('03', '04') THEN greatest(1,
                   date_diff('day', CAST(w.admission AS DATE), CAST(coalesce(w.discharge, w.admission) AS DATE)))
                   ELSE 0 END AS bed_days
        FROM whole AS w JOIN facility AS f ON f.f = w.f JOIN card AS c ON c.p = w.p JOIN ref_diseases AS r
            ON r.icd = w.icd
        JOIN doctor AS d ON d.f = w.f AND d.doctor_place = u2(w.n, $m, #doctor) % d.doctor_count
        -- Another takes over from whoever is on leave, ill, abroad or dead.
        JOIN doctor AS d2 ON d2.f = d.f AND d2.doctor_place = (d.doctor_place + 1) % d.doctor_count
        LEFT JOIN away AS o ON o.code = d.code AND o.day = CAST(w.admission AS DATE)""",
    )
    world.drop("fallen", "fallen_placed", "away")


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
    world.make("in_bed", "SELECT p, max(until) AS until FROM stay WHERE n IS NOT NULL GROUP BY p")
    world.make(
        "away",
        """
        SELECT DISTINCT a.code, CAST(d.day AS DATE) AS day
        FROM (SELECT code, since, until FROM absent
              UNION ALL SELECT d.code, s.since, s.until FROM stay AS s JOIN doctor AS d USING (p)) AS a,
            generate_series(greatest(a.since, CAST($first + to_months($m) AS DATE)),
                least(a.until, CAST($first + to_months($m + 1) AS DATE)), INTERVAL 1 DAY) AS d(day)
        WHERE a.since <= CAST($first + to_months($m + 1) AS DATE)
          AND a.until >= CAST($first + to_months($m) AS DATE)""",
    )
    world.drop("stay")


def _services(world: World) -> None:
    """The examination, tests by family of disease, operations, bed days and what is implanted."""
    world.make(
        "service_line",
        """
        WITH ordered AS (
          SELECT v.v, s.code AS service, 1 AS quantity, 60 AS after FROM visit AS v JOIN ref_services AS s
            ON s.code = CASE v.level WHEN 'specialised' THEN '01.0001.1897' WHEN 'basic' THEN '02.0001.1896'
                ELSE '03.0001.1895' END WHERE NOT v.stays
          UNION ALL
          SELECT v.v, b.service_code, 1, 70 FROM visit AS v JOIN ref_bundles AS b ON b.family = v.family
            WHERE u2(v.v, u(ascii(b.service_code[4]) * 7919 + CAST(b.out_pct * 101 + b.in_pct AS BIGINT),
                #bundlekey), #bundle) % 100 < CASE WHEN v.stays THEN b.in_pct ELSE b.out_pct END
              AND (v.level <> 'initial' OR b.service_code < '18.01') AND NOT v.plain
          UNION ALL
          SELECT v.v, b.service_code, 1, 200 FROM visit AS v JOIN ref_procedures AS b ON b.icd = v.icd WHERE v.stays
              AND u2(v.v, 17, #procedure) % 100 < b.in_pct AND NOT v.plain
          UNION ALL
          SELECT v.v, CASE v.family WHEN 'surg' THEN 'K19.1938' WHEN 'obs' THEN 'K19.1938' WHEN 'injury'
              THEN 'K19.1938' ELSE CASE WHEN v.deed = 'rehabilitation' THEN 'K16.1946' ELSE 'K48.1932' END END,
              v.bed_days, 30
            FROM visit AS v WHERE v.stays
          UNION ALL
          -- A machine which never rests: the same test for everybody, all day long.
          SELECT v.v, '18.0015.0001', 1, 75 FROM visit AS v WHERE v.deed = 'busy_machine' AND NOT v.stays
              AND (v.tag = 'scan' OR ppm2(v.v, 5, #busy) < 500000 + v.strength * 4000))
        SELECT v.v, v.p, v.claim, v.facility, v.f, v.admitted_on, v.level, v.deed, v.strength, v.pct, v.doctor,
            v.tag, s.code AS service, NULL AS supply, s.cost_group, s.name, o.quantity,
            CAST(s.price AS DECIMAL(18, 3)) AS price, s.machine_group,
               s.standard_minutes, v.admission + to_minutes(CAST(o.after
                   + pick2(v.v, o.after, #ordered, -35, 20) AS INTEGER)) AS ordered_at, s.anatomical_unique,
                   NULL AS product
        FROM ordered AS o JOIN visit AS v ON v.v = o.v JOIN ref_services AS s ON s.code = o.service
        UNION ALL BY NAME
        SELECT v.v, v.p, v.claim, v.facility, v.f, v.admitted_on, v.level, v.deed, v.strength, v.pct, v.doctor,
            v.tag, u.code AS supply, 10 AS cost_group, u.name, 1 AS quantity,
            CAST(u.price AS DECIMAL(18, 3)) AS price,
               v.admission + INTERVAL 210 MINUTE AS ordered_at,
               CASE WHEN u.is_implant = 1 THEN CASE WHEN v.deed = 'model_as_serial' THEN 'MD-' || u.code
                    WHEN v.deed = 'serial_twice' AND ppm2(v.v, 6, #serial) < 200000 + v.strength * 5000 THEN 'SN'
                        || v.facility || substr(u.code, 1, 6) || CAST(v.v % 3 AS VARCHAR)
                    ELSE 'SN' || v.facility || lpad(CAST(v.p AS VARCHAR), 8, '0')
                        || lpad(CAST($m AS VARCHAR), 2, '0') END END AS product
        FROM ordered AS o JOIN visit AS v ON v.v = o.v JOIN ref_supplies AS u ON u.family_service = o.service
            AND u.is_implant = 1
        UNION ALL BY NAME
        SELECT v.v, v.p, v.claim, v.facility, v.f, v.admitted_on, v.level, v.deed, v.strength, v.pct, v.doctor,
            v.deed AS tag, u.code AS supply, 10 AS cost_group, u.name, 1 AS quantity,
            CAST(u.price AS DECIMAL(18, 3)) AS price,
               v.admission + INTERVAL 210 MINUTE AS ordered_at, 'SN' || v.facility
                   || lpad(CAST(v.p AS VARCHAR), 8, '0') || 'X' AS product
        FROM visit AS v JOIN ref_supplies AS u ON u.code IN ('N07.01.010', 'N06.02.020')
            AND u2(v.v, 21, #implantkind) % 2 = CASE u.code WHEN 'N07.01.010' THEN 0 ELSE 1 END
        WHERE v.deed = 'implant_without_procedure' AND v.stays AND v.family IN ('cardio', 'eye', 'neuro')
            AND ppm2(v.v, 22, #implant) < 60000 + v.strength * 4000""",
    )


def _drugs(world: World) -> None:
    """What is prescribed: days by kind of care, doses by the catalogue, prices as delivered."""
    world.make(
        "drug_line",
        """
        WITH ordered AS (
          SELECT v.*, d.code AS drug, d.registration_no, d.name, d.unit, d.price, d.daily_dose,
                 CASE WHEN v.stays THEN least(v.bed_days, 10) WHEN d.max_supply_days >= 28 AND v.los > 4 THEN 28
                     ELSE least(d.max_supply_days, pick2(v.v, 31, #supplydays, 5, 7)) END AS days
          FROM visit AS v JOIN ref_prescriptions AS x ON x.family = v.family JOIN ref_drugs AS d
              ON d.code = x.drug_code
          WHERE u2(v.v, u(CAST(x.out_pct * 103 + x.in_pct AS BIGINT) + ascii(x.drug_code[5]) * 7919
              + length(x.drug_code), #drugkey), #prescribed) % 100 < CASE WHEN v.stays THEN x.in_pct
              ELSE x.out_pct END
            -- Of bills cut from one visit the first has the drugs.
            AND (v.level <> 'initial' OR d.price < 10000) AND NOT v.plain AND v.tag <> 'split_visits'),
        padded AS (
          SELECT *, CAST(ceil(daily_dose * days) AS BIGINT) * CASE WHEN deed = 'phantom_drugs' AND price > 2000
              THEN 100 + strength ELSE 100 END // 100 AS quantity FROM ordered)
        SELECT v, p, claim, facility, f, admitted_on, pct, doctor, drug, registration_no, name, price, quantity,
            daily_dose, days, CAST(quantity * price AS DECIMAL(18, 3)) AS amount,
               CAST(daily_dose AS VARCHAR) || ' ' || unit || '/ngày x ' || CAST(days AS VARCHAR)
                   || ' ngày' AS dosage, admission + INTERVAL 95 MINUTE AS ordered_at
        FROM padded WHERE quantity > 0""",
    )


def _bills(world: World) -> None:
    world.make(
        "bill",
        """
        WITH served AS (SELECT v, sum(quantity * price) AS amount,
            sum(CASE WHEN supply IS NOT NULL THEN quantity * price END) AS supplies FROM service_line GROUP BY v),
        drugged AS (SELECT v, sum(amount) AS amount FROM drug_line GROUP BY v),
        summed AS (
          SELECT t.*, coalesce(s.amount, 0) + coalesce(d.amount, 0) AS total, coalesce(d.amount, 0) AS drugs,
              coalesce(s.supplies, 0) AS supplies
          FROM visit AS t LEFT JOIN served AS s USING (v) LEFT JOIN drugged AS d USING (v)),
        shared AS (
          -- A small bill is paid in full.
          SELECT b.*, CASE WHEN total * 100 < 15 * m.base_level THEN 100 ELSE pct END AS paid_pct,
                 CASE WHEN deed = 'late_sending' THEN pick2(v, $m, #sendlag, 4, 12 + strength // 4)
                      WHEN deed = 'network_outage' AND CAST(discharge AS DATE) BETWEEN CAST($last - 60 AS DATE)
                          AND CAST($last - 50 AS DATE) THEN 14
                      ELSE CASE WHEN ppm2(v, $m, #sendlag) < 930000 THEN pick2(v, $m, #sendlag2, 0, 2)
                          ELSE pick2(v, $m, #sendlag2, 3, 6) END END AS lag
          FROM summed AS b JOIN month AS m ON m.m = $m)
        SELECT *, CAST(total * paid_pct / 100 AS DECIMAL(18, 3)) AS hi, discharge + to_days(CAST(lag AS INTEGER))
            + INTERVAL 75 MINUTE AS received FROM shared""",
    )


def _deliver(world: World) -> None:
    world.add(
        "hi_claim",
        """
        SELECT claim AS hi_claim_code, facility AS facility_code, ma_lk, person AS person_code, dob AS date_of_birth,
            CASE WHEN male THEN 'male' ELSE 'female' END AS sex,
               coalesce(visit_object, CASE WHEN facility = home THEN '1.1' WHEN stays THEN '2'
                   ELSE '1.3' END) AS visit_object_code, care AS care_type, admission AS admission_at,
               CASE WHEN stays THEN admission + INTERVAL 40 MINUTE END AS inpatient_at, discharge AS discharge_at,
                   CASE WHEN stays THEN bed_days + 1 WHEN care = '05' THEN 28 ELSE 0 END AS treatment_days,
                   discharge AS paid_at,
               icd AS icd_main, CASE WHEN stays AND ppm2(v, $m, #result) < 4000 THEN 4 WHEN stays THEN 2
                   ELSE 1 END AS result_code, CASE WHEN referral_to IS NOT NULL THEN 2 ELSE 1 END AS discharge_code,
                   referral_to AS referral_to_facility_code,
               total AS total_hospital, total AS total_hi, drugs AS drug_total, supplies AS supply_total,
                   hi AS hi_amount, total - hi AS copay, 0 AS self_paid, 0 AS other_source,
                   year(discharge) AS settle_year, month(discharge) AS settle_month,
               CASE WHEN date_diff('year', dob, admitted_on) < 6 THEN pick2(p, 0, #weight, 9, 18)
                   ELSE pick2(p, 0, #weight, 44, 72) END AS weight_kg, received AS first_received_at,
                   received AS last_received_at, 1 AS version_no, 'accepted' AS status,
               hi AS accepted_amount, received AS recorded_at
        FROM bill WHERE received < $end""",
    )
    world.add(
        "hi_claim_card",
        """
        SELECT claim AS hi_claim_code, 1 AS place, admitted_on, 1 AS version_no, card AS card_code,
            home AS initial_facility_code, received AS recorded_at FROM bill WHERE received < $end""",
    )
    world.add(
        "hi_claim_diagnosis",
        """
        SELECT claim AS hi_claim_code, k AS place, admitted_on, 1 AS version_no, [ 'I10', 'E11', 'K29', 'J20', 'M54',
            'E78' ][1 + u2(v, k, #secondary) % 6] AS icd_code, received AS recorded_at
           FROM bill, range(1, 4) AS t(k) WHERE received < $end AND ppm2(v, k, #comorbid) < CASE
               WHEN deed IN ('case_mix_jump', 'new_department') AND stays AND $m >= $months - 4 THEN 800000
               WHEN stays THEN 300000 ELSE 90000 END""",
    )
    world.make(
        "numbered_service",
        """
        SELECT l.*, b.received, b.paid_pct, row_number() OVER (PARTITION BY l.v ORDER BY l.ordered_at, l.service,
            l.supply) AS line_no FROM service_line AS l JOIN bill AS b USING (v) WHERE b.received < $end""",
    )
    world.add(
        "hi_claim_service",
        """
        SELECT l.claim AS hi_claim_code, line_no, l.admitted_on, 1 AS version_no, l.facility AS facility_code,
            service AS service_code, supply AS supply_code, cost_group, 1 AS scope_code, name AS service_name,
            quantity, price AS price_hospital, price AS price_hi,
               100 AS service_rate_pct, 100 AS pay_rate_pct, quantity * price AS amount_hospital,
                   quantity * price AS amount_hi, quantity * price * paid_pct / 100 AS hi_amount, 0 AS self_paid,
                   0 AS other_source, paid_pct AS benefit_pct,
               CASE WHEN cost_group = 15 THEN 'H' || lpad(CAST(1 + u(l.v, #bed) % 400 AS VARCHAR), 3,
                   '0') END AS bed_code, CASE cost_group WHEN 13 THEN 'K01' WHEN 8 THEN 'K19'
                   ELSE 'K03' END AS department_code, doctor AS practitioner_code,
               ordered_at, ordered_at + INTERVAL 12 MINUTE AS done_at, CASE WHEN cost_group < 4 THEN ordered_at
                   + INTERVAL 40 MINUTE END AS result_at,
               x.code AS machine_code, product AS product_code, CASE WHEN supply IS NOT NULL
                   THEN false END AS is_reused, CASE WHEN cost_group = 8 THEN 1 END AS anaesthesia_code,
                   1 AS payment_mode, received AS recorded_at
        FROM numbered_service AS l LEFT JOIN machine AS x ON x.f = l.f AND x.machine_group = l.machine_group
            AND x.k = CASE WHEN l.deed = 'analyser_default_code' THEN 0 ELSE l.v % x.n_of_group END""",
    )
    world.add(
        "hi_claim_performer",
        """
        SELECT claim AS hi_claim_code, line_no, 1 AS place, admitted_on, 1 AS version_no,
            doctor AS practitioner_code, received AS recorded_at
           FROM numbered_service WHERE cost_group IN (2, 3, 8, 13, 18)""",
    )
    world.add(
        "hi_claim_drug",
        """
        SELECT l.claim AS hi_claim_code, row_number() OVER (PARTITION BY l.v ORDER BY l.drug) AS line_no,
            l.admitted_on, 1 AS version_no, l.facility AS facility_code, drug AS drug_code, registration_no,
            name AS drug_name, 'TT' || substr(l.facility, 1, 2) || '.2025' AS award_no,
               4 AS cost_group, 1 AS scope_code, 1 AS source_code, quantity, price AS unit_price,
                   dosage AS dosage_text, daily_dose, days AS supply_days, 100 AS pay_rate_pct,
                   amount AS amount_hospital, amount AS amount_hi, amount * b.paid_pct / 100 AS hi_amount,
               0 AS other_source, b.paid_pct AS benefit_pct, l.doctor AS practitioner_code, 'K01' AS department_code,
                   ordered_at, ordered_at + INTERVAL 15 MINUTE AS done_at, 1 AS payment_mode,
                   b.received AS recorded_at
        FROM drug_line AS l JOIN bill AS b USING (v) WHERE b.received < $end""",
    )
    world.add(
        "hi_checkin",
        """
        SELECT claim AS hi_claim_code, facility AS facility_code, ma_lk, person AS person_code, card AS card_code,
            '1.1' AS visit_object_code, care AS care_type, admission AS arrived_at, admission
            + INTERVAL 3 MINUTE AS received_at,
                  admission + INTERVAL 4 MINUTE AS recorded_at FROM bill WHERE f % 4 = 0 AND admission
                      + INTERVAL 4 MINUTE < $end""",
    )
    world.add(
        "hi_referral",
        """
        SELECT claim AS hi_claim_code, facility AS facility_code, 'GC' || CAST(v AS VARCHAR) || '.'
            || CAST($m AS VARCHAR) AS referral_no, referral_to AS to_facility_code, person AS person_code,
            admitted_on AS issued_at, icd AS icd_main, doctor AS practitioner_code, received AS recorded_at
           FROM bill WHERE referral_to IS NOT NULL AND received < $end""",
    )
    world.add(
        "hi_claim_review",
        """
        SELECT 'GDT' || CAST(b.v AS VARCHAR) || '.' || CAST($m AS VARCHAR) AS review_code, b.claim AS hi_claim_code,
            b.facility AS facility_code, 'R' || CAST(1 + b.v % 9 AS VARCHAR) AS rule_code,
                  CASE WHEN ppm2(b.v, 3, #review) < 100000 THEN 'reject' WHEN ppm2(b.v, 3, #review) < 300000
                      THEN 'warn' ELSE 'accept' END AS result, CASE WHEN ppm2(b.v, 3, #review) < 100000
                      THEN b.hi / 10 ELSE 0 END AS rejected_amount,
                  b.v % 5 <> 0 AS is_automatic, CASE WHEN b.v % 5 = 0 THEN o.officer END AS reviewer_officer_code,
                      b.received + INTERVAL 3 DAY AS decided_at, b.received + INTERVAL 3 DAY AS recorded_at
           FROM bill AS b JOIN facility AS f ON f.f = b.f JOIN hi_reviewer_officer AS o ON o.prov = f.prov
               AND o.place = b.v % o.n WHERE ppm2(b.v, 2, #reviewed) < 40000 AND b.received + INTERVAL 3 DAY < $end""",
    )
    # What was claimed of each drug, for the suppliers' invoices.
    world.run(
        """
        INSERT INTO drug_use SELECT f, registration_no, $m, sum(quantity), any_value(price) FROM drug_line
            GROUP BY f, registration_no"""
    )
    world.drop("numbered_service")
