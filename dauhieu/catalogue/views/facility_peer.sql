-- vi: Nhóm so sánh của từng cơ sở KCB: cấp chuyên môn, sở hữu, tỉnh, vùng
-- en: What makes the peers of a health facility: technical level, ownership, province, region
-- grain: facility_id
SELECT f.facility_id, coalesce(f.technical_level, 'unknown') AS technical_level,
       coalesce(f.ownership, 'unknown') AS ownership, p.province_code, p.region_code
FROM facility AS f
LEFT JOIN admin_province AS p ON p.admin_code = f.admin_code
