"""From cases to files: claims, decisions, payments, certificates, pensions month by month."""

from __future__ import annotations

from dauhieu.country.world import World


def make_beneficiaries(world: World) -> None:
    world.make(
        "beneficiary",
        """
        SELECT p FROM benefit_case UNION SELECT p FROM pension UNION SELECT p FROM person
            WHERE p IN (SELECT claimant_p FROM mourned)""",
    )


def deliver_cases(world: World) -> None:
    """Claims, decisions and one-time payments of all cases; an allowance is paid month by month."""
    # The tenth of the provinces with the fewest people have the fewest officers.
    world.view("small_office", "SELECT prov FROM province ORDER BY population_k, prov LIMIT 4")
    world.make(
        "settled_unshared",
        """
        WITH timed AS (
          SELECT *, coalesce(decided_at, submitted_at + to_days(CAST(pick(id, #deciding, 3,
              9) AS INTEGER))) AS decided,
                 'QD' || CAST(id AS VARCHAR) AS decision, 'HSB' || CAST(id AS VARCHAR) AS claim,
                 coalesce(one_off, 0) + CASE WHEN kind IN ('old_age', 'early_pension', 'ui_allowance') THEN 0
                     ELSE coalesce(amount, 0) END AS paid
          FROM benefit_case AS c)
        SELECT t.*, CASE WHEN t.decided >= TIMESTAMP '2025-07-01' THEN 'T' ELSE 'O' END || pr.code AS org,
            e.code AS employer,
               -- Nobody decides about the own household.
               coalesce(t.assessor, CASE WHEN a.h = t.p // 4 THEN k.officer ELSE a.officer END) AS assessing,
               coalesce(t.approver, CASE WHEN b.h = t.p // 4 THEN k.officer ELSE b.officer END) AS approving,
               coalesce(t.bank, x.bank) AS to_bank, coalesce(t.account, x.account) AS to_account,
                   ppm(t.id, #cash) < 60000 AND t.account IS NULL AS in_cash,
               coalesce(y.code, t.person) AS beneficiary, x.died,
               o.prov IS NOT NULL AND ppm(t.id, #shorthanded) < 10000 AS shorthanded
        FROM timed AS t JOIN province AS pr ON pr.prov = t.prov LEFT JOIN employer AS e ON e.e = t.e
        JOIN benefits_officer AS a ON a.prov = t.prov AND a.place = t.id % a.n JOIN benefits_officer AS b
            ON b.prov = t.prov AND b.place = (t.id + 1) % b.n
        JOIN benefits_officer AS k ON k.prov = t.prov AND k.place = (t.id + 2) % k.n
        LEFT JOIN small_office AS o ON o.prov = t.prov
        LEFT JOIN person AS y ON y.code = t.claimant LEFT JOIN person AS x ON x.p = coalesce(y.p, t.p)
        WHERE t.submitted_at < $end""",
    )
    # Another than who assesses takes the papers in, but where hands are short. Some do it all themselves for half a
    # year: they take in most of what they decide, and sign a third of it for the one who ought to approve it.
    world.make(
        "settled",
        """
        SELECT s.* REPLACE (CASE WHEN alone AND ppm(id, #signsalone) < 330000 THEN assessing ELSE approving
                END AS approving),
            CASE WHEN shorthanded OR alone THEN assessing ELSE r.officer END AS receiving
        FROM (SELECT s.*, w.place, w.deed = 'does_all_steps' AND s.approver IS NULL AND ppm(s.id, #alone) < 700000
                AND s.decided >= $first + CAST(w.strength * 4 AS INTEGER)
                AND s.decided < $first + CAST(w.strength * 5 + 150 AS INTEGER) AS alone
              FROM settled_unshared AS s JOIN benefits_officer AS w ON w.officer = assessing) AS s
        JOIN benefits_officer AS r ON r.prov = s.prov AND r.place = (s.place + 3) % r.n""",
    )
    world.drop("settled_unshared")
    world.add(
        "benefit_claim",
        """
        SELECT claim AS claim_code, 'HSN' || CAST(id AS VARCHAR) AS dossier_no, beneficiary AS person_code,
            employer AS employer_code, kind AS benefit_type, submitted_at,
                  CASE WHEN list_no IS NOT NULL OR kind IN ('birth', 'prenatal', 'paternity') THEN 'employer_list'
                      WHEN device IS NOT NULL THEN 'portal' ELSE 'direct' END AS channel,
                  ip AS ip_address, device AS device_code, list_no, receiving AS received_by_officer_code,
                      org AS org_code,
                  'approved' AS status, submitted_at + INTERVAL 3 HOUR AS recorded_at FROM settled""",
    )
    world.add(
        "benefit_decision",
        """
        SELECT decision AS decision_code, claim AS claim_code, person AS person_code,
            claimant AS claimant_person_code, kind AS benefit_type, ground,
                  CASE WHEN kind = 'sickness' THEN 'normal' END AS case_kind, child AS child_person_code,
                      birth AS birth_code, facility AS facility_code, from_date, to_date, days, months_counted,
                  base_wage, rate_pct, amount, one_off AS one_off_amount, coalesce(amount, 0)
                      + coalesce(one_off, 0) AS system_amount, override_reason IS NOT NULL AS is_override,
                      override_reason,
                  assessing AS assessed_by_officer_code, approving AS approved_by_officer_code,
                      decided AS decided_at, org AS org_code, decided + INTERVAL 1 HOUR AS recorded_at
           FROM settled WHERE decided < $end""",
    )
    world.add(
        "benefit_payment",
        """
        SELECT 'CT' || CAST(id AS VARCHAR) AS payment_code, decision AS decision_code,
            beneficiary AS beneficiary_person_code, kind AS benefit_type, date_trunc('month', paid_at) AS pay_month,
            paid_at, paid AS amount,
               CASE WHEN in_cash THEN 'cash_office' ELSE 'bank' END AS method, CASE WHEN NOT in_cash THEN to_bank
                   || '/' || to_account END AS bank_account_code, CASE WHEN NOT in_cash THEN to_bank END AS bank_code,
               'paid' AS status, CAST(paid_at AS TIMESTAMP) + INTERVAL 18 HOUR AS recorded_at
        FROM (SELECT *, CAST(decided AS DATE) + CAST(coalesce(CASE WHEN kind = 'lump_sum' THEN payer_days END,
            pick(id, #paying, 2, 9)) AS INTEGER) AS paid_at FROM settled WHERE paid > 0) WHERE paid_at < $end
        UNION ALL BY NAME
        SELECT 'CT' || CAST(id AS VARCHAR) || '.' || CAST(k AS VARCHAR) AS payment_code, decision AS decision_code,
            beneficiary AS beneficiary_person_code, kind AS benefit_type, date_trunc('month', paid_at) AS pay_month,
            paid_at, amount,
               'bank' AS method, to_bank || '/' || to_account AS bank_account_code, to_bank AS bank_code,
                   'paid' AS status, CAST(paid_at AS TIMESTAMP) + INTERVAL 18 HOUR AS recorded_at
        FROM (SELECT *, CAST(from_date + to_months(CAST(k AS INTEGER)) AS DATE) + 7 AS paid_at FROM settled,
            range(payer_days) AS t(k) WHERE kind = 'ui_allowance') WHERE paid_at < $end AND (died IS NULL OR
            paid_at <= last_day(died))""",
    )
    world.add(
        "ui_notice",
        """
        SELECT 'TB' || CAST(id AS VARCHAR) || '.' || CAST(k AS VARCHAR) AS notice_code, claim AS claim_code,
            person AS person_code, due AS due_date, CAST(due AS TIMESTAMP)
            + to_minutes(CAST(pick2(id, k, #notice, -2800, 600) AS INTEGER)) AS notified_at,
                  -- Who comes to the centre uses its computer.
                  CASE WHEN device LIKE 'KIOSK-%' THEN 'in_person' WHEN device IS NOT NULL THEN 'online'
                      ELSE 'in_person' END AS channel, device AS device_code, ip AS ip_address,
                  'TTDV' || lpad(CAST(prov AS VARCHAR), 2, '0') AS centre_code,
                  CAST(due AS TIMESTAMP) + INTERVAL 20 HOUR AS recorded_at
           FROM (SELECT *, CAST(from_date + to_months(CAST(k AS INTEGER)) AS DATE) AS due FROM settled,
               range(1, payer_days) AS t(k) WHERE kind = 'ui_allowance') WHERE due < $end AND (died IS NULL
               OR due <= died)""",
    )
    world.add(
        "job_centre",
        """
        SELECT 'TTDV' || lpad(CAST(p.prov AS VARCHAR), 2, '0') AS centre_code, '[Mẫu] Trung tâm dịch vụ việc làm '
            || p.name AS name_vi, min(c.code) AS admin_code,
                  avg(c.lat) AS latitude, avg(c.lon) AS longitude, $before AS recorded_at FROM province AS p
                      JOIN commune AS c ON c.prov = p.prov GROUP BY p.prov, p.name""",
    )


def deliver_papers(world: World) -> None:
    world.add(
        "sickness_certificate",
        """
        SELECT 'GCN' || CAST(c.id AS VARCHAR) AS cert_code, c.kind, c.cert_no, c.serial AS serial_no,
            f.code AS facility_code, c.practitioner AS practitioner_code, h.code AS head_code,
            c.person AS person_code, c.icd AS icd_code,
                  i.name AS diagnosis_text, c.from_date, c.from_date + CAST(c.days - 1 AS INTEGER) AS to_date,
                      c.days, c.issued_at, uploaded AS uploaded_at, 'HSB'
                      || CAST(c.case_id AS VARCHAR) AS benefit_claim_code,
                  uploaded + INTERVAL 1 HOUR AS recorded_at
           FROM (SELECT *, CAST(issued_at AS TIMESTAMP) + to_days(CAST(coalesce(late_days, 0) AS INTEGER))
               + INTERVAL 17 HOUR AS uploaded FROM leave_paper) AS c
           JOIN facility AS f ON f.f = c.f LEFT JOIN doctor AS h ON h.f = c.f AND h.doctor_place = 0 LEFT
               JOIN ref_icd10 AS i ON i.code = c.icd WHERE uploaded < $end - INTERVAL 1 HOUR""",
    )
    world.add(
        "certificate_identity",
        """
        SELECT 'GCN' || CAST(c.id AS VARCHAR) AS cert_code, n.full_name, e.name AS employer_name,
            upper(e.name) AS employer_name_norm, CAST(c.issued_at AS TIMESTAMP)
            + to_days(CAST(coalesce(late_days, 0) AS INTEGER)) + INTERVAL 18 HOUR AS recorded_at
           FROM leave_paper AS c JOIN person_name AS n ON n.p = c.p JOIN benefit_case AS b ON b.id = c.case_id LEFT
               JOIN employer AS e ON e.e = b.e
           WHERE CAST(c.issued_at AS TIMESTAMP) + to_days(CAST(coalesce(late_days, 0) AS INTEGER))
               + INTERVAL 18 HOUR < $end""",
    )


def deliver_pensions(world: World) -> None:
    """The records; whoever dies is ended with the lag of the report."""
    world.add(
        "pension_record",
        """
        WITH kept AS (
          SELECT n.*, greatest($before, CAST(n.start_month AS TIMESTAMP) + INTERVAL 34 HOUR) AS known, CASE
              WHEN ppm(n.id, #pensioncash) < 280000 THEN 'cash_post' ELSE 'bank' END AS way,
                 CASE WHEN n.start_month < $first THEN 'O' ELSE 'T' END || pr.code AS org
          FROM pension AS n JOIN province AS pr USING (prov))
        SELECT 'LH' || CAST(id AS VARCHAR) AS pension_code, person AS person_code, CASE kind WHEN 'early'
            THEN 'early' ELSE kind END AS pension_type, start_month, status, amount AS monthly_amount,
               months AS contribution_months, early_pct AS early_reduction_pct, way AS pay_method, org AS org_code,
               known AS entered_at, known AS recorded_at
        FROM kept WHERE start_month < $end
        UNION ALL BY NAME
        -- Once a year somebody makes sure that they live; few are missed.
        SELECT 'LH' || CAST(id AS VARCHAR) AS pension_code, person AS person_code, CASE kind WHEN 'early'
            THEN 'early' ELSE kind END AS pension_type, start_month, status, amount AS monthly_amount,
               months AS contribution_months, early_pct AS early_reduction_pct, verified AS last_verified_at,
               way AS pay_method, org AS org_code, known AS entered_at,
               CAST(verified + 2 AS TIMESTAMP) AS recorded_at
        FROM (SELECT *, $end - 15 - CAST(u(id, #verifiedday) % 340 + 350 * k AS INTEGER) AS verified
              FROM kept, range(2) AS t(k) WHERE ppm2(id, k, #unverified) >= 15000)
        WHERE verified > known AND verified >= $first AND (end_month IS NULL OR verified < end_month)
        UNION ALL BY NAME
        SELECT 'LH' || CAST(id AS VARCHAR) AS pension_code, person AS person_code, kind AS pension_type, start_month,
            end_month, 'terminated' AS status, amount AS monthly_amount,
               months AS contribution_months, early_pct AS early_reduction_pct, way AS pay_method, org AS org_code,
                   known AS entered_at, CAST(end_month + INTERVAL 40 DAY AS TIMESTAMP) AS recorded_at
        FROM kept WHERE end_month IS NOT NULL AND coalesce(reported_m, 0) = 0 AND end_month + INTERVAL 40 DAY < $end""",
    )


def pay_pensions(world: World, m: int) -> None:
    """The monthly round: to the month of death, one in eight once more and recovered; longer where nobody reports."""
    world.set("m", m)
    world.add(
        "benefit_payment",
        """
        WITH round AS (SELECT CAST($first + to_months($m) AS DATE) AS month),
        due AS (
          SELECT n.*, r.month, ppm(n.id, #pensioncash) < 280000 AS cash,
                 n.end_month IS NOT NULL AND r.month > n.end_month AS dead,
                 r.month = n.end_month + INTERVAL 1 MONTH AND ppm(n.id, #onemore) < 120000 AS once_more
          FROM pension AS n CROSS JOIN round AS r WHERE n.start_month <= r.month AND n.status = 'paying')
        SELECT 'LT' || CAST(id AS VARCHAR) || '.' || CAST($m AS VARCHAR) AS payment_code,
            person AS beneficiary_person_code,
               CASE kind WHEN 'early' THEN 'early_pension' WHEN 'survivors' THEN 'survivors_monthly'
                   WHEN 'other_monthly' THEN 'monthly_own_contrib' WHEN 'disability_oad' THEN 'work_injury'
                   ELSE 'old_age' END AS benefit_type, month AS pay_month, month + 4 AS paid_at, amount,
               CASE WHEN cash THEN 'cash_post' ELSE 'bank' END AS method, CASE WHEN NOT cash THEN bank || '/'
                   || account END AS bank_account_code, CASE WHEN NOT cash THEN bank END AS bank_code,
               CASE WHEN dead AND once_more AND reported_m IS NULL THEN 'recovered' ELSE 'paid' END AS status,
                   CAST(month AS TIMESTAMP) + INTERVAL 5 DAY AS recorded_at
        FROM due WHERE NOT dead OR once_more OR $m < coalesce(reported_m, -1)""",
    )
