-- vi: Số còn phải đóng của từng đơn vị, quỹ và tháng (chỉ những tháng còn nợ)
-- en: What is still open of the amounts due, by employer, fund and month (only where something is open)
-- grain: employer_id, fund, month
WITH paid AS (
  SELECT employer_id, allocated_fund AS fund, allocated_month AS month, sum(allocated_amount) AS amount
  FROM contribution_payment
  WHERE allocated_fund IS NOT NULL AND allocated_month IS NOT NULL
  GROUP BY employer_id, allocated_fund, allocated_month)
SELECT d.employer_id, d.fund, d.month, d.due_date,
       CAST(d.amount_due + coalesce(d.adjustment, 0) - coalesce(p.amount, 0) AS BIGINT) AS amount_open
FROM contribution_due AS d
LEFT JOIN paid AS p ON p.employer_id = d.employer_id AND p.fund = d.fund AND p.month = d.month
WHERE d.amount_due + coalesce(d.adjustment, 0) > coalesce(p.amount, 0)
