-- vi: Các nhóm so sánh rộng dần của mỗi đơn vị: cùng ngành (2 chữ số) trong tỉnh (1), trong vùng (2), cả nước (3)
-- en: The widening peer groups of an employer: its sector (2 digits) in the province (1), region (2), nation (3)
-- grain: employer_id, scope
-- An employer without a sector has no peers. The code may begin with the letter of the section: C14 is division 14.
WITH unit AS (
  SELECT e.employer_id, p.province_code, p.region_code,
         left(CASE WHEN regexp_matches(e.sector_code, '^[A-Z]') THEN substring(e.sector_code, 2) ELSE e.sector_code END, 2) AS sector
  FROM employer AS e
  LEFT JOIN admin_province AS p ON p.admin_code = e.admin_code
  WHERE e.sector_code IS NOT NULL),
keyed AS (
  SELECT u.employer_id, s.scope,
         CASE s.scope WHEN 1 THEN u.sector || '/' || u.province_code WHEN 2 THEN u.sector || '/' || u.region_code
                      ELSE u.sector END AS peer_key
  FROM unit AS u
  JOIN (VALUES (1), (2), (3)) AS s(scope) ON TRUE)
SELECT employer_id, scope, peer_key
FROM keyed
WHERE peer_key IS NOT NULL
