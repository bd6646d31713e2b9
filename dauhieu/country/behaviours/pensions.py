"""Pensions which start too early, on a changed birth date or on a title, and pensions which may not be combined."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import MONTH
from dauhieu.country.cases import next_id
from dauhieu.country.pensions import decide_pensions
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    # Too young, some with a birth date changed shortly before.
    world.make(
        "too_young",
        world.wrong("""
        SELECT p.p, p.code AS person, p.prov, p.male, p.dob, p.bank, p.account,
            u(p.p, #youngkind) % 2 = 0 AS redated, 4 + u(p.p, #youngmonth) % greatest(1, $months - 8) AS m
           FROM person AS p WHERE p.age BETWEEN 50 AND CASE WHEN p.male THEN 57 ELSE 53 END AND p.died IS NULL
               AND p.p NOT IN (SELECT p FROM spell) AND p.p NOT IN (SELECT p FROM pension)
               ORDER BY u(p.p, #tooyoung), p.p LIMIT $few * 4"""),
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
    tell(
        world,
        "birth_date_changed",
        "SI-BEN-10",
        f"""
        SELECT person AS code, {MONTH.format("m")} AS period_from, $end - 1 AS period_to, 0 AS amount, 80 AS strength
            FROM too_young WHERE redated""",
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
    # Whoever is retired falls ill at home.
    retired = f"""SELECT c.id FROM benefit_case AS c JOIN retired_early AS r USING (p)
                  WHERE c.kind = 'sickness' AND c.from_date >= {MONTH.format("r.m")}"""
    world.run(f"DELETE FROM leave_paper WHERE case_id IN ({retired})")
    world.run(f"DELETE FROM benefit_case WHERE id IN ({retired})")
    tell(
        world,
        "retired_on_title",
        "SI-BEN-10",
        f"""
        SELECT person AS code, {MONTH.format("m")} AS period_from, $end - 1 AS period_to, 0 AS amount, 60 AS strength
            FROM retired_early""",
    )
    # Two monthly pensions; a disability benefit beside a pension is lawful.
    for kind, stream, innocent in (("other_monthly", "twopensions", False), ("disability_oad", "disabled", True)):
        drawn = f"""
            SELECT * FROM pension WHERE kind = 'old_age' AND end_month IS NULL AND NOT decided
                ORDER BY u(id, #{stream}), id LIMIT $few * 2"""
        world.make(stream, drawn if innocent else world.wrong(drawn))
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
