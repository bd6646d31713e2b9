-- vi: Quyết định nghỉ của lao động nam khi vợ sinh con và lần sinh là căn cứ: lần ghi trong quyết định, không có thì lần gần nhất trước ngày nghỉ
-- en: Decisions on a father's leave with the birth they are for: the one named, else his child's last birth before the leave
-- grain: decision_id
-- A birth more than 180 days before the leave is taken for another.
WITH births AS (
  SELECT d.decision_id, b.birth_id
  FROM leave_decision AS d
  JOIN birth_child AS b ON b.father_person_id = d.person_id AND b.birth_date BETWEEN d.from_date - 180 AND d.from_date
  WHERE d.benefit_type = 'paternity' AND d.birth_id IS NULL
  QUALIFY row_number() OVER (PARTITION BY d.decision_id ORDER BY b.birth_date DESC, b.birth_id) = 1)
SELECT d.decision_id, d.claim_id, d.person_id, d.employer_id, d.from_date, d.last_date, d.days, d.amount, d.total_amount,
       d.decided_at, r.birth_id, r.birth_date, r.mother_person_id, r.children_count, r.child_order, r.by_surgery,
       r.gestation_weeks
FROM leave_decision AS d
LEFT JOIN births AS b ON b.decision_id = d.decision_id
LEFT JOIN birth_record AS r ON r.birth_id = coalesce(d.birth_id, b.birth_id)
WHERE d.benefit_type = 'paternity'
