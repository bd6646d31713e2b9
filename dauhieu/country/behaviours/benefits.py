"""Wrongs in benefits: papers which do not exist, days paid twice, births which never were, the dead who draw on."""

from __future__ import annotations

from dauhieu.country.behaviours.jobs import MONTH
from dauhieu.country.benefits import add_cases, add_papers, decide_pensions, next_id
from dauhieu.country.registers import SECOND_NUMBER
from dauhieu.country.stakes import LAST_DAY, WORTH
from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World

AT = "CAST({} AS TIMESTAMP) + INTERVAL 10 HOUR"


def plant(world: World) -> None:
    world.set("few", max(2, world.shape.persons // 40_000))
    _sickness(world)
    _births(world)
    _after_death(world)
    _pensions(world)
    _lump_sums(world)
    _second_numbers(world)
    _allowances(world)
    _employers(world)
    _ghosts(world)


def _tell(
    world: World,
    table: str,
    behaviour: str,
    violation: str,
    *,
    amount: str = "NULL",
    strength: str = "60",
    to: str = "to_date",
    innocent: bool = False,
) -> None:
    tell(
        world,
        behaviour,
        violation,
        f"""
        SELECT person AS code, from_date AS period_from, {to} AS period_to, {amount} AS amount,
            {strength} AS strength FROM {table} WHERE submitted_at < $end - INTERVAL 15 DAY""",
        innocent=innocent,
    )


def _sickness(world: World) -> None:
    # Decisions whose paper nobody ever issued; and the paper of a station without a connection.
    world.make("paperless", "SELECT * FROM benefit_case WHERE kind = 'sickness' AND ppm(id, #paperless) < 2500")
    world.run("DELETE FROM leave_paper WHERE case_id IN (SELECT id FROM paperless)")
    _tell(world, "paperless", "no_certificate", "SI-BEN-01", amount="amount")
    world.make(
        "offline",
        """
        SELECT * FROM benefit_case WHERE kind = 'sickness' AND ppm(id, #offline) < 1500
            AND id NOT IN (SELECT id FROM paperless)""",
    )
    world.run("UPDATE leave_paper SET kind = 'paper', late_days = 25 WHERE case_id IN (SELECT id FROM offline)")
    _tell(world, "offline", "station_without_connection", "SI-BEN-01", amount="amount", innocent=True)
    # Leave after leave, far above the days of a year.
    add_cases(
        world,
        "endless",
        """
        SELECT 'sickness' AS kind, s.p, s.person, s.e, s.prov, d AS from_date, d + 13 AS to_date, 12 AS days,
            7000000 AS base_wage, 75 AS rate_pct, 2625000 AS amount, 0 AS one_off, f.code AS facility, f.f,
            CAST(d + 20 AS TIMESTAMP) AS submitted_at
        FROM (SELECT * FROM spell WHERE NOT hidden AND NOT ghost AND declared_m < 0 AND to_m IS NULL
            ORDER BY u(s, #endless), s LIMIT $few * 2) AS s,
             (SELECT k, DATE '2026-01-12' + CAST(k * 24 AS INTEGER) AS d FROM range(5) AS t(k)) AS k
        JOIN facility AS f ON f.prov = s.prov AND f.level = 'basic' AND f.level_place = 0""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, NULL AS practitioner, 'M54' AS icd, from_date, 14 AS days,
            from_date AS issued_at, 'SE' || CAST(id AS VARCHAR) AS serial, CAST(id AS VARCHAR) || '/N' AS cert_no,
            id AS case_id, 0 AS late_days FROM endless""",
    )
    tell(
        world,
        "days_above_cap",
        "SI-BEN-03",
        """
        SELECT person AS code, min(from_date) AS period_from, max(to_date) AS period_to, sum(amount) AS amount,
            75 AS strength FROM endless GROUP BY person""",
    )
    # The same days claimed a second time through another employer.
    add_cases(
        world,
        "twice_sick",
        """
        SELECT c.kind, c.p, c.person, x.e, c.prov, c.from_date, c.to_date, c.days, c.base_wage, c.rate_pct, c.amount,
            c.one_off, c.facility, c.submitted_at + INTERVAL 9 DAY AS submitted_at
            FROM benefit_case AS c JOIN (SELECT min(e) AS e, prov FROM employer WHERE deed = '' AND block = 'private'
                GROUP BY prov) AS x ON x.prov = c.prov AND x.e <> c.e WHERE c.kind = 'sickness' AND c.days >= 3
                AND ppm(c.id, #twicesick) < 6000""",
    )
    _tell(world, "twice_sick", "same_days_twice", "SI-BEN-03", amount="amount")
    add_cases(
        world,
        "sick_in_maternity",
        """
        SELECT 'sickness' AS kind, c.p, c.person, c.e, c.prov, c.from_date + 40 AS from_date, c.from_date
            + 45 AS to_date, 5 AS days, c.base_wage, 75 AS rate_pct, c.base_wage * 75 * 5 // 2400 AS amount,
            0 AS one_off, c.facility, CAST(c.from_date + 55 AS TIMESTAMP) AS submitted_at
           FROM benefit_case AS c WHERE c.kind = 'birth' AND ppm(c.id, #sickinmaternity) < 12000""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, c.p, c.person, f.f, NULL AS practitioner, 'J20' AS icd, c.from_date, 5 AS days,
            c.from_date AS issued_at, 'SK' || CAST(c.id AS VARCHAR) AS serial, CAST(c.id AS VARCHAR) || '/N' AS cert_no,
            c.id AS case_id, 0 AS late_days
        FROM sick_in_maternity AS c JOIN facility AS f ON f.code = c.facility""",
    )
    _tell(world, "sick_in_maternity", "sick_in_maternity", "SI-BEN-03", amount="amount")


def _births(world: World) -> None:
    # One child, paid at two employers.
    add_cases(
        world,
        "twice_born",
        """
        SELECT c.kind, c.p, c.person, x.e, c.prov, c.from_date, c.to_date, c.days, c.base_wage, c.rate_pct, c.amount,
            c.one_off, c.child, c.birth, c.facility, c.submitted_at + INTERVAL 30 DAY AS submitted_at
           FROM benefit_case AS c JOIN (SELECT max(e) AS e, prov FROM employer WHERE deed = '' AND block = 'private'
               GROUP BY prov) AS x ON x.prov = c.prov AND x.e <> c.e WHERE c.kind = 'birth'
               ORDER BY u(c.id, #twiceborn), c.id LIMIT $few * 2""",
    )
    _tell(world, "twice_born", "one_child_two_payments", "SI-BEN-05", amount="amount + one_off", strength="90")
    # Births which never were: a paper, no delivery, no civil entry; some too soon after a real one.
    world.make(
        "invented",
        """
        SELECT 'birth' AS kind, s.p, s.person, s.e, s.prov, b.m, CASE WHEN b.m IS NULL THEN $first
            + CAST(240 + u(s.s, #inventday) % 300 AS INTEGER) ELSE b.day
            + CAST(120 + u(s.s, #inventday) % 70 AS INTEGER) END AS from_date, f.code AS facility, s.s
            FROM spell AS s LEFT JOIN (SELECT mother, max(m) AS m, max(day) AS day FROM birth WHERE m < $months - 8
                GROUP BY mother) AS b ON b.mother = s.p JOIN facility AS f ON f.prov = s.prov AND f.level = 'basic'
                AND f.level_place = 0
            WHERE NOT s.male AND NOT s.hidden AND NOT s.ghost AND s.declared_m < 0 AND s.to_m IS NULL
                AND s.dob BETWEEN DATE '1985-01-01' AND DATE '2002-01-01'
                AND (b.m IS NOT NULL OR s.p NOT IN (SELECT mother FROM birth))
            QUALIFY row_number() OVER (PARTITION BY b.m IS NULL ORDER BY u(s.s, #invented), s.s) <= $few * 2""",
    )
    add_cases(
        world,
        "invented_case",
        f"""
        SELECT i.kind, p, person, e, prov, from_date, CAST(from_date + to_months(6) AS DATE) - 1 AS to_date,
            180 AS days, 8000000 AS base_wage, 100 AS rate_pct, 48000000 AS amount, 4680000 AS one_off, 'GIA'
            || CAST(s AS VARCHAR) AS birth, facility, {AT.format("from_date + 50")} AS submitted_at, s, m
            FROM invented AS i WHERE from_date < $end - 70""",
    )
    world.add(
        "birth_record",
        """
        SELECT birth AS birth_code, person AS mother_person_code, from_date AS birth_date, 1 AS child_order,
            1 AS children_count, facility AS facility_code, 'G' || CAST(s AS VARCHAR) AS cert_no, 'paper' AS source,
            from_date + 3 AS issued_at,
                  CAST(from_date + 45 AS TIMESTAMP) AS recorded_at FROM invented_case""",
    )
    world.add(
        "birth_identity",
        """
        SELECT birth AS birth_code, 'Cháu bé ' || CAST(s AS VARCHAR) AS child_name,
            CAST(from_date + 45 AS TIMESTAMP) AS recorded_at FROM invented_case""",
    )
    _tell(world, "invented_case", "birth_never_was", "SI-BEN-05", amount="amount + one_off", strength="85")


def _after_death(world: World) -> None:
    """Nobody reports the death of one pensioner in ten; the family draws on for months."""
    world.run(
        """
        UPDATE pension SET reported_m = date_diff('month', $first, end_month) + 3 + u(id, #unreported) % 14
            WHERE end_month IS NOT NULL AND kind IN ('old_age', 'survivors') AND ppm(id, #silent) < 70000
            AND end_month >= $first"""
    )
    tell(
        world,
        "drawn_after_death",
        "SI-BEN-09",
        f"""
        SELECT person AS code, CAST(end_month + INTERVAL 1 MONTH AS DATE) AS period_from,
            least({MONTH.format("reported_m")}, $end) - 1 AS period_to,
            amount * (reported_m - date_diff('month', $first, end_month) - 1) AS amount,
            reported_m - date_diff('month', $first, end_month) + 40 AS strength FROM pension
            WHERE reported_m IS NOT NULL AND kind <> 'survivors'""",
    )
    # A second grant for one funeral; a grant for somebody who lives.
    add_cases(
        world,
        "second_funeral",
        """
        SELECT kind, p, person, prov, from_date, amount, one_off, claimant, submitted_at
            + INTERVAL 60 DAY AS submitted_at FROM benefit_case WHERE kind = 'funeral'
            ORDER BY u(id, #secondfuneral), id LIMIT $few * 2""",
    )
    tell(
        world,
        "funeral_twice",
        "SI-BEN-13",
        """
        SELECT person AS code, from_date AS period_from, from_date AS period_to, one_off AS amount, 90 AS strength
            FROM second_funeral""",
    )
    add_cases(
        world,
        "early_funeral",
        f"""
        SELECT 'funeral' AS kind, n.p, n.person, n.prov, $first + CAST(200
            + u(n.id, #alive) % 200 AS INTEGER) AS from_date, 0 AS amount, 23400000 AS one_off, k.code AS claimant,
            {AT.format("$first + CAST(220 + u(n.id, #alive) % 200 AS INTEGER)")} AS submitted_at
            FROM pension AS n JOIN person AS k ON k.p = n.p // 4 * 4 WHERE n.end_month IS NULL AND n.kind = 'old_age'
                AND k.p <> n.p ORDER BY u(n.id, #earlyfuneral), n.id LIMIT $few""",
    )
    tell(
        world,
        "funeral_of_the_living",
        "SI-BEN-13",
        """
        SELECT person AS code, from_date AS period_from, from_date AS period_to, one_off AS amount, 80 AS strength
            FROM early_funeral""",
    )


def _pensions(world: World) -> None:
    # Too young, some with a birth date changed shortly before.
    world.make(
        "too_young",
        """
        SELECT p.p, p.code AS person, p.prov, p.male, p.dob, p.bank, p.account,
            u(p.p, #youngkind) % 2 = 0 AS redated, 4 + u(p.p, #youngmonth) % greatest(1, $months - 8) AS m
           FROM person AS p WHERE p.age BETWEEN 50 AND CASE WHEN p.male THEN 57 ELSE 53 END AND p.died IS NULL
               AND p.p NOT IN (SELECT p FROM spell) AND p.p NOT IN (SELECT p FROM pension)
               ORDER BY u(p.p, #tooyoung), p.p LIMIT $few * 4""",
    )
    world.run(
        f"""
        INSERT INTO pension BY NAME SELECT {next_id("pension")} + row_number() OVER (ORDER BY p) AS id,
            'old_age' AS kind, p, person, prov, {MONTH.format("m")} AS start_month, NULL AS end_month,
            4800000 AS amount, 252 AS months, bank, account, 'paying' AS status, 0 AS early_pct, true AS decided,
            NULL AS reported_m FROM too_young"""
    )
    decide_pensions(world, "p IN (SELECT p FROM too_young)")
    # Those who change their birth date first lose years on paper; the civil register keeps the old date.
    world.run("INSERT INTO redated SELECT p, dob, m FROM too_young WHERE redated")
    world.add(
        "person",
        f"""
        SELECT p.code AS person_code, p.dob - 2900 AS date_of_birth, 'day' AS dob_precision, CASE WHEN p.male
            THEN 'male' ELSE 'female' END AS sex, 'VNM' AS nationality, commune AS permanent_admin_code,
            commune AS current_admin_code, phone AS phone_code,
                   true AS population_verified, CAST({MONTH.format("m - 2")} AS TIMESTAMP)
                       + INTERVAL 9 DAY AS recorded_at FROM redated AS r JOIN person AS p USING (p)""",
    )
    world.add(
        "record_adjustment",
        f"""
        SELECT 'DCNS' || CAST(p.p AS VARCHAR) AS adjustment_code, p.code AS person_code, 'date_of_birth' AS field,
            CAST(p.dob AS VARCHAR) AS old_value, CAST(p.dob - 2900 AS VARCHAR) AS new_value, 'dob_change' AS kind,
                   CAST({MONTH.format("m - 2")} AS TIMESTAMP) + INTERVAL 9 DAY AS made_at,
                       o.officer AS made_by_officer_code, o.officer AS approved_by_officer_code, 'CV-'
                       || CAST(p.p AS VARCHAR) AS document_ref,
                   CAST({MONTH.format("m - 2")} AS TIMESTAMP) + INTERVAL 10 DAY AS recorded_at
            FROM redated AS r JOIN person AS p USING (p) JOIN collection_officer AS o ON o.prov = p.prov
                AND o.place = 0""",
    )
    tell(
        world,
        "pension_too_young",
        "SI-BEN-10",
        f"""
        SELECT person AS code, {MONTH.format("m")} AS period_from, $end - 1 AS period_to,
            4800000 * ($months - m) AS amount, 70 AS strength FROM too_young WHERE NOT redated""",
    )
    tell(
        world,
        "birth_date_changed",
        "SI-PAR-04",
        f"""
        SELECT person AS code, {MONTH.format("m - 2")} AS period_from, $end - 1 AS period_to,
            4800000 * ($months - m) AS amount, 80 AS strength FROM too_young WHERE redated""",
    )
    # Whoever got a hazardous title on paper retires on it, up to five years before the others.
    world.make(
        "retired_early",
        f"""
        WITH reached AS (
          SELECT x.s, x.e, x.p, min(m.m) + 1 AS m FROM retitled AS x JOIN title_change AS t USING (s)
          JOIN spell AS s USING (s) JOIN month AS m ON m.m BETWEEN t.from_m + 9 AND $months - 2
          WHERE s.to_m IS NULL AND date_diff('month', s.dob, m.month)
              >= CASE WHEN s.male THEN m.retire_male ELSE m.retire_female END - 60
          GROUP BY ALL)
        SELECT {next_id("pension")} + row_number() OVER (ORDER BY r.s) AS id, r.*, p.code AS person, p.prov, p.bank,
            p.account FROM reached AS r JOIN person AS p USING (p) WHERE p.died IS NULL""",
    )
    world.run(
        f"""
        INSERT INTO pension BY NAME SELECT id, 'old_age' AS kind, p, person, prov, {MONTH.format("m")} AS start_month,
            NULL AS end_month, 5200000 AS amount, 260 AS months, bank, account, 'paying' AS status, 0 AS early_pct,
            true AS decided, NULL AS reported_m FROM retired_early"""
    )
    world.run("UPDATE spell SET to_m = r.m - 1, reason = 'retired' FROM retired_early AS r WHERE spell.s = r.s")
    decide_pensions(world, "id IN (SELECT id FROM retired_early)")
    # Two monthly pensions; a disability benefit beside a pension is lawful.
    for kind, count, stream in (
        ("other_monthly", "$few * 2", "twopensions"),
        ("disability_oad", "$few * 2", "disabled"),
    ):
        world.make(
            stream,
            f"""
            SELECT * FROM pension WHERE kind = 'old_age' AND end_month IS NULL AND NOT decided
                ORDER BY u(id, #{stream}), id LIMIT {count}""",
        )
        world.run(
            f"""
            INSERT INTO pension BY NAME SELECT {next_id("pension")} + row_number() OVER (ORDER BY id) AS id,
                '{kind}' AS kind, p, person, prov, $first AS start_month, NULL AS end_month, 2600000 AS amount,
                NULL AS months, bank, account, 'paying' AS status, 0 AS early_pct, false AS decided,
                NULL AS reported_m FROM {stream}"""
        )
    tell(
        world,
        "two_pensions",
        "SI-BEN-10",
        """
        SELECT person AS code, $first AS period_from, $end - 1 AS period_to, 2600000 * $months AS amount,
            75 AS strength FROM twopensions""",
    )
    tell(
        world,
        "pension_and_disability",
        "SI-BEN-10",
        """
        SELECT person AS code, $first AS period_from, $end - 1 AS period_to, NULL AS amount, 75 AS strength
            FROM disabled""",
        innocent=True,
    )


def _lump_sums(world: World) -> None:
    lump = """
        'lump_sum' AS kind, p, person, e, prov, CAST(left_on + to_months({months}) AS DATE) AS from_date,
            6500000 AS base_wage, 100 AS rate_pct, 0 AS amount, 2 * 6500000 * greatest(1,
            (to_m - from_m) // 12) AS one_off, '{ground}' AS ground, to_m - from_m + 1 AS months_counted,
            CAST(CAST(left_on + to_months({months}) AS DATE) AS TIMESTAMP) + INTERVAL 10 HOUR AS submitted_at"""
    free = """
        FROM leaver WHERE next_m IS NULL AND to_m + {months} < $months - 1
            AND p NOT IN (SELECT p FROM benefit_case WHERE kind = 'lump_sum') ORDER BY u(s, #{stream}), s
            LIMIT $few * {count}"""
    for table, ground, months, count, behaviour, innocent in (
        ("too_soon", "waiting_year", 5, 4, "lump_sum_too_soon", False),
        ("gravely_ill", "serious_disease", 3, 2, "grave_illness", True),
        ("never_left", "emigration", 4, 3, "emigration_without_leaving", False),
    ):
        add_cases(
            world,
            table,
            f"""
            SELECT {lump.format(months=months, ground=ground)}
            {free.format(months=months, stream=table, count=count)}""",
        )
        _tell(world, table, behaviour, "SI-BEN-11", to="from_date", amount="one_off", strength="80", innocent=innocent)
    add_cases(
        world,
        "withdrawn_twice",
        """
        SELECT kind, p, person, e, prov, from_date + 100 AS from_date, base_wage, rate_pct, amount, one_off, ground,
            months_counted, submitted_at + INTERVAL 100 DAY AS submitted_at FROM benefit_case WHERE kind = 'lump_sum'
            AND ground = 'waiting_year' ORDER BY u(id, #again), id LIMIT $few * 2""",
    )
    _tell(world, "withdrawn_twice", "lump_sum_twice", "SI-BEN-11", to="from_date", amount="one_off", strength="90")


def _allowances(world: World) -> None:
    hire(
        world,
        """
        SELECT p, e, to_m + 2 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost, 1500 AS pay
            FROM worked_on_allowance""",
    )
    allowance = "60 AS rate_pct, 8000000 AS base_wage, 4800000 AS amount, 0 AS one_off, 24 AS months_counted"
    add_cases(
        world,
        "allowance_at_work",
        f"""
        SELECT 'ui_allowance' AS kind, x.p, s.person, s.e, x.prov, {MONTH.format("x.to_m + 1")} + 20 AS from_date,
            CAST({MONTH.format("x.to_m + 1")} + 20 + to_months(5) AS DATE) - 1 AS to_date, 150 AS days, {allowance},
            5 AS payer_days, {AT.format(MONTH.format("x.to_m + 1") + " + 5")} AS submitted_at
            FROM worked_on_allowance AS x JOIN spell AS s ON s.s = x.s""",
    )
    _tell(world, "allowance_at_work", "work_on_allowance", "UI-BEN-01", amount="amount * 5", strength="80")
    add_cases(
        world,
        "topped_up_case",
        f"""
        SELECT 'ui_allowance' AS kind, p, code AS person, e, prov, {MONTH.format("m + 8")} + 25 AS from_date,
            CAST({MONTH.format("m + 8")} + 25 + to_months(3) AS DATE) - 1 AS to_date, 90 AS days, 60 AS rate_pct,
            8000000 AS base_wage, 4800000 AS amount, 0 AS one_off, 12 AS months_counted, 3 AS payer_days,
            {AT.format(MONTH.format("m + 8") + " + 9")} AS submitted_at FROM topped_up""",
    )
    _tell(world, "topped_up_case", "minimum_months_added", "UI-BEN-04", amount="amount * 3", strength="75")
    # Taken into custody, called up or dead while the allowance runs.
    world.make(
        "jailed",
        """
        SELECT c.*, c.from_date + 25 AS since FROM benefit_case AS c WHERE kind = 'ui_allowance' AND payer_days >= 4
            AND ppm(c.id, #jailed) < 9000""",
    )
    world.run(
        """
        INSERT INTO held SELECT j.p, q.national_id, CASE WHEN j.id % 3 = 0 THEN 'study_12m' ELSE 'custody' END,
            j.since, j.since + 200 FROM jailed AS j JOIN person AS q USING (p)"""
    )
    _tell(world, "jailed", "allowance_in_custody", "UI-BEN-02", amount="amount * 3", strength="70")
    # Retired, and on the allowance as well.
    add_cases(
        world,
        "retired_on_allowance",
        f"""
        SELECT 'ui_allowance' AS kind, n.p, n.person, s.e, n.prov, n.start_month + 20 AS from_date,
            CAST(n.start_month + 20 + to_months(4) AS DATE) AS to_date, 120 AS days, {allowance}, 4 AS payer_days,
            {AT.format("n.start_month + 8")} AS submitted_at FROM pension AS n JOIN spell AS s ON s.p = n.p
            AND s.reason = 'retired' WHERE n.decided AND n.kind = 'old_age' AND n.start_month < $end - 200
            ORDER BY u(n.id, #retiredui), n.id LIMIT $few * 2""",
    )
    _tell(world, "retired_on_allowance", "pension_with_allowance", "UI-BEN-03", amount="amount * 4", strength="80")


def _employers(world: World) -> None:
    """Cases employers file: raised wages, batches of papers, an outbreak, accidents before cover; gangs."""
    _gangs(world)
    sick = """
        'sickness' AS kind, p, person, e, prov, d AS from_date, d + 9 AS to_date, 8 AS days, 12000000 AS base_wage,
            75 AS rate_pct, 3000000 AS amount, 0 AS one_off"""
    add_cases(
        world,
        "raised_sick",
        f"""
        SELECT {sick}, {AT.format("d + 20")} AS submitted_at, f.f, f.code AS facility
            FROM (SELECT r.p, r.person, r.e, r.prov, {MONTH.format("m")} + 6 AS d FROM raised AS r)
            JOIN facility AS f USING (prov) WHERE f.level = 'basic' AND f.level_place = 0""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, NULL AS practitioner, 'K29' AS icd, from_date, 10 AS days,
            from_date AS issued_at, 'SX' || CAST(id AS VARCHAR) AS serial, CAST(id AS VARCHAR) || '/N' AS cert_no,
            id AS case_id, 0 AS late_days FROM raised_sick""",
    )
    add_cases(
        world,
        "batch",
        f"""
        SELECT 'sickness' AS kind, s.p, s.person, s.e, s.prov, d AS from_date, d + 2 AS to_date, 3 AS days,
            7000000 AS base_wage, 75 AS rate_pct, 656250 AS amount, 0 AS one_off, f.code AS facility, f.f, s.n,
            s.deed, s.strength, {AT.format("d + 12")} AS submitted_at, 'BATCH' || CAST(s.e AS VARCHAR)
            || CAST(k AS VARCHAR) AS list_no
            FROM (SELECT *, CAST($first + CAST(200 + (e * 37) % 300 + CASE WHEN deed = 'outbreak' THEN 0
                ELSE k * 35 END + n % 3 AS INTEGER) AS DATE) AS d
                  FROM (SELECT *, row_number() OVER (PARTITION BY e ORDER BY u(s, #batch), s) AS n FROM spell
                      WHERE deed IN ('leave_papers', 'outbreak') AND from_m < 0 AND to_m IS NULL AND NOT hidden
                        AND p NOT IN (SELECT p FROM leave_month)),
                      range(CASE WHEN deed = 'outbreak' THEN 1 ELSE 3 END) AS t(k)
                  WHERE n <= 6 + strength // 8) AS s
            JOIN facility AS f ON f.prov = s.prov AND f.level = CASE WHEN s.deed = 'outbreak' THEN 'basic'
                ELSE 'initial' END AND f.level_place = 0""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, NULL AS practitioner, CASE WHEN deed = 'outbreak' THEN 'A09'
            ELSE 'J06' END AS icd, from_date, 3 AS days, from_date AS issued_at,
                  CASE WHEN deed = 'outbreak' THEN 'SO' || CAST(u(id, #outbreakserial) % 900000 AS VARCHAR)
                      ELSE CAST(700000 + id % 100000 AS VARCHAR) END AS serial, CAST(id AS VARCHAR)
                      || '/B' AS cert_no, id AS case_id, 0 AS late_days FROM batch""",
    )
    world.add(
        "work_accident",
        f"""
        SELECT 'TNM' || CAST(x.p AS VARCHAR) AS accident_code, e.code AS employer_code, p.code AS person_code,
            CAST({MONTH.format("x.m")} + 11 AS TIMESTAMP) + INTERVAL 15 HOUR AS occurred_at, 'workplace' AS place,
            'serious' AS severity, 'BBM' || CAST(x.p AS VARCHAR) AS minutes_no,
                   false AS reported_to_labour, CAST({MONTH.format("x.m + 1")} + 30 AS TIMESTAMP) AS entered_at,
                       CAST({MONTH.format("x.m + 1")} + 30 AS TIMESTAMP) AS recorded_at
            FROM covered_late AS x JOIN person AS p USING (p) JOIN employer AS e ON e.e = x.e
                WHERE {MONTH.format("x.m + 1")} + 30 < $end""",
    )
    add_cases(
        world,
        "covered_case",
        f"""
        SELECT 'work_injury' AS kind, x.p, p.code AS person, x.e, p.prov, {MONTH.format("x.m")} + 11 AS from_date,
            6000000 AS base_wage, 25 AS rate_pct, 0 AS amount, 46800000 AS one_off,
            {AT.format(MONTH.format("x.m + 2"))} AS submitted_at FROM covered_late AS x JOIN person AS p USING (p)""",
    )


def _gangs(world: World) -> None:
    """At each firm, shortly before they move on, all of them fall ill; at the end all of them are out of work."""
    add_cases(
        world,
        "gang_sick",
        f"""
        SELECT 'sickness' AS kind, g.p, q.code AS person, g.e, g.prov, d AS from_date, d + 9 AS to_date, 8 AS days,
            9000000 AS base_wage, 75 AS rate_pct, 2250000 AS amount, 0 AS one_off, f.f, f.code AS facility,
            {AT.format("d + 16")} AS submitted_at
        FROM (SELECT *, {MONTH.format("5 + stage * 7")} + CAST(2 + member % 3 AS INTEGER) AS d FROM gang) AS g
        JOIN person AS q USING (p) JOIN facility AS f ON f.prov = g.prov AND f.level = 'initial'
            AND f.level_place = 0""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, NULL AS practitioner, 'M54' AS icd, from_date, 10 AS days,
            from_date AS issued_at, 'SG' || CAST(id AS VARCHAR) AS serial, CAST(id AS VARCHAR) || '/N' AS cert_no,
            id AS case_id, 0 AS late_days FROM gang_sick""",
    )
    add_cases(
        world,
        "gang_allowance",
        f"""
        SELECT 'ui_allowance' AS kind, g.p, q.code AS person, g.e, g.prov, {MONTH.format("21")} + 24 AS from_date,
            CAST({MONTH.format("21")} + 24 + to_months(3) AS DATE) - 1 AS to_date, 90 AS days, 60 AS rate_pct,
            9000000 AS base_wage, 5400000 AS amount, 0 AS one_off, 18 AS months_counted, 3 AS payer_days,
            {AT.format(MONTH.format("21") + " + 6 + CAST(member % 4 AS INTEGER)")} AS submitted_at
        FROM gang AS g JOIN person AS q USING (p) WHERE g.stage = 2""",
    )


def _second_numbers(world: World) -> None:
    """The lump sum on one number, and work goes on under another; most second numbers are a clerk's mistake."""
    tell(
        world,
        "second_number_by_mistake",
        "SI-PAR-01",
        """
        SELECT DISTINCT d.code, $first AS period_from, $end - 1 AS period_to, NULL AS amount, 30 AS strength
        FROM duplicate AS d JOIN spell AS s ON s.p = d.p AND s.from_m >= 0""",
        innocent=True,
    )
    world.make(
        "two_lives",
        """
        SELECT c.id, c.p, c.person, c.e, c.from_date, c.one_off, l.to_m, q.province, f.e AS next_e, c.submitted_at
        FROM benefit_case AS c JOIN leaver AS l ON l.p = c.p AND l.e = c.e JOIN person AS q ON q.p = c.p
        JOIN (SELECT min(e) AS e, prov FROM employer WHERE deed = '' AND block = 'private' GROUP BY prov) AS f
          ON f.prov = l.prov AND f.e <> c.e
        WHERE c.kind = 'lump_sum' AND c.ground = 'waiting_year' AND l.next_m IS NULL AND l.from_m < 0
          AND c.p NOT IN (SELECT p FROM duplicate)
        QUALIFY row_number() OVER (PARTITION BY c.p ORDER BY c.id) = 1
        ORDER BY u(c.id, #twolives), c.id LIMIT $few * 3""",
    )
    world.run(f"INSERT INTO duplicate SELECT p, person, {SECOND_NUMBER}, NULL FROM two_lives")
    hire(
        world,
        """
        SELECT p, next_e AS e, to_m + 3 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost,
            1400 AS pay FROM two_lives""",
    )
    _tell(world, "two_lives", "two_numbers", "SI-PAR-01", amount="one_off", to="$end - 1", strength="70")


def _ghosts(world: World) -> None:
    """Whoever is on the books without ever working, and draws on it."""
    tell(
        world,
        "drew_as_ghost",
        "SI-EMP-11",
        f"""
        SELECT c.person AS code, min(c.from_date) AS period_from, max({LAST_DAY}) AS period_to,
            sum({WORTH}) AS amount, 60 AS strength
        FROM benefit_case AS c JOIN (SELECT DISTINCT p, e FROM spell WHERE ghost AND deed IN ('ghost_staff', 'shell'))
            AS s ON s.p = c.p AND s.e = c.e
        WHERE c.submitted_at < $end GROUP BY c.person""",
    )
