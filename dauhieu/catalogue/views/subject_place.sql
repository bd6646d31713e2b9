-- vi: Địa bàn, cơ quan quản lý và khối của từng đối tượng
-- en: Area, office and block of every subject which has a place
-- grain: subject_kind, subject_id
WITH last_work AS (
  SELECT person_id, arg_max(employer_id, month) AS employer_id
  FROM contribution_month
  WHERE employer_id IS NOT NULL
  GROUP BY person_id),
last_registration AS (
  SELECT practitioner_id, arg_max(facility_id, valid_from) AS facility_id
  FROM practitioner_registration
  GROUP BY practitioner_id)
SELECT 'employer' AS subject_kind, e.employer_id AS subject_id, e.admin_code AS area_code, e.org_code, e.block_code
FROM employer AS e
UNION ALL
SELECT 'person', coalesce(p.person_id, w.person_id), p.current_admin_code, e.org_code, e.block_code
FROM person AS p
FULL JOIN last_work AS w ON w.person_id = p.person_id
LEFT JOIN employer AS e ON e.employer_id = w.employer_id
UNION ALL
SELECT 'facility', f.facility_id, f.admin_code, f.org_code, f.ownership
FROM facility AS f
UNION ALL
SELECT 'practitioner', r.practitioner_id, f.admin_code, f.org_code, f.ownership
FROM last_registration AS r
JOIN facility AS f ON f.facility_id = r.facility_id
UNION ALL
SELECT 'officer', o.officer_id, u.admin_code, o.org_code, CAST(NULL AS VARCHAR)
FROM vss_officer AS o
LEFT JOIN vss_org_unit AS u ON u.org_code = o.org_code
UNION ALL
SELECT 'agent', a.agent_id, a.admin_code, a.org_code, CAST(NULL AS VARCHAR)
FROM collection_agent AS a
