-- vi: Quan hệ nhân thân trực tiếp, ghi cả hai chiều, kèm thời gian của quan hệ
-- en: Direct kinship, in both directions, with its days; the flags say what the relative is to the person
-- grain: person_id, related_person_id, relation
-- A relation may be recorded from either side, so each row is also read the other way round. An end told by one side
-- (a divorce, an adoption undone) ends the relation; a day which is missing leaves it open.
WITH links AS (
  SELECT person_id, related_person_id, relation, valid_from, valid_to
  FROM kinship
  UNION ALL
  SELECT related_person_id, person_id,
         CASE relation WHEN 'child' THEN 'parent' WHEN 'parent' THEN 'child' WHEN 'guardian' THEN 'ward' ELSE relation END,
         valid_from, valid_to
  FROM kinship)
SELECT person_id, related_person_id, relation, relation = 'child' AS is_child, relation = 'parent' AS is_parent,
       relation = 'spouse' AS is_spouse,
       min(coalesce(valid_from, DATE '0001-01-01')) AS valid_from, min(coalesce(valid_to, DATE '9999-12-31')) AS valid_to
FROM links
WHERE person_id <> related_person_id AND (valid_from IS NULL OR valid_from <= $as_of)
GROUP BY person_id, related_person_id, relation
