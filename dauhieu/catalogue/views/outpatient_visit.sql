-- vi: Hồ sơ ngoại trú: khám, điều trị ngoại trú, bệnh mạn tính, lĩnh thuốc theo hẹn
-- en: Outpatient claims: visits, outpatient treatment, chronic disease, pick-up of drugs by appointment
-- grain: hi_claim_id
SELECT hi_claim_id, person_id, facility_id, care_type, admission_at, calc.month(date(admission_at)) AS month, icd_main,
       total_hi, drug_total, hi_amount
FROM hi_claim
WHERE care_type IN ('01', '02', '05', '07', '08') AND person_id IS NOT NULL
