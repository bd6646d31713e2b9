-- vi: Thu nhập từng người tại từng nơi trả trong năm trước, bên cạnh các tháng đóng BHXH tại đó và ở mọi nơi
-- en: What each payer returned for a person for the year before, beside the months insured there and anywhere
-- grain: tax_id, person_id
-- Empty unless the insurance history reaches back to January of that year: who is insured cannot be told without it.
WITH paid AS (
  SELECT i.tax_id, i.person_id,
         sum(i.months_paid) FILTER (WHERE i.contract_type = 'labour') AS labour_months,
         sum(i.taxable_income) FILTER (WHERE i.contract_type = 'labour') AS labour_income,
         sum(i.months_paid) FILTER (WHERE i.contract_type = 'casual') AS casual_months,
         sum(i.taxable_income) FILTER (WHERE i.contract_type = 'casual') AS casual_income
  FROM ext_tax_income AS i
  WHERE i.year = year($as_of) - 1
    AND EXISTS (SELECT 1 FROM contribution_month AS h WHERE h.si_flag AND h.month <= make_date(year($as_of) - 1, 1, 1))
  GROUP BY i.tax_id, i.person_id),
worked AS (
  SELECT c.person_id, e.tax_id, c.month, c.wage_base, c.month_status = 'working' AS is_working,
         c.wage_base >= law.si_base_cap_multiple(c.month) * law.statutory_base(c.month) AS is_at_cap
  FROM contribution_month AS c
  JOIN employer AS e ON e.employer_id = c.employer_id
  WHERE c.si_flag AND c.scheme = 'compulsory'
    AND c.month >= make_date(year($as_of) - 1, 1, 1) AND c.month < make_date(year($as_of), 1, 1)),
here AS (
  SELECT w.tax_id, w.person_id, count(DISTINCT w.month) AS months,
         count(w.wage_base) FILTER (WHERE w.is_working) AS wage_rows,
         sum(w.wage_base) FILTER (WHERE w.is_working) AS wage_sum,
         count_if(w.is_at_cap) AS rows_at_cap
  FROM worked AS w
  WHERE w.tax_id IS NOT NULL
  GROUP BY w.tax_id, w.person_id),
anywhere AS (
  SELECT w.person_id, count(DISTINCT w.month) AS months
  FROM worked AS w
  GROUP BY w.person_id),
pensioner AS (
  SELECT DISTINCT r.person_id
  FROM pension_record AS r
  WHERE r.status = 'paying' AND r.pension_type IN ('old_age', 'early', 'other_monthly')
    AND r.start_month < make_date(year($as_of), 1, 1))
SELECT p.tax_id, p.person_id, year($as_of) - 1 AS tax_year,
       CAST(p.labour_months AS BIGINT) AS labour_months, CAST(p.labour_income AS BIGINT) AS labour_income,
       CAST(p.casual_months AS BIGINT) AS casual_months, CAST(p.casual_income AS BIGINT) AS casual_income,
       coalesce(h.months, 0) AS months_here, coalesce(a.months, 0) AS months_anywhere,
       coalesce(h.wage_rows, 0) AS wage_rows, CAST(h.wage_sum AS BIGINT) AS wage_sum,
       coalesce(h.rows_at_cap, 0) AS rows_at_cap, r.person_id IS NOT NULL AS is_pensioner
FROM paid AS p
LEFT JOIN here AS h ON h.tax_id = p.tax_id AND h.person_id = p.person_id
LEFT JOIN anywhere AS a ON a.person_id = p.person_id
LEFT JOIN pensioner AS r ON r.person_id = p.person_id
