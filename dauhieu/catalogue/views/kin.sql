-- vi: Quan hệ nhân thân trực tiếp, ghi cả hai chiều
-- en: Direct kinship, in both directions; the flags say what the relative is to the person
-- grain: person_id, related_person_id
-- A relation may be recorded from either side, so each row is also read the other way round.
WITH links AS (
  SELECT person_id, related_person_id, relation
  FROM kinship
  WHERE valid_from IS NULL OR valid_from <= $as_of
  UNION ALL
  SELECT related_person_id, person_id,
         CASE relation WHEN 'child' THEN 'parent' WHEN 'parent' THEN 'child' WHEN 'guardian' THEN 'ward' ELSE relation END
  FROM kinship
  WHERE valid_from IS NULL OR valid_from <= $as_of)
SELECT person_id, related_person_id,
       bool_or(relation = 'child') AS is_child,
       bool_or(relation = 'parent') AS is_parent,
       bool_or(relation = 'spouse') AS is_spouse
FROM links
WHERE person_id <> related_person_id
GROUP BY person_id, related_person_id
