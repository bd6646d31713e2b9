"""Unemployment allowances of people at work, in custody or retired, and on months written in."""

from __future__ import annotations

from dauhieu.country.behaviours.cases import AT, MONTH, tell_cases
from dauhieu.country.cases import add_cases
from dauhieu.country.truth import tell
from dauhieu.country.work import hire
from dauhieu.country.world import World


def plant(world: World) -> None:
    hire(
        world,
        """
        SELECT p, e, to_m + 2 AS from_m, NULL::BIGINT AS to_m, NULL::BIGINT AS entry_m, false AS ghost, 1500 AS pay
            FROM worked_on_allowance""",
    )
    allowance = "60 AS rate_pct, 8000000 AS base_wage, 4800000 AS amount, 0 AS one_off, 24 AS months_counted"
    add_cases(
        world,
        "allowance_at_work",
        f"""
        SELECT 'ui_allowance' AS kind, x.p, s.person, s.e, x.prov, {MONTH.format("x.to_m + 1")} + 20 AS from_date,
            CAST({MONTH.format("x.to_m + 1")} + 20 + to_months(5) AS DATE) - 1 AS to_date, 150 AS days, {allowance},
            5 AS payer_days, {AT.format(MONTH.format("x.to_m + 1") + " + 5")} AS submitted_at
            FROM worked_on_allowance AS x JOIN spell AS s ON s.s = x.s""",
    )
    tell_cases(world, "allowance_at_work", "work_on_allowance", "UI-BEN-01", amount="amount * 5", strength="80")
    add_cases(
        world,
        "topped_up_case",
        f"""
        SELECT 'ui_allowance' AS kind, p, code AS person, e, prov, {MONTH.format("left_m")} + 25 AS from_date,
            CAST({MONTH.format("left_m")} + 25 + to_months(3) AS DATE) - 1 AS to_date, 90 AS days, 60 AS rate_pct,
            8000000 AS base_wage, 4800000 AS amount, 0 AS one_off, left_m - m + added AS months_counted,
            3 AS payer_days,
            {AT.format(MONTH.format("left_m") + " + 9")} AS submitted_at FROM topped_up""",
    )
    # From the first month written in to the end of the allowance.
    for violation, amount in (("UI-BEN-04", "amount * 3"), ("SI-EMP-13", "0")):
        tell(
            world,
            "minimum_months_added",
            violation,
            f"""
            SELECT c.person AS code, {MONTH.format("t.m - t.added")} AS period_from, c.to_date AS period_to,
                {amount} AS amount, 75 AS strength FROM topped_up_case AS c JOIN topped_up AS t USING (p)
            WHERE c.submitted_at < $end - INTERVAL 15 DAY""",
        )
    # Taken into custody, called up or dead while the allowance runs.
    world.make(
        "jailed",
        world.wrong("""
        SELECT c.*, c.from_date + 25 AS since FROM benefit_case AS c WHERE kind = 'ui_allowance' AND payer_days >= 4
            AND ppm(c.id, #jailed) < 9000"""),
    )
    world.run(
        """
        INSERT INTO held SELECT j.p, q.national_id, CASE WHEN j.id % 3 = 0 THEN 'study_12m' ELSE 'custody' END,
            j.since, j.since + 200 FROM jailed AS j JOIN person AS q USING (p)"""
    )
    tell_cases(world, "jailed", "allowance_in_custody", "UI-BEN-02", amount="amount * 3", strength="70")
    # Retired, and on the allowance as well.
    add_cases(
        world,
        "retired_on_allowance",
        world.wrong(f"""
        SELECT 'ui_allowance' AS kind, n.p, n.person, s.e, n.prov, n.start_month + 20 AS from_date,
            CAST(n.start_month + 20 + to_months(4) AS DATE) AS to_date, 120 AS days, {allowance}, 4 AS payer_days,
            {AT.format("n.start_month + 8")} AS submitted_at FROM pension AS n JOIN spell AS s ON s.p = n.p
            AND s.reason = 'retired' WHERE n.decided AND n.kind = 'old_age' AND n.start_month < $end - 200
            ORDER BY u(n.id, #retiredui), n.id LIMIT $few * 2"""),
    )
    tell_cases(world, "retired_on_allowance", "pension_with_allowance", "UI-BEN-03", amount="amount * 4", strength="80")
