-- vi: Tài khoản, điện thoại, thiết bị, địa chỉ mạng dùng cho từ hai người trở lên: mỗi vật và mỗi người một dòng
-- en: Accounts, phones, devices and network addresses used by two persons or more, one row for each thing and person
-- grain: seat
-- Accounts are those paid in the last 24 months, devices and addresses those used in the last 12. A declaration sent by a
-- collection agent is left out: strangers share an agent lawfully. So is the gateway of an I-VAN provider: an address
-- through which 20 employers or more sent declarations by I-VAN is the provider's and tells nothing about who sent them.
WITH gateways AS (
  SELECT ip_address
  FROM si_declaration
  WHERE channel = 'ivan' AND ip_address IS NOT NULL AND calc.in_last_months(submitted_at, 12)
  GROUP BY ip_address
  HAVING count(DISTINCT employer_id) >= 20),
used AS (
  SELECT DISTINCT 'bank_account' AS kind, CAST(bank_account_id AS VARCHAR) AS thing, beneficiary_person_id AS person_id
  FROM benefit_payment
  WHERE status = 'paid' AND bank_account_id IS NOT NULL AND calc.in_last_months(paid_at, 24)
  UNION ALL
  SELECT 'phone', CAST(phone_id AS VARCHAR), person_id
  FROM person
  WHERE phone_id IS NOT NULL
  UNION ALL
  SELECT DISTINCT 'device', CAST(device_id AS VARCHAR), person_id
  FROM ui_notice
  WHERE device_id IS NOT NULL AND calc.in_last_months(coalesce(notified_at, due_date), 12)
  UNION ALL
  SELECT DISTINCT 'ip_address', d.ip_address, l.person_id
  FROM si_declaration AS d
  JOIN si_declaration_line AS l ON l.declaration_id = d.declaration_id
  ANTI JOIN gateways AS g ON g.ip_address = d.ip_address
  WHERE d.ip_address IS NOT NULL AND d.agent_id IS NULL AND calc.in_last_months(d.submitted_at, 12)),
shared AS (
  SELECT kind, thing
  FROM used
  GROUP BY kind, thing
  HAVING count(*) >= 2)
SELECT row_number() OVER (ORDER BY u.kind, u.thing, u.person_id) AS seat, u.kind, u.thing, u.person_id
FROM used AS u
JOIN shared AS s ON s.kind = u.kind AND s.thing = u.thing
