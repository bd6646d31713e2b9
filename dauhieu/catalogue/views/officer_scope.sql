-- vi: Các nhóm so sánh rộng dần của mỗi cán bộ: trong tỉnh (1), trong vùng (2), cả nước (3)
-- en: The widening peer groups of an officer: the province (1), the region (2), the nation (3)
-- grain: officer_id, scope
-- The place is that of the latest post. An officer whose office is not known has the whole nation for peers.
WITH posts AS (
  SELECT officer_id, org_code, role_code
  FROM vss_officer
  WHERE valid_from <= $as_of
  QUALIFY row_number() OVER (PARTITION BY officer_id ORDER BY valid_from DESC) = 1),
keyed AS (
  SELECT p.officer_id, p.org_code, p.role_code, o.province_code, s.scope,
         CASE s.scope WHEN 1 THEN o.province_code WHEN 2 THEN 'region/' || o.region_code ELSE 'nation' END AS peer_key
  FROM posts AS p
  LEFT JOIN office_province AS o ON o.org_code = p.org_code
  JOIN (VALUES (1), (2), (3)) AS s(scope) ON TRUE)
SELECT officer_id, org_code, role_code, province_code, scope, peer_key
FROM keyed
WHERE peer_key IS NOT NULL
