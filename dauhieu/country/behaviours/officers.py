"""Wrongs inside the agency: decisions against the conditions, records changed, payments turned aside, own files."""

from __future__ import annotations

from dauhieu.country.cases import add_cases, add_paper_of_each
from dauhieu.country.world import World


def plant(world: World) -> None:
    _decisions(world)
    _records(world)
    _family(world)
    _accounts(world)


def _decisions(world: World) -> None:
    """One officer signs what others refuse."""
    world.make(
        "lenient",
        """
        SELECT code, prov, row_number() OVER (ORDER BY o) - 1 AS n, count(*) OVER () AS k FROM officer
            WHERE deed = 'approves_against_conditions'""",
    )
    world.make(
        "against_conditions",
        """
        SELECT c.id, l.code
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
            FROM (SELECT id FROM too_soon UNION SELECT id FROM endless UNION SELECT id FROM benefit_case
            WHERE kind = 'old_age' AND p IN (SELECT p FROM too_young)
              UNION SELECT id FROM allowance_at_work)) AS c JOIN lenient AS l ON l.n = c.n % l.k
                WHERE c.n % 10 < 7""",
    )
    world.run("UPDATE benefit_case SET approver = x.code FROM against_conditions AS x WHERE benefit_case.id = x.id")


def _records(world: World) -> None:
    """Months changed without a paper; a project which cleans data leaves its order number."""
    world.make(
        "altered",
        """
        WITH officers AS (SELECT code, prov, deed, strength, o FROM officer
            WHERE deed IN ('changes_without_document', 'data_cleaning', 'change_then_benefit')),
           staff AS (SELECT s, p, person, employer, e, prov, row_number() OVER (PARTITION BY prov
               ORDER BY u(s, #altered), s) - 1 AS n FROM spell WHERE NOT hidden AND from_m < 0 AND to_m IS NULL)
           SELECT x.code AS officer, x.deed, x.strength, t.*, x.o,
               CAST($first + CAST(60 + (x.o * 31) % 300 + t.n % 40 AS INTEGER) AS TIMESTAMP)
               + INTERVAL 17 HOUR AS made_at
           FROM officers AS x JOIN staff AS t ON t.prov = x.prov AND t.n < CASE x.deed WHEN 'change_then_benefit'
               THEN 6 + x.strength // 10 ELSE 25 + x.strength // 2 END""",
    )
    world.add(
        "record_adjustment",
        """
        SELECT 'DC' || CAST(o * 100000 + n AS VARCHAR) AS adjustment_code, person AS person_code,
            employer AS employer_code, date_trunc('month', CAST(made_at AS DATE)) - INTERVAL 3 MONTH AS month,
            'wage_base' AS field, '5000000' AS old_value,
                  CASE deed WHEN 'change_then_benefit' THEN '15000000' ELSE '6500000' END AS new_value, CASE
                      WHEN n % 4 = 0 AND deed <> 'change_then_benefit' THEN 'backdate_add'
                      ELSE 'wage_change' END AS kind, made_at, officer AS made_by_officer_code,
                  CASE deed WHEN 'data_cleaning' THEN (SELECT min(l.officer) FROM leader_officer AS l
                      WHERE l.prov = altered.prov) ELSE CASE WHEN n % 2 = 0
                      THEN officer END END AS approved_by_officer_code, CASE deed WHEN 'data_cleaning'
                      THEN 'QD-RASOAT-2025' WHEN 'change_then_benefit' THEN 'CV-'
                      || CAST(n AS VARCHAR) END AS document_ref,
                  made_at + INTERVAL 1 HOUR AS recorded_at FROM altered""",
    )
    world.add(
        "audit_log",
        """
        SELECT 'NK' || CAST(o * 100000 + n AS VARCHAR) AS event_code, officer AS officer_code,
            made_at AS happened_at, 'TST' AS system_code, 'update' AS action, 'contribution_month' AS entity,
            person AS entity_code, 'wage_base' AS field, '5000000' AS old_value, '6500000' AS new_value,
                  '10.1.1.' || CAST(o % 250 AS VARCHAR) AS ip_address, 'MAY' || CAST(o AS VARCHAR) AS workstation,
                      made_at + INTERVAL 1 HOUR AS recorded_at FROM altered""",
    )
    # Ordinary corrections of titles and months left out, with paper and a second pair of eyes.
    world.add(
        "record_adjustment",
        """
        SELECT 'DCT' || CAST(s.s AS VARCHAR) AS adjustment_code, s.person AS person_code,
            s.employer AS employer_code, date_trunc('month', $first + CAST(40
            + u(s.s, #corrected) % greatest(1, $end - $first - 40) AS INTEGER)) - INTERVAL 2 MONTH AS month,
            CASE WHEN s.s % 4 = 0 THEN 'si_flag' ELSE 'job_title' END AS field,
            CASE WHEN s.s % 4 = 0 THEN 'false' ELSE 'Nhân viên' END AS old_value,
            CASE WHEN s.s % 4 = 0 THEN 'true' ELSE s.job_title END AS new_value,
            CASE WHEN s.s % 4 = 0 THEN 'backdate_add' ELSE 'title_change' END AS kind,
                  CAST($first + CAST(40 + u(s.s, #corrected) % greatest(1, $end - $first - 40) AS INTEGER) AS TIMESTAMP)
                      + INTERVAL 10 HOUR AS made_at, a.officer AS made_by_officer_code,
                      b.officer AS approved_by_officer_code, 'CV-' || CAST(s.s AS VARCHAR) AS document_ref,
                  CAST($first + CAST(40 + u(s.s, #corrected) % greatest(1, $end - $first - 40) AS INTEGER) AS TIMESTAMP)
                      + INTERVAL 11 HOUR AS recorded_at
           FROM titled AS s JOIN collection_officer AS a ON a.prov = s.prov AND a.place = u(s.s, #corrector) % a.n
               JOIN collection_officer AS b ON b.prov = s.prov AND b.place = (a.place + 1) % b.n
           WHERE NOT s.hidden AND s.from_m < 0 AND s.to_m IS NULL AND ppm(s.s, #corrects) < 9000""",
    )
    add_cases(
        world,
        "changed_then_paid",
        """
        SELECT 'sickness' AS kind, p, person, e, prov, CAST(made_at AS DATE) + 10 AS from_date, CAST(made_at AS DATE)
            + 19 AS to_date, 8 AS days, 15000000 AS base_wage, 75 AS rate_pct, 3750000 AS amount, 0 AS one_off, f.f,
            f.code AS facility, made_at + INTERVAL 25 DAY AS submitted_at
           FROM altered AS a JOIN facility AS f USING (prov) WHERE a.deed = 'change_then_benefit'
               AND f.level = 'basic' AND f.level_place = 0""",
    )
    add_paper_of_each(world, "changed_then_paid", icd="M54", series="SY")


def _family(world: World) -> None:
    """Decides about husband or wife."""
    add_cases(
        world,
        "own_file",
        """
        SELECT 'sickness' AS kind, k.p, k.code AS person, s.e, o.prov, $first
            + CAST(150 + (o.o * 17) % 300 + j * 40 AS INTEGER) AS from_date, $first
            + CAST(157 + (o.o * 17) % 300 + j * 40 AS INTEGER) AS to_date, 6 AS days, 9000000 AS base_wage,
            75 AS rate_pct,
                  1687500 AS amount, 0 AS one_off, f.f, f.code AS facility,
                      CAST($first + CAST(165 + (o.o * 17) % 300 + j * 40 AS INTEGER) AS TIMESTAMP)
                      + INTERVAL 9 HOUR AS submitted_at, o.code AS approver
           FROM officer AS o JOIN person AS k ON k.p = o.p + 1
               JOIN (SELECT p, min(e) AS e FROM spell GROUP BY p) AS s ON s.p = k.p
               JOIN facility AS f ON f.prov = o.prov
               AND f.level = 'basic' AND f.level_place = 0, range(3) AS t(j) WHERE o.deed = 'own_family'
               AND j <= o.strength // 40""",
    )
    add_paper_of_each(world, "own_file", icd="J20", series="SF")


def _accounts(world: World) -> None:
    """Payments led to an account set up days before, or to the officer's own."""
    world.make(
        "turned_aside",
        """
        WITH officers AS (SELECT o.o, o.code, o.deed, o.strength, o.prov, q.bank, q.account FROM officer AS o
            JOIN person AS q ON q.p = o.p WHERE o.deed IN ('diverts_accounts', 'own_account', 'counter_service'))
           SELECT c.id, c.person, c.submitted_at, x.o, x.code AS officer, x.deed, CASE x.deed WHEN 'own_account'
               THEN x.bank ELSE '970422' END AS bank,
                  CASE x.deed WHEN 'own_account' THEN x.account ELSE '66' || CAST(c.id AS VARCHAR) END AS account
           FROM officers AS x JOIN (SELECT *, row_number() OVER (PARTITION BY prov ORDER BY u(id, #turned),
               id) - 1 AS n FROM benefit_case WHERE kind IN ('lump_sum', 'birth') AND account IS NULL
               AND submitted_at < $end - INTERVAL 20 DAY) AS c ON c.prov = x.prov AND c.n >= (x.o % 3) * 12
               AND c.n < (x.o % 3) * 12 + 3 + x.strength // 15""",
    )
    world.run(
        "UPDATE benefit_case SET bank = t.bank, account = t.account FROM turned_aside AS t WHERE benefit_case.id = t.id"
    )
    world.add(
        "person_bank_account",
        """
        SELECT person AS person_code, bank || '/' || account AS bank_account_code, bank AS bank_code, submitted_at
            + INTERVAL 2 DAY AS valid_from, CASE WHEN id % 2 = 0 AND deed = 'diverts_accounts' THEN submitted_at
            + INTERVAL 40 DAY END AS valid_to, officer AS changed_by_officer_code, submitted_at
            + INTERVAL 2 DAY AS recorded_at
           FROM turned_aside WHERE deed <> 'own_account' AND submitted_at + INTERVAL 2 DAY < $end""",
    )
    # At the counter the owner asked for it, on a form.
    world.add(
        "si_declaration",
        """
        SELECT 'TK1.' || CAST(id AS VARCHAR) AS declaration_code, 'TK1-TS' AS form_code,
            submitted_at - INTERVAL 1 DAY AS submitted_at, 'paper' AS channel, officer AS received_by_officer_code,
            officer AS approved_by_officer_code, submitted_at AS approved_at, 'accepted' AS status,
                  submitted_at AS entered_at, submitted_at AS recorded_at FROM turned_aside
                      WHERE deed = 'counter_service' AND submitted_at < $end""",
    )
    world.add(
        "si_declaration_line",
        """
        SELECT 'TK1.' || CAST(id AS VARCHAR) AS declaration_code, 1 AS line_no,
            CAST(submitted_at - INTERVAL 1 DAY AS DATE) AS submitted_on, person AS person_code,
            'adjust_title' AS action, date_trunc('month', CAST(submitted_at AS DATE)) AS from_month,
            submitted_at AS recorded_at
           FROM turned_aside WHERE deed = 'counter_service' AND submitted_at < $end""",
    )
    # Staff who have a claim of their own are paid like anybody.
    world.add(
        "person_bank_account",
        """
        SELECT p.code AS person_code, p.bank || '/' || p.account AS bank_account_code, p.bank AS bank_code,
            TIMESTAMP '2021-05-01 08:00:00' AS valid_from, $before AS recorded_at
           FROM officer AS o JOIN person AS p USING (p) WHERE o.p NOT IN (SELECT p FROM beneficiary)""",
    )
