-- vi: Đơn vị đại diện cho mỗi mã số thuế: đơn vị có mã nhỏ nhất
-- en: The employer which stands for a tax code: the one with the lowest code
-- grain: tax_id
SELECT e.tax_id, arg_min(e.employer_id, k.code) AS employer_id
FROM employer AS e
JOIN keys.employer AS k ON k.id = e.employer_id
WHERE e.tax_id IS NOT NULL
GROUP BY e.tax_id
