-- vi: Đơn vị đóng BHXH của từng người theo thời gian: từ tháng chuyển đến đơn vị này đến trước tháng chuyển đi
-- en: The employer which insured a person over time: from the month of coming to the last day before the next employer
-- grain: person_id, valid_from
-- Without gaps: the first employer also stands for the time before, the last one for the time after. Of two employers
-- in one month the one with the larger number stands, so that the answer is one.
WITH employed AS (
  SELECT person_id, min(employer_id) AS least_id, max(employer_id) AS largest_id
  FROM contribution_month
  WHERE employer_id IS NOT NULL
  GROUP BY person_id),
months AS (
  -- Most people have one employer; only the months of the others are looked at one by one.
  SELECT c.person_id, c.month, max(c.employer_id) AS employer_id
  FROM contribution_month AS c
  JOIN employed AS e ON e.person_id = c.person_id AND e.least_id < e.largest_id
  WHERE c.employer_id IS NOT NULL
  GROUP BY c.person_id, c.month),
moves AS (
  SELECT person_id, month, employer_id
  FROM months
  QUALIFY lag(employer_id) OVER (PARTITION BY person_id ORDER BY month) IS DISTINCT FROM employer_id),
spells AS (
  SELECT person_id, employer_id, month, lag(month) OVER (PARTITION BY person_id ORDER BY month) AS earlier,
         lead(month) OVER (PARTITION BY person_id ORDER BY month) AS later
  FROM moves)
SELECT person_id, employer_id, CASE WHEN earlier IS NULL THEN DATE '0001-01-01' ELSE month END AS valid_from,
       coalesce(later - 1, DATE '9999-12-31') AS valid_to
FROM spells
UNION ALL
SELECT person_id, least_id, DATE '0001-01-01', DATE '9999-12-31'
FROM employed
WHERE least_id = largest_id
