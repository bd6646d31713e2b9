"""Where communes lie: in the provinces of today, and in those of before July 2025."""

from __future__ import annotations

# Each commune with its province of today and of before July 2025. Codes of communes live on through the reform, so a
# code is looked for in both times; what is only of before has its successor's province of today. Provinces stand in it
# too: collection agents work in a whole one.
AREA = """
    WITH now AS (SELECT admin_code, parent_code FROM stored_admin_unit
                 WHERE level = 'commune' AND valid_to IS NULL AND superseded_at IS NULL),
    former AS (
      SELECT c.admin_code, c.successor_code, d.parent_code AS former_province
      FROM stored_admin_unit AS c
      JOIN stored_admin_unit AS d ON d.admin_code = c.parent_code AND d.level = 'district' AND d.superseded_at IS NULL
      WHERE c.level = 'commune' AND c.valid_to IS NOT NULL AND c.superseded_at IS NULL),
    merged AS (SELECT successor_code AS admin_code, min(former_province) AS former_province FROM former GROUP BY 1)
    SELECT coalesce(n.admin_code, f.admin_code) AS area_code,
           coalesce(n.parent_code, s.parent_code) AS province,
           coalesce(f.former_province, m.former_province) AS former_province
    FROM now AS n FULL JOIN former AS f ON f.admin_code = n.admin_code
    LEFT JOIN now AS s ON s.admin_code = f.successor_code
    LEFT JOIN merged AS m ON m.admin_code = n.admin_code
    UNION ALL
    SELECT admin_code, max(CASE WHEN valid_to IS NULL THEN admin_code ELSE successor_code END),
           max(CASE WHEN valid_to IS NOT NULL THEN admin_code END)
    FROM stored_admin_unit WHERE level = 'province' AND superseded_at IS NULL GROUP BY admin_code"""
