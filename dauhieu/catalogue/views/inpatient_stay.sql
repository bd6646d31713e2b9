-- vi: Đợt nội trú của người bệnh (nội trú, nội trú ban ngày, lưu trạm y tế), từ lúc vào nội trú đến lúc ra
-- en: Stays in bed (inpatient, day inpatient, commune station), from the moment admitted as inpatient to the discharge
-- grain: hi_claim_id
SELECT hi_claim_id, person_id, facility_id, care_type, inpatient_at, discharge_at, icd_main, hi_amount,
       referral_from_facility_id, referral_to_facility_id
FROM hi_claim
WHERE care_type IN ('03', '04', '06') AND inpatient_at IS NOT NULL AND person_id IS NOT NULL
