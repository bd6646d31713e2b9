-- vi: Tỉnh (hiện hành tại ngày quét) của từng mã đơn vị hành chính, và vùng nếu dữ liệu có cấp trên tỉnh
-- en: The province, as of the scan, of every administrative code, and the region where the units have one above provinces
-- grain: admin_code
-- Codes are never used again, so the latest row of a code tells where it belonged. A province which was merged stands
-- for its successor.
WITH units AS (
  SELECT admin_code, level, parent_code, CASE WHEN valid_to < $as_of THEN successor_code END AS successor_code
  FROM admin_unit
  WHERE valid_from <= $as_of
  QUALIFY row_number() OVER (PARTITION BY admin_code ORDER BY valid_from DESC) = 1),
provinces AS (
  SELECT p.admin_code, coalesce(s.admin_code, p.admin_code) AS province_code,
         coalesce(s.parent_code, p.parent_code) AS region_code
  FROM units AS p
  LEFT JOIN units AS s ON s.admin_code = p.successor_code AND s.level = 'province'
  WHERE p.level = 'province'),
climbed AS (
  SELECT u.admin_code,
         CASE WHEN u.level = 'province' THEN u.admin_code
              WHEN a.level = 'province' THEN a.admin_code
              WHEN b.level = 'province' THEN b.admin_code END AS top_code
  FROM units AS u
  LEFT JOIN units AS a ON a.admin_code = u.parent_code
  LEFT JOIN units AS b ON b.admin_code = a.parent_code)
SELECT c.admin_code, p.province_code, p.region_code
FROM climbed AS c
JOIN provinces AS p ON p.admin_code = c.top_code
