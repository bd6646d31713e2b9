"""What partners send: tax, business and civil registers, border, justice, banks, suppliers, the health ministry."""

from __future__ import annotations

from dauhieu.country.contracts import INSURED_WAGE, TRUE_WAGE
from dauhieu.country.shape import month_after
from dauhieu.country.world import World

FILED = "CAST(CAST(y + 1 AS VARCHAR) || '-04-10 08:00:00' AS TIMESTAMP)"


def make_absences(world: World) -> None:
    """`trip`: one journey abroad of some grown people; `held`: custody and service."""
    world.make(
        "trip",
        """
        SELECT p, code AS person, national_id, $first + CAST(u(p,
            #tripday) % greatest(1, $end - $first - 40) AS INTEGER) AS out_on,
                  $first + CAST(u(p, #tripday) % greatest(1, $end - $first - 40)
                      + pick(p, #triplength, 3, 25) AS INTEGER) AS in_on
           FROM person WHERE age BETWEEN 20 AND 70 AND died IS NULL AND ppm(p, #trip) < 12000""",
    )
    world.run(
        """DELETE FROM trip USING benefit_case AS c WHERE c.p = trip.p AND c.kind = 'sickness'
           AND c.from_date <= trip.in_on AND c.to_date >= trip.out_on"""
    )
    world.make(
        "held",
        """
        SELECT p, national_id, 'custody' AS kind, $first + CAST(u(p, #heldday) % 500 AS INTEGER) AS since, $first
            + CAST(u(p, #heldday) % 500 + 150 AS INTEGER) AS until FROM person WHERE age BETWEEN 20 AND 60
            AND ppm(p, #held) < 500 AND p NOT IN (SELECT p FROM worker)""",
    )
    world.run(
        """
        INSERT INTO held SELECT p, national_id, 'military', $first + 90, $first + 820 FROM person WHERE male
            AND age BETWEEN 20 AND 24 AND ppm(p, #service) < 30000 AND p NOT IN (SELECT p FROM worker)"""
    )


def deliver_tax(world: World) -> None:
    """Incomes of each person at each payer, and the yearly sums; a year is filed the next April."""
    world.make(
        "payroll_drawn",
        f"""
        WITH years AS (
          SELECT DISTINCT year(month) AS y, min(m) OVER (PARTITION BY year(month)) AS m0,
              max(m) OVER (PARTITION BY year(month)) AS m1
          FROM month WHERE m BETWEEN -2 AND $months - 1 AND {FILED.replace("y + 1", "year(month) + 1")} < $end)
        SELECT y.y, s.s, s.p, s.e, s.deed, s.strength, s.hidden, e.tax_code, greatest(s.from_m, y.m0) AS a,
            least(coalesce(s.to_m, 999), y.m1) AS b, {TRUE_WAGE} AS wage, {INSURED_WAGE} AS insured,
               CASE WHEN y.m1 - y.m0 < 5 THEN 12 ELSE y.m1 - y.m0 + 1 END AS of_year
        FROM spell AS s JOIN years AS y ON s.from_m <= y.m1 AND coalesce(s.to_m, 999) >= y.m0 JOIN employer AS e
            ON e.e = s.e
        JOIN month AS m ON m.m = greatest(y.m0, s.from_m, -2) JOIN floor_wage AS f ON f.m = m.m
            AND f.region = s.region
        WHERE NOT s.ghost""",
    )
    # No wage is paid in months of leave, but to whoever works elsewhere then.
    world.make(
        "payroll",
        """
        WITH off AS (
          SELECT x.s, x.y, count(*) AS n FROM payroll_drawn AS x JOIN leave_month AS l ON l.p = x.p
              AND l.m BETWEEN x.a AND x.b
          WHERE NOT EXISTS (SELECT 1 FROM second_job AS j WHERE j.p = x.p AND j.e = x.e) GROUP BY ALL)
        SELECT x.*, CASE WHEN a <= 0 AND of_year = 12 THEN 12 ELSE b - a + 1 END - coalesce(o.n, 0) AS worked
        FROM payroll_drawn AS x LEFT JOIN off AS o USING (s, y)""",
    )
    world.add(
        "ext_tax_income",
        f"""
        WITH whole AS (
          SELECT y, tax_code, p, CASE WHEN deed = 'staff_as_casual' AND hidden THEN 'casual'
              WHEN deed = 'foreign_only' THEN 'non_resident' ELSE 'labour' END AS contract,
                 -- The part of the first year before the window looks like its first months.
                 least(12, sum(worked)) AS months, sum(wage * worked) AS income,
                 -- Half the evaders deduct nothing for what they do not pay in.
                 sum(CASE WHEN hidden OR (deed = 'evader' AND e % 2 = 0) THEN 0
                     ELSE insured * 105 // 1000 * worked END) AS deducted
          FROM payroll WHERE worked > 0 GROUP BY ALL)
        SELECT w.tax_code, q.national_id AS person_code, CAST(w.y AS INTEGER) AS year,
            CAST(months AS INTEGER) AS months_paid, CAST(income AS BIGINT) AS taxable_income,
            contract AS contract_type, CAST(deducted AS BIGINT) AS si_deducted, {FILED} AS recorded_at
        FROM whole AS w JOIN person AS q USING (p)""",
    )
    world.add(
        "ext_tax_employer_year",
        f"""
        WITH years AS (SELECT DISTINCT y FROM payroll),
        sums AS (SELECT y AS of, e AS payer, sum(wage * worked) AS cost, count(DISTINCT p) AS people
            FROM payroll GROUP BY y, e)
        SELECT e.tax_code, CAST(y AS INTEGER) AS year, CAST(CASE WHEN e.deed = 'shell' THEN 0
            ELSE coalesce(s.cost, 0) END AS BIGINT) AS wage_cost, CASE WHEN e.deed = 'shell' THEN 0
            ELSE coalesce(s.people, 0) END AS headcount,
               CASE WHEN e.deed = 'shell' AND e.e % 2 = 0 THEN 'address_missing' ELSE 'active' END AS status,
                   {FILED} AS recorded_at
        FROM employer AS e CROSS JOIN years LEFT JOIN sums AS s ON s.payer = e.e AND s.of = y
        WHERE year(e.established) <= y""",
    )
    world.drop("payroll_drawn", "payroll")


def deliver_business(world: World) -> None:
    world.add(
        "ext_business",
        """
        SELECT 'DK' || e.tax_code AS business_reg_no, e.tax_code, 'active' AS status, e.established AS status_date,
            p.national_id AS legal_rep_person_code, p.national_id AS owner_person_code,
                  CASE e.block WHEN 'cooperative' THEN 'cooperative' WHEN 'household_business'
                      THEN 'household_business' ELSE 'enterprise' END AS kind, e.established AS registered_at,
                  CASE WHEN e.block = 'household_business' THEN 'declaration' END AS tax_method,
                      greatest($before, CAST(e.established + 2 AS TIMESTAMP)) AS recorded_at
           FROM employer AS e LEFT JOIN person AS p ON p.p = e.rep
               WHERE e.block NOT IN ('state', 'commune', 'public_unit')""",
    )
    world.add(
        "ext_business_identity",
        """
        SELECT 'DK' || tax_code AS business_reg_no, upper(strip_accents(replace(replace(name, 'Đ', 'D'), 'đ',
            'd'))) AS name_norm, address AS address_norm,
            greatest($before, CAST(established + 2 AS TIMESTAMP)) AS recorded_at
           FROM employer WHERE block NOT IN ('state', 'commune', 'public_unit')""",
    )
    # Turnover: each firm sells every quarter; a shell never does, a young firm seldom, little after a disaster.
    world.add(
        "ext_einvoice",
        """
        SELECT e.tax_code AS seller_tax_code, 'HD' || CAST(e.e AS VARCHAR) || '.'
            || CAST(m.m AS VARCHAR) AS invoice_no, 1 AS line_no, '0100000001' AS buyer_tax_code,
            'HANGHOA' AS item_code, 1 AS quantity,
                  CAST(e.size AS BIGINT) * 3 * pick2(e.e, m.m, #turnover, 9, 40) * CASE
                      WHEN e.deed = 'payment_plan' AND m.m BETWEEN 6 AND 14 THEN 200000 ELSE 1000000 END AS unit_price,
                      last_day(m.month) AS issued_at, CAST(last_day(m.month) AS TIMESTAMP)
                      + INTERVAL 20 HOUR AS recorded_at
           FROM employer AS e JOIN month AS m ON m.m BETWEEN 0 AND $months - 1 AND m.m % 3 = e.e % 3
           WHERE e.block NOT IN ('state', 'commune', 'public_unit') AND e.deed NOT IN ('shell', 'start_up')
             AND e.established <= m.month AND e.e NOT IN (SELECT e FROM reborn WHERE m.m > last_m)""",
    )


def deliver_registers(world: World) -> None:
    world.add(
        "ext_death",
        """
        SELECT p.national_id AS person_code, died AS date_of_death, died
            + CAST(pick(p, #deathregister, 1, 20) AS INTEGER) AS registered_at, commune AS admin_code,
                  CAST(died + CAST(pick(p, #deathregister, 1, 20) + 5 AS INTEGER) AS TIMESTAMP) AS recorded_at
           FROM person AS p WHERE died IS NOT NULL AND died + 26 < $end
             -- A funeral grant asks for the extract of the register.
             AND ppm(p, #deathsent) < CASE WHEN p IN (SELECT p FROM benefit_case WHERE kind = 'funeral') THEN 998000
                 ELSE 985000 END""",
    )
    world.add(
        "ext_birth",
        """
        SELECT c.national_id AS child_person_code, m.national_id AS mother_person_code,
            f.national_id AS father_person_code, b.day AS birth_date, b.day + 15 AS registered_at,
            CAST(b.day + 18 AS TIMESTAMP) AS recorded_at
           FROM birth AS b JOIN person AS c ON c.p = b.child JOIN person AS m ON m.p = b.mother JOIN person AS f
               ON f.p = b.father WHERE b.day + 18 < $end""",
    )
    world.add(
        "ext_population",
        """
        SELECT national_id AS person_code, dob AS date_of_birth, CASE WHEN male THEN 'male' ELSE 'female' END AS sex,
            'alive' AS status, $before AS recorded_at
           FROM person WHERE dob < $first AND (ppm(p, #population) < 30000 OR p IN (SELECT p FROM redated))""",
    )
    world.add(
        "ext_border",
        """
        SELECT national_id AS person_code, CAST(out_on AS TIMESTAMP) + INTERVAL 10 HOUR AS exit_at,
            CAST(in_on AS TIMESTAMP) + INTERVAL 15 HOUR AS entry_at, CAST(in_on + 3 AS TIMESTAMP) AS recorded_at
            FROM trip WHERE in_on + 3 < $end""",
    )
    world.add(
        "ext_custody",
        """
        SELECT national_id AS person_code, since AS from_date, until AS to_date,
            CAST(since + 10 AS TIMESTAMP) AS recorded_at FROM held WHERE kind = 'custody' AND since + 10 < $end""",
    )
    world.add(
        "ext_military_study",
        """
        SELECT national_id AS person_code, kind, since AS from_date, until AS to_date,
            CAST(since + 10 AS TIMESTAMP) AS recorded_at FROM held WHERE kind <> 'custody' AND since + 10 < $end""",
    )
    world.add(
        "ext_poverty_list",
        """
        -- A child is put on the list of its household when it is registered; now and then only at the next review.
        SELECT national_id AS person_code, poverty AS list_kind,
            greatest(DATE '2024-01-01', CASE WHEN ppm(p, #listedlate) < 20000
                THEN CAST(date_trunc('year', dob + INTERVAL 1 YEAR) AS DATE) ELSE dob END) AS valid_from,
            DATE '2026-12-31' AS valid_to, greatest($before, CAST(dob + 20 AS TIMESTAMP)) AS recorded_at
        FROM person WHERE poverty IS NOT NULL AND dob + 20 < $end""",
    )
    world.add(
        "ext_bank_holder",
        """
        SELECT bank || '/' || account AS bank_account_code, bank AS bank_code, national_id AS holder_person_code,
            $before AS recorded_at FROM person WHERE p IN (SELECT p FROM beneficiary)""",
    )
    world.add(
        "ext_licence",
        """
        SELECT code AS licence_code, 'valid' AS status, scope, DATE '2010-01-01' AS valid_from, CASE
            WHEN deed IN ('licence_lost', 'register_behind') THEN $first + 150 END AS valid_to,
            $before AS recorded_at FROM practitioner
           UNION ALL
           SELECT code, CASE WHEN deed = 'register_behind' THEN 'expired' WHEN d % 2 = 0 THEN 'revoked'
               ELSE 'suspended' END, scope, $first + 151, NULL, CAST($first + 160 AS TIMESTAMP) FROM practitioner
               WHERE deed IN ('licence_lost', 'register_behind')""",
    )
    world.add(
        "ext_work_permit",
        """
        SELECT 'PP' || CAST(e * 10 + k AS VARCHAR) AS person_code, tax_code AS employer_tax_code,
            $first AS valid_from, $end + 300 AS valid_to, 'permit' AS kind, $before AS recorded_at FROM employer,
            range(3) AS t(k) WHERE deed = 'foreign_only'""",
    )


# Boxes are bought whole, with stock and waste; of a few drugs half comes from a sister without an invoice. What a
# province buys for its hospitals is invoiced to the province.
BOUGHT = """
    CAST(ceil(x.quantity * pick2(x.f, u(hash_of, #bought) + {quarter}, #bought2, 92, 128) / 100.0
        * CASE WHEN ppm2(x.f, hash_of, #transfer) < 6000 THEN 0.5 ELSE 1 END / box) AS BIGINT) * box"""


def deliver_purchases(world: World, m: int) -> None:
    """Each quarter's end suppliers invoice what was bought; the first time also for the year before."""
    if (m + 1) % 3 and m + 1 != world.shape.months:
        return
    world.set("m", m)
    first = month_after(world.shape.first_claim_month, 2) >= month_after(world.shape.first_month, m)
    for quarter in range(4 if first else 0, -1, -1):
        world.set("back", 3 * quarter)
        _invoice(world)
    world.run("DELETE FROM drug_use")


def _invoice(world: World) -> None:
    """The need of the months in `drug_use`, invoiced `$back` months before month `$m`."""
    world.add(
        "ext_einvoice",
        f"""
        WITH used AS (
          SELECT f, registration_no, CAST(sum(quantity) * CASE WHEN $back > 0 THEN 3 ELSE count(DISTINCT m) END
                  / count(DISTINCT m) AS BIGINT) AS quantity, any_value(price) AS price,
              CAST(regexp_replace(registration_no, '[^0-9]', '', 'g') AS BIGINT) % 1000000 AS hash_of
          FROM drug_use GROUP BY f, registration_no),
        boxed AS (
          SELECT *, CASE WHEN price < 3000 THEN 100 WHEN price < 20000 THEN 30 WHEN price < 200000 THEN 10 ELSE 1 END
              AS box FROM used)
        SELECT '0300000' || lpad(CAST(1 + x.f % 40 AS VARCHAR), 3, '0') AS seller_tax_code, 'TH' || f.code || '.'
            || CAST($m AS VARCHAR) || '.' || CAST($back AS VARCHAR) AS invoice_no,
            row_number() OVER (PARTITION BY x.f ORDER BY registration_no) AS line_no,
            CASE WHEN f.deed = 'central_purchase' AND x.price > 4000 AND hash_of % 3 = 0
                THEN '9' || f.province || '0000000' ELSE f.tax_code END AS buyer_tax_code,
            registration_no AS item_code, registration_no, {BOUGHT.format(quarter="$m - $back")} AS quantity,
            price AS unit_price, CAST($first + to_months($m + 1 - $back) AS DATE) - 3 AS issued_at,
            CAST($first + to_months($m + 1 - $back) AS TIMESTAMP) - INTERVAL 50 HOUR AS recorded_at
        FROM boxed AS x JOIN facility AS f USING (f)
        WHERE CAST($first + to_months($m + 1 - $back) AS DATE) > $first""",
    )
