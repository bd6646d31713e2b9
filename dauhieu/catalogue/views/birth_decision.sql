-- vi: Quyết định hưởng thai sản khi sinh con và lần sinh gần nhất với ngày nghỉ
-- en: Birth decisions with the birth of that mother nearest to the first day of leave
-- grain: decision_id
-- Leave begins at most two months before the birth and never long after it, so a birth further than 62 days off is another.
-- A decision which names its birth keeps that one.
WITH births AS (
  SELECT d.decision_id, b.birth_id, b.birth_date, b.child_person_id
  FROM leave_decision AS d
  JOIN birth_child AS b ON b.mother_person_id = d.person_id AND b.birth_date BETWEEN d.from_date - 62 AND d.from_date + 62
  WHERE d.benefit_type = 'birth'
  QUALIFY row_number() OVER (
    PARTITION BY d.decision_id ORDER BY abs(date_diff('day', d.from_date, b.birth_date)), b.birth_id) = 1)
SELECT d.decision_id, d.claim_id, d.person_id, d.employer_id, d.from_date, d.to_date, d.last_date, d.amount,
       d.total_amount, d.decided_at, coalesce(r.birth_id, b.birth_id) AS birth_id,
       coalesce(r.birth_date, b.birth_date) AS birth_date,
       coalesce(d.child_person_id, r.child_person_id, b.child_person_id) AS child_person_id
FROM leave_decision AS d
LEFT JOIN birth_record AS r ON r.birth_id = d.birth_id
LEFT JOIN births AS b ON b.decision_id = d.decision_id
WHERE d.benefit_type = 'birth'
