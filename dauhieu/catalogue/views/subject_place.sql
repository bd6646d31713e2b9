-- vi: Địa bàn, cơ quan quản lý và khối của từng đối tượng theo thời gian
-- en: Area, office and block of every subject which has a place, over time
-- grain: subject_kind, subject_id, valid_from
-- The days of a subject have no gap and no overlap: any day has one place, and the one up to 9999 is the present place.
WITH employers AS (
  SELECT h.employer_id, h.admin_code, h.org_code, h.block_code,
         coalesce(s.valid_from, DATE '0001-01-01') AS valid_from, coalesce(s.valid_to, DATE '9999-12-31') AS valid_to
  FROM history.employer AS h
  LEFT JOIN register_span AS s ON s.kind = 'employer' AND s.id = h.employer_id AND s.recorded_at = h.recorded_at
  WHERE h.superseded_at IS NULL OR h.superseded_at > h.recorded_at),
facilities AS (
  SELECT h.facility_id, h.admin_code, h.org_code, h.ownership AS block_code,
         coalesce(s.valid_from, DATE '0001-01-01') AS valid_from, coalesce(s.valid_to, DATE '9999-12-31') AS valid_to
  FROM history.facility AS h
  LEFT JOIN register_span AS s ON s.kind = 'facility' AND s.id = h.facility_id AND s.recorded_at = h.recorded_at
  WHERE h.superseded_at IS NULL OR h.superseded_at > h.recorded_at),
persons AS (
  SELECT h.person_id, h.current_admin_code AS admin_code,
         coalesce(s.valid_from, DATE '0001-01-01') AS valid_from, coalesce(s.valid_to, DATE '9999-12-31') AS valid_to
  FROM history.person AS h
  LEFT JOIN register_span AS s ON s.kind = 'person' AND s.id = h.person_id AND s.recorded_at = h.recorded_at
  WHERE h.superseded_at IS NULL OR h.superseded_at > h.recorded_at),
registrations AS (
  -- On each day on which something changed: the registration then in force, else the one which ended last.
  SELECT d.practitioner_id, d.day, r.facility_id
  FROM (SELECT practitioner_id, valid_from AS day FROM practitioner_registration
        UNION
        SELECT practitioner_id, valid_to + 1 FROM practitioner_registration WHERE valid_to IS NOT NULL) AS d
  JOIN practitioner_registration AS r ON r.practitioner_id = d.practitioner_id AND r.valid_from <= d.day
  QUALIFY row_number() OVER (
    PARTITION BY d.practitioner_id, d.day
    ORDER BY coalesce(r.valid_to, DATE '9999-12-31') >= d.day DESC, r.valid_from DESC, r.facility_id) = 1),
practitioners AS (
  SELECT practitioner_id, facility_id,
         CASE WHEN lag(day) OVER (PARTITION BY practitioner_id ORDER BY day) IS NULL THEN DATE '0001-01-01' ELSE day END AS valid_from,
         coalesce(lead(day) OVER (PARTITION BY practitioner_id ORDER BY day) - 1, DATE '9999-12-31') AS valid_to
  FROM registrations),
officers AS (
  SELECT officer_id, org_code,
         CASE WHEN lag(valid_from) OVER (PARTITION BY officer_id ORDER BY valid_from) IS NULL THEN DATE '0001-01-01'
              ELSE valid_from END AS valid_from,
         coalesce(lead(valid_from) OVER (PARTITION BY officer_id ORDER BY valid_from) - 1, DATE '9999-12-31') AS valid_to
  FROM vss_officer),
offices AS (
  SELECT org_code, admin_code,
         CASE WHEN lag(valid_from) OVER (PARTITION BY org_code ORDER BY valid_from) IS NULL THEN DATE '0001-01-01'
              ELSE valid_from END AS valid_from,
         coalesce(lead(valid_from) OVER (PARTITION BY org_code ORDER BY valid_from) - 1, DATE '9999-12-31') AS valid_to
  FROM vss_org_unit),
workers AS (
  SELECT w.person_id, e.org_code, e.block_code,
         greatest(w.valid_from, coalesce(e.valid_from, w.valid_from)) AS valid_from,
         least(w.valid_to, coalesce(e.valid_to, w.valid_to)) AS valid_to
  FROM person_employer AS w
  LEFT JOIN employers AS e ON e.employer_id = w.employer_id AND e.valid_from <= w.valid_to AND w.valid_from <= e.valid_to),
places AS (
  SELECT 'employer' AS subject_kind, employer_id AS subject_id, valid_from, valid_to, admin_code AS area_code, org_code, block_code
  FROM employers
  UNION ALL
  SELECT 'facility', facility_id, valid_from, valid_to, admin_code, org_code, block_code
  FROM facilities
  UNION ALL
  SELECT 'person', coalesce(p.person_id, w.person_id), greatest(coalesce(p.valid_from, w.valid_from), coalesce(w.valid_from, p.valid_from)),
         least(coalesce(p.valid_to, w.valid_to), coalesce(w.valid_to, p.valid_to)), p.admin_code, w.org_code, w.block_code
  FROM persons AS p
  FULL JOIN workers AS w ON w.person_id = p.person_id AND w.valid_from <= p.valid_to AND p.valid_from <= w.valid_to
  UNION ALL
  SELECT 'practitioner', r.practitioner_id, greatest(r.valid_from, f.valid_from), least(r.valid_to, f.valid_to),
         f.admin_code, f.org_code, f.block_code
  FROM practitioners AS r
  JOIN facilities AS f ON f.facility_id = r.facility_id AND f.valid_from <= r.valid_to AND r.valid_from <= f.valid_to
  UNION ALL
  SELECT 'officer', o.officer_id, greatest(o.valid_from, coalesce(u.valid_from, o.valid_from)),
         least(o.valid_to, coalesce(u.valid_to, o.valid_to)), u.admin_code, o.org_code, CAST(NULL AS VARCHAR)
  FROM officers AS o
  LEFT JOIN offices AS u ON u.org_code = o.org_code AND u.valid_from <= o.valid_to AND o.valid_from <= u.valid_to
  UNION ALL
  SELECT 'agent', h.agent_id, coalesce(s.valid_from, DATE '0001-01-01'), coalesce(s.valid_to, DATE '9999-12-31'),
         h.admin_code, h.org_code, CAST(NULL AS VARCHAR)
  FROM history.collection_agent AS h
  LEFT JOIN register_span AS s ON s.kind = 'agent' AND s.id = h.agent_id AND s.recorded_at = h.recorded_at
  WHERE h.superseded_at IS NULL OR h.superseded_at > h.recorded_at)
SELECT subject_kind, subject_id, valid_from, valid_to, area_code, org_code, block_code
FROM places
WHERE valid_from <= valid_to
