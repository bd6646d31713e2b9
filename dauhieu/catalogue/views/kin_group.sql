-- vi: Nhóm người thân cùng dùng một tài khoản, điện thoại, thiết bị (trực tiếp hoặc qua nhau): mỗi chỗ ngồi thuộc một nhóm
-- en: Relatives who use the same account, phone or device, directly or through one another: the group of each seat
-- grain: node
-- procedure: components
-- Only relatives who share the thing make a group: kinship without that bound joins half the nation in one family. They
-- are relatives if they were at some time of the 24 months over which things are shared.
SELECT s.seat AS a, t.seat AS b
FROM shared_by AS s
JOIN kin AS k ON k.person_id = s.person_id AND k.valid_to > calc.add_months($as_of, -24)
JOIN shared_by AS t ON t.kind = s.kind AND t.thing = s.thing AND t.person_id = k.related_person_id
