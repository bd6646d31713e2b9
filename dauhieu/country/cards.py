"""Health insurance cards, household enrolment and the agents who collect for it."""

from __future__ import annotations

from dauhieu.country.behaviours.deed import Deed, assign
from dauhieu.country.truth import tell
from dauhieu.country.world import World

AGENT_DEEDS = (
    Deed("holds_money", "X-AGT-01", 20000, at_least=6),
    Deed("no_enrolment", "X-AGT-01", 15000, at_least=5),
    Deed("bank_holiday", "X-AGT-01", 10000, innocent=True, at_least=3),
)


def make_cards(world: World) -> None:
    """`card`: group and level by what a person is; one household member in nine has none.

    Whoever begins to draw a pension is given the card of pensioners, `later_code` from `later_from` on.
    """
    world.make(
        "card",
        """
        WITH grouped AS (
          SELECT p.p, p.h, p.code AS person, p.province, p.prov, p.c, p.male, p.dob, p.age, p.died,
                 CASE WHEN p.poverty = 'poor' THEN 'HN' WHEN p.age < 6 THEN 'TE' WHEN w.p IS NOT NULL THEN 'DN'
                     WHEN n.since <= DATE '2024-01-01' THEN 'HT'
                      WHEN p.age BETWEEN 6 AND 21 THEN 'HS' WHEN p.poverty = 'near_poor' THEN 'CN' WHEN p.age >= 80
                          THEN 'BT' ELSE 'GD' END AS grp,
                 CASE WHEN n.since > DATE '2024-01-01' AND n.since < $end THEN n.since END AS pensioned
          FROM person AS p LEFT JOIN (SELECT DISTINCT p FROM spell WHERE NOT hidden
              OR deed = 'under_parent_code') AS w USING (p) LEFT
              JOIN (SELECT p, min(start_month) AS since FROM pension WHERE kind <> 'survivors' GROUP BY p) AS n
              USING (p)
          WHERE p.dob < $end - 30),
        leveled AS (
          SELECT *, CASE grp WHEN 'TE' THEN '1' WHEN 'HN' THEN '2' WHEN 'HT' THEN '3' WHEN 'CN' THEN '3' WHEN 'BT'
              THEN '3' ELSE '4' END AS level
          FROM grouped WHERE grp <> 'GD' OR ppm(p, #uninsured) > 180000)
        SELECT l.* EXCLUDE (pensioned), CASE WHEN grp NOT IN ('HN', 'TE', 'HT') THEN pensioned END AS later_from,
            'HT3' || l.province || l.person AS later_code, l.grp || l.level || l.province || l.person AS code,
            CASE l.level WHEN '3' THEN 95 WHEN '4' THEN 80 ELSE 100 END AS pct, f.f AS home_f, f.code AS home
        -- A household registers together, mostly at the nearest.
        FROM leveled AS l JOIN reach AS r ON r.c = l.c AND r.level = CASE WHEN ppm(l.c, #homelevel) < 600000
            THEN 'initial' ELSE 'basic' END AND r.slot = CASE WHEN ppm(l.h, #home) < 850000 THEN 0 ELSE 8 END
        JOIN facility AS f ON f.f = r.f
        ORDER BY l.p""",
    )


def deliver_cards(world: World) -> None:
    world.add(
        "hi_card",
        """
        WITH held AS (
          SELECT code, grp, level, greatest(DATE '2024-01-01', dob) AS valid_from,
              CASE WHEN later_from <= $first THEN later_from - 1 END AS valid_to,
              greatest(TIMESTAMP '2023-12-20 08:00:00', CAST(dob + 25 AS TIMESTAMP)) AS issued_at,
              CAST(dob + 25 AS TIMESTAMP) AS known, person, home FROM card
          UNION ALL BY NAME
          SELECT code, grp, level, greatest(DATE '2024-01-01', dob) AS valid_from, later_from - 1 AS valid_to,
              TIMESTAMP '2023-12-20 08:00:00' AS issued_at, CAST(later_from AS TIMESTAMP) AS known, person, home
          FROM card WHERE later_from > $first
          UNION ALL BY NAME
          SELECT later_code AS code, 'HT' AS grp, '3' AS level, later_from AS valid_from,
              CAST(later_from AS TIMESTAMP) AS issued_at, CAST(later_from AS TIMESTAMP) AS known, person, home
          FROM card WHERE later_from IS NOT NULL)
        SELECT code AS card_code, person AS person_code, grp AS group_code, level AS benefit_level,
            home AS initial_facility_code, valid_from, coalesce(valid_to, DATE '2027-12-31') AS valid_to,
            DATE '2027-01-01' AS five_year_date, 'valid' AS status, issued_at, greatest($before, known) AS recorded_at
        FROM held WHERE known < $end""",
    )


def make_agents(world: World) -> None:
    world.make("agent_drawn", "SELECT a, CAST(a % 34 AS INTEGER) AS prov FROM range($agents) AS t(a)")
    assign(world, "agent_deed", "agent_drawn", "a", AGENT_DEEDS)
    world.make(
        "agent",
        """
        SELECT a.a, a.prov, p.code AS province, 'DL' || p.code || lpad(CAST(a.a AS VARCHAR), 5, '0') AS code,
            coalesce(d.deed, '') AS deed, coalesce(d.strength, 0) AS strength,
               a.a // 34 AS place, count(*) OVER (PARTITION BY a.prov) AS n, h.p AS staff_p
        FROM agent_drawn AS a JOIN province AS p USING (prov) LEFT JOIN agent_deed AS d ON d.id = a.a
        LEFT JOIN (SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY u(p, #agentstaff), p) - 1 AS n
            FROM person WHERE relation = 'spouse' AND age BETWEEN 25 AND 60 AND died IS NULL) AS h
          ON h.prov = a.prov AND h.n = a.a // 34 ORDER BY a.a""",
    )


def deliver_agents(world: World) -> None:
    world.add(
        "collection_agent",
        """
        SELECT a.code AS agent_code, 'HDUQ-' || a.code AS contract_no, DATE '2023-01-01' AS contract_from,
            DATE '2027-12-31' AS contract_to, 'T' || province AS org_code,
                  province AS admin_code, '970405/88' || lpad(CAST(a AS VARCHAR), 8, '0') AS bank_account_code,
                      $before AS recorded_at FROM agent AS a""",
    )
    world.add(
        "agent_identity",
        "SELECT code AS agent_code, '[Mẫu] Tổ chức dịch vụ thu ' || code AS name_vi, $before AS recorded_at FROM agent",
    )
    world.add(
        "agent_staff",
        """
        SELECT 'NV' || a.code AS agent_staff_code, a.code AS agent_code, p.code AS person_code,
            p.phone AS phone_code, p.bank || '/' || p.account AS bank_account_code,
                  DATE '2027-12-31' AS certificate_valid_to, $before AS recorded_at FROM agent AS a LEFT
                      JOIN person AS p ON p.p = a.staff_p""",
    )
    # A household renews together each year, the first member in full and the next at the rate of their turn; a
    # thirtieth of grown persons without work joins voluntarily as well.
    world.make(
        "receipt_drawn",
        """
        WITH payers AS (
          SELECT p, h, person, prov, y, 'household_hi' AS kind, CAST(DATE '2024-01-01'
              + to_months(CAST(y * 12 AS INTEGER)) AS DATE) + CAST(u(h, #renewal) % 330 AS INTEGER) AS day,
              row_number() OVER (PARTITION BY h, y ORDER BY p) AS rank
          FROM card, range(1, 3) AS t(y) WHERE grp = 'GD' AND ppm(h, #throughagent) < 500000
          UNION ALL
          SELECT p.p, p.h, p.code, p.prov, y, 'voluntary_si', CAST(DATE '2024-02-01'
              + to_months(CAST(y * 12 AS INTEGER)) AS DATE) + CAST(u(p.p, #volday) % 300 AS INTEGER), 0
          FROM person AS p, range(1, 3) AS t(y) WHERE p.age BETWEEN 22 AND 55 AND ppm(p.p, #voluntary) < 40000
              AND p.p NOT IN (SELECT p FROM worker))
        SELECT x.*, a.a, a.code AS agent, a.deed, a.strength,
               CASE x.kind WHEN 'voluntary_si' THEN 12 * 330000 ELSE 12 * m.base_level * 45 // 1000 * CASE x.rank
                   WHEN 1 THEN 10 WHEN 2 THEN 7 WHEN 3 THEN 6 ELSE 5 END // 10 END AS amount,
               CASE WHEN a.deed = 'holds_money' THEN ppm2(x.h, x.y, #held) < 150000 + a.strength * 6000
                   ELSE false END AS held,
               CASE WHEN a.deed = 'no_enrolment' THEN ppm2(x.h, x.y, #held) < 100000 + a.strength * 5000
                   ELSE false END AS ghost,
               CASE WHEN a.deed = 'bank_holiday' AND month(x.day) IN (1, 2, 4, 9) THEN 6
                   ELSE pick2(x.p, x.y, #remit, 0, 2) END AS lag
        FROM payers AS x JOIN agent AS a ON a.prov = x.prov AND a.place = u(x.h, #agent) % a.n
        JOIN month AS m ON x.day >= m.month AND x.day < m.next_month
        WHERE x.day >= $first AND x.day < $end - 10""",
    )
    # Each collector has a series of his own. Of a hundred sheets one is spoiled: most are entered as cancelled.
    world.make(
        "receipt",
        """
        WITH counted AS (
          SELECT *, coalesce(sum(spoils) OVER (PARTITION BY a ORDER BY day, h, rank, p
                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0)
              + row_number() OVER (PARTITION BY a ORDER BY day, h, rank, p) + u(a, #series) % 400 AS number
          FROM (SELECT *, CASE WHEN ppm2(p, y, #spoiled) < 10000 THEN 1 ELSE 0 END AS spoils FROM receipt_drawn))
        SELECT *, 'BL' || agent || '.' || lpad(CAST(number AS VARCHAR), 6, '0') AS no,
            CASE WHEN spoils = 1 AND ppm2(p, y, #entered) < 800000
                THEN 'BL' || agent || '.' || lpad(CAST(number - 1 AS VARCHAR), 6, '0') END AS spoiled_no
        FROM counted""",
    )
    world.drop("receipt_drawn")
    world.add(
        "collection_receipt",
        """
        SELECT spoiled_no AS receipt_no, agent AS agent_code, 'NV' || agent AS agent_staff_code,
            person AS payer_person_code, kind, amount, CAST(day AS TIMESTAMP) + INTERVAL 9 HOUR AS issued_at,
            'cancelled' AS status, 'Ghi sai, lập lại' AS cancel_reason,
            CAST(day AS TIMESTAMP) + INTERVAL 20 HOUR AS recorded_at
        FROM receipt WHERE spoiled_no IS NOT NULL""",
    )
    world.add(
        "collection_receipt",
        """
        WITH timed AS (SELECT *, CAST(day AS TIMESTAMP) + INTERVAL 9 HOUR AS issued, CASE WHEN held THEN 20
            + strength ELSE lag END AS after FROM receipt)
        SELECT no AS receipt_no, agent AS agent_code, 'NV' || agent AS agent_staff_code, person AS payer_person_code,
            kind, amount, issued AS issued_at,
               CASE WHEN NOT ghost THEN issued + to_days(CAST(least(after, 5) AS INTEGER)) END AS declared_at, CASE
                   WHEN NOT ghost AND NOT (held AND strength > 60) THEN issued
                   + to_days(CAST(after AS INTEGER)) END AS remitted_at,
               CASE WHEN NOT ghost AND NOT (held AND strength > 60) THEN amount ELSE 0 END AS remitted_amount, CASE
                   WHEN ghost OR (held AND strength > 60) THEN 'issued' ELSE 'remitted' END AS status,
               issued + to_days(CAST(CASE WHEN ghost OR (held AND strength > 60) THEN 3 ELSE after END AS INTEGER))
                   + INTERVAL 8 HOUR AS recorded_at
        FROM timed WHERE issued + to_days(CAST(after AS INTEGER)) + INTERVAL 8 HOUR < $end""",
    )
    world.add(
        "hi_enrolment",
        """
        SELECT 'TG' || no AS enrolment_code, person AS person_code, 'H' || CAST(h AS VARCHAR) AS household_code,
            rank AS member_rank, 'GD' AS group_code, day + 3 AS from_date, day + 367 AS to_date, amount,
                  0 AS state_support, day AS paid_at, agent AS agent_code, no AS receipt_no,
                      CAST(day + 4 AS TIMESTAMP) AS entered_at, CAST(day + 4 AS TIMESTAMP) AS recorded_at
           FROM receipt WHERE kind = 'household_hi' AND NOT ghost AND day + 4 < $end""",
    )
    world.add(
        "voluntary_contribution",
        """
        SELECT 'TN' || no AS vol_code, person AS person_code, date_trunc('month', day) AS from_month,
            date_trunc('month', day + INTERVAL 11 MONTH) AS to_month, 1500000 AS income_base, amount,
                  396000 AS state_support, 'other' AS support_group, '12m' AS mode, day AS paid_at,
                      agent AS agent_code, no AS receipt_no, CAST(day + 4 AS TIMESTAMP) AS entered_at,
                      CAST(day + 4 AS TIMESTAMP) AS recorded_at
           FROM receipt WHERE kind = 'voluntary_si' AND NOT ghost AND day + 4 < $end""",
    )
    world.add(
        "agent_commission",
        """
        SELECT agent AS agent_code, date_trunc('month', day) AS month, kind, count(*) AS new_participants,
            CAST(sum(amount) * 8 // 100 AS BIGINT) AS commission,
                  CAST(last_day(any_value(day)) AS TIMESTAMP) + INTERVAL 12 HOUR AS recorded_at
           FROM receipt WHERE NOT ghost AND last_day(day) < $end GROUP BY agent, date_trunc('month', day), kind""",
    )
    # Whoever works off the books buys the card of a household.
    tell(
        world,
        "household_card_at_work",
        "SI-PAR-03",
        """
        SELECT r.person AS code, min(r.day) AS period_from, max(r.day) AS period_to, 0 AS amount,
            any_value(s.strength) AS strength
        FROM receipt AS r JOIN spell AS s USING (p)
        WHERE r.kind = 'household_hi' AND NOT r.ghost AND s.hidden AND s.deed IN ('unregistered', 'hidden_staff')
          AND date_diff('month', $first, r.day) BETWEEN s.from_m AND coalesce(s.to_m, 999)
        GROUP BY r.person""",
    )
