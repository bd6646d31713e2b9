"""Facilities which bill for ghosts and collected cards, take organs twice, fetch busloads, run machines all day."""

from __future__ import annotations

from dauhieu.country.behaviours.plan import DAY, campaign, plan
from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    _ghosts(world)
    _operations(world)
    _rides(world)
    _machines(world)
    _serials(world)


def _ghosts(world: World) -> None:
    """Bills for people who never came; the cards of the dead and of those abroad are named too."""
    plan(
        world,
        "ghost_visit",
        """
        WITH places AS (SELECT f, prov, strength, row_number() OVER (ORDER BY f) - 1 AS n, count(*) OVER () AS k
            FROM facility WHERE deed = 'ghost_patients'),
           people AS (
             SELECT p, kind, CASE WHEN kind = 'dead' THEN since + 20 ELSE since + 3 END AS day,
                 row_number() OVER (ORDER BY u(p, #ghostpatient), p) - 1 AS n
             FROM (SELECT p, 'dead' AS kind, died AS since FROM card WHERE died > $first_claims
                 AND p NOT IN (SELECT p FROM dead_visits)
                   UNION ALL SELECT j.p, 'away', j.out_on FROM trip AS j JOIN card AS c USING (p)
                     WHERE j.in_on - j.out_on >= 8 AND j.out_on > $first_claims
                     AND j.p NOT IN (SELECT p FROM while_abroad)
                     AND j.p NOT IN (SELECT p FROM practitioner WHERE p IS NOT NULL)))
           SELECT q.p, x.f, ['I10', 'M54', 'E11'][1 + q.n % 3] AS icd, '01' AS care, q.day, 480
               + q.n % 300 AS minute, 'ghost' AS tag, q.p * 10 AS key, q.kind FROM people AS q JOIN places AS x
               ON x.n = q.n % x.k WHERE q.n // x.k < 6 + x.strength // 4""",
    )
    for kind, violation in (("dead", "SI-BEN-09"), ("away", "HI-PAR-01")):
        tell(
            world,
            "billed_by_ghost_facility",
            violation,
            f"""
            SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 60 AS strength
            FROM ghost_visit JOIN person AS q USING (p) WHERE kind = '{kind}' GROUP BY q.code""",
        )
    _typed(world)


def _typed(world: World) -> None:
    """Bills typed from cards which were collected, every fourth day: a twelfth to a quarter of the house's visits.

    Half the houses spread them over the day; in the others the clerk types them one after the other once all have left.
    """
    plan(
        world,
        "typed_visit",
        """
        WITH sittings AS (
          SELECT x.f, x.prov, j, $first_claims + CAST(j * 4 + x.f % 4 AS INTEGER) AS day,
              1 + x.yearly_visits * 4 * (8 + x.strength // 6) // 36500 AS bills
          FROM facility AS x, range(($end - $first_claims) // 4) AS t(j) WHERE x.deed = 'ghost_patients'),
        seats AS (
          SELECT s.*, i, u2(s.f * 1000 + s.j, i, #typedperson) % g.k AS n
          FROM sittings AS s JOIN grown_count AS g USING (prov), range(s.bills) AS t(i))
        SELECT q.p, s.f, ['I10', 'M54', 'E11', 'K29'][1 + u2(s.f * 1000 + s.j, i, #typedfor) % 4] AS icd, '01' AS care,
            s.day, CASE WHEN u(s.f, #typist) % 2 = 0 THEN 1205 + i * 3 % 230
                ELSE 420 + u2(s.f * 1000 + s.j, i, #typedminute) % 540 END AS minute,
            'typed' AS tag, (s.f * 1000 + s.j) * 10000 + i AS key
        FROM seats AS s JOIN grown AS q ON q.prov = s.prov AND q.n = s.n
        QUALIFY row_number() OVER (PARTITION BY q.p, s.day ORDER BY s.f, i) = 1""",
    )


def _operations(world: World) -> None:
    """The same appendix, taken out twice; the gall bladder as well."""
    plan(
        world,
        "second_organ",
        """
        WITH places AS (SELECT f, prov, strength FROM facility WHERE deed = 'phantom_operation'),
           people AS (SELECT *, row_number() OVER (PARTITION BY prov ORDER BY u(p, #organ), p) - 1 AS n FROM card
               WHERE age BETWEEN 18 AND 70 AND died IS NULL)
           SELECT q.p, x.f, CASE q.n % 2 WHEN 0 THEN 'K35' ELSE 'K80' END AS icd, '03' AS care, $first_claims
               + CAST(10 + u(q.p, #organday) % 120 + k * (60 + q.n) AS INTEGER) AS day, 600 AS minute,
               'organ' AS tag, q.p * 10 + k AS key, 5 AS stay
           FROM places AS x JOIN people AS q ON q.prov = x.prov AND q.n < 4 + x.strength // 10, range(3) AS t(k)""",
    )
    tell(
        world,
        "organ_taken_twice",
        "HI-FAC-02",
        """
        SELECT q.code, min(day) AS period_from, max(day) AS period_to, NULL AS amount, 85 AS strength
            FROM second_organ JOIN person AS q USING (p) GROUP BY q.code""",
    )


def _rides(world: World) -> None:
    """A remote commune, one morning, one package; the charity does it once, with a permit."""
    rides = "CASE x.deed WHEN 'charity_campaign' THEN 1 ELSE 5 + x.strength // 8 END"
    plan(
        world,
        "busload",
        f"""
        WITH crowd AS (
          SELECT p, c, row_number() OVER (PARTITION BY c ORDER BY u(p, #rider), p) - 1 AS n,
              count(*) OVER (PARTITION BY c) AS people
          FROM card WHERE died IS NULL AND age > 30),
        communes AS (
          -- The ten largest between fifteen and seventy kilometres away.
          SELECT x.f, c.c, row_number() OVER (PARTITION BY x.f ORDER BY w.people DESC, c.c) - 1 AS place
          FROM facility AS x JOIN commune AS c ON c.prov = x.prov
          JOIN (SELECT c, any_value(people) AS people FROM crowd GROUP BY c) AS w ON w.c = c.c
          WHERE x.deed IN ('commune_pickups', 'charity_campaign')
            AND (c.lat - x.lat) * (c.lat - x.lat) + (c.lon - x.lon) * (c.lon - x.lon) BETWEEN 0.0196 AND 0.4
          QUALIFY place < 10)
        SELECT q.p, x.f, 'M47' AS icd, '01' AS care, {campaign("ride", "x.f", rides, 9, "k")} AS day,
            435 + u2(q.p, k, #rideminute) % 150 AS minute, 'bus' AS tag, q.p * 100 + k AS key, true AS plain
        FROM facility AS x, range(18) AS t(k) JOIN communes AS m ON m.f = x.f AND m.place = k % 10
        JOIN crowd AS q ON q.c = m.c
        -- Who comes again after ten rides is half of a group.
          AND (q.n + k // 10 * (6 + x.strength // 8)) % q.people < 12 + x.strength // 4 + u2(x.f, k, #ridesize) % 10
        WHERE x.deed IN ('commune_pickups', 'charity_campaign') AND k < {rides}""",
        on_workdays=True,
    )


def _machines(world: World) -> None:
    """A machine booked for more hours than the day has, day after day."""
    days = "8 + x.strength // 6"
    plan(
        world,
        "scanned",
        f"""
        WITH seats AS (
          SELECT x.f, x.prov, i, j, {campaign("scan", "x.f", days, 4, "j")} AS day,
              u2(x.f * 100 + j, i, #scanned) % g.k AS n
          FROM facility AS x JOIN grown_count AS g USING (prov), range(25) AS t(j), range(130) AS t2(i)
          WHERE x.deed = 'busy_machine' AND j < {days} AND i < 50 + x.strength * 3 // 4)
        SELECT q.p, s.f, 'K29' AS icd, '01' AS care, s.day, 415 + i * 6 + u2(s.f, i, #scanminute) % 5 AS minute,
            'scan' AS tag, s.f * 100000 + j * 1000 + i AS key, true AS plain
        FROM seats AS s JOIN grown AS q ON q.prov = s.prov AND q.n = s.n
        QUALIFY row_number() OVER (PARTITION BY q.p, s.day ORDER BY s.f, i) = 1""",
        on_workdays=True,
    )


def _serials(world: World) -> None:
    """One lens or plate, billed for two patients some days apart."""
    plan(
        world,
        "same_serial",
        f"""
        WITH pairs AS (
          SELECT x.f, x.prov, o, h, u2(x.f * 100 + o, h, #serialpatient) % g.k AS n,
              {DAY.format("10 + u2(x.f, o, #serialday) % 290 + h * pick2(x.f, o, #seriallater, 3, 60)")} AS day
          FROM facility AS x JOIN grown_count AS g USING (prov), range(14) AS t(o), range(2) AS t2(h)
          WHERE x.deed = 'serial_twice' AND o < 3 + x.strength // 10)
        SELECT q.p, s.f, CASE o % 2 WHEN 0 THEN 'H25' ELSE 'S52' END AS icd, '03' AS care, s.day, 500 AS minute,
            'serial' AS tag, (s.f * 100 + o) * 10 + h AS key, 3 AS stay
        FROM pairs AS s JOIN grown AS q ON q.prov = s.prov AND q.n = s.n""",
    )
