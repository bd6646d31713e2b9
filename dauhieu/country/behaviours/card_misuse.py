"""Cards lent, used by another, and seen where their holder cannot be."""

from __future__ import annotations

from dauhieu.country.behaviours.plan import DAY, people, plan
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    far = "near AS g ON g.prov = (x.prov + 17) % 34 AND g.level = 'basic' AND g.level_place = 0"
    grown = "age BETWEEN 20 AND 75"
    # The same day at both ends of the country.
    plan(
        world,
        "far_apart",
        world.wrong(f"""
        SELECT x.p, CASE k % 2 WHEN 0 THEN h.f ELSE g.f END AS f, 'I10' AS icd, '01' AS care,
            {DAY.format("20 + u(x.p, #farday) % 300 + (k // 2) * 9")} AS day, 480 + (k % 2) * 170 AS minute,
            'far' AS tag, x.p * 10 + k AS key FROM {people("far", "$few * 3", grown)} AS x JOIN near AS h
            ON h.f = x.home_f JOIN {far}, range(4) AS t(k)"""),
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
            FROM {people("referral", "$few * 3", grown)} AS x JOIN near AS h ON h.f = x.home_f JOIN {far},
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
        world.wrong(f"""
        SELECT x.p, CASE k WHEN 0 THEN s.f ELSE h.f END AS f, CASE k WHEN 0 THEN 'I50' ELSE 'E11' END AS icd, CASE k
            WHEN 0 THEN '03' ELSE '01' END AS care, {DAY.format("25 + u(x.p, #bedday) % 300 + k * 3")} AS day,
            500 AS minute, 'bed' AS tag, x.p * 10 + k AS key, CASE k WHEN 0 THEN 9 ELSE 0 END AS stay
            FROM {people("frombed", "$few * 4", "age > 45")} AS x JOIN near AS s ON s.prov = x.prov
            AND s.level = 'specialised' AND s.level_place = 0 JOIN near AS h ON h.f = x.home_f, range(2) AS t(k)"""),
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
        world.wrong("""
        SELECT x.p, x.home_f AS f, 'I10' AS icd, '01' AS care, t.out_on + 3 + CAST(k AS INTEGER) AS day,
            500 AS minute, 'abr' AS tag, x.p * 10 + k AS key FROM (SELECT c.*,
            row_number() OVER (ORDER BY u(c.p, #abroad), c.p) AS n FROM card AS c JOIN trip AS j ON j.p = c.p
            WHERE j.in_on - j.out_on >= 9 AND j.out_on > $first_claims AND c.died IS NULL
            AND c.p NOT IN (SELECT p FROM practitioner WHERE p IS NOT NULL)) AS x JOIN trip AS t ON t.p = x.p,
            range(2) AS t2(k) WHERE x.n <= $few * 4"""),
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
        world.wrong(f"""
        SELECT x.p, CASE k % 2 WHEN 0 THEN h.f ELSE g.f END AS f, 'J20' AS icd, '01' AS care,
            {DAY.format("15 + u(x.p, #sexday) % 200 + k * 21")} AS day, 520 AS minute, 'sex' AS tag, x.p * 10
            + k AS key, NOT x.male AS male FROM {people("othersex", "$few * 3", grown)} AS x JOIN near AS h
            ON h.f = x.home_f JOIN near AS g ON g.prov = x.prov AND g.level = 'specialised' AND g.level_place = 0,
            range(4) AS t(k)"""),
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
        world.wrong("""
        SELECT x.p, x.home_f AS f, 'I10' AS icd, '01' AS care, x.died + 12 + CAST(k * 29 AS INTEGER) AS day,
            500 AS minute, 'ded' AS tag, x.p * 10 + k AS key FROM (SELECT *,
            row_number() OVER (ORDER BY u(p, #deadvisit), p) AS n FROM card WHERE died > $first_claims
            AND age > 30) AS x, range(3) AS t(k) WHERE x.n <= $few * 4"""),
    )
    tell(
        world,
        "visit_after_death",
        "SI-BEN-09",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 85 AS strength
            FROM dead_visits JOIN person AS q USING (p) GROUP BY q.code""",
    )
