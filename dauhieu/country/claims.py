"""The bills of a month as claims with all their rows."""

from __future__ import annotations

from dauhieu.country.world import World


def deliver_heads(world: World) -> None:
    """Claims with their card and further diagnoses."""
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


def deliver_rows(world: World) -> None:
    """What was done, given, noted and reviewed on each claim."""
    world.make(
        "numbered_service",
        # Whoever holds the scope a service asks for performs it; in a pinch the doctor of the visit does. Those whose
        # name stands where they are not do all of a visit.
        """
        SELECT l.*, b.claim, b.facility, b.f, b.admitted_on, b.deed, b.doctor, b.received, b.paid_pct,
            row_number() OVER (PARTITION BY l.v ORDER BY l.ordered_at, l.service, l.supply) AS line_no,
            CASE WHEN h.code IS NOT NULL OR b.tag IN ('rooms', 'onleave', 'signabroad', 'signdead')
                OR ppm2(l.v, l.cost_group, #pinch) < 4000 THEN b.doctor
                ELSE coalesce(CASE WHEN w.code IS NULL THEN a.code ELSE w.instead END, b.doctor) END AS performer
        FROM service_line AS l JOIN bill AS b USING (v)
        LEFT JOIN able AS h ON h.f = b.f AND h.scope = l.scope AND h.code = b.doctor
        LEFT JOIN able AS a ON a.f = b.f AND a.scope = l.scope AND a.place = l.v % a.n
        LEFT JOIN relief AS w ON w.code = a.code AND w.scope = a.scope AND w.day = b.admitted_on
        WHERE b.received < $end""",
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
            AND x.k = CASE WHEN l.deed IN ('analyser_default_code', 'busy_machine') THEN 0
                ELSE l.v % x.n_of_group END""",
    )
    world.add(
        "hi_claim_performer",
        """
        SELECT claim AS hi_claim_code, line_no, 1 AS place, admitted_on, 1 AS version_no,
            performer AS practitioner_code, received AS recorded_at
           FROM numbered_service WHERE cost_group IN (2, 3, 8, 13, 18)""",
    )
    world.add(
        "hi_claim_drug",
        """
        SELECT b.claim AS hi_claim_code, row_number() OVER (PARTITION BY l.v ORDER BY l.drug, l.phantom) AS line_no,
            b.admitted_on, 1 AS version_no, b.facility AS facility_code, drug AS drug_code, registration_no,
            name AS drug_name, 'TT' || substr(b.facility, 1, 2) || '.2025' AS award_no,
               4 AS cost_group, 1 AS scope_code, 1 AS source_code, quantity, price AS unit_price,
                   dosage AS dosage_text, daily_dose, days AS supply_days, 100 AS pay_rate_pct,
                   amount AS amount_hospital, amount AS amount_hi, amount * b.paid_pct / 100 AS hi_amount,
               0 AS other_source, b.paid_pct AS benefit_pct, b.doctor AS practitioner_code, 'K01' AS department_code,
                   ordered_at, ordered_at + INTERVAL 15 MINUTE AS done_at, 1 AS payment_mode,
                   b.received AS recorded_at
        FROM drug_line AS l JOIN bill AS b USING (v) WHERE b.received < $end""",
    )
    # The card is scanned at the door, but where the line or the patient fails; nobody scans that of a ghost.
    world.add(
        "hi_checkin",
        """
        SELECT claim AS hi_claim_code, facility AS facility_code, ma_lk, person AS person_code, card AS card_code,
            '1.1' AS visit_object_code, care AS care_type, admission AS arrived_at, admission
            + INTERVAL 3 MINUTE AS received_at, admission + INTERVAL 4 MINUTE AS recorded_at
        FROM bill
        WHERE tag NOT IN ('ghost', 'typed') AND ppm2(v, $m, #unscanned) > 12000
          AND (level <> 'initial' OR ppm(f, #offline) > 30000)
          AND admission + INTERVAL 4 MINUTE < $end""",
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
               AND o.place = b.v % o.n AND o.h IS DISTINCT FROM b.p // 4
           WHERE ppm2(b.v, 2, #reviewed) < 40000 AND b.received + INTERVAL 3 DAY < $end""",
    )
    _results(world)
    _notes(world)
    # What was given of each drug, for the suppliers' invoices.
    world.run(
        """
        INSERT INTO drug_use SELECT b.f, l.registration_no, $m, sum(l.quantity), any_value(l.price)
            FROM drug_line AS l JOIN bill AS b USING (v) WHERE NOT l.phantom GROUP BY ALL"""
    )
    world.drop("numbered_service")


def _results(world: World) -> None:
    """Results are sent from the last month on: values of the laboratory, conclusions of images and recordings."""
    world.add(
        "hi_claim_lab",
        """
        SELECT claim AS hi_claim_code, line_no, admitted_on, 1 AS version_no, facility AS facility_code,
            service AS service_code, CASE WHEN cost_group = 1 THEN 'CS' || substr(service, 4, 4) END AS index_code,
            CASE WHEN cost_group = 1 THEN CAST(pick2(v, line_no, #result, 30, 140) / 10.0 AS VARCHAR) END AS value_text,
            CASE WHEN cost_group > 1 THEN 'Hình ảnh trong giới hạn bình thường' END AS conclusion,
            ordered_at + INTERVAL 40 MINUTE AS result_at, doctor AS reader_code, received AS recorded_at
        FROM numbered_service
        -- Now and then a patient leaves before the result is there.
        WHERE $m = $months - 1 AND cost_group < 4 AND supply IS NULL AND ppm2(v, line_no, #leftearly) > 6000
            AND admitted_on >= CAST($first + to_months($m) AS DATE)""",
    )


def _notes(world: World) -> None:
    """A note of each day in bed, sent from the last month on as results are."""
    world.add(
        "hi_claim_note",
        """
        SELECT claim AS hi_claim_code, k + 1 AS line_no, admitted_on, 1 AS version_no,
            CAST(admitted_on + CAST(k AS INTEGER) AS TIMESTAMP)
                + to_minutes(CAST(pick2(v, k, #rounds, 450, 660) AS INTEGER)) AS noted_at,
            CASE WHEN k = 0 THEN 'Vào viện' WHEN k = bed_days THEN 'Ổn định, ra viện'
                ELSE 'Theo dõi, tiếp tục điều trị' END AS note_text, received AS recorded_at
        FROM bill, range(0, bed_days + 1) AS t(k)
        WHERE $m = $months - 1 AND stays AND received < $end AND admitted_on >= CAST($first + to_months($m) AS DATE)""",
    )
