-- vi: Các tháng tham gia BHXH của từng người, mỗi tháng một dòng dù đóng ở nhiều nơi
-- en: The months in which a person is socially insured, one row a month however many employers
-- grain: person_id, month
SELECT DISTINCT person_id, month
FROM contribution_month
WHERE si_flag
