"""The truth of the nation: who did what, when, for how much, how strongly; and who only looks as if.

An amount is the money really at stake; it is 0 where none was lost, and for the innocent.
"""

from __future__ import annotations

from pathlib import Path

from dauhieu.country import stakes
from dauhieu.country.contracts import GATEWAY, THROUGH_PROVIDER
from dauhieu.country.world import World

COLUMNS = """subject_kind VARCHAR, subject_code VARCHAR, violation_id VARCHAR, period_from DATE, period_to DATE,
    amount BIGINT,
    behaviour VARCHAR, strength INTEGER, innocent BOOLEAN"""
# Kind, table of deeds, table of units, its key and code.
UNITS = (
    ("employer", "employer_deed", "employer", "e", "code"),
    ("facility", "facility_deed", "facility", "f", "code"),
    ("practitioner", "practitioner_deed", "practitioner", "d", "code"),
    ("agent", "agent_deed", "agent", "a", "code"),
    ("officer", "officer_deed", "officer", "o", "code"),
)


def begin(world: World) -> None:
    world.run(f"CREATE TABLE truth ({COLUMNS})")


def tell(
    world: World, behaviour: str, violation: str, rows: str, *, kind: str = "person", innocent: bool = False
) -> None:
    """Write down a behaviour; `rows` select code, period_from, period_to, amount, strength."""
    world.run(
        f"""
        INSERT INTO truth SELECT '{kind}', code, '{violation}', CAST(period_from AS DATE), CAST(period_to AS DATE),
            CAST(amount AS BIGINT), '{behaviour}',
                   CAST(least(100, greatest(1, strength)) AS INTEGER), {innocent} FROM ({rows})"""
    )


def tell_units(world: World) -> None:
    """The deeds of units, in the days of their stakes; whoever found no occasion did nothing.

    An employer the agency does not know is named by its tax code. The innocent last all the window long.
    """
    for kind, deeds, units, key, code in UNITS:
        first = "$first_claims" if kind in ("facility", "practitioner") else "$first"
        known = (
            "CASE WHEN u.e IN (SELECT e FROM employer_known) THEN u.code ELSE u.tax_code END"
            if kind == "employer"
            else f"u.{code}"
        )
        world.run(
            f"""
            INSERT INTO truth
                WITH staked AS (
                  SELECT id, min(day_from) AS day_from, max(day_to) AS day_to, sum(amount) AS amount FROM unit_stake
                  WHERE kind = '{kind}' GROUP BY id)
                SELECT '{kind}', {known}, d.violation, coalesce(s.day_from, {first}), coalesce(s.day_to, $end - 1),
                    CAST(s.amount AS BIGINT), d.deed, CAST(d.strength AS INTEGER), d.innocent
                FROM {deeds} AS d JOIN {units} AS u ON u.{key} = d.id LEFT JOIN staked AS s ON s.id = d.id
                WHERE d.innocent OR s.id IS NOT NULL"""
        )


def tell_companions(world: World) -> None:
    """What comes with another deed: evaders are late too, hidden staff is not registered, a phoenix has a new code.

    The money is told once, with the deed itself.
    """
    # Half the evaders deduct nothing from wages.
    withheld = "SELECT code FROM employer WHERE deed = 'phoenix' OR (deed = 'evader' AND e % 2 = 1)"
    for violation, deeds, which in (
        ("SI-EMP-06", "'evader', 'keeps_deductions', 'phoenix'", "true"),
        ("SI-EMP-01", "'hidden_staff'", "true"),
        ("SI-EMP-08", "'evader', 'phoenix'", f"subject_code IN ({withheld})"),
        ("SI-EMP-11", "'maternity_cluster'", "true"),
        ("SI-BEN-04", "'ghost_maternity'", "true"),
    ):
        world.run(
            f"""INSERT INTO truth SELECT * REPLACE ('{violation}' AS violation_id, 0 AS amount) FROM truth
                WHERE subject_kind = 'employer' AND behaviour IN ({deeds}) AND {which}"""
        )
    tell(
        world,
        "gateway_of_a_provider",
        "X-BRK-02",
        f"""
        SELECT 'ip_address/' || {GATEWAY} AS code, $first AS period_from, $end - 1 AS period_to, 0 AS amount,
            50 AS strength FROM dossier WHERE {THROUGH_PROVIDER} GROUP BY 1""",
        kind="device",
        innocent=True,
    )
    # By law it is evasion when a month stays open sixty days after its date although a demand was delivered.
    tell(
        world,
        "unpaid_after_demand",
        "SI-EMP-07",
        """
        SELECT e.code, min(m.month) AS period_from, last_day(max(m.month)) AS period_to, 0 AS amount,
            greatest(20, max(e.strength)) AS strength
        FROM due AS d JOIN employer AS e USING (e) JOIN month AS m USING (m) JOIN demanded AS q ON q.e = d.e
        WHERE m.new_law AND e.deed NOT IN ('evader', 'payment_plan') AND d.amount > 0
          AND coalesce(d.paid_on, $end) > d.due_date + 60 AND d.due_date + 60 < $end
          AND q.delivered > d.due_date AND q.delivered < coalesce(d.paid_on, $end)
        GROUP BY e.code""",
        kind="employer",
    )
    tell(
        world,
        "reborn",
        "SI-EMP-24",
        """
        SELECT n.code, n.established AS period_from, $end - 1 AS period_to, 0 AS amount, o.strength
        FROM reborn AS r JOIN employer AS n ON n.e = r.new_e JOIN employer AS o ON o.e = r.e
        WHERE r.deed = 'phoenix'""",
        kind="employer",
    )


def tell_amounts(world: World) -> None:
    """The stakes of persons, and nothing where nothing was lost."""
    world.run(
        """
        UPDATE truth SET amount = s.amount
        FROM (SELECT behaviour, code, CAST(sum(amount) AS BIGINT) AS amount FROM person_stake GROUP BY ALL) AS s
        WHERE truth.behaviour = s.behaviour AND truth.subject_code = s.code AND truth.subject_kind = 'person'
          AND truth.amount IS NULL"""
    )
    world.run("UPDATE truth SET amount = 0 WHERE amount IS NULL OR innocent")


def write(world: World, path: Path | None, folder: Path) -> tuple[int, int]:
    """Write the file, in one fixed order; returns the numbers of deeds and of look-alikes."""
    stakes.of_debts(world)
    tell_units(world)
    tell_companions(world)
    tell_amounts(world)
    rows = """SELECT DISTINCT * REPLACE (least(greatest(period_to, period_from), $end - 1) AS period_to) FROM truth
              WHERE subject_code IS NOT NULL AND period_from < $end ORDER BY ALL"""
    if path is not None:
        made = folder / "truth.parquet"
        world.engine.write_parquet(world.sql(rows), made)
        path.write_bytes(made.read_bytes())
    counts = world.rows(f"SELECT count(*) FILTER (WHERE NOT innocent), count(*) FILTER (WHERE innocent) FROM ({rows})")[
        0
    ]
    return int(str(counts[0])), int(str(counts[1]))
