"""Provinces, districts, communes and social insurance offices, before and after 1 July 2025."""

from __future__ import annotations

from dauhieu.country.world import World

# Before 2025-07 a district office served the district; from then a base office serves several communes.
COMMUNES_PER_BASE_OFFICE = 8


def make_places(world: World) -> None:
    """`province`, `commune` (with its offices) and the slots which draw them."""
    world.make(
        "province",
        """SELECT CAST(row_number() OVER (ORDER BY code) - 1 AS INTEGER) AS prov, code, name, population_k, jobs_weight,
                  foreign_pct, region_ward, region_commune
           FROM ref_provinces ORDER BY code""",
    )
    world.make(
        "commune",
        f"""
        WITH old AS (
          SELECT successor_code AS code, min(district_code) AS district FROM ref_communes_before_2025 GROUP BY 1),
        placed AS (
          SELECT c.code, c.name, p.prov, p.code AS province, c.lat, c.lon,
                 CASE WHEN c.unit_type = 'Phường' THEN p.region_ward ELSE p.region_commune END AS region,
                 CASE c.unit_type WHEN 'Phường' THEN 30 WHEN 'Xã' THEN 14 ELSE 2 END AS weight, old.district,
                 row_number() OVER (PARTITION BY p.prov ORDER BY c.code) - 1 AS place
          FROM ref_communes AS c JOIN province AS p ON p.code = c.province_code LEFT JOIN old ON old.code = c.code)
        SELECT CAST(row_number() OVER (ORDER BY code) - 1 AS INTEGER) AS c, code, name, prov, province, lat, lon,
            region,
               weight, coalesce('H' || district, 'T' || province) AS old_office,
               'C' || province || lpad(CAST(place // {COMMUNES_PER_BASE_OFFICE} AS VARCHAR), 3, '0') AS office
        FROM placed ORDER BY code""",
    )
    world.slots("province_slot", "province", columns="prov, code AS province", weight="population_k", size=10_000)
    world.slots(
        "commune_slot", "commune", columns="c, code, region, old_office, office", weight="weight", by="prov", size=1000
    )


def deliver_places(world: World) -> None:
    """`admin_unit` and `vss_org_unit` with both maps and the successors between them."""
    world.add(
        "admin_unit",
        """
        WITH units AS (
          SELECT p.code, p.name, 'province' AS level, NULL AS parent, NULL AS region, p.successor_code AS successor,
                 true AS old, NULL AS lat, NULL AS lon
          FROM ref_provinces_before_2025 AS p
          UNION ALL
          SELECT d.code, d.name, 'district', d.province_code, NULL, NULL, true, NULL, NULL
          FROM ref_districts_before_2025 AS d
          UNION ALL
          SELECT c.code, c.name, 'commune', c.district_code, n.region, c.successor_code, true, n.lat, n.lon
          FROM ref_communes_before_2025 AS c LEFT JOIN commune AS n ON n.code = c.successor_code
          UNION ALL
          SELECT code, name, 'province', NULL, NULL, NULL, false, NULL, NULL FROM province
          UNION ALL
          SELECT code, name, 'commune', province, region, NULL, false, lat, lon FROM commune)
        SELECT code AS admin_code, name AS name_vi, level, parent AS parent_code, region AS wage_region,
               CASE WHEN old THEN DATE '2004-01-01' ELSE DATE '2025-07-01' END AS valid_from,
               CASE WHEN old THEN DATE '2025-06-30' END AS valid_to, successor AS successor_code,
               lat AS latitude, lon AS longitude, $before AS recorded_at
        FROM units""",
    )
    world.add(
        "vss_org_unit",
        """
        WITH units AS (
          SELECT 'TW' AS code, '[Mẫu] BHXH Việt Nam' AS name, 'central' AS level, NULL AS parent, '01' AS place,
                 DATE '1995-01-01' AS since, NULL AS until
          UNION ALL
          SELECT 'T' || code, '[Mẫu] BHXH ' || name, 'province', 'TW', code, DATE '2025-07-01', NULL FROM province
          UNION ALL
          SELECT 'O' || code, '[Mẫu] BHXH ' || name, 'province', 'TW', code, DATE '1995-01-01', DATE '2025-06-30'
          FROM ref_provinces_before_2025
          UNION ALL
          SELECT DISTINCT 'H' || d.code, '[Mẫu] BHXH ' || d.name, 'district', 'O' || d.province_code, d.code,
                 DATE '1995-01-01', DATE '2025-06-30'
          FROM ref_districts_before_2025 AS d
          UNION ALL
          SELECT office, '[Mẫu] BHXH cơ sở ' || office, 'base', 'T' || province, min(code), DATE '2025-07-01', NULL
          FROM commune GROUP BY office, province)
        SELECT code AS org_code, name AS name_vi, level, parent AS parent_org_code, place AS admin_code,
               since AS valid_from, until AS valid_to, $before AS recorded_at
        FROM units""",
    )
