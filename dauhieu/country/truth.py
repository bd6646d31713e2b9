"""The truth of the nation: who did what, when, how strongly; and who only looks as if."""

from __future__ import annotations

from pathlib import Path

from dauhieu.country.world import World

COLUMNS = """subject_kind VARCHAR, subject_code VARCHAR, violation_id VARCHAR, period_from DATE, period_to DATE,
    amount BIGINT,
    behaviour VARCHAR, strength INTEGER, innocent BOOLEAN"""
# Deeds of units which last all the window long, or from the month their own module says.
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
    """The deeds of units. An employer the agency does not know is named by its tax code."""
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
                SELECT '{kind}', {known}, d.violation, {first}, $end - 1, NULL, d.deed, CAST(d.strength AS INTEGER),
                    d.innocent
                FROM {deeds} AS d JOIN {units} AS u ON u.{key} = d.id"""
        )


def write(world: World, path: Path | None, folder: Path) -> tuple[int, int]:
    """Write the file, in one fixed order; returns the numbers of deeds and of look-alikes."""
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
