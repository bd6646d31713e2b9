"""Contributions month by month: what is declared, due, paid and left owing."""

from __future__ import annotations

import pyarrow as pa

from dauhieu.country import stakes
from dauhieu.country.contracts import INSURED_WAGE
from dauhieu.country.shape import month_after
from dauhieu.country.world import World
from dauhieu.law.law import Law

FUNDS = {
    "retirement": "rate_si_total_retirement",
    "sickness_maternity": "rate_si_employer_sickness_maternity",
    "oad": "rate_oad_employer",
    "ui": "rate_ui_total",
    "hi": "rate_hi_total",
}


def make_rates(world: World, law: Law) -> None:
    """`fund_rate`: parts per million of the base, by month and fund."""
    months = [month_after(world.shape.first_month, m) for m in range(world.shape.months)]
    rows = [(m, fund, law.number(name, month)) for m, month in enumerate(months) for fund, name in FUNDS.items()]
    world.read(
        "fund_rate",
        pa.table(
            {
                "m": [r[0] for r in rows],
                "fund": [r[1] for r in rows],
                "rate": pa.array([r[2] for r in rows], pa.int64()),
            }
        ),
    )
    world.make(
        "due",
        """
        SELECT 0 AS e, 0 AS m, '' AS fund, 0::BIGINT AS headcount, 0::BIGINT AS wages, 0::BIGINT AS amount,
            $first AS due_date, $first AS paid_on WHERE false""",
    )
    world.run("CREATE TABLE demanded (e BIGINT, delivered DATE)")


def make_payment_habits(world: World) -> None:
    """`habit`: by employer and month, the months of delay; 99 means never."""
    world.make(
        "habit",
        """
        SELECT e.e, m.m, CAST(CASE e.deed
            WHEN 'chronic_late' THEN 1 + m.m * (1 + e.strength // 25) // 10
            WHEN 'payment_plan' THEN CASE WHEN m.m BETWEEN 6 AND 14 THEN 4 ELSE 0 END
            WHEN 'evader' THEN CASE WHEN m.m >= 4 + (100 - e.strength) // 12 THEN 99 ELSE 0 END
            WHEN 'keeps_deductions' THEN CASE WHEN m.m >= 6 + (100 - e.strength) // 15 THEN 99 ELSE 0 END
            WHEN 'phoenix' THEN CASE WHEN m.m >= 5 THEN 99 ELSE 0 END
            WHEN 'lawful_restructuring' THEN CASE WHEN m.m >= 8 THEN 5 ELSE 0 END
            ELSE CASE WHEN ppm2(e.e, m.m, #hiccup) < 5000 THEN 2 WHEN ppm2(e.e, m.m, #hiccup) < 30000 THEN 1
                ELSE 0 END END AS INTEGER) AS delay
        FROM employer AS e JOIN month AS m ON m.m BETWEEN 0 AND $months - 1
            WHERE NOT e.deed IN ('unregistered', 'foreign_only', 'under_parent_code')""",
    )


def make_month(world: World, m: int) -> None:
    """`paid_in`: the contribution rows of month m; then the dues of the month."""
    world.set("m", m)
    count = int(str(world.rows("SELECT count(*) FROM on_books WHERE $m BETWEEN declared_m AND last_m")[0][0]))
    world.set("slips", max(2000, 24_000_000 // max(1, count)))
    world.make(
        "paid_in",
        f"""
        WITH declared AS (
          SELECT s.s, s.p, s.e, s.employer, s.person, s.block, s.appointed, s.job_title,
              s.hazard_class, s.prov, s.deed, m.month, m.m,
                 {INSURED_WAGE} * coalesce(o.pct, 100) // 100 AS wage, coalesce(l.status, 'working') AS status,
                     f.floor, h.delay,
                 t.hazard_class AS new_class, t.job_title AS new_title, s.entry_m
          FROM on_books AS s JOIN month AS m ON m.m = $m JOIN floor_wage AS f ON f.m = $m AND f.region = s.region
          JOIN habit AS h ON h.e = s.e AND h.m = $m
          LEFT JOIN leave_month AS l ON l.p = s.p AND l.m = $m AND NOT s.second_job
          LEFT JOIN wage_change AS o ON o.s = s.s AND $m BETWEEN o.from_m AND o.to_m
          LEFT JOIN title_change AS t ON t.s = s.s AND $m >= t.from_m
          WHERE $m BETWEEN s.declared_m AND s.last_m)
          SELECT *, status NOT IN ('sick', 'maternity', 'unpaid') AS pays, ppm2(s, m, #slip) < $slips AS slips,
                 CAST($first + to_months(CAST(greatest(m, coalesce(entry_m, m)) AS INTEGER)) AS TIMESTAMP)
                     + to_days(CAST(pick2(e, m, #entryday, 3, 24) AS INTEGER))
                   + to_minutes(CAST(pick2(e, m, #entryminute, 460, 1020) AS INTEGER))
                   + to_months(CASE WHEN ppm2(s, m, #entrylag) < 15000 THEN 1 ELSE 0 END) AS entered
          FROM declared""",
    )
    # An ordinary slip of the pen in the wage is put right a month later, on paper and before four eyes.
    world.add(
        "contribution_month",
        """
        WITH told AS (
          SELECT *, wage + CASE WHEN slips THEN 100000 ELSE 0 END AS told, entered AS known FROM paid_in
          UNION ALL
          SELECT *, wage, entered + INTERVAL 1 MONTH FROM paid_in WHERE slips)
        SELECT person AS person_code, employer AS employer_code, month, 'compulsory' AS scheme,
               -- Months of leave for a birth count as insured although nothing is due.
               status <> 'unpaid' AS si_flag,
               pays AND NOT appointed AS ui_flag, status <> 'unpaid' AS hi_flag, pays AS oad_flag,
               told AS wage_base, least(told, 20 * floor) AS ui_wage_base,
                   coalesce(new_title, job_title) AS job_title,
               coalesce(new_class, hazard_class) AS hazard_class, status AS month_status, entered AS entered_at,
               delay < 90 AND $m + delay < $months AS is_paid, known AS recorded_at
        FROM told""",
    )
    world.make(
        "corrected",
        """
        SELECT t.*, entered + INTERVAL 1 MONTH AS made_at, a.officer AS maker, b.officer AS approver,
            'DCM' || CAST(s AS VARCHAR) || '.' || CAST($m AS VARCHAR) AS code
        FROM paid_in AS t JOIN collection_officer AS a ON a.prov = t.prov AND a.place = u2(s, m, #corrector) % a.n
        JOIN collection_officer AS b ON b.prov = t.prov AND b.place = (a.place + 1) % b.n
        WHERE t.slips AND entered + INTERVAL 1 MONTH < $end""",
    )
    world.add(
        "record_adjustment",
        """
        SELECT code AS adjustment_code, person AS person_code, employer AS employer_code, month,
            'wage_base' AS field, CAST(wage + 100000 AS VARCHAR) AS old_value, CAST(wage AS VARCHAR) AS new_value,
            'wage_change' AS kind, made_at, maker AS made_by_officer_code, approver AS approved_by_officer_code,
            'TK1-' || code AS document_ref, made_at + INTERVAL 20 MINUTE AS recorded_at
        FROM corrected""",
    )
    world.add(
        "audit_log",
        """
        SELECT 'NK' || code AS event_code, maker AS officer_code, made_at AS happened_at, 'TST' AS system_code,
            'update' AS action, 'contribution_month' AS entity, person AS entity_code, 'wage_base' AS field,
            CAST(wage + 100000 AS VARCHAR) AS old_value, CAST(wage AS VARCHAR) AS new_value,
            made_at + INTERVAL 20 MINUTE AS recorded_at
        FROM corrected""",
    )
    world.drop("corrected")
    world.run(
        """
        INSERT INTO due
        WITH summed AS (
          SELECT e, $m AS m, any_value(delay) AS delay, count(*) FILTER (WHERE pays) AS n,
              sum(wage) FILTER (WHERE pays) AS wages,
                 count(*) FILTER (WHERE pays AND NOT appointed) AS ui_n,
                 sum(least(wage, 20 * floor)) FILTER (WHERE pays AND NOT appointed) AS ui_wages,
                 count(*) FILTER (WHERE status <> 'unpaid') AS hi_n,
                     sum(wage) FILTER (WHERE status <> 'unpaid') AS hi_wages
          FROM paid_in GROUP BY e),
        funded AS (
          SELECT s.e, s.m, r.fund, s.delay, CASE r.fund WHEN 'ui' THEN ui_n WHEN 'hi' THEN hi_n
              ELSE n END AS headcount,
                 CAST(coalesce(CASE r.fund WHEN 'ui' THEN ui_wages WHEN 'hi' THEN hi_wages ELSE wages END,
                     0) AS BIGINT) AS wages, r.rate,
                 -- Until June 2025 due at the end of the month itself, then at the end of the next.
                 CASE WHEN m.new_law THEN last_day(m.next_month) ELSE last_day(m.month) END AS due_date
          FROM summed AS s JOIN month AS m ON m.m = s.m JOIN fund_rate AS r ON r.m = s.m)
        SELECT e, m, fund, headcount, wages, wages * rate // 1000000, due_date,
               CASE WHEN delay = 0 THEN due_date - CAST(pick2(e, m, #payday, 0, 12) AS INTEGER)
                    WHEN delay < 90 THEN due_date + CAST(delay * 30 - pick2(e, m, #payday, 0, 12) AS INTEGER) END
        FROM funded""",
    )
    world.add(
        "contribution_due",
        """
        SELECT x.code AS employer_code, CAST($first + to_months($m) AS DATE) AS month, fund, headcount,
            wages AS wage_fund, amount AS amount_due, 0 AS adjustment, due_date,
                  CAST($first + to_months($m) AS TIMESTAMP) + INTERVAL 25 DAY AS recorded_at
           FROM due AS d JOIN employer AS x USING (e) WHERE d.m = $m AND amount > 0""",
    )
    world.add(
        "contribution_payment",
        """
        SELECT 'NT' || CAST(d.e AS VARCHAR) || '.' || CAST(d.m AS VARCHAR) AS payment_code, x.code AS employer_code,
            paid_on AS paid_at,
                  sum(amount) OVER (PARTITION BY d.e) AS amount, 'FT'
                      || CAST(d.e * 100 + d.m AS VARCHAR) AS bank_ref, fund AS allocated_fund,
                  CAST($first + to_months($m) AS DATE) AS allocated_month, amount AS allocated_amount,
                      CAST(paid_on AS TIMESTAMP) + INTERVAL 26 HOUR AS recorded_at
           FROM due AS d JOIN employer AS x USING (e) WHERE d.m = $m AND amount > 0 AND paid_on < $end""",
    )
    _arrears(world)
    if m == world.shape.months - 1:
        _notices(world)
    stakes.of_wages(world)
    world.drop("paid_in")


def _arrears(world: World) -> None:
    """What stood open at the end of month m."""
    world.add(
        "employer_arrears",
        """
        WITH open AS (
          SELECT d.e, d.fund, d.m, d.amount, d.due_date, last_day(CAST($first + to_months($m) AS DATE)) AS shot
          FROM due AS d WHERE d.due_date <= last_day(CAST($first + to_months($m) AS DATE)) AND d.amount > 0
            AND (d.paid_on IS NULL OR d.paid_on > last_day(CAST($first + to_months($m) AS DATE)))),
        summed AS (
          SELECT e, fund, sum(amount) AS principal, sum(amount * 3 * (shot - due_date) // 10000) AS interest,
              min(m) AS oldest, $m - min(m) + 1 AS owed
          FROM open GROUP BY e, fund)
        SELECT x.code AS employer_code, CAST($first + to_months($m) AS DATE) AS snapshot_month, fund,
            CAST(principal AS BIGINT) AS principal, CAST(interest AS BIGINT) AS interest,
               CAST($first + to_months(CAST(oldest AS INTEGER)) AS DATE) AS oldest_unpaid_month, owed AS months_owed,
               CASE WHEN x.deed = 'evader' AND owed >= 4 THEN 'evasion' WHEN owed < 3 THEN 'late'
                   ELSE 'prolonged' END AS debt_class,
               CASE WHEN x.deed = 'keeps_deductions' THEN true END AS deducted_from_workers,
               CAST(last_day(CAST($first + to_months($m) AS DATE)) AS TIMESTAMP) + INTERVAL 21 HOUR AS recorded_at
        FROM summed JOIN employer AS x USING (e)""",
    )
    # A written demand in the third month of arrears and every fourth month after; one in ten is never delivered.
    world.make(
        "demand",
        """
        WITH late AS (
          SELECT e, min(m) AS oldest, CAST(sum(amount) AS BIGINT) AS amount FROM due
          WHERE due_date < CAST($first + to_months($m) AS DATE) AND (paid_on IS NULL
              OR paid_on > CAST($first + to_months($m) AS DATE)) GROUP BY e)
        SELECT e, 'DD' || CAST(e AS VARCHAR) || '.' || CAST($m AS VARCHAR) AS demand_code, x.code AS employer_code,
            'CV-' || CAST(e * 100 + $m AS VARCHAR) AS demand_no,
               CASE WHEN $m - oldest > 5 THEN 'evasion_39' ELSE 'late_38_1' END AS ground,
                   CAST($first + to_months($m) AS DATE) + 9 AS issued_at,
               CASE WHEN ppm2(e, $m, #undelivered) >= 100000 THEN CAST($first + to_months($m) AS DATE)
                   + 13 END AS delivered_at, amount AS amount_demanded,
               CASE WHEN CAST($first + to_months($m) AS DATE) >= DATE '2025-07-01' THEN x.office
                   ELSE x.old_office END AS issued_by_org_code,
               CAST($first + to_months($m) AS TIMESTAMP) + INTERVAL 14 DAY AS recorded_at
        FROM late JOIN employer AS x USING (e) WHERE $m - oldest >= 3 AND ($m - oldest) % 4 = 3""",
    )
    world.add("demand_notice", "SELECT * EXCLUDE (e) FROM demand")
    world.run("INSERT INTO demanded SELECT e, delivered_at FROM demand WHERE delivered_at IS NOT NULL")
    world.drop("demand")


def _notices(world: World) -> None:
    """The notices of the last month: what stands open to each employer which owes, and to the workers their months."""
    world.add(
        "monthly_notice",
        """
        WITH worked AS (
          SELECT e, person, CAST($first + to_months($m) AS TIMESTAMP) + INTERVAL 200 HOUR
              + to_minutes(CAST(u(s, #noticed) % 300 AS INTEGER)) AS sent
          FROM on_books WHERE declared_m < $m AND last_m >= $m - 2 AND ppm(s, #unreached) > 1500
          QUALIFY row_number() OVER (PARTITION BY person ORDER BY s) = 1),
        owing AS (
          SELECT d.e, CAST($first + to_months($m) AS TIMESTAMP) + INTERVAL 60 HOUR AS sent, d.fund,
              sum(d.amount) AS amount
          FROM due AS d WHERE d.due_date < CAST($first + to_months($m) AS DATE)
            AND (d.paid_on IS NULL OR d.paid_on > CAST($first + to_months($m) AS DATE)) GROUP BY ALL)
        SELECT 'TBN' || CAST($m AS VARCHAR) || '.' || person AS notice_code, x.code AS employer_code,
            CAST($first + to_months($m - 1) AS DATE) AS month, 'worker_notice' AS kind, sent AS issued_at,
            person AS recipient_person_code, sent + INTERVAL 1 HOUR AS recorded_at
        FROM worked JOIN employer AS x USING (e)
        UNION ALL BY NAME
        SELECT 'C12' || CAST($m AS VARCHAR) || '.' || x.code AS notice_code, x.code AS employer_code,
            CAST($first + to_months($m - 1) AS DATE) AS month, 'C12_employer' AS kind, max(sent) AS issued_at,
            CAST(coalesce(sum(amount) FILTER (WHERE fund IN ('retirement', 'sickness_maternity')), 0) AS BIGINT)
                AS arrears_si,
            CAST(coalesce(sum(amount) FILTER (WHERE fund = 'hi'), 0) AS BIGINT) AS arrears_hi,
            CAST(coalesce(sum(amount) FILTER (WHERE fund = 'ui'), 0) AS BIGINT) AS arrears_ui,
            CAST(coalesce(sum(amount) FILTER (WHERE fund = 'oad'), 0) AS BIGINT) AS arrears_oad,
            max(sent) + INTERVAL 1 HOUR AS recorded_at
        FROM owing JOIN employer AS x USING (e) GROUP BY x.code""",
    )
