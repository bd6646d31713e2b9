-- vi: Mọi dòng chi phí của hồ sơ: thuốc; dịch vụ, giường và vật tư
-- en: All cost lines of claims: drugs; services, beds and supplies
-- grain: hi_claim_id, line_kind, line_no
SELECT hi_claim_id, 'drug' AS line_kind, line_no, facility_id, admitted_on, drug_code AS code, cost_group, scope_code, source_code,
       quantity, amount_hospital, amount_hi, hi_amount, CAST(NULL AS DECIMAL(18, 3)) AS self_paid, other_source, benefit_pct,
       payment_mode, practitioner_id, ordered_at, done_at
FROM hi_claim_drug
UNION ALL
SELECT hi_claim_id, 'service', line_no, facility_id, admitted_on, coalesce(supply_code, service_code), cost_group, scope_code,
       CAST(NULL AS INTEGER), quantity, amount_hospital, amount_hi, hi_amount, self_paid, other_source, benefit_pct, payment_mode,
       practitioner_id, ordered_at, done_at
FROM hi_claim_service
