-- vi: Khoảng ngày mà từng phiên bản dòng sổ bộ được coi là đúng, chỉ với những dòng đã từng thay đổi
-- en: The days for which each version of a register's row is taken as true, only for rows which ever changed
-- grain: kind, id, recorded_at
-- These registers hold no dates of their own: a version is taken as true from the day it was known (in Viet Nam) to the
-- day before the next, the first one also before that. What was never in force is left out.
WITH versions AS (
  SELECT 'employer' AS kind, employer_id AS id, recorded_at
  FROM history.employer
  WHERE (superseded_at IS NULL OR superseded_at > recorded_at)
    AND employer_id IN (SELECT employer_id FROM history.employer WHERE superseded_at IS NOT NULL)
  UNION ALL
  SELECT 'facility', facility_id, recorded_at
  FROM history.facility
  WHERE (superseded_at IS NULL OR superseded_at > recorded_at)
    AND facility_id IN (SELECT facility_id FROM history.facility WHERE superseded_at IS NOT NULL)
  UNION ALL
  SELECT 'agent', agent_id, recorded_at
  FROM history.collection_agent
  WHERE (superseded_at IS NULL OR superseded_at > recorded_at)
    AND agent_id IN (SELECT agent_id FROM history.collection_agent WHERE superseded_at IS NOT NULL)
  UNION ALL
  SELECT 'person', person_id, recorded_at
  FROM history.person
  WHERE (superseded_at IS NULL OR superseded_at > recorded_at)
    AND person_id IN (SELECT person_id FROM history.person WHERE superseded_at IS NOT NULL)),
ordered AS (
  SELECT kind, id, recorded_at, lag(recorded_at) OVER (PARTITION BY kind, id ORDER BY recorded_at) AS earlier_at,
         lead(recorded_at) OVER (PARTITION BY kind, id ORDER BY recorded_at) AS later_at
  FROM versions)
SELECT kind, id, recorded_at,
       CASE WHEN earlier_at IS NULL THEN DATE '0001-01-01' ELSE date(recorded_at + INTERVAL 7 HOUR) END AS valid_from,
       coalesce(date(later_at + INTERVAL 7 HOUR) - 1, DATE '9999-12-31') AS valid_to
FROM ordered
