-- vi: Người thân của cán bộ BHXH và nhân viên thu: bản thân, quan hệ nhân thân một bậc, cùng hộ gia đình
-- en: Those near an officer or a collector: the person itself, kin of one degree, members of the same household
-- grain: officer_id, agent_staff_id, person_id
-- `valid_*` are the days in office, `near_*` those of the nearness: a marriage may end, a household is left.
WITH staff AS (
  SELECT officer_id, CAST(NULL AS BIGINT) AS agent_staff_id, person_id, min(valid_from) AS valid_from,
         max(coalesce(valid_to, DATE '9999-12-31')) AS valid_to
  FROM vss_officer
  WHERE person_id IS NOT NULL
  GROUP BY officer_id, person_id
  UNION ALL
  SELECT CAST(NULL AS BIGINT), agent_staff_id, person_id, DATE '0001-01-01', DATE '9999-12-31'
  FROM agent_staff
  WHERE person_id IS NOT NULL),
near AS (
  SELECT officer_id, agent_staff_id, valid_from, valid_to, person_id, 1 AS distance,
         DATE '0001-01-01' AS near_from, DATE '9999-12-31' AS near_to
  FROM staff
  UNION ALL
  SELECT s.officer_id, s.agent_staff_id, s.valid_from, s.valid_to, k.related_person_id, 2, k.valid_from, k.valid_to
  FROM staff AS s
  JOIN kin AS k ON k.person_id = s.person_id
  UNION ALL
  SELECT s.officer_id, s.agent_staff_id, s.valid_from, s.valid_to, b.person_id, 3,
         greatest(a.valid_from, b.valid_from),
         least(coalesce(a.valid_to, DATE '9999-12-31'), coalesce(b.valid_to, DATE '9999-12-31'))
  FROM staff AS s
  JOIN household_member AS a ON a.person_id = s.person_id
  JOIN household_member AS b ON b.household_id = a.household_id
  WHERE a.valid_from <= $as_of AND b.valid_from <= $as_of
    AND (a.valid_to IS NULL OR b.valid_from <= a.valid_to) AND (b.valid_to IS NULL OR a.valid_from <= b.valid_to))
SELECT officer_id, agent_staff_id, person_id, min(valid_from) AS valid_from, max(valid_to) AS valid_to,
       min(near_from) AS near_from, max(near_to) AS near_to,
       CASE min(distance) WHEN 1 THEN 'self' WHEN 2 THEN 'kin' ELSE 'household' END AS relation
FROM near
GROUP BY officer_id, agent_staff_id, person_id
