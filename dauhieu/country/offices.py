"""Officers of the social insurance offices, and who of them misuses the post."""

from __future__ import annotations

from dauhieu.country.behaviours.deed import Deed, assign
from dauhieu.country.world import World

ROLES = (
    ("collection", 5),
    ("benefits", 5),
    ("hi_reviewer", 3),
    ("payment", 3),
    ("it_admin", 1),
    ("inspector", 1),
    ("leader", 1),
)
DEEDS = (
    Deed("approves_against_conditions", "X-OFF-01", 12000, "role = 'benefits'", at_least=3),
    Deed("changes_without_document", "X-OFF-02", 15000, "role = 'collection'", at_least=4),
    Deed("data_cleaning", "X-OFF-02", 10000, "role = 'collection'", innocent=True, at_least=2),
    Deed("change_then_benefit", "X-OFF-02", 15000, "role = 'collection'", at_least=3),
    Deed("diverts_accounts", "X-OFF-06", 20000, "role = 'payment'", at_least=3),
    Deed("counter_service", "X-OFF-06", 20000, "role = 'payment'", innocent=True, at_least=2),
    Deed("own_account", "X-OFF-06", 15000, "role IN ('payment', 'benefits')", at_least=3),
    Deed("own_family", "X-OFF-07", 15000, "role = 'benefits'", at_least=4),
    Deed("does_all_steps", "X-OFF-07", 15000, "role = 'benefits'", at_least=4),
)


def make_officers(world: World) -> None:
    """`officer`: every province has the same posts; `place` counts within a role."""
    posts = " UNION ALL ".join(
        f"SELECT '{role}' AS role, place FROM range({count}) AS t(place)" for role, count in ROLES
    )
    world.make(
        "officer_drawn",
        f"""
        WITH posts AS (SELECT p.prov, p.code AS province, o.role, o.place FROM province AS p, ({posts}) AS o),
        numbered AS (SELECT *, row_number() OVER (PARTITION BY prov ORDER BY role, place) AS n FROM posts),
        heads AS (SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY u(p, #officer), p) AS n FROM person
                  WHERE relation = 'head' AND age BETWEEN 26 AND 56 AND died IS NULL
                      AND p NOT IN (SELECT p FROM worker))
        SELECT row_number() OVER (ORDER BY prov, role, place) - 1 AS o, n.prov, n.province, n.role, n.place, h.p,
               'CB' || n.province || '.' || lpad(CAST(n.n AS VARCHAR), 3, '0') AS code
        FROM numbered AS n LEFT JOIN heads AS h USING (prov, n) ORDER BY prov, role, place""",
    )
    assign(world, "officer_deed", "officer_drawn", "o", DEEDS)
    world.make(
        "officer",
        """SELECT d.*, coalesce(x.deed, '') AS deed, coalesce(x.strength, 0) AS strength
           FROM officer_drawn AS d LEFT JOIN officer_deed AS x ON x.id = d.o ORDER BY d.o""",
    )
    world.drop("officer_drawn")
    for role, count in ROLES:
        world.view(
            f"{role}_officer",
            f"""SELECT prov, place, code AS officer, p // 4 AS h, {count} AS n, deed, strength FROM officer
                WHERE role = '{role}'""",
        )


def deliver_officers(world: World) -> None:
    world.add(
        "vss_officer",
        """
        WITH spans AS (SELECT 'O' AS office, DATE '2018-01-01' AS since, DATE '2025-06-30' AS until
            UNION ALL SELECT 'T', DATE '2025-07-01', NULL)
        SELECT o.code AS officer_code, p.code AS person_code, s.office || o.province AS org_code, o.role AS role_code,
               s.since AS valid_from, s.until AS valid_to, $before AS recorded_at
        FROM officer AS o CROSS JOIN spans AS s LEFT JOIN person AS p ON p.p = o.p""",
    )
    world.add(
        "officer_identity",
        """
        SELECT o.code AS officer_code, n.full_name, lower(replace(o.code, '.', '')) AS user_name,
            $before AS recorded_at
           FROM officer AS o LEFT JOIN person_name AS n ON n.p = o.p""",
    )
    world.add(
        "user_role_grant",
        """
        SELECT 'Q-' || o.code AS grant_code, o.code AS officer_code,
                  CASE o.role WHEN 'collection' THEN 'TST' WHEN 'benefits' THEN 'TCS' WHEN 'hi_reviewer'
                      THEN 'GDBHYT' WHEN 'payment' THEN 'KTTT' ELSE 'TNHS' END AS system_code,
                  o.role AS role_code, a.officer AS granted_by_officer_code,
                      TIMESTAMP '2018-01-02 08:00:00' AS valid_from, $before AS recorded_at
           FROM officer AS o JOIN it_admin_officer AS a ON a.prov = o.prov""",
    )
    world.add(
        "target_plan",
        """
        SELECT 'T' || code AS org_code, '2026' AS period, i AS indicator,
            CAST(population_k * $months AS BIGINT) AS target,
            CAST(population_k * $months * 98 // 100 AS BIGINT) AS actual,
                  DATE '2026-09-30' AS reported_at, TIMESTAMP '2026-10-05 08:00:00' AS recorded_at
           FROM province, (VALUES ('si_compulsory'), ('si_voluntary'), ('ui'), ('hi')) AS t(i)
               WHERE $last >= DATE '2026-10-01'""",
    )
