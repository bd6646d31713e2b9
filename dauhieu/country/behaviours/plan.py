"""Visits which somebody plans, and whom they are made with."""

from __future__ import annotations

from dauhieu.country.world import World

DAY = "$first_claims + CAST({} AS INTEGER)"


def plan(world: World, table: str, rows: str, *, on_workdays: bool = False) -> None:
    """Working table of visits, also put into `planned_visit`.

    The rows select p, f, icd, care, day, minute, tag and key, and may select doctor, stay and the other columns.
    """
    if on_workdays:
        rows = f"SELECT r.* REPLACE (w.instead AS day) FROM ({rows}) AS r JOIN workday AS w ON w.drawn = r.day"
    world.make(table, f"SELECT * FROM ({rows}) WHERE day < $end - 12 AND day >= $first_claims")
    columns = {str(row[0]) for row in world.rows(f'DESCRIBE "{table}"')}
    more = [name for name in ("doctor", "visit_object", "referral_to", "male", "plain", "stay") if name in columns]
    chosen = ", ".join(name for name in more if name != "stay")
    leaving = "CASE WHEN stay > 0 THEN CAST(day + CAST(stay AS INTEGER) AS TIMESTAMP) + INTERVAL 9 HOUR END"
    world.run(
        f"""
        INSERT INTO planned_visit BY NAME
            SELECT p, f, icd, care, CAST(day AS TIMESTAMP) + to_minutes(CAST(minute AS INTEGER)) AS admission,
                {leaving if "stay" in more else "NULL"} AS discharge,
                   'P' || upper(substr(tag, 1, 3)) || CAST(key AS VARCHAR) AS ma_lk,
                       date_diff('month', $first, day) AS m, tag{", " + chosen if chosen else ""} FROM "{table}\""""
    )


def people(stream: str, count: str, where: str = "true") -> str:
    return f"""
        (SELECT *, row_number() OVER (ORDER BY u(p, #{stream}), p) - 1 AS n FROM card WHERE died IS NULL
            AND ({where}) QUALIFY n < {count})"""


def make_grown(world: World) -> None:
    """`grown`: living card holders of working age, counted through in each province; `grown_count`: how many."""
    world.make(
        "grown",
        """SELECT p, prov, c, row_number() OVER (PARTITION BY prov ORDER BY u(p, #grown), p) - 1 AS n
           FROM card WHERE died IS NULL AND age BETWEEN 20 AND 70""",
    )
    world.make("grown_count", "SELECT prov, count(*) AS k FROM grown GROUP BY prov")


def campaign(stream: str, key: str, days: str, gap: int, place: str) -> str:
    """Day number `place` of a wrong done every few days; of those who do it most go on to the end of the window."""
    length = f"({days}) * {gap}"
    begun = f"""CASE WHEN u({key}, #{stream}still) % 100 < 60 THEN $end - $first_claims - {length} - 13
        ELSE u({key}, #{stream}start) % greatest(1, $end - $first_claims - {length} - 13) END"""
    return DAY.format(f"greatest(0, {begun}) + {place} * {gap}")
