-- vi: Mỗi trẻ sinh ra một dòng, gộp các giấy chứng sinh, khai sinh của cùng một trẻ
-- en: One row for each child born, the papers of one child taken together
-- grain: birth_id
-- Papers name a child by its own number, or only by mother and day of birth. Papers without a number are taken for
-- those of a numbered child of the same mother born within a day; without one, twins who have no number are one row.
WITH numbered AS (
  SELECT child_person_id, min(birth_id) AS birth_id, min(mother_person_id) AS mother_person_id,
         min(father_person_id) AS father_person_id, min(birth_date) AS birth_date, max(children_count) AS children_count
  FROM birth_record
  WHERE child_person_id IS NOT NULL
  GROUP BY child_person_id),
unnumbered AS (
  SELECT min(r.birth_id) AS birth_id, r.mother_person_id, min(r.father_person_id) AS father_person_id, r.birth_date,
         max(r.children_count) AS children_count
  FROM birth_record AS r
  LEFT JOIN numbered AS n ON n.mother_person_id = r.mother_person_id
    AND n.birth_date BETWEEN r.birth_date - 1 AND r.birth_date + 1
  WHERE r.child_person_id IS NULL AND n.birth_id IS NULL
  GROUP BY r.mother_person_id, r.birth_date, CASE WHEN r.mother_person_id IS NULL THEN r.birth_id END)
SELECT birth_id, mother_person_id, father_person_id, child_person_id, birth_date, children_count
FROM numbered
UNION ALL
SELECT birth_id, mother_person_id, father_person_id, CAST(NULL AS BIGINT), birth_date, children_count
FROM unnumbered
