"""Labour contracts, and the lists of labour employers declare when people come and go."""

from __future__ import annotations

from dauhieu.country.world import World

# Whole đồng of an honest wage at month `m.m`, before what an employer does to it.
TRUE_WAGE = """
    (CASE WHEN s.block IN ('state', 'public_unit', 'commune') THEN m.base_level ELSE f.floor END * s.pay // 1000
               * (1000 + greatest(m.m, 0) * 2) // 1000000 * 1000)"""
# Monthly pay of hidden or casual staff is paid but not declared; the employers below declare less than they pay.
INSURED_WAGE = f"""
    least(20 * m.base_level, CASE s.deed
                 WHEN 'wage_at_floor' THEN least({TRUE_WAGE}, f.floor * CASE WHEN s.hazard_class IS NOT NULL
                     THEN 1080 ELSE pick(s.s, #atfloor, 1000, 1070) END // 1000)
                 WHEN 'wage_below_floor' THEN CASE WHEN m.new_law THEN m.base_level
                     ELSE f.floor END * (95 - s.strength * 35 // 100) // 100
                 WHEN 'part_time_staff' THEN CASE WHEN m.new_law
                     THEN greatest(m.base_level, f.floor * 70 // 100) ELSE f.floor * 70 // 100 END
                 ELSE {TRUE_WAGE} END)"""

# What the contract promises, allowances and all, to those whose declared wage says less.
CONTRACT_WAGE = """
    (CASE WHEN {deed} IN ('wage_at_floor', 'wage_below_floor')
        THEN greatest({paid}, {insured} * (110 + {strength} // 2) // 100) ELSE {insured} END)"""
ALLOWANCE = "(CASE WHEN {deed} = 'wage_at_floor' THEN {insured} * {strength} // 500 // 1000 * 1000 ELSE 0 END)"
OWED_WAGE = f"({CONTRACT_WAGE} + {ALLOWANCE})".format(
    deed="s.deed", strength="s.strength", paid=TRUE_WAGE, insured=INSURED_WAGE
)
# Two in five file through one of a dozen providers, which have two addresses each.
THROUGH_PROVIDER = "ppm(e, #sender) < 400000"
GATEWAY = """
    ('203.162.' || CAST(u(e, #sender) % 12 AS VARCHAR) || '.' || CAST(1 + u2(e, m, #gateway) % 2 AS VARCHAR))"""
_SHAPED = {"deed": "deed", "strength": "strength", "paid": "paid", "insured": "insured"}


def deliver_contracts(world: World) -> None:
    """A contract for every spell which the labour authority or a file knows of."""
    world.add(
        "labour_contract",
        f"""
        WITH shaped AS (
          SELECT s.*, {INSURED_WAGE} AS insured, {TRUE_WAGE} AS paid,
                 CAST($first + to_months(s.from_m) AS DATE) + CAST(pick(s.s, #startday, 0, 9) AS INTEGER) AS starts,
                 CAST($first + to_months(s.to_m + 1) AS DATE) - 1 AS ends
          FROM titled AS s JOIN month AS m ON m.m = greatest(least(s.from_m, $months), -12)
          JOIN floor_wage AS f ON f.m = m.m AND f.region = s.region
          WHERE NOT (s.hidden AND s.deed <> 'hidden_staff'))
        SELECT 'HD' || CAST(s AS VARCHAR) AS contract_code, employer AS employer_code, person AS person_code,
               CASE WHEN deed = 'part_time_staff' THEN 'part_time' WHEN ppm(s, #contract) < 600000 THEN 'indefinite'
                   ELSE 'fixed_term' END AS contract_kind,
               starts AS start_date, ends AS end_date, {CONTRACT_WAGE.format(**_SHAPED)} AS contract_wage,
               {ALLOWANCE.format(**_SHAPED)} AS regular_allowance,
               pick(s, #otherpay, 0, 15) * 100000 AS other_pay, job_title,
               CASE WHEN deed = 'part_time_staff' THEN pick(s, #weeklyhours, 15, 30) ELSE 48 END AS weekly_hours,
               CASE reason WHEN 'retired' THEN 'retirement' WHEN 'died' THEN 'death' WHEN 'left' THEN CASE
                   WHEN ppm(s, #ending) < 700000 THEN 'mutual' ELSE 'expiry' END END AS termination_reason,
               CASE WHEN deed IN ('late_registration', 'hidden_staff') THEN 'labour_authority'
                   ELSE 'dossier' END AS source,
               CAST(starts AS TIMESTAMP) + INTERVAL 15 DAY AS entered_at,
               greatest($before, CAST(starts AS TIMESTAMP) + INTERVAL 15 DAY) AS recorded_at
        FROM shaped WHERE starts + 15 < $end AND NOT appointed AND (NOT hidden OR ppm(s, #seencontract) < 300000)""",
    )


def make_declarations(world: World) -> None:
    """`on_books`: all a month of contributions needs of a spell; `declared`: each coming and going, a line of D02."""
    world.make(
        "on_books",
        """
        SELECT s.s, s.p, s.e, s.employer, coalesce(d.second, s.person) AS person, s.block, s.job_title, s.hazard_class,
            s.prov, s.deed, s.strength, s.region, s.pay, s.appointed, s.entry_m, s.declared_m,
            coalesce(s.to_m, 999) AS last_m,
            EXISTS (SELECT 1 FROM second_job AS j WHERE j.p = s.p AND j.e = s.e) AS second_job
        FROM titled AS s LEFT JOIN duplicate AS d ON d.p = s.p AND s.from_m >= 0 WHERE NOT s.hidden""",
    )
    # Whose pay is kept from the books, whole or in part.
    world.make(
        "shorted",
        """SELECT s, e, deed, strength, block, region, pay, hazard_class, hidden, from_m, to_m, declared_m FROM spell
           WHERE deed IN ('unregistered', 'hidden_staff', 'late_registration', 'wage_at_floor', 'wage_below_floor')""",
    )
    world.make(
        "declared",
        """
        SELECT s.s, s.e, s.employer, s.person, s.p, s.prov, CASE WHEN s.entry_m IS NULL THEN 'increase'
            ELSE 'back_pay' END AS action, coalesce(s.entry_m, s.declared_m) AS m, s.from_m AS effect_m, s.position,
            s.job_title
        FROM titled AS s WHERE NOT s.hidden AND coalesce(s.entry_m, s.declared_m) BETWEEN 0 AND $months - 1
            AND coalesce(s.to_m, 999) >= s.declared_m
        UNION ALL
        SELECT s.s, s.e, s.employer, s.person, s.p, s.prov, 'decrease', s.to_m + 1, s.to_m + 1, s.position,
            s.job_title
        FROM titled AS s WHERE NOT s.hidden AND s.to_m BETWEEN 0 AND $months - 2 AND s.to_m >= s.declared_m""",
    )


def deliver_declarations(world: World) -> None:
    """One dossier of each employer and month with changes; days 3 to 22 of the month."""
    world.make(
        "dossier",
        """
        SELECT e, m, any_value(employer) AS employer, any_value(prov) AS prov,
                  CAST($first + to_months(CAST(m AS INTEGER)) AS TIMESTAMP)
                      + to_days(CAST(pick2(e, m, #declareday, 2, 21) AS INTEGER))
                    + to_minutes(CAST(pick2(e, m, #declareminute, 460, 1020) AS INTEGER)) AS submitted_at
           FROM declared GROUP BY e, m""",
    )
    world.add(
        "si_declaration",
        f"""
        SELECT 'TK' || CAST(e AS VARCHAR) || '.' || CAST(m AS VARCHAR) AS declaration_code, 'HS'
            || CAST(e * 100 + m AS VARCHAR) AS dossier_no, 'D02-LT' AS form_code,
               employer AS employer_code, submitted_at, CAST($first
                   + to_months(CAST(m AS INTEGER)) AS DATE) AS effective_month,
               CASE WHEN {THROUGH_PROVIDER} THEN 'ivan' ELSE 'portal' END AS channel,
               -- Many file through the gateways of a provider or an accounting service; a small firm's line changes.
               CASE WHEN {THROUGH_PROVIDER} THEN {GATEWAY}
                   WHEN ppm(e, #sender) < 550000 THEN '113.190.' || CAST(d.prov AS VARCHAR) || '.'
                       || CAST(1 + u(e, #accountant) % 60 AS VARCHAR)
                   ELSE '14.' || CAST(160 + u(e, #ownline) % 90 AS VARCHAR) || '.'
                       || CAST(u2(e, CASE WHEN ppm(e, #fixedline) < 300000 THEN 0 ELSE m // 3 END, #line1) % 256
                       AS VARCHAR) || '.'
                       || CAST(1 + u2(e, CASE WHEN ppm(e, #fixedline) < 300000 THEN 0 ELSE m // 3 END, #line2) % 254
                       AS VARCHAR) END AS ip_address,
               a.officer AS received_by_officer_code, b.officer AS approved_by_officer_code, submitted_at
                   + INTERVAL 2 DAY AS approved_at, 'accepted' AS status,
               submitted_at + INTERVAL 2 DAY AS entered_at, submitted_at + INTERVAL 2 DAY AS recorded_at
        FROM dossier AS d JOIN collection_officer AS a ON a.prov = d.prov AND a.place = d.e % a.n
        JOIN collection_officer AS b ON b.prov = d.prov AND b.place = (d.e + 1) % b.n""",
    )
    world.add(
        "si_declaration_line",
        """
        SELECT 'TK' || CAST(l.e AS VARCHAR) || '.' || CAST(l.m AS VARCHAR) AS declaration_code,
            row_number() OVER (PARTITION BY l.e, l.m ORDER BY l.s, l.action) AS line_no,
               CAST(d.submitted_at AS DATE) AS submitted_on, l.employer AS employer_code, l.person AS person_code,
                   l.action, l.job_title, l.position AS position_code,
               CAST($first + to_months(CAST(l.effect_m AS INTEGER)) AS DATE) AS from_month, d.submitted_at
                   + INTERVAL 2 DAY AS recorded_at
        FROM declared AS l JOIN dossier AS d ON d.e = l.e AND d.m = l.m""",
    )
