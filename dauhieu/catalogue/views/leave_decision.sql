-- vi: Quyết định hưởng ốm đau, thai sản, dưỡng sức còn hiệu lực chi, kèm đơn vị của người hưởng
-- en: Decisions on sickness, maternity and convalescence whose money has not come back, with the employer
-- grain: decision_id
-- The employer is that of the claim, else the last one which insured the person in the month of the leave or the month
-- before, one which reported the absence first.
WITH leaves AS (
  SELECT d.decision_id, d.claim_id, d.person_id, d.benefit_type, d.child_person_id, d.birth_id, d.facility_id,
         d.from_date, d.to_date, coalesce(d.to_date, d.from_date) AS last_date, d.days, d.amount, d.one_off_amount,
         coalesce(d.amount + d.one_off_amount, d.amount, d.one_off_amount) AS total_amount, d.decided_at, c.employer_id AS claim_employer_id
  FROM benefit_decision AS d
  LEFT JOIN benefit_claim AS c ON c.claim_id = d.claim_id
  LEFT JOIN returned_decision AS r ON r.decision_id = d.decision_id
  WHERE r.decision_id IS NULL
    AND d.benefit_type IN ('sickness', 'long_sickness', 'child_sick', 'prenatal', 'miscarriage', 'birth', 'adoption',
                           'paternity', 'contraception', 'recuperation_sick', 'recuperation_birth', 'recuperation_oad')),
insured AS (
  SELECT l.decision_id, c.employer_id
  FROM leaves AS l
  JOIN contribution_month AS c ON c.person_id = l.person_id
    AND c.month IN (calc.month(l.from_date), calc.add_months(calc.month(l.from_date), -1))
  WHERE l.claim_employer_id IS NULL AND c.employer_id IS NOT NULL
  QUALIFY row_number() OVER (
    PARTITION BY l.decision_id
    ORDER BY c.month DESC, CASE WHEN c.month_status IN ('sick', 'maternity') THEN 0 ELSE 1 END, c.employer_id) = 1)
SELECT l.decision_id, l.claim_id, l.person_id, l.benefit_type, l.child_person_id, l.birth_id, l.facility_id,
       l.from_date, l.to_date, l.last_date, date_diff('day', l.from_date, l.last_date) + 1 AS calendar_days,
       l.days, l.amount, l.one_off_amount, l.total_amount, l.decided_at,
       l.claim_employer_id, coalesce(l.claim_employer_id, i.employer_id) AS employer_id
FROM leaves AS l
LEFT JOIN insured AS i ON i.decision_id = l.decision_id
