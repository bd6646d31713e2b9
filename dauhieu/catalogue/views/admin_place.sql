-- vi: Toạ độ của từng mã đơn vị hành chính: của chính nó, không có thì của tỉnh
-- en: Where each administrative code lies: its own coordinates, else those of its province
-- grain: admin_code
WITH units AS (
  SELECT admin_code, latitude, longitude
  FROM admin_unit
  WHERE valid_from <= $as_of
  QUALIFY row_number() OVER (PARTITION BY admin_code ORDER BY valid_from DESC) = 1)
SELECT u.admin_code, p.province_code,
       CASE WHEN u.latitude IS NULL OR u.longitude IS NULL THEN v.latitude ELSE u.latitude END AS latitude,
       CASE WHEN u.latitude IS NULL OR u.longitude IS NULL THEN v.longitude ELSE u.longitude END AS longitude
FROM units AS u
LEFT JOIN admin_province AS p ON p.admin_code = u.admin_code
LEFT JOIN units AS v ON v.admin_code = p.province_code
