"""The registers of persons and employers as the agency holds them, with their lags, duplicates and typing errors."""

from __future__ import annotations

from dauhieu.country.world import World

SECOND_NUMBER = "lpad(province, 2, '0') || lpad(CAST((p * 7919 + 104729 + 50000017) % 100000000 AS VARCHAR), 8, '0')"
# A firm is known from its founding.
FOUNDED = "greatest($before, CAST(e.established + 2 AS TIMESTAMP))"


def make_duplicates(world: World) -> None:
    """`duplicate`: a second number of one worker, used by a later employer, for half of them merged one day."""
    world.make(
        "duplicate",
        f"""
        SELECT p.p, p.code, {SECOND_NUMBER} AS second,
               CASE WHEN ppm(p.p, #merged) < 600000 THEN $first + CAST(60
                   + u(p.p, #mergeday) % greatest(1, $end - $first - 60) AS INTEGER) END AS merged_on
        FROM person AS p JOIN worker AS w USING (p) WHERE ppm(p.p, #duplicate) < 4000""",
    )


def deliver_persons(world: World) -> None:
    # The employer who declares a worker anew has the second number made; it is merged only after that.
    world.make(
        "second_number",
        """
        SELECT d.p, d.code, d.second, g.given_at, CASE WHEN d.merged_on IS NOT NULL
            THEN greatest(CAST(d.merged_on AS TIMESTAMP), g.given_at + INTERVAL 30 DAY) END AS merged_at
        FROM duplicate AS d JOIN (
            SELECT d.p, CASE WHEN any_value(s.p) IS NULL THEN $before
                ELSE CAST($first + to_months(min(s.from_m)) AS TIMESTAMP) + INTERVAL 8 HOUR END AS given_at
            FROM duplicate AS d LEFT JOIN spell AS s ON s.p = d.p AND s.from_m >= 0 GROUP BY d.p) AS g USING (p)""",
    )
    columns = """
        dob AS date_of_birth, 'day' AS dob_precision, CASE WHEN male THEN 'male' ELSE 'female' END AS sex,
            'VNM' AS nationality,
        commune AS permanent_admin_code, commune AS current_admin_code, phone AS phone_code,
            ppm(p, #verified) < 970000 AS population_verified, """
    given = f"{columns} d.given_at AS created_at"
    columns += "greatest(TIMESTAMP '2016-01-04 08:00:00', CAST(dob + 20 AS TIMESTAMP)) AS created_at"
    world.add(
        "person",
        f"""
        -- A typing error of the birth year stands until somebody notices it some months later.
        SELECT code AS person_code, {columns}, greatest($before, CAST(dob + 20 AS TIMESTAMP)) AS recorded_at
        FROM (SELECT * REPLACE (CASE WHEN ppm(p, #typo) < 2000 AND age > 5 THEN dob - 365 ELSE dob END AS dob)
            FROM person)
        WHERE dob + 20 < $end
        UNION ALL BY NAME
        SELECT code AS person_code, {columns}, CAST($first + CAST(40
            + u(p, #typoday) % ($end - $first) AS INTEGER) AS TIMESTAMP) AS recorded_at
        FROM person WHERE ppm(p, #typo) < 2000 AND age > 5 AND died IS NULL
        UNION ALL BY NAME
        SELECT code AS person_code, {columns}, died AS date_of_death,
               CAST(died + CAST(pick(p, #deathlag, 10, 120) AS INTEGER) AS TIMESTAMP) AS recorded_at
        FROM person WHERE died IS NOT NULL AND (ppm(p, #deathknown) < 930000
            OR p IN (SELECT p FROM benefit_case WHERE kind = 'funeral'))
        UNION ALL BY NAME
        SELECT d.second AS person_code, {given}, d.given_at AS recorded_at FROM second_number AS d JOIN person USING (p)
        UNION ALL BY NAME
        SELECT d.second AS person_code, {given}, d.code AS merged_into_person_code, d.merged_at AS recorded_at
        FROM second_number AS d JOIN person USING (p) WHERE merged_at IS NOT NULL""",
    )
    world.add(
        "person_identity",
        """
        SELECT p.code AS person_code, p.code AS si_number, p.national_id AS national_number,
               CASE WHEN p.age > 26 THEN lpad(CAST((p.p * 1117 + 9) % 1000000000 AS VARCHAR), 9,
                   '0') END AS old_id_number,
               n.full_name, n.name_norm, p.commune AS address, greatest($before,
                   CAST(p.dob + 20 AS TIMESTAMP)) AS recorded_at
        FROM person AS p JOIN person_name AS n USING (p) WHERE p.dob + 20 < $end
        UNION ALL BY NAME
        SELECT d.second AS person_code, d.second AS si_number, CASE WHEN ppm(p, #samenational) < 500000
            THEN p.national_id END AS national_number,
               lpad(CAST((p * 1117 + 9) % 1000000000 AS VARCHAR), 9, '0') AS old_id_number, n.full_name, n.name_norm,
                   p.commune AS address, d.given_at AS recorded_at
        FROM second_number AS d JOIN person AS p USING (p) JOIN person_name AS n USING (p)""",
    )
    world.add(
        "household",
        """
        SELECT 'H' || CAST(h.h AS VARCHAR) AS household_code, p.code AS head_person_code, h.commune AS admin_code,
            $before AS recorded_at
           FROM household AS h JOIN person AS p ON p.p = h.h * 4""",
    )
    world.add(
        "household_member",
        """
        SELECT 'H' || CAST(h AS VARCHAR) AS household_code, code AS person_code, relation,
            greatest(DATE '2018-01-01', dob) AS valid_from,
                  greatest($before, CAST(dob + 25 AS TIMESTAMP)) AS recorded_at FROM person WHERE dob + 25 < $end""",
    )
    world.add(
        "kinship",
        """
        SELECT a.code AS person_code, b.code AS related_person_code, k.relation,
            greatest(DATE '2005-01-01', b.dob) AS valid_from, 'population' AS source,
                  greatest($before, CAST(b.dob + 25 AS TIMESTAMP)) AS recorded_at
           FROM kin AS k JOIN person AS a ON a.p = k.a JOIN person AS b ON b.p = k.b WHERE b.dob + 25 < $end""",
    )


def deliver_accounts(world: World) -> None:
    """Accounts of those who ever receive a benefit."""
    world.add(
        "person_bank_account",
        """SELECT p.code AS person_code, p.bank || '/' || p.account AS bank_account_code, p.bank AS bank_code,
                  greatest(TIMESTAMP '2022-03-01 09:00:00', CAST(p.dob + 25 AS TIMESTAMP)) AS valid_from,
                  greatest($before, CAST(p.dob + 25 AS TIMESTAMP)) AS recorded_at
           FROM person AS p WHERE p.p IN (SELECT p FROM beneficiary)""",
    )
    world.add(
        "bank_account_identity",
        """
        SELECT p.code AS person_code, p.bank || '/' || p.account AS bank_account_code, n.full_name AS holder_name,
            n.name_norm AS holder_name_norm,
                  greatest($before, CAST(p.dob + 25 AS TIMESTAMP)) AS recorded_at
           FROM person AS p JOIN person_name AS n USING (p) WHERE p.p IN (SELECT p FROM beneficiary)""",
    )


def deliver_employers(world: World) -> None:
    """An unregistered employer is unknown to the agency, or known by a dormant code only."""
    world.make(
        "employer_known",
        "SELECT * FROM employer WHERE deed NOT IN ('unregistered', 'under_parent_code', 'foreign_only') OR e % 2 = 0",
    )
    world.add(
        "employer",
        """
        WITH times AS (SELECT false AS today, $before AS known UNION ALL SELECT true, TIMESTAMP '2025-07-01 07:00:00')
        SELECT e.code AS employer_code, tax_code, 'DK' || tax_code AS business_reg_no, legal_form,
            block AS block_code, sector AS sector_code,
               e.commune AS admin_code, e.region AS wage_region, CASE WHEN today THEN e.office
                   ELSE e.old_office END AS org_code,
               p.code AS legal_rep_person_code, e.phone AS phone_code, established AS established_date, established
                   + 40 AS si_registered_at,
               cycle AS payment_cycle, 'active' AS status, established + 40 AS status_date,
               greatest(known, CAST(established + 2 AS TIMESTAMP)) AS recorded_at
        FROM employer_known AS e CROSS JOIN times LEFT JOIN person AS p ON p.p = e.rep
        WHERE today OR established + 2 < TIMESTAMP '2025-07-01 07:00:00'""",
    )
    world.add(
        "employer_identity",
        f"""
        SELECT code AS employer_code, name AS name_vi, upper(strip_accents(replace(replace(name, 'Đ', 'D'), 'đ',
            'd'))) AS name_norm, address AS registered_address,
                  address AS address_norm,
            {FOUNDED} AS recorded_at FROM employer_known AS e""",
    )
    world.add(
        "employer_representative",
        f"""SELECT e.code AS employer_code, p.code AS person_code, e.established AS from_date,
                  {FOUNDED} AS recorded_at
           FROM employer_known AS e JOIN person AS p ON p.p = e.rep""",
    )
    world.add(
        "employer_status",
        f"""
        SELECT code AS employer_code, 'active' AS status, established + 40 AS from_date,
            {FOUNDED} AS recorded_at
            FROM employer_known AS e""",
    )
    world.add(
        "employer_bank_account",
        f"""
        SELECT e.code AS employer_code, b.bin || '/7' || e.tax_code AS bank_account_code, b.bin AS bank_code,
            greatest(DATE '2020-01-01', e.established) AS valid_from,
            {FOUNDED} AS recorded_at
           FROM employer_known AS e JOIN bank_slot AS b ON b.slot = u(e.e, #employerbank) % 1000""",
    )
    world.add(
        "hazard_job",
        """
        SELECT 'NN' || lpad(CAST(n AS VARCHAR), 3, '0') AS job_code, title AS title_vi, class AS hazard_class,
            sector AS sector_code, DATE '2021-03-01' AS valid_from, $before AS recorded_at
           FROM (VALUES (1, 'Thợ lò khai thác than', 'VI', 'B05'), (2, 'Thợ hàn điện', 'V', 'C25'),
               (3, 'Công nhân vận hành lò hơi', 'V', 'C14'), (4, 'Thợ lặn', 'VI', 'F41'),
                        (5, 'Công nhân nấu luyện', 'V', NULL)) AS t(n, title, class, sector)""",
    )
