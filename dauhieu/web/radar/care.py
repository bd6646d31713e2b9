"""Relations of health facilities: visits, who works there, and who was in two places at once. The lake narrows them."""

from __future__ import annotations

STORED = "hi_claim_service practitioner practitioner_identity practitioner_registration".split()
WHOLE = "whole__"
INPATIENT = "care_type IN ('03', '04', '06', '09')"
_PLACED = f"""
    JOIN {WHOLE}unit AS u ON u.subject_kind = 'facility' AND u.subject_id = t.facility_id"""
_WHERE = "'health' AS branch, u.province, u.former_province, u.org_code"
_CLAIM = """
    SELECT hi_claim_id, facility_id, person_id, care_type, admission_at,
           greatest(admission_at, coalesce(discharge_at, admission_at)) AS left_at, total_hi
    FROM stored_hi_claim WHERE superseded_at IS NULL AND status NOT IN ('rejected', 'withdrawn')"""
_WORKED = """
    SELECT DISTINCT practitioner_id, facility_id, CAST(done_at AS DATE) AS day FROM stored_hi_claim_service
    WHERE superseded_at IS NULL AND practitioner_id IS NOT NULL AND done_at IS NOT NULL"""
RELATIONS = {
    "visit": f"""
        SELECT t.*, CAST(date_trunc('month', t.admission_at) AS DATE) AS month, {_WHERE}
        FROM ({_CLAIM}) AS t {_PLACED}""",
    # A day on which somebody is at this facility and at another one too.
    "two_places": f"SELECT t.*, {_WHERE} FROM {WHOLE}elsewhere AS t {_PLACED}",
    "staff": f"""
        SELECT t.facility_id, t.practitioner_id, t.scope, t.valid_from, t.valid_to, p.licence_kind, p.licence_status,
               i.full_name, {_WHERE}
        FROM stored_practitioner_registration AS t
        JOIN stored_practitioner AS p ON p.practitioner_id = t.practitioner_id AND p.superseded_at IS NULL
        LEFT JOIN stored_practitioner_identity AS i
          ON i.practitioner_id = t.practitioner_id AND i.superseded_at IS NULL {_PLACED}
        WHERE t.superseded_at IS NULL""",
    "worked": f"SELECT t.*, {_WHERE} FROM ({_WORKED}) AS t {_PLACED}",
}
# What the page of every facility reads, and what takes a look at all of them: worked out once for a version.
ELSEWHERE = f"""
    SELECT t.facility_id, t.day, 'practitioner' AS kind, t.practitioner_id AS who
    FROM ({_WORKED}) AS t
    JOIN ({_WORKED}) AS o
      ON o.practitioner_id = t.practitioner_id AND o.day = t.day AND o.facility_id <> t.facility_id
    UNION
    SELECT t.facility_id, CAST(t.admission_at AS DATE), 'patient', t.person_id
    FROM ({_CLAIM}) AS t
    JOIN ({_CLAIM}) AS o ON o.person_id = t.person_id AND o.facility_id <> t.facility_id
      AND o.admission_at < t.left_at AND t.admission_at < o.left_at"""
# What a visit costs at facilities of one level and province: of many facilities together, so nobody's own.
PEER_MONTH = f"""
    WITH each AS (
      SELECT v.facility_id, v.month, f.technical_level, v.province, count(*) AS visits, sum(v.total_hi) AS cost
      FROM {WHOLE}visit AS v JOIN stored_facility AS f ON f.facility_id = v.facility_id AND f.superseded_at IS NULL
      WHERE NOT {INPATIENT} GROUP BY ALL)
    SELECT technical_level, province, month, count(*) AS facilities,
           CAST(round(median(cost / visits)) AS BIGINT) AS cost
    FROM each GROUP BY GROUPING SETS ((technical_level, province, month), (technical_level, month))"""
KEPT = {f"{WHOLE}elsewhere": ELSEWHERE, "peer_month": PEER_MONTH}
# Each after those which it is made of.
WHOLE_RELATIONS = {
    f"{WHOLE}elsewhere": ELSEWHERE,
    **{f"{WHOLE}{name}": query for name, query in RELATIONS.items()},
    "peer_month": PEER_MONTH,
}
