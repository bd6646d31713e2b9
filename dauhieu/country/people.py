"""Persons in households of four places: two adults, a child, and an elder or second child."""

from __future__ import annotations

from dauhieu.country.world import World

AGE_WEIGHTS = ((21, 29, 24), (30, 39, 27), (40, 49, 21), (50, 59, 16), (60, 69, 9), (70, 79, 3))


def make_names(world: World) -> None:
    for part in ("surname", "middle_male", "middle_female", "given_male", "given_female"):
        world.slots(
            f"{part}_slot", f"(SELECT * FROM ref_names WHERE part = '{part}')", columns="text, normal", weight="weight"
        )
    ages = " UNION ALL ".join(
        f"SELECT a AS age, {weight} AS weight FROM range({low}, {high + 1}) AS t(a)"
        for low, high, weight in AGE_WEIGHTS
    )
    world.slots("age_slot", f"({ages} ORDER BY 1)", columns="age", weight="weight")
    world.slots(
        "bank_slot",
        "ref_banks",
        columns="bin, short_name",
        weight="CASE WHEN short_name IN ('Agribank', 'Vietcombank', 'VietinBank', 'BIDV', 'MBBank') THEN 20 ELSE 2 END",
    )


def make_people(world: World) -> None:
    """`household` and `person`: p counts persons, h households (p // 4), place is p % 4."""
    world.make(
        "household",
        """
        WITH drawn AS (
          SELECT h, ps.prov, ps.province, ag.age * 365 + u(h, #headday) % 365 AS head_days,
                 pick(h, #spousegap, -1800, 1500) AS gap, ppm(h, #headsex) < 620000 AS head_male,
                 ppm(h, #elder) < 500000 AS has_elder
          FROM range($persons // 4) AS t(h)
          JOIN province_slot AS ps ON ps.slot = u(h, #province) % 10000
          JOIN age_slot AS ag ON ag.slot = u(h, #headage) % 1000)
        SELECT d.h, d.prov, d.province, cs.c, cs.code AS commune, cs.region, cs.old_office, cs.office, head_days,
               greatest(head_days - gap, 7000) AS spouse_days, head_male, has_elder,
               CASE WHEN head_male THEN greatest(head_days - gap, 7000) ELSE head_days END AS mother_days
        FROM drawn AS d JOIN commune_slot AS cs ON cs.grp = d.prov AND cs.slot = u(d.h, #commune) % 1000
        ORDER BY d.h""",
    )
    world.make(
        "person_age",
        """
        WITH placed AS (
          SELECT h * 4 + place AS p, place, h.*,
                 CASE place
                   WHEN 0 THEN head_days
                   WHEN 1 THEN spouse_days
                   WHEN 2 THEN mother_days - pick(h, #firstchild, 7300, 12400)
                   ELSE CASE WHEN has_elder THEN least(head_days + pick(h, #eldergap, 7700, 11500), 35000)
                             ELSE mother_days - pick(h, #firstchild, 7300, 12400) - pick(h, #secondchild, 500, 2600) END
                 END AS drawn_days
          FROM household AS h, range(4) AS t(place))
        SELECT * EXCLUDE (drawn_days, head_days, spouse_days, mother_days),
               -- A child not yet born makes room for a grown relative of the head.
               CASE WHEN drawn_days < 0 THEN pick(p, #relative, 6900, 12000) ELSE drawn_days END AS days,
               CASE WHEN place = 0 THEN 'head' WHEN place = 1 THEN 'spouse' WHEN drawn_days < 0 THEN 'relative'
                    WHEN place = 3 AND has_elder THEN 'parent' ELSE 'child' END AS relation
        FROM placed""",
    )
    world.make(
        "person",
        """
        WITH drawn AS (
          SELECT p, h, relation, prov, province, c, commune, region, old_office, office,
                 $end - CAST(days AS INTEGER) - 1 AS dob, days // 365 AS age,
                 CASE WHEN place = 0 THEN head_male WHEN place = 1 THEN NOT head_male
                      WHEN relation = 'parent' THEN ppm(p, #sex) < 420000 ELSE ppm(p, #sex) < 512000 END AS male
          FROM person_age),
        fated AS (
          SELECT *, CASE WHEN ppm(p, #death) < CASE WHEN age < 1 THEN 2000 WHEN age < 40 THEN 1500 WHEN age < 60
              THEN 7000
                                                    WHEN age < 70 THEN 26000 WHEN age < 80 THEN 75000 ELSE 170000 END
                         THEN $first + CAST(u(p, #deathday) % ($end - $first) AS INTEGER) END AS death_drawn
          FROM drawn)
        SELECT p, h, relation, prov, province, c, commune, region, old_office, office, dob, age, male,
               CASE WHEN death_drawn > dob THEN death_drawn END AS died,
               CASE WHEN ppm(p, #poor) < 45000 THEN 'poor' WHEN ppm(p, #poor) < 85000 THEN 'near_poor' END AS poverty,
               lpad(province, 2, '0') || lpad(CAST((p * 7919 + 104729) % 100000000 AS VARCHAR), 8, '0') AS code,
               '0' || lpad(province, 2, '0') || CAST((CASE WHEN year(dob) >= 2000 THEN 2 ELSE 0 END)
                 + (CASE WHEN male THEN 0 ELSE 1 END) AS VARCHAR) || lpad(CAST(year(dob) % 100 AS VARCHAR), 2, '0')
                 || lpad(CAST((p * 31337 + 12345) % 1000000 AS VARCHAR), 6, '0') AS national_id,
               '09' || lpad(CAST((p * 6353 + 71) % 100000000 AS VARCHAR), 8, '0') AS phone,
               bs.bin AS bank, '1' || lpad(CAST((p * 77773 + 11) % 10000000000 AS VARCHAR), 10, '0') AS account
        FROM fated JOIN bank_slot AS bs ON bs.slot = u(p, #bank) % 1000
        ORDER BY p""",
    )
    world.drop("person_age")
    _name_people(world)


def _name_people(world: World) -> None:
    world.make(
        "person_name",
        """
        SELECT p.p, s.text || ' ' || m.text || ' ' || g.text AS full_name,
               s.normal || ' ' || m.normal || ' ' || g.normal AS name_norm
        FROM person AS p
        JOIN surname_slot AS s ON s.slot = u(CASE WHEN p.relation = 'spouse' THEN p.h + 500000000 ELSE p.h END,
            #surname) % 1000
        JOIN (SELECT true AS male, * FROM middle_male_slot UNION ALL SELECT false, * FROM middle_female_slot) AS m
          ON m.male = p.male AND m.slot = u(p.p, #middle) % 1000
        JOIN (SELECT true AS male, * FROM given_male_slot UNION ALL SELECT false, * FROM given_female_slot) AS g
          ON g.male = p.male AND g.slot = u(p.p, #given) % 1000
        ORDER BY p.p""",
    )


def make_kinship(world: World) -> None:
    """`kin`: spouses, and children with both parents, by the places of a household."""
    world.make(
        "kin",
        """
        SELECT a.p AS a, b.p AS b, 'spouse' AS relation FROM person AS a JOIN person AS b ON b.p = a.p + 1
        WHERE a.relation = 'head' AND ppm(a.h, #married) < 850000
        UNION ALL
        SELECT parent.p, child.p, 'child' FROM person AS child
        JOIN person AS parent ON parent.p // 4 = child.h AND parent.p % 4 < 2
        WHERE child.relation = 'child'
        UNION ALL
        SELECT elder.p, head.p, 'child' FROM person AS elder JOIN person AS head ON head.p = elder.h * 4
        WHERE elder.relation = 'parent'
        ORDER BY 1, 2""",
    )
