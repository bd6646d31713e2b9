-- vi: Mỗi người thực hiện của mỗi dòng dịch vụ, kèm hồ sơ, cơ sở, thời điểm và định mức thời gian
-- en: Every performer of every service line, with claim, facility, moment and standard time
-- grain: hi_claim_id, line_no, practitioner_id
WITH listed AS (
  SELECT DISTINCT hi_claim_id, line_no, practitioner_id
  FROM hi_claim_performer),
counted AS (
  SELECT hi_claim_id, line_no, practitioner_id, count(*) OVER (PARTITION BY hi_claim_id, line_no) AS performers
  FROM listed)
SELECT p.hi_claim_id, p.line_no, p.practitioner_id, p.performers, s.facility_id, s.service_code, s.cost_group,
       s.quantity, s.amount_hi, s.hi_amount, s.ordered_at, s.done_at, date(s.done_at) AS done_on, c.standard_minutes,
       -- Standard time of the line shared out among its performers, in millionths of a minute.
       coalesce(CAST(round(c.standard_minutes * s.quantity * 1000) AS BIGINT), 0) * 1000 // nullif(p.performers, 0) AS micro_minutes
FROM counted AS p
JOIN hi_claim_service AS s ON s.hi_claim_id = p.hi_claim_id AND s.line_no = p.line_no
LEFT JOIN service_catalogue AS c ON c.service_code = s.service_code
