"""Employers: where they are, what they do, how large they are, and which deed one of them does."""

from __future__ import annotations

from dauhieu.country.behaviours.deed import assign
from dauhieu.country.behaviours.employers import DEEDS
from dauhieu.country.world import World

# Share of employers (per mille) whose headcount lies in a range: the shape of the business census.
SIZES = ((400, 2, 4), (310, 5, 12), (170, 13, 40), (85, 41, 150), (27, 151, 600), (7, 601, 3000), (1, 3001, 9000))
LEGAL_FORM = """
    CASE block WHEN 'state' THEN 'DNNN' WHEN 'foreign_invested' THEN 'FDI' WHEN 'public_unit' THEN 'DVSN'
                WHEN 'cooperative' THEN 'HTX' WHEN 'household_business' THEN 'HKD' WHEN 'commune' THEN 'UBND'
                    ELSE 'TNHH' END"""


def make_employers(world: World) -> None:
    """`employer`: e counts them; `weight` is its share of the province's jobs before thinning."""
    world.slots(
        "sector_slot", "ref_sectors", columns="code, name, mean_size, wage_pct, female_pct, hazard_pct", weight="weight"
    )
    world.slots(
        "job_province_slot",
        "province",
        columns="prov, code AS province, foreign_pct",
        weight="population_k * jobs_weight",
        size=10_000,
    )
    sizes = " UNION ALL ".join(f"SELECT {share} AS weight, {low} AS low, {high} AS high" for share, low, high in SIZES)
    world.slots("size_slot", f"({sizes})", columns="low, high", weight="weight")
    world.make(
        "employer_drawn",
        """
        WITH placed AS (
          -- The first few rounds go to every province in turn, so that none is left without employers.
          SELECT e, CASE WHEN e < 34 * 6 THEN CAST(e % 34 AS INTEGER) ELSE js.prov END AS prov
          FROM range($employers) AS t(e) JOIN job_province_slot AS js ON js.slot = u(e, #jobprovince) % 10000)
        SELECT p.e, p.prov, pr.code AS province, pr.foreign_pct, cs.c, cs.code AS commune, cs.region, cs.office,
            cs.old_office,
               ss.code AS sector, ss.name AS sector_name, ss.wage_pct, ss.female_pct, ss.hazard_pct,
               greatest(1, pick(p.e, #size, zs.low, zs.high) * (ss.mean_size + 24) // 48) AS weight
        FROM placed AS p JOIN province AS pr ON pr.prov = p.prov
        JOIN commune_slot AS cs ON cs.grp = p.prov AND cs.slot = u(p.e, #jobcommune) % 1000
        JOIN sector_slot AS ss ON ss.slot = u(p.e, #sector) % 1000
        JOIN size_slot AS zs ON zs.slot = u(p.e, #sizeband) % 1000
        ORDER BY p.e""",
    )
    world.make(
        "employer_sized",
        """
        WITH jobs AS (SELECT prov, count(*) * 82 // 100 AS jobs FROM worker GROUP BY prov),
        weights AS (SELECT prov, sum(weight) AS total FROM employer_drawn GROUP BY prov)
        SELECT d.*, CAST(greatest(1, d.weight * j.jobs // w.total) AS BIGINT) AS size,
               CASE WHEN sector IN ('O84') THEN CASE WHEN ppm(e, #block) < 400000 THEN 'commune' ELSE 'state' END
                    WHEN sector IN ('P85', 'Q86') THEN CASE WHEN ppm(e, #block) < 700000 THEN 'public_unit'
                        ELSE 'private' END
                    WHEN weight > 60 AND ppm(e, #block) < foreign_pct * 14000 THEN 'foreign_invested'
                    WHEN ppm(e, #block) > 985000 THEN 'cooperative'
                    WHEN weight < 6 AND ppm(e, #block) > 850000 THEN 'household_business'
                    WHEN ppm(e, #block) > 970000 THEN 'state' ELSE 'private' END AS block
        FROM employer_drawn AS d JOIN jobs AS j USING (prov) JOIN weights AS w USING (prov) ORDER BY e""",
    )
    assign(world, "employer_deed", "employer_sized", "e", DEEDS)
    world.make(
        "employer",
        f"""
        SELECT s.*, {LEGAL_FORM} AS legal_form,
               province || CASE block WHEN 'state' THEN 'A' WHEN 'foreign_invested' THEN 'F' ELSE 'T' END
                 || lpad(CAST((e * 7919 + 13) % 10000000 AS VARCHAR), 7, '0') AS code,
               province || lpad(CAST((e * 104729 + 7) % 100000000 AS VARCHAR), 8, '0') AS tax_code,
               '[Mẫu] ' || CASE block WHEN 'public_unit' THEN 'Đơn vị ' WHEN 'state' THEN 'Cơ quan ' WHEN 'commune'
                   THEN 'UBND xã '
                 WHEN 'cooperative' THEN 'HTX ' WHEN 'household_business' THEN 'Hộ KD ' ELSE 'Công ty ' END
                 || sector_name || ' ' || CAST(e + 1 AS VARCHAR) AS name,
               -- A household head, where the firm itself has nobody to stand for it.
               4 * (u(e, #rep) % ($persons // 4)) AS rep,
               'SO ' || CAST(pick(e, #number, 1, 400) AS VARCHAR) || ' DUONG '
                   || CAST(pick(e, #street, 1, 60) AS VARCHAR) || ' ' || commune AS address,
               '02' || lpad(CAST((e * 9973 + 5) % 100000000 AS VARCHAR), 8, '0') AS phone,
               DATE '1998-01-01' + CAST(u(e, #established) % 9000 AS INTEGER) AS established,
               CASE WHEN sector IN ('A01', 'S96') AND ppm(e, #cycle) < 30000 THEN 'quarterly'
                   ELSE 'monthly' END AS cycle,
               coalesce(d.deed, '') AS deed, coalesce(d.strength, 0) AS strength
        FROM employer_sized AS s LEFT JOIN employer_deed AS d ON d.id = s.e ORDER BY s.e""",
    )
    world.drop("employer_drawn", "employer_sized")


def make_representatives(world: World) -> None:
    """Who stands for a firm mostly works in it; some are insured elsewhere or draw a pension, a few are neither."""
    world.make(
        "representative",
        """
        WITH open AS (
          SELECT s.e, s.p, s.prov,
              row_number() OVER (PARTITION BY s.e ORDER BY s.position <> 'manager', s.dob, s.s) AS n
          FROM spell AS s JOIN worker AS w USING (p) JOIN person AS q USING (p)
          WHERE NOT s.hidden AND NOT s.ghost AND s.from_m < 0 AND s.to_m IS NULL AND w.last_m IS NULL
            AND q.died IS NULL AND q.age >= 27
            -- Nobody stands for a firm about whose files the own household decides.
            AND q.h NOT IN (SELECT p // 4 FROM officer WHERE p IS NOT NULL)),
        elsewhere AS (
          SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY u(p, #rep), p) - 1 AS n,
              count(*) OVER (PARTITION BY prov) AS k FROM open WHERE n = 1),
        retired AS (
          SELECT q.p, q.prov, row_number() OVER (PARTITION BY q.prov ORDER BY u(q.p, #rep), q.p) - 1 AS n,
              count(*) OVER (PARTITION BY q.prov) AS k
          FROM person AS q JOIN (SELECT p FROM pension WHERE kind <> 'survivors' AND start_month < $first GROUP BY p)
              AS r ON r.p = q.p
          WHERE q.died IS NULL AND q.age < 76 AND q.h NOT IN (SELECT p // 4 FROM officer WHERE p IS NOT NULL)),
        drawn AS (
          SELECT e, prov, deed, u(e, #repkind) % 100 AS kind FROM employer
          WHERE block NOT IN ('state', 'commune', 'public_unit') AND deed <> 'shell'
            AND e NOT IN (SELECT e FROM reborn UNION SELECT new_e FROM reborn))
        SELECT d.e, CASE WHEN d.kind < 78 THEN coalesce(o.p, x.p) WHEN d.kind < 86 THEN x.p WHEN d.kind < 97 THEN r.p
            END AS p
        FROM drawn AS d LEFT JOIN open AS o ON o.e = d.e AND o.n = 1
        LEFT JOIN elsewhere AS x ON x.prov = d.prov AND x.n = u(d.e, #repelsewhere) % x.k
        LEFT JOIN retired AS r ON r.prov = d.prov AND r.n = u(d.e, #repretired) % r.k""",
    )
    world.run("UPDATE employer SET rep = r.p FROM representative AS r WHERE r.e = employer.e AND r.p IS NOT NULL")
    world.drop("representative")
