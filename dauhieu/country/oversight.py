"""What ordinary administration leaves behind: money asked back, suspensions, training, look-ups, wages seen."""

from __future__ import annotations

from dauhieu.country.contracts import TRUE_WAGE
from dauhieu.country.world import World


def deliver_oversight(world: World) -> None:
    _recoveries(world)
    _suspensions(world)
    _training(world)
    _lookups(world)
    _wages_seen(world)


def _recoveries(world: World) -> None:
    """A few sick leaves were paid for days too many: nearly all is paid back, some in parts."""
    world.add(
        "benefit_recovery",
        """
        WITH asked AS (
          SELECT id, person, decision, greatest(1, paid * pick(id, #overpaid, 20, 100) // 100) AS amount,
                 CAST(decided AS DATE) + CAST(pick(id, #foundlater, 50, 200) AS INTEGER) AS day,
                 CAST(pick(id, #paidback, 15, 55) AS INTEGER) AS after, ppm(id, #inparts) < 80000 AS in_parts
          FROM settled WHERE kind = 'sickness' AND paid > 0 AND ppm(id, #recovery) < 6000)
        SELECT 'TH' || CAST(id AS VARCHAR) AS recovery_code, person AS person_code, decision AS decision_code, amount,
            'Hưởng trùng ngày làm việc có hưởng lương' AS reason, day AS decided_at,
            CASE WHEN in_parts THEN amount // 2 ELSE amount END AS collected_amount, day + after AS collected_at,
            CAST(day + after + 1 AS TIMESTAMP) AS recorded_at
        FROM asked WHERE day + after + 1 < $end""",
    )


def _suspensions(world: World) -> None:
    """Whom a disaster struck suspends the retirement fund for the months of the plan, and makes up for them."""
    world.add(
        "contribution_suspension",
        """
        SELECT code AS employer_code, 'retirement' AS fund, CAST($first + to_months(6) AS DATE) AS from_month,
            CAST($first + to_months(14) AS DATE) AS to_month, 'QD-TD-' || CAST(e AS VARCHAR) AS decision_no,
            size AS headcount_before, size * 7 // 10 AS headcount_at_request,
            CAST($first + to_months(7) AS TIMESTAMP) AS recorded_at
        FROM employer WHERE deed = 'payment_plan' AND $months > 14""",
    )


def _training(world: World) -> None:
    """One school a province, a course for a few of those on the allowance, and rare grants to employers."""
    world.add(
        "training_provider",
        """
        SELECT 'DT' || code AS provider_code, '[Mẫu] Trường nghề ' || code AS name_vi,
            '8' || code || '0000001' AS tax_code, 400 AS licensed_capacity, $before AS recorded_at FROM province""",
    )
    world.add(
        "ui_training",
        """
        WITH course AS (
          SELECT s.id, s.person, p.code, s.from_date + CAST(pick(s.id, #course, 5, 20) AS INTEGER) AS since,
                 CASE WHEN s.payer_days > 3 THEN 3 ELSE 2 END AS months
          FROM settled AS s JOIN province AS p USING (prov)
          WHERE s.kind = 'ui_allowance' AND s.payer_days >= 3 AND s.died IS NULL AND ppm(s.id, #trains) < 40000)
        SELECT 'HN' || CAST(id AS VARCHAR) AS training_code, person AS person_code, 'DT' || code AS provider_code,
            'KH' || CAST(1 + id % 12 AS VARCHAR) AS course_code, since AS from_date,
            CAST(since + to_months(CAST(months AS INTEGER)) AS DATE) - 10 AS to_date,
            months * 22 - pick(id, #missed, 2, 12) AS attended_days, months * 1500000 AS amount,
            CAST(since + 12 AS TIMESTAMP) AS recorded_at
        FROM course WHERE since + 12 < $end""",
    )
    world.add(
        "employer_training_grant",
        """
        SELECT 'HTDT' || CAST(e AS VARCHAR) AS grant_code, code AS employer_code, size // 3 AS approved_headcount,
            CAST($first + to_months(8) AS DATE) AS from_date, CAST($first + to_months(11) AS DATE) - 1 AS to_date,
            size // 3 * 3000000 AS amount, CAST($first + to_months(9) AS TIMESTAMP) AS recorded_at
        FROM employer WHERE deed = '' AND block IN ('private', 'foreign_invested') AND size >= 9
            AND ppm(e, #grant) < 40000 AND $months > 9""",
    )


def _lookups(world: World) -> None:
    """Officers open the record of whom they decide about; now and then somebody asks by telephone."""
    world.add(
        "data_access_log",
        """
        SELECT 'TC' || CAST(s.id AS VARCHAR) AS access_code, s.assessing AS officer_code,
            s.submitted_at + to_minutes(CAST(pick(s.id, #lookup, 10, 300) AS INTEGER)) AS happened_at,
            s.person AS person_code, 1 AS records_returned, 'screen' AS channel,
            CASE WHEN ppm(s.id, #telephone) > 80000 THEN 'HSN' || CAST(s.id AS VARCHAR) END AS case_ref,
            '10.' || CAST(10 + s.prov AS VARCHAR) || '.1.' || CAST(1 + u(o.o, #desk) % 200 AS VARCHAR) AS ip_address,
            s.submitted_at + INTERVAL 6 HOUR AS recorded_at
        FROM settled AS s JOIN officer AS o ON o.code = s.assessing
        WHERE ppm(s.id, #looked) < 40000 AND s.submitted_at + INTERVAL 6 HOUR < $end""",
    )


def _wages_seen(world: World) -> None:
    """The bank's list of wages of a few employers under a check, a year of it; days of sick leave are not paid."""
    world.add(
        "ext_payroll_transfer",
        f"""
        WITH seen AS (
          SELECT c.e, e.tax_code, b.bin || '/7' || e.tax_code AS account, c.day
          FROM checked AS c JOIN employer AS e USING (e) JOIN bank_slot AS b ON b.slot = u(e.e, #employerbank) % 1000
          WHERE e.size BETWEEN 8 AND 60 QUALIFY row_number() OVER (ORDER BY u(c.e, #wageslist), c.e) <= 6),
        paid AS (
          SELECT x.account, x.day, p.national_id, m.month, last_day(m.month) AS paid_on, s.p, {TRUE_WAGE} AS wage
          FROM seen AS x JOIN spell AS s ON s.e = x.e AND NOT s.ghost
          JOIN month AS m ON m.next_month <= x.day AND m.m >= 0 AND m.m BETWEEN s.from_m AND coalesce(s.to_m, 999)
          JOIN floor_wage AS f ON f.m = m.m AND f.region = s.region JOIN person AS p ON p.p = s.p
          WHERE NOT EXISTS (SELECT 1 FROM leave_month AS l WHERE l.p = s.p AND l.m = m.m)),
        ill AS (
          SELECT p, date_trunc('month', from_date) AS month, sum(days) AS days FROM benefit_case
          WHERE kind = 'sickness' GROUP BY ALL)
        SELECT account AS employer_account_code, national_id AS holder_person_code, paid_on AS paid_at,
            row_number() OVER (PARTITION BY account, national_id, paid_on ORDER BY wage) AS transfer_no,
            wage * greatest(0, 26 - coalesce(i.days, 0)) // 26 AS amount,
            CAST(paid.day + 20 AS TIMESTAMP) AS recorded_at
        FROM paid LEFT JOIN ill AS i ON i.p = paid.p AND i.month = paid.month
        WHERE paid.day + 20 < $end AND coalesce(i.days, 0) < 26""",
    )
