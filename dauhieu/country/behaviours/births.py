"""Birth money: one child paid twice, and births which never were."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import AT, tell_cases
from dauhieu.country.behaviours.sickness import second_place
from dauhieu.country.cases import add_cases
from dauhieu.country.world import World


def plant(world: World) -> None:
    # One child, paid at two employers.
    add_cases(
        world,
        "twice_born",
        world.wrong("""
        SELECT c.kind, c.p, c.person, x.e, c.prov, c.from_date, c.to_date, c.days, c.base_wage, c.rate_pct, c.amount,
            c.one_off, c.child, c.birth, c.facility, c.submitted_at + INTERVAL 30 DAY AS submitted_at
           FROM benefit_case AS c JOIN (SELECT max(e) AS e, prov FROM employer WHERE deed = '' AND block = 'private'
               GROUP BY prov) AS x ON x.prov = c.prov AND x.e <> c.e WHERE c.kind = 'birth'
               ORDER BY u(c.id, #twiceborn), c.id LIMIT $few * 2"""),
    )
    second_place(world, "twice_born", 8, 5)
    tell_cases(world, "twice_born", "one_child_two_payments", "SI-BEN-05", amount="amount + one_off", strength="90")
    # Births which never were: a paper, no delivery, no civil entry; some too soon after a real one.
    world.make(
        "invented",
        world.wrong("""
        SELECT 'birth' AS kind, s.p, s.person, s.e, s.prov, b.m, CASE WHEN b.m IS NULL THEN $first
            + CAST(240 + u(s.s, #inventday) % 300 AS INTEGER) ELSE b.day
            + CAST(120 + u(s.s, #inventday) % 70 AS INTEGER) END AS from_date, f.code AS facility, s.s
            FROM spell AS s LEFT JOIN (SELECT mother, max(m) AS m, max(day) AS day FROM birth WHERE m < $months - 8
                GROUP BY mother) AS b ON b.mother = s.p JOIN facility AS f ON f.prov = s.prov AND f.level = 'basic'
                AND f.level_place = 0
            WHERE NOT s.male AND NOT s.hidden AND NOT s.ghost AND s.declared_m < 0 AND s.to_m IS NULL
                AND s.dob BETWEEN DATE '1985-01-01' AND DATE '2002-01-01'
                AND (b.m IS NOT NULL OR s.p NOT IN (SELECT mother FROM birth))
            QUALIFY row_number() OVER (PARTITION BY b.m IS NULL ORDER BY u(s.s, #invented), s.s) <= $few * 2"""),
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
    tell_cases(world, "invented_case", "birth_never_was", "SI-BEN-05", amount="amount + one_off", strength="85")
    # Nobody was at home with a child: they went on working.
    tell_cases(world, "invented_case", "birth_never_was", "SI-BEN-02", amount="0", strength="85")
