-- vi: Cấp, tỉnh và vùng của từng cơ quan BHXH tại ngày quét
-- en: Level, province and region of every office of the agency, as of the scan
-- grain: org_code
WITH units AS (
  SELECT org_code, level, admin_code
  FROM vss_org_unit
  WHERE valid_from <= $as_of
  QUALIFY row_number() OVER (PARTITION BY org_code ORDER BY valid_from DESC) = 1)
SELECT u.org_code, u.level, p.province_code, p.region_code
FROM units AS u
LEFT JOIN admin_province AS p ON p.admin_code = u.admin_code
