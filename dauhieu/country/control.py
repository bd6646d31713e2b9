"""What checks, complaints and courts leave behind: cases, sanctions, complaints, excuses, books, status of firms."""

from __future__ import annotations

from dauhieu.country.world import World


def deliver_control(world: World) -> None:
    world.make(
        "checked",
        """SELECT e.e, e.code, e.province, $first + CAST(170 + e.e % 120 AS INTEGER) AS day,
                  e.deed IN ('evader', 'keeps_deductions', 'hidden_staff') AS guilty FROM employer AS e
           WHERE e.deed IN ('evader', 'keeps_deductions', 'hidden_staff') AND u(e.e, #checked) % 100 < 60 OR u(e.e,
           #routine) % 1000 < 6""",
    )
    world.add(
        "inspection_case",
        """SELECT 'KT' || CAST(e AS VARCHAR) AS case_code, 'planned' AS kind, 'employer' AS target_type,
                  code AS target_employer_code, 'T' || province AS org_code,
                  'QDKT-' || CAST(e AS VARCHAR) AS decision_no,
                  day AS decision_date, $first - 300 AS period_from, day AS period_to, day + 40 AS conclusion_date,
                  -- A check of the plan finds nothing where nothing was done.
                  CASE WHEN guilty THEN 50000000 ELSE 0 END AS finding_amount,
                  CASE WHEN guilty THEN 20000000 ELSE 0 END AS recovered_amount, 'closed' AS status,
                  CAST(day + 41 AS TIMESTAMP) AS recorded_at
           FROM checked WHERE day + 41 < $end
           UNION ALL BY NAME
           -- Checks of the plan which have just begun.
           SELECT 'KTM' || CAST(e AS VARCHAR) AS case_code, 'planned' AS kind, 'employer' AS target_type,
                  code AS target_employer_code, 'T' || province AS org_code,
                  'QDKTM-' || CAST(e AS VARCHAR) AS decision_no,
                  $end - CAST(5 + u(e, #begun) % 80 AS INTEGER) AS decision_date, $first AS period_from,
                  $end - 100 AS period_to, 'open' AS status,
                  CAST($end - CAST(4 + u(e, #begun) % 80 AS INTEGER) AS TIMESTAMP) AS recorded_at
           FROM employer_known WHERE ppm(e, #plannedcheck) < 4000 AND e NOT IN (SELECT e FROM checked)""",
    )
    # Half the evaders were fined before: most of them years ago, some by this window's checks.
    world.add(
        "sanction_decision",
        """SELECT 'XP' || CAST(c.e AS VARCHAR) AS sanction_code, 'KT' || CAST(c.e AS VARCHAR) AS case_code,
                  'employer' AS subject_type, c.code AS subject_employer_code,
                  CASE e.deed WHEN 'evader' THEN 'SI-EMP-07' WHEN 'hidden_staff' THEN 'SI-EMP-03' ELSE 'SI-EMP-06' END
                    AS violation_code, pick(c.e, #fine, 12, 75) * 2000000 AS fine_amount, day + 60 AS decided_at,
                  CASE WHEN u(c.e, #finepaid) % 100 < 55 THEN day + 85 END AS paid_at,
                  CAST(day + CASE WHEN u(c.e, #finepaid) % 100 < 55 THEN 86 ELSE 62 END AS TIMESTAMP) AS recorded_at
           FROM checked AS c JOIN employer AS e ON e.e = c.e
           WHERE day + 86 < $end AND e.deed IN ('evader', 'keeps_deductions', 'hidden_staff')
           UNION ALL BY NAME
           SELECT 'XPC' || CAST(e AS VARCHAR) AS sanction_code, 'employer' AS subject_type,
                  code AS subject_employer_code,
                  CASE WHEN deed IN ('unregistered', 'late_registration') THEN 'SI-EMP-01'
                    WHEN deed = 'evader' AND strength > 60 THEN 'SI-EMP-07' ELSE 'SI-EMP-06' END AS violation_code,
                  pick(e, #oldfine, 6, 50) * 1000000 AS fine_amount, fined AS decided_at, fined + 30 AS paid_at,
                  $before AS recorded_at
           FROM (SELECT *, $first - CAST(100 + u(e, #finedday) % 1200 AS INTEGER) AS fined FROM employer_known)
           WHERE established + 400 < fined AND u(e, #fined) % 1000 < CASE
               WHEN deed IN ('evader', 'keeps_deductions') THEN 350 WHEN deed IN ('chronic_late', 'phoenix') THEN 200
               WHEN deed IN ('hidden_staff', 'late_registration', 'unregistered', 'wage_below_floor') THEN 100
               ELSE 4 END""",
    )
    world.add(
        "complaint",
        """SELECT 'PA' || CAST(r.p * 10 + r.y AS VARCHAR) AS complaint_code, 'feedback' AS kind,
        r.day + 30 AS received_at,
                  r.person AS complainant_person_code, r.agent AS about_agent_code,
                  'paid_not_enrolled' AS content_topic,
                  'pending' AS verified_result, CAST(r.day + 31 AS TIMESTAMP) AS recorded_at
           FROM receipt AS r WHERE r.ghost AND u(r.p, #complains) % 100 < 30 AND r.day + 31 < $end
           UNION ALL BY NAME
           SELECT 'PAE' || CAST(s.s AS VARCHAR) AS complaint_code, 'complaint' AS kind,
                  $first + CAST(250 + s.s % 200 AS INTEGER) AS received_at, s.person AS complainant_person_code,
                  s.employer AS about_employer_code, 'deducted_not_paid' AS content_topic,
                  'pending' AS verified_result,
                  CAST($first + CAST(251 + s.s % 200 AS INTEGER) AS TIMESTAMP) AS recorded_at
           FROM spell AS s WHERE s.deed = 'keeps_deductions' AND u(s.s, #complains) % 100 < 8
             AND $first + CAST(251 + s.s % 200 AS INTEGER) < $end""",
    )
    world.add(
        "force_majeure",
        """SELECT code AS employer_code, 'disaster' AS ground, CAST($first + to_months(6) AS DATE) AS from_date,
                  CAST($first + to_months(15) AS DATE) AS to_date, 'QD-UBND-' || CAST(e AS VARCHAR) AS document_ref,
                  CAST($first + to_months(7) AS TIMESTAMP) AS recorded_at
           FROM employer WHERE deed = 'payment_plan' AND $months > 7""",
    )
    world.add(
        "si_book",
        """SELECT 'S' || code AS book_code, code AS person_code, 1 AS issue_no,
                  greatest(DATE '2012-01-01', CAST(dob + INTERVAL 18 YEAR AS DATE)) AS issued_at, 'new' AS reason,
                  'active' AS status, $before AS recorded_at
           FROM person WHERE p IN (SELECT p FROM worker) AND dob + INTERVAL 18 YEAR < $first
           UNION ALL BY NAME
           -- Now and then one is lost or spoilt.
           SELECT 'S' || code AS book_code, code AS person_code, 2 AS issue_no,
                  $first + CAST(u(p, #newbook) % ($end - $first - 2) AS INTEGER) AS issued_at,
                  CASE WHEN ppm(p, #spoilt) < 600000 THEN 'damaged' ELSE 'lost' END AS reason, 'active' AS status,
                  CAST($first + CAST(u(p, #newbook) % ($end - $first - 2) + 1 AS INTEGER) AS TIMESTAMP) AS recorded_at
           FROM person WHERE p IN (SELECT p FROM worker) AND dob + INTERVAL 18 YEAR < $first
             AND ppm(p, #renewsbook) < 4000""",
    )
    # A phoenix leaves its old code behind.
    world.add(
        "employer_status",
        """SELECT e.code AS employer_code, 'absconded' AS status, CAST($first + to_months(11) AS DATE) AS from_date,
                  CAST($first + to_months(12) AS TIMESTAMP) AS recorded_at
           FROM employer AS e JOIN reborn AS r USING (e) WHERE r.deed = 'phoenix' AND $months > 12""",
    )
