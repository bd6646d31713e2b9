-- vi: Trợ cấp thất nghiệp đã chi theo quyết định và tháng
-- en: Unemployment allowance paid, by decision and month
-- grain: decision_id, pay_month
WITH decisions AS (
  SELECT decision_id, person_id, from_date, to_date
  FROM benefit_decision
  WHERE benefit_type = 'ui_allowance'),
paid AS (
  SELECT payment_id, decision_id, beneficiary_person_id AS person_id, pay_month, amount
  FROM benefit_payment
  WHERE benefit_type = 'ui_allowance' AND status = 'paid'),
matched AS (
  SELECT d.decision_id, d.person_id, p.pay_month, p.amount
  FROM paid AS p
  JOIN decisions AS d ON d.decision_id = p.decision_id
  UNION ALL
  -- A payment without its decision belongs to the person's decision of that time which began last.
  SELECT d.decision_id, d.person_id, p.pay_month, p.amount
  FROM paid AS p
  JOIN decisions AS d ON d.person_id = p.person_id AND p.pay_month >= calc.month(d.from_date)
    AND (d.to_date IS NULL OR p.pay_month <= d.to_date)
  WHERE p.decision_id IS NULL
  QUALIFY row_number() OVER (PARTITION BY p.payment_id ORDER BY d.from_date DESC, d.decision_id DESC) = 1)
SELECT decision_id, person_id, pay_month, sum(amount) AS amount
FROM matched
GROUP BY decision_id, person_id, pay_month
