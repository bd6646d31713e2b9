-- vi: Các nhóm so sánh rộng dần của mỗi cơ sở KCB: cùng cấp trong tỉnh (1), trong vùng (2), cả nước (3), mọi cơ sở (4)
-- en: The widening peer groups of a facility: its level in the province (1), region (2), nation (3), all facilities (4)
-- grain: facility_id, scope
-- A facility whose level is not known, or which the register does not hold, has the whole nation for peers.
WITH known AS (
  SELECT facility_id, technical_level, province_code, region_code
  FROM facility_peer
  UNION ALL
  SELECT c.facility_id, 'unknown', CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR)
  FROM (SELECT DISTINCT facility_id FROM hi_claim) AS c
  LEFT JOIN facility_peer AS p ON p.facility_id = c.facility_id
  WHERE p.facility_id IS NULL),
keyed AS (
  SELECT k.facility_id, s.scope,
         CASE WHEN s.scope = 4 THEN 'all'
              WHEN k.technical_level = 'unknown' THEN NULL
              WHEN s.scope = 3 THEN k.technical_level
              WHEN s.scope = 2 THEN k.technical_level || '/' || k.region_code
              ELSE k.technical_level || '/' || k.province_code END AS peer_key
  FROM known AS k
  JOIN (VALUES (1), (2), (3), (4)) AS s(scope) ON TRUE)
SELECT facility_id, scope, peer_key
FROM keyed
WHERE peer_key IS NOT NULL
