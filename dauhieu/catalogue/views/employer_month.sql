-- vi: Số lao động và quỹ lương đóng BHXH của từng đơn vị theo tháng
-- en: Insured headcount and payroll of every employer by month
-- grain: employer_id, month
-- The funds of social insurance only: a month in which one of them is suspended still counts its workers.
SELECT employer_id, month, max(headcount) AS headcount, max(wage_fund) AS wage_fund
FROM contribution_due
WHERE fund IN ('retirement', 'sickness_maternity')
GROUP BY employer_id, month
