-- vi: Đợt nội trú đã ra viện trong 24 tháng: nhóm bệnh ICD 3 ký tự, nhóm tuổi, kết quả, số ngày, chi phí
-- en: Inpatient claims discharged in the last 24 months: three-character ICD, age band, outcome, days, cost
-- grain: hi_claim_id
-- Made of heads of claims alone. Without treatment days, the days between the dates of arrival and discharge stand.
WITH cases AS (
  SELECT c.hi_claim_id, c.facility_id, c.person_id, c.admission_at, c.discharge_at, date(c.discharge_at) AS discharged_on,
         left(upper(trim(c.icd_main)), 3) AS icd3,
         calc.years(coalesce(c.date_of_birth, p.date_of_birth), date(c.admission_at)) AS age,
         greatest(coalesce(c.treatment_days, date_diff('day', date(c.admission_at), date(c.discharge_at))), 1) AS days,
         c.result_code, c.discharge_code, c.referral_to_facility_id,
         coalesce(c.hi_amount, 0) AS hi_amount, greatest(coalesce(c.total_hi, 0), coalesce(c.hi_amount, 0)) AS cost
  FROM hi_claim AS c
  LEFT JOIN person AS p ON p.person_id = c.person_id
  WHERE c.care_type = '03' AND c.icd_main IS NOT NULL AND c.discharge_at >= c.admission_at
    AND calc.in_last_months(date(c.discharge_at), 24))
SELECT hi_claim_id, facility_id, person_id, admission_at, discharge_at, discharged_on, icd3,
       CASE WHEN age IS NULL THEN 'unknown' WHEN age < 6 THEN '00-05' WHEN age < 16 THEN '06-15' WHEN age < 40 THEN '16-39'
            WHEN age < 60 THEN '40-59' WHEN age < 80 THEN '60-79' ELSE '80+' END AS age_band,
       CASE WHEN result_code IN (5, 6) THEN 'died' WHEN discharge_code IN (2, 5) OR referral_to_facility_id IS NOT NULL THEN 'referred'
            WHEN result_code IN (3, 4) THEN 'not better' ELSE 'home' END AS outcome,
       discharge_code, days, cost, hi_amount
FROM cases
