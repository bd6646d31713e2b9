"""The money at stake in every deed: what was not paid in, paid out wrongly or billed wrongly, and in which days.

It is summed from the rows a deed made where they lie open, while they are at hand: dues, bills and cases. A debt, a
bill or a benefit is counted once for each kind of subject. Nothing is lost where papers only come late.
"""

from __future__ import annotations

from dauhieu.country.contracts import INSURED_WAGE, OWED_WAGE
from dauhieu.country.world import World

# What a case costs: a monthly pension up to the end of the window, an allowance for all its months.
WORTH = """
    (coalesce(c.one_off, 0) + coalesce(c.amount, 0) * CASE
        WHEN c.kind = 'ui_allowance' THEN c.payer_days
        WHEN c.kind IN ('old_age', 'early_pension') THEN greatest(0, date_diff('month', c.from_date, $end))
        ELSE 1 END)"""
# Of a benefit what a raise before it added.
RAISED = "c.amount - c.amount * 100 // (160 + x.strength)"
LAST_DAY = "coalesce(c.to_date, c.from_date)"
# Visits by the tag of their plan: what a person did with a card. The card's own facility is where its holder goes.
VISITS = (
    ("far", "card_lent", "facility <> home"),
    ("bed", "visit_during_stay", "NOT stays"),
    ("abr", "visit_while_abroad", "true"),
    ("sex", "card_of_another", "true"),
    ("ded", "visit_after_death", "true"),
    ("hor", "drugs_hoarded", "facility <> home"),
    ("wan", "visits_without_end", "true"),
    ("organ", "organ_taken_twice", "ma_lk NOT LIKE '%0'"),
    ("ghost", "billed_by_ghost_facility", "true"),
)


def begin(world: World) -> None:
    """`unit_stake` and `person_stake`: one row a part of a deed."""
    world.run("CREATE TABLE unit_stake (kind VARCHAR, id BIGINT, day_from DATE, day_to DATE, amount BIGINT)")
    world.run("CREATE TABLE person_stake (behaviour VARCHAR, code VARCHAR, day_from DATE, day_to DATE, amount BIGINT)")


def of_unit(world: World, kind: str, rows: str) -> None:
    """`rows` select id, day_from, day_to, amount."""
    world.run(f"INSERT INTO unit_stake BY NAME SELECT '{kind}' AS kind, * FROM ({rows})")


def of_person(world: World, behaviour: str, rows: str) -> None:
    """`rows` select code, day_from, day_to, amount."""
    world.run(f"INSERT INTO person_stake BY NAME SELECT '{behaviour}' AS behaviour, * FROM ({rows})")


def of_cases(world: World) -> None:
    """Benefits, once all cases and receipts are known."""
    _employers(world)
    _persons(world)
    _offices(world)


def _case(source: str, key: str, *, worth: str = WORTH, also: str = "true") -> str:
    return f"""
        SELECT {key} AS id, c.from_date AS day_from, {LAST_DAY} AS day_to, {worth} AS amount
        FROM {source} WHERE c.submitted_at < $end AND {also}"""


def _employers(world: World) -> None:
    joined = "JOIN benefit_case AS c ON c.p = x.p AND c.e = x.e"
    of_unit(world, "employer", _case(f"seller AS x {joined}", "x.e"))
    of_unit(world, "employer", _case(f"backdated AS x {joined}", "x.e", also="x.strength IS NOT NULL"))
    ghosts = "(SELECT DISTINCT p, e FROM spell WHERE ghost AND deed IN ('ghost_staff', 'shell')) AS x"
    of_unit(
        world,
        "employer",
        f"""
        SELECT e AS id, CAST($first + to_months(greatest(from_m, 0)) AS DATE) AS day_from,
            CAST($first + to_months(least(coalesce(to_m, $months - 1), $months - 1) + 1) AS DATE) - 1 AS day_to,
            0 AS amount
        FROM spell WHERE ghost AND deed IN ('ghost_staff', 'shell') AND from_m < $months
        UNION ALL BY NAME
        {_case(f"{ghosts} {joined}", "x.e")}""",
    )
    of_unit(
        world,
        "employer",
        _case(
            f"(SELECT DISTINCT p, e FROM spell WHERE deed = 'sham_termination' AND came = 'returned') AS x {joined}",
            "x.e",
            also="c.kind = 'ui_allowance'",
        ),
    )
    of_unit(world, "employer", _case("batch AS c", "c.e", worth="c.amount", also="c.deed = 'leave_papers'"))
    raised = "raised_sick AS c JOIN raised AS x ON x.p = c.p AND x.e = c.e"
    of_unit(world, "employer", _case(raised, "c.e", worth=RAISED))
    of_unit(world, "employer", _case(f"raised_mother AS x {joined}", "c.e", worth=RAISED, also="c.kind = 'birth'"))
    of_unit(
        world,
        "employer",
        """
        SELECT x.e AS id, n.start_month AS day_from, $end - 1 AS day_to,
            n.amount * date_diff('month', n.start_month, $end) AS amount
        FROM retired_early AS x JOIN pension AS n ON n.id = x.id WHERE n.start_month < $end
        UNION ALL BY NAME
        SELECT x.e AS id, CAST($first + to_months(t.from_m) AS DATE) AS day_from, $end - 1 AS day_to, 0 AS amount
        FROM retitled AS x JOIN title_change AS t USING (s)""",
    )


def _persons(world: World) -> None:
    joined = "JOIN benefit_case AS c ON c.p = x.p AND c.e = x.e"
    raised = "raised_sick AS c JOIN raised AS x ON x.p = c.p AND x.e = c.e"
    for behaviour, source, worth, also in (
        ("bought_maternity", f"seller AS x {joined}", WORTH, "true"),
        ("joined_while_pregnant", f"late_joiner AS x {joined}", WORTH, "NOT x.innocent"),
        ("months_added_backwards", f"backdated AS x {joined}", WORTH, "true"),
        ("moving_gang", f"gang AS x {joined}", WORTH, "true"),
        ("cover_after_accident", "covered_case AS x JOIN benefit_case AS c ON c.id = x.id", "c.one_off", "true"),
        ("raise_before_benefit", raised, RAISED, "true"),
        ("raise_before_birth", f"raised_mother AS x {joined}", RAISED, "c.kind = 'birth'"),
        # Three of the six months paid.
        (
            "works_during_leave",
            "second_job AS x JOIN benefit_case AS c ON c.p = x.p",
            "c.amount // 2",
            "c.kind = 'birth'",
        ),
    ):
        rows = _case(source, "c.person", worth=worth, also=also)
        of_person(world, behaviour, f"SELECT id AS code, * EXCLUDE (id) FROM ({rows})")
    of_person(
        world,
        "hazard_title_before_retirement",
        """
        SELECT n.person AS code, n.start_month AS day_from, $end - 1 AS day_to,
            n.amount * date_diff('month', n.start_month, $end) AS amount
        FROM retired_early AS x JOIN pension AS n ON n.id = x.id WHERE n.start_month < $end""",
    )


def _offices(world: World) -> None:
    """Facilities and doctors who sell papers, officers and agents."""
    paper = "sold_paper AS c"
    of_unit(world, "facility", _case(paper, "c.f", also="c.deed = 'certificate_mill'", worth="c.amount"))
    of_unit(
        world,
        "practitioner",
        _case(f"{paper} JOIN practitioner AS d ON d.code = c.doctor", "d.d", worth="c.amount"),
    )
    lenient = """against_conditions AS x JOIN benefit_case AS c ON c.id = x.id JOIN officer AS o ON o.code = x.code"""
    of_unit(world, "officer", _case(lenient, "o.o"))
    own = "own_file AS c JOIN officer AS o ON o.code = c.approver"
    of_unit(world, "officer", _case(own, "o.o", worth="c.amount"))
    # Nothing is lost where the steps of a file are not apart.
    of_unit(
        world,
        "officer",
        """
        SELECT o.o AS id, CAST(s.decided AS DATE) AS day_from, CAST(s.decided AS DATE) AS day_to, 0 AS amount
        FROM settled AS s JOIN officer AS o ON o.code = s.assessing WHERE s.alone AND s.decided < $end""",
    )
    turned = "turned_aside AS x JOIN benefit_case AS c ON c.id = x.id"
    of_unit(world, "officer", _case(turned, "x.o"))
    # A third of the base was true before the change.
    changed = "changed_then_paid AS c JOIN altered AS a ON a.p = c.p AND a.deed = 'change_then_benefit'"
    of_unit(world, "officer", _case(changed, "a.o", worth="c.amount * 2 // 3"))
    # Nobody paid for the wage which was written in.
    of_unit(
        world,
        "officer",
        """
        SELECT a.o AS id, CAST(a.made_at AS DATE) AS day_from, CAST(a.made_at AS DATE) AS day_to,
            (6500000 - 5000000) * r.rate // 1000000 AS amount
        FROM altered AS a, (SELECT sum(rate) AS rate FROM fund_rate WHERE m = 0) AS r
        WHERE a.deed = 'changes_without_document' AND a.made_at < $end""",
    )
    of_unit(
        world,
        "agent",
        "SELECT a AS id, day AS day_from, day AS day_to, amount FROM receipt WHERE held OR ghost",
    )


def of_wages(world: World) -> None:
    """Contributions of month `$m` on staff and wages which were kept back, by the rates in force."""
    of_unit(
        world,
        "employer",
        f"""
        WITH short AS (
          SELECT s.e, m.month, CASE
              WHEN s.deed IN ('wage_at_floor', 'wage_below_floor') THEN CASE WHEN NOT s.hidden AND $m >= s.declared_m
                  THEN least(20 * m.base_level, {OWED_WAGE}) - {INSURED_WAGE} END
              WHEN s.hidden OR $m < s.declared_m THEN {INSURED_WAGE} END AS wage
          FROM shorted AS s JOIN month AS m ON m.m = $m JOIN floor_wage AS f ON f.m = $m AND f.region = s.region
          WHERE $m BETWEEN s.from_m AND coalesce(s.to_m, 999))
        SELECT e AS id, any_value(month) AS day_from, last_day(any_value(month)) AS day_to,
            CAST(sum(wage) AS BIGINT) * any_value(r.rate) // 1000000 AS amount
        FROM short, (SELECT CAST(sum(rate) AS BIGINT) AS rate FROM fund_rate WHERE m = $m) AS r
        WHERE wage > 0 GROUP BY e""",
    )


def of_debts(world: World) -> None:
    """What late payers still owe at the end of the window; the days are all months paid late."""
    of_unit(
        world,
        "employer",
        """
        SELECT d.e AS id, min(m.month) AS day_from, last_day(max(m.month)) AS day_to,
            coalesce(sum(d.amount) FILTER (WHERE d.paid_on IS NULL OR d.paid_on >= $end), 0) AS amount
        FROM due AS d JOIN employer AS e USING (e) JOIN month AS m USING (m)
        WHERE e.deed IN ('chronic_late', 'evader', 'keeps_deductions', 'phoenix') AND d.due_date < $end
          AND (d.paid_on IS NULL OR d.paid_on > d.due_date)
        GROUP BY d.e""",
    )


def of_claims(world: World) -> None:
    """What the fund was billed wrongly in month `$m`."""
    of_unit(
        world,
        "facility",
        """
        SELECT f AS id, admitted_on AS day_from, admitted_on AS day_to, CAST(hi AS BIGINT) AS amount FROM bill
        WHERE received < $end AND (tag IN ('ghost', 'typed', 'split_visits', 'readmissions', 'light', 'upcoded', 'scan')
            OR (tag IN ('organ', 'serial') AND ma_lk NOT LIKE '%0') OR (tag = 'bus' AND deed = 'commune_pickups'))
        UNION ALL BY NAME
        SELECT f AS id, admitted_on AS day_from, admitted_on AS day_to, 0 AS amount FROM bill
        WHERE received < $end AND deed = 'late_sending' AND lag > 7
        UNION ALL BY NAME
        SELECT b.f AS id, min(b.admitted_on) AS day_from, max(b.admitted_on) AS day_to,
            CAST(sum(d.amount * b.paid_pct / 100) AS BIGINT) AS amount
        FROM drug_line AS d JOIN bill AS b USING (v) WHERE b.received < $end AND d.phantom GROUP BY b.f
        UNION ALL BY NAME
        SELECT b.f AS id, min(b.admitted_on) AS day_from, max(b.admitted_on) AS day_to,
            CAST(sum(l.quantity * l.price * b.paid_pct / 100
                * CASE WHEN b.deed = 'stretched_stays' THEN b.bed_days - b.los ELSE b.bed_days END
                / b.bed_days) AS BIGINT) AS amount
        FROM service_line AS l JOIN bill AS b USING (v)
        WHERE b.received < $end AND (
          (b.deed = 'stretched_stays' AND l.cost_group = 15 AND b.bed_days > b.los)
          OR (b.deed = 'implant_without_procedure' AND l.product LIKE '%X'))
        GROUP BY b.f""",
    )
    of_unit(
        world,
        "practitioner",
        """
        SELECT d.d AS id, b.admitted_on AS day_from, b.admitted_on AS day_to, CAST(b.hi AS BIGINT) AS amount
        FROM bill AS b JOIN practitioner AS d ON d.code = b.doctor
        WHERE b.received < $end AND d.deed <> '' AND NOT d.deed = 'register_behind' AND CASE d.deed
            WHEN 'licence_lost' THEN b.admitted_on > $first + 150
            WHEN 'impossible_days' THEN b.tag IN ('crowd', 'treat')
            WHEN 'two_places' THEN b.tag = 'rooms'
            WHEN 'works_on_leave' THEN b.tag = 'onleave'
            WHEN 'signs_while_abroad' THEN b.tag = 'signabroad'
            WHEN 'signs_after_death' THEN b.tag = 'signdead' ELSE false END""",
    )
    for tag, behaviour, which in VISITS:
        of_person(
            world,
            behaviour,
            f"""
            SELECT person AS code, admitted_on AS day_from, admitted_on AS day_to, CAST(hi AS BIGINT) AS amount
            FROM bill WHERE tag = '{tag}' AND {which} AND received < $end""",
        )
