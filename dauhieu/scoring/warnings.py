"""Warnings: one row a subject, its findings added up to points with reasons and to money by kind."""

from __future__ import annotations

from datetime import date

from dauhieu.scoring.points import WEIGHTS, count_percent, money_case, recency_case, severity_case

# Kinds onto which findings on persons and practitioners weigh, by the fact which names them.
ROLLED_TO = {"employer": "employer_code", "facility": "facility_code"}
ROLLED_FROM = ("person", "practitioner")
AMOUNT_KINDS = ("arrears", "undue_benefit", "refused_cost", "exposure")


def warnings_sql(findings: str, severities: str, place: str, as_of: date) -> str:
    """Warnings over complete findings; needs the relations keys__employer and keys__facility.

    Money counts once per violation, item and month. Two signs of one violation may date the same money differently, so
    of each item the sign which names more counts. A warning waits for those now in charge: it has the present place.
    """
    months_old = f"(({as_of.year} * 12 + {as_of.month}) - (year(f.period_to) * 12 + month(f.period_to)))"
    weight = (
        f"{severity_case('s.severity')} * coalesce(f.strength, {WEIGHTS.ordinary_strength}) // 100 "
        f"* {recency_case(months_old)} // 100"
    )
    rolled = "\n".join(
        f"""
          UNION ALL
          SELECT '{kind}', k.id, k.code, w.violation_id, w.sign_id, w.finding_id,
                 concat_ws('|', w.subject_code, w.item), w.month, w.period_from, w.period_to, w.amount, w.amount_kind,
                 w.weight * {WEIGHTS.rolled} // 100
          FROM weighed AS w JOIN keys__{kind} AS k ON k.code = json_extract_string(w.facts, '$.{fact}')
          WHERE w.subject_kind IN ({", ".join(f"'{source}'" for source in ROLLED_FROM)})"""
        for kind, fact in ROLLED_TO.items()
    )
    money = ",\n".join(
        f"coalesce(sum(CASE WHEN amount_kind = '{kind}' THEN amount END), 0) AS {kind}" for kind in AMOUNT_KINDS
    )
    total = ", ".join(f"CAST(sum({kind}) AS BIGINT) AS {kind}" for kind in AMOUNT_KINDS)
    names = ", ".join(f"p.{kind}" for kind in AMOUNT_KINDS)
    return f"""
        WITH weighed AS (
          SELECT f.*, date_trunc('month', f.period_from) AS month, {weight} AS weight
          FROM {findings} AS f JOIN {severities} AS s ON s.sign_id = f.sign_id),
        borne AS (
          SELECT subject_kind, subject_id, subject_code, violation_id, sign_id, finding_id, item, month,
                 period_from, period_to, amount, amount_kind, weight
          FROM weighed {rolled}),
        by_month AS (
          SELECT subject_kind, subject_code, violation_id, item, sign_id, month, amount_kind, max(amount) AS amount
          FROM borne GROUP BY ALL),
        by_sign AS (
          SELECT subject_kind, subject_code, violation_id, item, sign_id, amount_kind, sum(amount) AS amount
          FROM by_month GROUP BY ALL),
        once AS (
          SELECT subject_kind, subject_code, violation_id, item, amount_kind, max(amount) AS amount
          FROM by_sign GROUP BY ALL),
        money AS (
          SELECT subject_kind, subject_code, violation_id, {money}
          FROM once GROUP BY subject_kind, subject_code, violation_id),
        by_violation AS (
          SELECT subject_kind, max(subject_id) AS subject_id, subject_code, violation_id,
                 max(weight) AS heaviest, count(DISTINCT finding_id) AS findings,
                 count(DISTINCT sign_id) AS signs, count(DISTINCT month) AS months,
                 min(period_from) AS period_from, max(period_to) AS period_to
          FROM borne GROUP BY subject_kind, subject_code, violation_id),
        pointed AS (
          SELECT v.*, m.arrears, m.undue_benefit, m.refused_cost, m.exposure,
                 v.heaviest * {count_percent("v.findings")} // 100
                 + {money_case("(m.arrears + m.undue_benefit + m.refused_cost)")} AS points
          FROM by_violation AS v
          JOIN money AS m USING (subject_kind, subject_code, violation_id)),
        added AS (
          SELECT subject_kind, max(subject_id) AS subject_id, subject_code,
                 CAST((sum(points) + 500) // 1000 AS INTEGER) AS points,
                 CAST(to_json(list({{
                   'violation': violation_id, 'points': (points + 500) // 1000, 'findings': findings, 'signs': signs,
                   'months': months, 'period_from': period_from, 'period_to': period_to,
                   'arrears': arrears, 'undue_benefit': undue_benefit, 'refused_cost': refused_cost,
                   'exposure': exposure}} ORDER BY points DESC, violation_id)) AS VARCHAR) AS reasons,
                 CAST(max(months) AS INTEGER) AS months, CAST(sum(findings) AS INTEGER) AS findings,
                 CAST(count(*) AS INTEGER) AS violations, {total}
          FROM pointed GROUP BY subject_kind, subject_code)
        SELECT DATE '{as_of}' AS as_of, p.subject_kind, p.subject_id, p.subject_code, p.points, p.reasons, p.months,
               p.findings, p.violations, {names}, l.area_code, l.org_code, l.block_code
        FROM added AS p
        LEFT JOIN {place} AS l ON l.subject_kind = p.subject_kind AND l.subject_id = p.subject_id
          AND l.valid_to = DATE '9999-12-31'
        ORDER BY p.subject_kind, p.points DESC, p.subject_code"""
