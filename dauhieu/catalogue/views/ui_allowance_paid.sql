-- vi: Quyết định trợ cấp thất nghiệp đã có chi trả; thiếu ngày kết thúc thì lấy cuối tháng chi gần nhất
-- en: Decisions on unemployment allowance with payments; without a last day, the end of the last month paid
-- grain: decision_id
WITH paid AS (
  SELECT decision_id, min(pay_month) AS first_paid_month, max(pay_month) AS last_paid_month, sum(amount) AS amount
  FROM ui_paid_month
  GROUP BY decision_id)
SELECT d.decision_id, d.person_id, d.claim_id, d.from_date, coalesce(d.to_date, calc.last_day(p.last_paid_month)) AS to_date,
       p.first_paid_month, p.last_paid_month, p.amount
FROM benefit_decision AS d
JOIN paid AS p ON p.decision_id = d.decision_id
WHERE d.benefit_type = 'ui_allowance'
