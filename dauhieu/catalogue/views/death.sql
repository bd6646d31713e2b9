-- vi: Ngày chết của mỗi cá nhân: theo khai tử trước, không có thì theo dữ liệu cơ quan BHXH
-- en: Date of death of each person: from the civil registry first, else as the agency knows it
-- grain: person_id
WITH registered AS (
  -- A registry may deliver one person under two numbers: the later date is the safer one.
  SELECT person_id, max(date_of_death) AS date_of_death
  FROM ext_death
  GROUP BY person_id),
known AS (
  SELECT person_id, date_of_death
  FROM person
  WHERE date_of_death IS NOT NULL AND date_of_death <= $as_of)
SELECT coalesce(r.person_id, k.person_id) AS person_id,
       coalesce(r.date_of_death, k.date_of_death) AS date_of_death,
       r.person_id IS NOT NULL AS in_registry
FROM registered AS r
FULL JOIN known AS k ON k.person_id = r.person_id
