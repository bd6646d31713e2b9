"""Leave papers sold by facilities and doctors."""

from __future__ import annotations

from dauhieu.country.behaviours.plan import plan
from dauhieu.country.cases import add_cases, add_papers
from dauhieu.country.contracts import TRUE_WAGE
from dauhieu.country.truth import tell
from dauhieu.country.world import World

# For how many months a seller has been in the trade at the end of the window.
MONTHS = "4 + x.strength // 8"


def plant(world: World) -> None:
    """Each seller has its clients, who come back month after month; near a factory many papers are honest."""
    world.make(
        "insured",
        f"""
        SELECT s, p, person, e, prov, {TRUE_WAGE} AS wage,
            row_number() OVER (PARTITION BY prov ORDER BY u(s, #buyer), s) - 1 AS n,
            count(*) OVER (PARTITION BY prov) AS k
        FROM spell AS s JOIN month AS m ON m.m = $months - 1 JOIN floor_wage AS f ON f.m = m.m AND f.region = s.region
        WHERE NOT hidden AND NOT ghost AND from_m < 0 AND to_m IS NULL AND p NOT IN (SELECT p FROM leave_month)""",
    )
    add_cases(
        world,
        "sold_paper",
        f"""
        WITH sellers AS (
          -- A mill's papers are signed by its head.
          SELECT x.f, x.prov, x.code AS facility, x.deed, x.strength, d.code AS doctor, 0 AS one,
              30 + x.strength * 2 // 3 AS clients
          FROM facility AS x JOIN doctor AS d ON d.f = x.f AND d.doctor_place = 0
          WHERE x.deed IN ('certificate_mill', 'factory_clinic')
          UNION ALL
          SELECT f, prov, facility, deed, strength, code, 1, 15 + strength // 4 FROM practitioner
          WHERE deed = 'sells_papers'),
        counted AS (SELECT prov, any_value(k) AS k FROM insured GROUP BY prov),
        clients AS (
          SELECT x.*, h, (x.f * 97 + x.one * 31 + h) % c.k AS n
          FROM sellers AS x JOIN counted AS c USING (prov), range(100) AS t(h) WHERE h < x.clients),
        bought AS (
          SELECT x.*, i.p, i.person, i.e, i.wage, j, 1 + u2(i.p, j, #soldlength) % 3 AS days,
              -- A doctor writes on few days of the month, a mill on all.
              $end - CAST(44 + j * 30 - CASE x.one WHEN 1 THEN u2(i.p, j, #soldday) % 6 * 5
                  ELSE u2(i.p, j, #soldday) % 28 END AS INTEGER) AS from_date
          FROM clients AS x JOIN insured AS i ON i.prov = x.prov AND i.n = x.n, range(17) AS t(j)
          WHERE j < {MONTHS} AND u2(i.p, j, #buys) % 100 < 80)
        SELECT 'sickness' AS kind, p, person, e, prov, facility, f, doctor, deed, strength, from_date, days,
            from_date + CAST(days - 1 AS INTEGER) AS to_date, wage AS base_wage, 75 AS rate_pct,
            wage * 75 * days // 2400 AS amount, 0 AS one_off,
            CAST(from_date + 14 AS TIMESTAMP) + INTERVAL 9 HOUR AS submitted_at, j * 1000 + h AS run,
            -- The careful see some of their clients.
            deed = 'factory_clinic' OR u2(p, j, #really) % 100 < (100 - strength) // 3 AS seen
        FROM bought WHERE from_date >= $first
        QUALIFY row_number() OVER (PARTITION BY p, from_date ORDER BY f, run, doctor) = 1""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, doctor AS practitioner, ['J06', 'M54', 'K29', 'J02'][1 + id % 4] AS icd,
            from_date, days, from_date AS issued_at, 'SM' || CAST(id AS VARCHAR) AS serial, CAST(id AS VARCHAR)
            || '/M' AS cert_no, id AS case_id, 0 AS late_days FROM sold_paper""",
    )
    plan(
        world,
        "seen",
        """
        SELECT s.p, s.f, 'J06' AS icd, '01' AS care, s.from_date AS day, 450 + s.run % 300 AS minute, 'seen' AS tag,
            s.id AS key, s.doctor FROM sold_paper AS s JOIN card AS c ON c.p = s.p WHERE s.seen""",
    )
    plan(
        world,
        "outbreak_seen",
        """
        SELECT b.p, b.f, 'A09' AS icd, '01' AS care, b.from_date AS day, 440 + b.n * 7 AS minute, 'seen' AS tag,
            b.id AS key FROM batch AS b JOIN card AS c ON c.p = b.p WHERE b.deed = 'outbreak'""",
    )
    _tell(world)


def _tell(world: World) -> None:
    """The buyers, the facility of a doctor who sells and the doctor who signs for a mill."""
    for behaviour, violation, code, kind, which in (
        ("bought_paper", "SI-BEN-01", "person", "person", "deed <> 'factory_clinic' AND NOT seen"),
        ("papers_of_its_doctor", "SI-FAC-01", "facility", "facility", "deed = 'sells_papers'"),
        ("signs_for_the_mill", "SI-FAC-01", "doctor", "practitioner", "deed = 'certificate_mill'"),
    ):
        tell(
            world,
            behaviour,
            violation,
            f"""
            SELECT {code} AS code, min(from_date) AS period_from, max(to_date) AS period_to, sum(amount) AS amount,
                max(strength) AS strength
            FROM sold_paper WHERE {which} AND submitted_at < $end GROUP BY {code}""",
            kind=kind,
        )
