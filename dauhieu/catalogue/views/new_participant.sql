-- vi: Người mới tham gia BHXH tự nguyện, BHYT hộ gia đình (12 tháng trước không có): nơi thu, hạn đã đóng và ngày tham gia lại
-- en: New participants of voluntary SI and household HI (none in the 12 months before): who collected, cover paid, day of return
-- grain: kind, person_id, joined_on
-- `back_on` is the first day insured again: by a renewal (of health insurance in any group, such as pupils), or at work.
WITH payments AS (
  SELECT 'voluntary_si' AS kind, person_id, agent_id, paid_at AS paid_on, from_month AS cover_from, calc.last_day(to_month) AS cover_to,
         true AS is_kind
  FROM voluntary_contribution
  WHERE refunded_at IS NULL OR refunded_at > $as_of
  UNION ALL
  SELECT 'household_hi', person_id, agent_id, coalesce(paid_at, from_date), from_date, to_date, group_code = 'GD'
  FROM hi_enrolment
  WHERE to_date IS NOT NULL AND coalesce(paid_at, from_date) <= $as_of),
ordered AS (
  SELECT kind, person_id, agent_id, paid_on, cover_from, cover_to, is_kind,
         max(cover_to) OVER (PARTITION BY kind, person_id ORDER BY paid_on, cover_from, cover_to, agent_id
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_before,
         lead(greatest(paid_on, cover_from)) OVER (PARTITION BY kind, person_id ORDER BY paid_on, cover_from, cover_to, agent_id) AS renewed_on
  FROM payments
  WHERE cover_to >= cover_from),
joiners AS (
  SELECT kind, person_id, agent_id, paid_on, cover_to, renewed_on
  FROM ordered
  WHERE (covered_before IS NULL OR calc.add_months(covered_before, 12) < cover_from)
    AND is_kind AND paid_on > calc.add_months($as_of, -24)),
working AS (
  SELECT j.kind, j.person_id, j.paid_on, min(c.month) AS month
  FROM joiners AS j
  JOIN contribution_month AS c ON c.person_id = j.person_id AND c.scheme = 'compulsory' AND c.month >= calc.month(j.paid_on)
    AND CASE j.kind WHEN 'voluntary_si' THEN c.si_flag ELSE c.hi_flag END
    AND calc.month_window(c.month, 24)
  GROUP BY j.kind, j.person_id, j.paid_on)
SELECT j.kind, j.person_id, j.agent_id, j.paid_on AS joined_on, j.cover_to, least(j.renewed_on, w.month) AS back_on
FROM joiners AS j
LEFT JOIN working AS w ON w.kind = j.kind AND w.person_id = j.person_id AND w.paid_on = j.paid_on
