"""Wrongs at the point of care: lent cards, hoarded drugs, ghosts, doctors in two places, people fetched in busloads."""

from __future__ import annotations

from dauhieu.country.benefits import add_cases, add_papers
from dauhieu.country.contracts import TRUE_WAGE
from dauhieu.country.truth import tell
from dauhieu.country.world import World

DAY = "$first_claims + CAST({} AS INTEGER)"


def plan(world: World, table: str, rows: str) -> None:
    """Working table of visits, also put into `planned_visit`.

    The rows select p, f, icd, care, day, minute, tag and key, and may select doctor, stay and the other columns.
    """
    world.make(table, f"SELECT * FROM ({rows}) WHERE day < $end - 12 AND day >= $first_claims")
    columns = {str(row[0]) for row in world.rows(f'DESCRIBE "{table}"')}
    more = [name for name in ("doctor", "visit_object", "referral_to", "male", "plain", "stay") if name in columns]
    chosen = ", ".join(name for name in more if name != "stay")
    leaving = "CASE WHEN stay > 0 THEN CAST(day + CAST(stay AS INTEGER) AS TIMESTAMP) + INTERVAL 9 HOUR END"
    world.run(
        f"""
        INSERT INTO planned_visit BY NAME
            SELECT p, f, icd, care, CAST(day AS TIMESTAMP) + to_minutes(CAST(minute AS INTEGER)) AS admission,
                {leaving if "stay" in more else "NULL"} AS discharge,
                   'P' || upper(substr(tag, 1, 3)) || CAST(key AS VARCHAR) AS ma_lk,
                       date_diff('month', $first, day) AS m, tag{", " + chosen if chosen else ""} FROM "{table}\""""
    )


def plant(world: World) -> None:
    world.make("near", "SELECT f, prov, level, level_place, level_count, code, lat, lon FROM facility")
    _cards(world)
    _patients(world)
    _facilities(world)
    _practitioners(world)
    _papers(world)


def _people(stream: str, count: str, where: str = "true") -> str:
    return f"""
        (SELECT *, row_number() OVER (ORDER BY u(p, #{stream}), p) - 1 AS n FROM card WHERE died IS NULL
            AND ({where}) QUALIFY n < {count})"""


def _cards(world: World) -> None:
    far = "near AS g ON g.prov = (x.prov + 17) % 34 AND g.level = 'basic' AND g.level_place = 0"
    grown = "age BETWEEN 20 AND 75"
    # The same day at both ends of the country.
    plan(
        world,
        "far_apart",
        f"""
        SELECT x.p, CASE k % 2 WHEN 0 THEN h.f ELSE g.f END AS f, 'I10' AS icd, '01' AS care,
            {DAY.format("20 + u(x.p, #farday) % 300 + (k // 2) * 9")} AS day, 480 + (k % 2) * 170 AS minute,
            'far' AS tag, x.p * 10 + k AS key FROM {_people("far", "$few * 3", grown)} AS x JOIN near AS h
            ON h.f = x.home_f JOIN {far}, range(4) AS t(k)""",
    )
    tell(
        world,
        "card_lent",
        "HI-PAR-01",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 80 AS strength FROM far_apart
            JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # Sent on the same day with a referral: lawful.
    plan(
        world,
        "referred",
        f"""
        SELECT x.p, CASE k WHEN 0 THEN h.f ELSE g.f END AS f, 'I20' AS icd, '01' AS care,
            {DAY.format("30 + u(x.p, #refday) % 300")} AS day, 450 + k * 240 AS minute, 'ref' AS tag, x.p * 10
            + k AS key, CASE k WHEN 0 THEN g.code END AS referral_to
            FROM {_people("referral", "$few * 3", grown)} AS x JOIN near AS h ON h.f = x.home_f JOIN {far},
            range(2) AS t(k)""",
    )
    tell(
        world,
        "referred_the_same_day",
        "HI-PAR-01",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 80 AS strength FROM referred
            JOIN person AS q USING (p) GROUP BY q.code""",
        innocent=True,
    )
    # Drugs fetched elsewhere while lying in hospital.
    plan(
        world,
        "from_bed",
        f"""
        SELECT x.p, CASE k WHEN 0 THEN s.f ELSE h.f END AS f, CASE k WHEN 0 THEN 'I50' ELSE 'E11' END AS icd, CASE k
            WHEN 0 THEN '03' ELSE '01' END AS care, {DAY.format("25 + u(x.p, #bedday) % 300 + k * 3")} AS day,
            500 AS minute, 'bed' AS tag, x.p * 10 + k AS key, CASE k WHEN 0 THEN 9 ELSE 0 END AS stay
            FROM {_people("frombed", "$few * 4", "age > 45")} AS x JOIN near AS s ON s.prov = x.prov
            AND s.level = 'specialised' AND s.level_place = 0 JOIN near AS h ON h.f = x.home_f, range(2) AS t(k)""",
    )
    tell(
        world,
        "visit_during_stay",
        "HI-PAR-01",
        """
        SELECT q.code, day AS period_from, day AS period_to, NULL AS amount, 70 AS strength FROM from_bed
            JOIN person AS q USING (p) WHERE care = '01'""",
    )
    # Abroad, and yet seen.
    plan(
        world,
        "while_abroad",
        """
        SELECT x.p, x.home_f AS f, 'I10' AS icd, '01' AS care, t.out_on + 3 + CAST(k AS INTEGER) AS day,
            500 AS minute, 'abr' AS tag, x.p * 10 + k AS key FROM (SELECT c.*,
            row_number() OVER (ORDER BY u(c.p, #abroad), c.p) AS n FROM card AS c JOIN trip AS j ON j.p = c.p
            WHERE j.in_on - j.out_on >= 9 AND j.out_on > $first_claims AND c.died IS NULL
            AND c.p NOT IN (SELECT p FROM practitioner WHERE p IS NOT NULL)) AS x JOIN trip AS t ON t.p = x.p,
            range(2) AS t2(k) WHERE x.n <= $few * 4""",
    )
    tell(
        world,
        "visit_while_abroad",
        "HI-PAR-01",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 70 AS strength
            FROM while_abroad JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # A woman's card used by a man at two places.
    plan(
        world,
        "other_sex",
        f"""
        SELECT x.p, CASE k % 2 WHEN 0 THEN h.f ELSE g.f END AS f, 'J20' AS icd, '01' AS care,
            {DAY.format("15 + u(x.p, #sexday) % 200 + k * 21")} AS day, 520 AS minute, 'sex' AS tag, x.p * 10
            + k AS key, NOT x.male AS male FROM {_people("othersex", "$few * 3", grown)} AS x JOIN near AS h
            ON h.f = x.home_f JOIN near AS g ON g.prov = x.prov AND g.level = 'specialised' AND g.level_place = 0,
            range(4) AS t(k)""",
    )
    tell(
        world,
        "card_of_another",
        "HI-PAR-01",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 65 AS strength FROM other_sex
            JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # Seen after death.
    plan(
        world,
        "dead_visits",
        """
        SELECT x.p, x.home_f AS f, 'I10' AS icd, '01' AS care, x.died + 12 + CAST(k * 29 AS INTEGER) AS day,
            500 AS minute, 'ded' AS tag, x.p * 10 + k AS key FROM (SELECT *,
            row_number() OVER (ORDER BY u(p, #deadvisit), p) AS n FROM card WHERE died > $first_claims
            AND age > 30) AS x, range(3) AS t(k) WHERE x.n <= $few * 4""",
    )
    tell(
        world,
        "visit_after_death",
        "SI-BEN-09",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 85 AS strength
            FROM dead_visits JOIN person AS q USING (p) GROUP BY q.code""",
    )


def _patients(world: World) -> None:
    # The same month's supply from four places, month after month.
    plan(
        world,
        "hoarder",
        f"""
        SELECT x.p, g.f, 'E11' AS icd, '01' AS care, {DAY.format("10 + u(x.p, #hoardday) % 120 + k * 6")} AS day,
            480 AS minute, 'hor' AS tag, x.p * 100 + k AS key FROM {_people("hoarder", "$few * 3", "age > 45")} AS x,
            range(16) AS t(k) JOIN near AS g ON true WHERE g.prov = x.prov
            AND ((k % 3 = 0 AND g.level = 'specialised' AND g.level_place = 0)
            OR (k % 3 > 0 AND g.level = 'basic' AND g.level_place = k % 3))""",
    )
    tell(
        world,
        "drugs_hoarded",
        "HI-PAR-04",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 75 AS strength FROM hoarder
            JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # A visit nearly every day of a month, everywhere.
    plan(
        world,
        "wanderer",
        f"""
        SELECT x.p, g.f, ['J20', 'K29', 'M54', 'H81', 'L30'][1 + k % 5] AS icd, '01' AS care,
            {DAY.format("30 + u(x.p, #wanderday) % 280 + k")} AS day, 500 AS minute, 'wan' AS tag, x.p * 100
            + k AS key FROM {_people("wanderer", "$few * 3", grown_up())} AS x, range(18) AS t(k) JOIN near AS g
            ON true WHERE g.prov = x.prov AND g.level = 'basic' AND g.level_place = k % 3""",
    )
    tell(
        world,
        "visits_without_end",
        "HI-PAR-04",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 70 AS strength FROM wanderer
            JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # Dialysis three times a week looks alike.
    plan(
        world,
        "dialysis",
        f"""
        SELECT x.p, g.f, 'N18' AS icd, '01' AS care, {DAY.format("5 + (k * 7) // 3")} AS day, 420 AS minute,
            'dia' AS tag, x.p * 1000 + k AS key FROM {_people("dialysis", "$few * 3", "age > 40")} AS x,
            range(140) AS t(k) JOIN near AS g ON true WHERE g.prov = x.prov AND g.level = 'specialised'
            AND g.level_place = 0""",
    )
    tell(
        world,
        "dialysis",
        "HI-PAR-04",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 70 AS strength FROM dialysis
            JOIN person AS q USING (p) GROUP BY q.code""",
        innocent=True,
    )


def grown_up() -> str:
    return "age BETWEEN 25 AND 80"


def _facilities(world: World) -> None:
    # Bills for people who are dead, abroad, or elsewhere.
    plan(
        world,
        "ghost_visit",
        """
        WITH places AS (SELECT f, prov, strength, row_number() OVER (ORDER BY f) - 1 AS n, count(*) OVER () AS k
            FROM facility WHERE deed = 'ghost_patients'),
           people AS (
             SELECT p, CASE WHEN kind = 'dead' THEN since + 20 ELSE since + 3 END AS day,
                 row_number() OVER (ORDER BY u(p, #ghostpatient), p) - 1 AS n
             FROM (SELECT p, 'dead' AS kind, died AS since FROM card WHERE died > $first_claims
                 AND p NOT IN (SELECT p FROM dead_visits)
                   UNION ALL SELECT j.p, 'away', j.out_on FROM trip AS j JOIN card AS c USING (p)
                     WHERE j.in_on - j.out_on >= 8 AND j.out_on > $first_claims
                     AND j.p NOT IN (SELECT p FROM while_abroad)
                     AND j.p NOT IN (SELECT p FROM practitioner WHERE p IS NOT NULL)))
           SELECT q.p, x.f, ['I10', 'M54', 'E11'][1 + q.n % 3] AS icd, '01' AS care, q.day, 480
               + q.n % 300 AS minute, 'ghost' AS tag, q.p * 10 AS key FROM people AS q JOIN places AS x
               ON x.n = q.n % x.k WHERE q.n // x.k < 6 + x.strength // 4""",
    )
    # The same appendix, taken out twice; the gall bladder as well.
    plan(
        world,
        "second_organ",
        """
        WITH places AS (SELECT f, prov, strength FROM facility WHERE deed = 'phantom_operation'),
           people AS (SELECT *, row_number() OVER (PARTITION BY prov ORDER BY u(p, #organ), p) - 1 AS n FROM card
               WHERE age BETWEEN 18 AND 70 AND died IS NULL)
           SELECT q.p, x.f, CASE q.n % 2 WHEN 0 THEN 'K35' ELSE 'K80' END AS icd, '03' AS care, $first_claims
               + CAST(10 + u(q.p, #organday) % 120 + k * (60 + q.n) AS INTEGER) AS day, 600 AS minute,
               'organ' AS tag, q.p * 10 + k AS key, 5 AS stay
           FROM places AS x JOIN people AS q ON q.prov = x.prov AND q.n < 4 + x.strength // 10, range(3) AS t(k)""",
    )
    tell(
        world,
        "organ_taken_twice",
        "HI-FAC-02",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 85 AS strength
            FROM second_organ JOIN person AS q USING (p) GROUP BY q.code""",
    )
    # One commune, one morning, one package; the charity does it once, with a permit.
    plan(
        world,
        "busload",
        """
        WITH places AS (SELECT f, prov, strength, deed FROM facility
            WHERE deed IN ('commune_pickups', 'charity_campaign')),
           crowd AS (SELECT c.p, c.prov, c.c, count(*) OVER (PARTITION BY c.c) AS people,
               row_number() OVER (PARTITION BY c.c ORDER BY c.p) - 1 AS n FROM card AS c WHERE c.died IS NULL
               AND c.age > 30),
           communes AS (SELECT prov, c, row_number() OVER (PARTITION BY prov ORDER BY people DESC, c) - 1 AS rank
               FROM (SELECT DISTINCT prov, c, people FROM crowd))
           -- Of each ride half have come before; rides go all the year.
           SELECT q.p, x.f, 'M47' AS icd, '01' AS care,
               $first_claims + CAST(15 + u(x.f, #ride) % 150 + k * 31 + m.rank * 9 AS INTEGER) AS day,
               435 + u2(q.p, k, #rideminute) % 150 AS minute, 'bus' AS tag, q.p * 10 + k AS key, true AS plain
           FROM places AS x JOIN communes AS m ON m.prov = x.prov AND m.rank BETWEEN 1 AND 2, range(5) AS t(k)
           JOIN crowd AS q ON q.c = m.c AND (q.n + q.people - (k * (6 + x.strength // 10)) % q.people) % q.people
               < 10 + x.strength // 5 + u2(x.f, k, #ridesize) % 10
           WHERE x.deed = 'commune_pickups' OR (k = 0 AND m.rank = 1)""",
    )


def _practitioners(world: World) -> None:
    people = """
        (SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY u(p, #{stream}), p) - 1 AS n,
            count(*) OVER (PARTITION BY prov) AS k FROM card WHERE died IS NULL AND age BETWEEN 20 AND 70)"""
    # Ninety and more patients in a day, or forty hours of work in one: other people on other days.
    plan(
        world,
        "crowded_day",
        f"""
        SELECT q.p, d.f, 'M54' AS icd, '01' AS care,
            {DAY.format("20 + u(d.d, #crowdday) % 250 + j * 11")} AS day,
            420 + i * 5 + u2(d.d, i, #crowdminute) % 5 AS minute, 'crowd' AS tag,
            d.d * 100000 + j * 1000 + i AS key, d.code AS doctor, d.deed = 'impossible_days' AND i % 3 > 0 AS plain
            FROM practitioner AS d, range(7) AS t(j), range(180) AS t2(i) JOIN {people.format(stream="crowd")} AS q
                ON true
            WHERE d.deed IN ('impossible_days', 'supervises_trainees') AND j < 4 + d.strength // 30
                AND q.prov = d.prov AND q.n = u2(d.d * 10 + j, i, #crowded) % q.k AND i < 75 + d.strength
            QUALIFY row_number() OVER (PARTITION BY q.p, day ORDER BY d.d, i) = 1""",
    )
    # A machine booked for more hours than the day has.
    plan(
        world,
        "scanned",
        f"""
        SELECT q.p, x.f, 'K29' AS icd, '01' AS care, {DAY.format("25 + u(x.f, #scanday) % 240 + j * 13")} AS day,
            415 + i * 5 + u2(x.f, i, #scanminute) % 5 AS minute, 'scan' AS tag, x.f * 100000 + j * 1000 + i AS key,
            true AS plain
            FROM facility AS x, range(7) AS t(j), range(130) AS t2(i) JOIN {people.format(stream="scan")} AS q ON true
            WHERE x.deed = 'busy_machine' AND j < 4 + x.strength // 30 AND q.prov = x.prov
                AND q.n = u2(x.f * 10 + j, i, #scanned) % q.k AND i < 70 + x.strength // 2
            QUALIFY row_number() OVER (PARTITION BY q.p, day ORDER BY x.f, i) = 1""",
    )
    # At two hospitals in the same quarter of an hour.
    plan(
        world,
        "two_rooms",
        f"""
        SELECT q.p, CASE h WHEN 0 THEN d.f ELSE g.f END AS f, CASE j % 2 WHEN 0 THEN 'K04' ELSE 'S61' END AS icd,
            '01' AS care, $last - 45 + CAST(j * 3 AS INTEGER) AS day, 540 + j * 7 AS minute, 'rooms' AS tag,
            d.d * 1000 + j * 10 + h AS key, d.code AS doctor
            FROM practitioner AS d, range(16) AS t(j), range(2) AS t2(h) JOIN {people.format(stream="rooms")} AS q
                ON true JOIN near AS g ON true
            WHERE d.deed = 'two_places' AND j < 8 + d.strength // 12 AND q.prov = d.prov
                AND q.n = (d.d * 37 + j * 2 + h) % q.k AND g.prov = (d.prov + 5) % 34 AND g.level = 'basic'
                AND g.level_place = 0""",
    )
    # Signing from the sick bed, from abroad, from the grave.
    absent = """
        SELECT q.p, d.f, 'J20' AS icd, '01' AS care, {day} AS day, 480 + j * 20 AS minute, '{tag}' AS tag, d.d * 1000
            + j AS key, d.code AS doctor
                FROM practitioner AS d, range(14) AS t(j) JOIN {people} AS q ON true WHERE d.deed = '{deed}'
                    AND j < 6 + d.strength // 12 AND q.prov = d.prov AND q.n = (d.d * 53 + j) % q.k"""
    for deed, stream, day in (
        ("works_on_leave", "onleave", "$last - 40 + CAST(j % 5 AS INTEGER)"),
        ("signs_while_abroad", "signabroad", "$last - 60 + CAST(2 + j % 5 AS INTEGER)"),
        ("signs_after_death", "signdead", "$last - 90 + CAST(j * 3 AS INTEGER)"),
    ):
        plan(world, stream, absent.format(day=day, tag=stream, people=people.format(stream=stream), deed=deed))
    add_cases(
        world,
        "doctor_sick",
        """
        SELECT 'sickness' AS kind, d.p, p.code AS person, NULL::BIGINT AS e, d.prov, $last - 42 AS from_date,
            $last - 33 AS to_date, 8 AS days, 9000000 AS base_wage, 75 AS rate_pct, 2250000 AS amount, 0 AS one_off,
            d.facility, d.f,
                  CAST($last - 28 AS TIMESTAMP) AS submitted_at FROM practitioner AS d JOIN person AS p USING (p)
                      WHERE d.deed = 'works_on_leave'""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, NULL AS practitioner, 'J20' AS icd, from_date, 10 AS days,
            from_date AS issued_at, 'SD' || CAST(id AS VARCHAR) AS serial, CAST(id AS VARCHAR) || '/N' AS cert_no,
            id AS case_id, 0 AS late_days FROM doctor_sick""",
    )


def absences(world: World) -> None:
    """Journeys and deaths of practitioners, before anything is delivered about them."""
    world.run(
        """UPDATE person SET died = $last - 100
           WHERE p IN (SELECT p FROM practitioner WHERE deed = 'signs_after_death')"""
    )
    world.run("DELETE FROM trip WHERE p IN (SELECT p FROM practitioner WHERE deed <> '')")
    world.run(
        """
        INSERT INTO trip SELECT p.p, p.code, p.national_id, $last - 61, $last - 50 FROM practitioner AS d
            JOIN person AS p USING (p) WHERE d.deed = 'signs_while_abroad'"""
    )


def _papers(world: World) -> None:
    """Papers sold by the dozen; beside an industrial zone many papers are honest."""
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
        """
        WITH sellers AS (
             SELECT f, prov, code AS facility, deed, strength, NULL AS doctor,
                 CASE deed WHEN 'certificate_mill' THEN 40 + strength
                 ELSE 12 + strength // 4 END AS per_month,
                 0 AS burst FROM facility WHERE deed IN ('certificate_mill', 'factory_clinic')
             UNION ALL
             SELECT f, prov, facility, deed, strength, code, 50 + strength // 4, 1 FROM practitioner
                 WHERE deed = 'sells_papers')
           SELECT 'sickness' AS kind, i.p, i.person, i.e, i.prov, x.facility, x.f, x.doctor, x.deed,
               $end - CAST(185 AS INTEGER) + CAST(j * 30 + CASE WHEN x.burst = 1 THEN (h % 3) * 6
               ELSE h % 27 END AS INTEGER) AS from_date, 2 AS days,
                  $end - CAST(185 AS INTEGER) + CAST(j * 30 + CASE WHEN x.burst = 1 THEN (h % 3) * 6 ELSE h % 27 END
                      + 1 AS INTEGER) AS to_date, i.wage AS base_wage, 75 AS rate_pct,
                      i.wage * 75 * 2 // 2400 AS amount,
                      0 AS one_off,
                  CAST($end - CAST(185 AS INTEGER) + CAST(j * 30 + h % 27 + 14 AS INTEGER) AS TIMESTAMP)
                      + INTERVAL 9 HOUR AS submitted_at, j * 1000 + h AS run
           FROM sellers AS x, range(6) AS t(j), range(140) AS t2(h) JOIN insured AS i ON true WHERE h < x.per_month
               AND i.prov = x.prov AND i.n = (x.f * 97 + j * 61 + h * 7) % i.k
           QUALIFY row_number() OVER (PARTITION BY i.p, from_date ORDER BY x.f, run, x.doctor) = 1""",
    )
    add_papers(
        world,
        """
        SELECT 'CT07' AS kind, p, person, f, doctor AS practitioner, ['J06', 'M54', 'K29', 'J02'][1 + id % 4] AS icd,
            from_date, days, from_date AS issued_at, 'SM' || CAST(id AS VARCHAR) AS serial, CAST(id AS VARCHAR)
            || '/M' AS cert_no, id AS case_id, 0 AS late_days FROM sold_paper""",
    )
    tell(
        world,
        "bought_paper",
        "SI-BEN-01",
        """
        SELECT person AS code, min(from_date) AS period_from, max(to_date) AS period_to, sum(amount) AS amount,
            50 AS strength FROM sold_paper WHERE deed IS DISTINCT FROM 'factory_clinic' AND submitted_at < $end
        GROUP BY person""",
    )
    tell(
        world,
        "papers_of_its_doctor",
        "SI-FAC-01",
        """
        SELECT facility AS code, min(from_date) AS period_from, max(to_date) AS period_to, sum(amount) AS amount,
            50 AS strength FROM sold_paper WHERE doctor IS NOT NULL AND submitted_at < $end GROUP BY facility""",
        kind="facility",
    )
    # Whoever comes to the factory clinic is really seen.
    plan(
        world,
        "seen",
        """
        SELECT s.p, s.f, 'J06' AS icd, '01' AS care, s.from_date AS day, 450 + s.run % 300 AS minute, 'seen' AS tag,
            s.id AS key FROM sold_paper AS s JOIN card AS c ON c.p = s.p WHERE s.deed = 'factory_clinic'""",
    )
