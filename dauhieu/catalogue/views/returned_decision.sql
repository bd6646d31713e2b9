-- vi: Quyết định hưởng mà mọi lượt chi đều bị trả lại hoặc đã thu hồi
-- en: Benefit decisions of which every payment came back or was recovered
-- grain: decision_id
SELECT decision_id
FROM benefit_payment
WHERE decision_id IS NOT NULL
GROUP BY decision_id
HAVING bool_and(status <> 'paid')
