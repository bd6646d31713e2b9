"""Working lives: who holds which job, for how long, at what wage; hiring, moving, leaving, retiring, dying."""

from __future__ import annotations

from dauhieu.country.world import World

# A wage in per cent of the ordinary one: by position, by how much the firm pays and by person, alike within one job.
POSITION_PCT = "CASE position WHEN 'manager' THEN 170 WHEN 'professional' THEN 130 WHEN 'skilled' THEN 103 ELSE 78 END"
FIRM_PCT = "pick(e, #firmpays, 85, 135)"
PERSON_PCT = "(pick(s, #pay, 85, 118) + CASE WHEN ppm(s, #wellpaid) < 40000 THEN 60 ELSE 0 END)"


def make_workers(world: World) -> None:
    """`worker`: who ever works with a contract in the window; `last_m` is their last possible month of work."""
    world.make(
        "worker",
        """
        WITH able AS (
          SELECT p.p, p.prov, p.male, p.dob, p.died FROM person AS p
          WHERE p.dob <= $first - INTERVAL 18 YEAR AND p.dob > $first - INTERVAL 61 YEAR
            AND ppm(p.p, #works) < CASE WHEN p.age < 30 THEN 460000 WHEN p.age < 45 THEN 420000 WHEN p.age < 56
                THEN 270000 ELSE 160000 END),
        retires AS (
          SELECT a.p, min(m.m) AS m FROM able AS a JOIN month AS m ON m.m >= 0 AND
            date_diff('month', a.dob, m.month) >= CASE WHEN a.male THEN m.retire_male ELSE m.retire_female END
          WHERE a.dob < $first - INTERVAL 52 YEAR GROUP BY a.p)
        SELECT a.p, a.prov, a.male, a.dob, a.died, r.m AS retire_m,
               least(r.m, date_diff('month', $first, a.died)) AS last_m,
               row_number() OVER (PARTITION BY a.prov ORDER BY u(a.p, #worker) - (CASE WHEN a.male THEN 0
                   ELSE 1500000000 END), a.p) AS place
        FROM able AS a LEFT JOIN retires AS r USING (p)
        WHERE coalesce(r.m, 1) > 0 ORDER BY a.p""",
    )


def make_spells(world: World) -> None:
    """`spell`: one person at one employer from month `from_m` to `to_m` (null: still there)."""
    # Jobs and workers of a province are matched by place; jobs of female trades come first, as women do among workers.
    world.make(
        "job",
        """
        SELECT e.e * 100000 + k AS j, e.e, e.prov, e.deed, e.strength,
               row_number() OVER (PARTITION BY e.prov ORDER BY u(e.e * 100000 + k,
                   #job) - CAST(e.female_pct AS BIGINT) * 30000000, e.e, k) AS place
        FROM employer AS e, range(e.size) AS t(k)""",
    )
    world.make(
        "first_spell",
        """
        WITH held AS (
          SELECT j.j, j.e, j.prov, j.deed, j.strength, w.p, w.last_m, w.retire_m, w.died,
                 -least(pick(j.j, #tenure, 1, 60) * pick(j.j, #tenure2, 1, 4),
                     date_diff('month', w.dob, $first) - 216) AS from_m,
                 CASE WHEN ppm(j.j, #leaves) < CASE WHEN j.deed = 'late_registration' THEN 700000
                     ELSE $months * 15000 END
                      THEN pick(j.j, #leavemonth, 0, $months - 1) END AS quit_m
          FROM job AS j JOIN worker AS w ON w.prov = j.prov AND w.place = j.place)
        SELECT j, e, prov, deed, strength, p, least(from_m, -1) AS from_m, least(quit_m, last_m) AS to_m,
               CASE WHEN last_m <= coalesce(quit_m, last_m) THEN CASE WHEN died IS NOT NULL
                   AND last_m = date_diff('month', $first, died) THEN 'died' ELSE 'retired' END
                    WHEN quit_m IS NOT NULL THEN 'left' END AS reason
        FROM held ORDER BY j""",
    )
    world.make(
        "next_spell",
        """
        WITH leaver AS (
          SELECT *, reason = 'left' AND ppm(p, #moves) < 480000 AS moves,
                 reason = 'left' AND deed IN ('sham_termination', 'seasonal_plant') AND ppm(p, #returns) < 550000
                     + strength * 3000 AS returns
          FROM first_spell WHERE to_m IS NOT NULL AND to_m < $months - 2),
        returner AS (
          SELECT p, e, j, to_m + CASE deed WHEN 'seasonal_plant' THEN pick(p, #season, 5, 7)
              ELSE pick(p, #sham, 4, 6) END AS from_m, 'returned' AS came
          FROM leaver WHERE returns),
        vacancy AS (
          SELECT j, e, prov, to_m, row_number() OVER (PARTITION BY to_m ORDER BY prov, u(j, #vacancy)) AS place,
                 row_number() OVER (PARTITION BY prov ORDER BY to_m, j) AS entry
          FROM leaver WHERE NOT returns),
        mover AS (
          SELECT p, to_m, prov, row_number() OVER (PARTITION BY to_m ORDER BY prov, u(p, #mover)) AS place
              FROM leaver WHERE moves AND NOT returns),
        moved AS (
          SELECT m.p, v.e, v.j, v.to_m + 1 + pick(m.p, #movegap, 0, 2) AS from_m, 'moved' AS came
          FROM mover AS m JOIN vacancy AS v ON v.to_m = m.to_m AND v.place = m.place + 1),
        spare AS (
          SELECT w.p, w.prov, row_number() OVER (PARTITION BY w.prov ORDER BY w.p) AS entry
          FROM worker AS w WHERE w.p NOT IN (SELECT p FROM first_spell) AND w.last_m IS NULL),
        entrant AS (
          SELECT s.p, v.e, v.j, v.to_m + 1 + pick(v.j, #fillgap, 0, 3) AS from_m, 'new' AS came
          FROM vacancy AS v JOIN spare AS s ON s.prov = v.prov AND s.entry = v.entry
          WHERE v.j NOT IN (SELECT j FROM moved))
        SELECT * FROM returner UNION ALL SELECT * FROM moved UNION ALL SELECT * FROM entrant""",
    )
    world.make(
        "spell_drawn",
        """
        SELECT f.p, f.e, f.j, f.from_m, f.to_m, f.reason, 'settled' AS came FROM first_spell AS f
        UNION ALL
        SELECT n.p, n.e, n.j, n.from_m, CASE WHEN w.last_m >= n.from_m THEN w.last_m END, CASE
            WHEN w.last_m IS NOT NULL THEN 'retired' END, n.came
        FROM next_spell AS n JOIN worker AS w USING (p)
        WHERE n.from_m < $months AND coalesce(w.last_m, 999) >= n.from_m""",
    )
    _shape_spells(world)
    world.drop("job", "first_spell", "next_spell", "spell_drawn")


def _shape_spells(world: World) -> None:
    """Wage level, title and what the employer declares of each spell."""
    world.make(
        "spell",
        f"""
        WITH placed AS (
          SELECT d.*, e.prov, e.code AS employer, e.deed, e.strength, e.block, e.region, e.sector, e.wage_pct,
              e.hazard_pct,
                 w.male, w.dob, p.code AS person, d.e * 100000 + row_number() OVER (PARTITION BY d.e ORDER BY d.j,
                     d.from_m, d.p) AS s
          FROM spell_drawn AS d JOIN employer AS e ON e.e = d.e JOIN worker AS w ON w.p = d.p JOIN person AS p
              ON p.p = d.p),
        drawn AS (
          SELECT *, CASE WHEN ppm(s, #manager) < 50000 THEN 'manager' WHEN ppm(s, #manager) < 200000 THEN 'professional'
                    WHEN ppm(s, #manager) < 650000 THEN 'skilled' ELSE 'other' END AS position FROM placed)
        SELECT s, p, e, j, CAST(from_m AS INTEGER) AS from_m, CAST(to_m AS INTEGER) AS to_m, reason, came, prov,
            employer, person,
               deed, strength, block, region, sector, male, dob,
               -- Pay as a share (per mille) of the regional floor, or a coefficient of the base level in the state
               -- sector.
               CASE WHEN block IN ('state', 'public_unit', 'commune') THEN CASE position
                        WHEN 'manager' THEN pick(s, #coefficient, 400, 610) WHEN 'professional'
                        THEN pick(s, #coefficient, 300, 498) ELSE pick(s, #coefficient, 234, 406) END * 10
                    ELSE greatest(pick(s, #lowest, 1085, 1240),
                        wage_pct * 12 * ({POSITION_PCT}) * {FIRM_PCT} // 10000 * {PERSON_PCT} // 100) END AS pay,
               CASE WHEN ppm(s, #hazard) < hazard_pct * 10000 THEN CASE WHEN ppm(s, #hazardclass) < 80000 THEN 'VI'
                   ELSE 'V' END END AS hazard_class,
               position,
               CASE deed WHEN 'unregistered' THEN true WHEN 'foreign_only' THEN true WHEN 'under_parent_code'
                   THEN true
                 WHEN 'hidden_staff' THEN ppm(s, #hidden) < 200000 + strength * 4000
                 WHEN 'staff_as_casual' THEN ppm(s, #hidden) < 350000 ELSE false END AS hidden,
               CASE WHEN deed = 'late_registration' AND from_m >= 0 THEN from_m + 3 + strength // 20
                   + pick(s, #late, 0, 2) ELSE from_m END AS declared_m,
               -- A ghost is insured but never worked; `entry_m` is when the months were entered, if later than they
               -- were.
               CASE WHEN deed = 'ghost_staff' THEN ppm(s, #ghost) < 250000 + strength * 5000
                   ELSE deed IN ('shell') END AS ghost, CAST(NULL AS BIGINT) AS entry_m
        FROM drawn ORDER BY s""",
    )


def hire(world: World, rows: str) -> None:
    """Further spells: `rows` select p, e, from_m, to_m, entry_m, ghost, pay (per mille of the floor)."""
    world.run(
        f"""
        INSERT INTO spell BY NAME
        SELECT (SELECT max(s) FROM spell) + row_number() OVER (ORDER BY r.e, r.p, r.from_m) AS s, r.p, r.e, 0 AS j,
            r.from_m, r.to_m, CASE WHEN r.to_m IS NOT NULL THEN 'hired out' END AS reason, 'planned' AS came,
               e.prov, e.code AS employer, p.code AS person, e.deed, e.strength, e.block, e.region, e.sector, p.male,
                   p.dob, r.pay, 'other' AS position, false AS hidden, r.from_m AS declared_m, r.ghost, r.entry_m
        FROM ({rows}) AS r JOIN employer AS e ON e.e = r.e JOIN person AS p ON p.p = r.p"""
    )


# Officials of the state are appointed: they have no labour contract and no unemployment insurance. Drivers, guards and
# cleaners of their offices have both.
APPOINTED = """
    (block = 'commune' OR block = 'state' AND sector = 'O84') AND ppm(s, #appointed) < 880000"""


def make_titles(world: World) -> None:
    """Titles by sector and position, as text the signs and the lists of hazardous work can read."""
    world.view(
        "titled",
        f"""
        SELECT s.*, CASE WHEN hazard_class IS NOT NULL THEN CASE sector WHEN 'B05' THEN 'Thợ lò khai thác than'
            WHEN 'C25' THEN 'Thợ hàn điện'
                 WHEN 'C14' THEN 'Công nhân vận hành lò hơi' WHEN 'F41' THEN 'Thợ lặn' ELSE 'Công nhân nấu luyện' END
               WHEN position = 'manager' THEN 'Trưởng bộ phận' WHEN position = 'professional' THEN 'Chuyên viên '
                   || sector
               WHEN position = 'skilled' THEN 'Công nhân kỹ thuật ' || sector ELSE 'Nhân viên '
                   || sector END AS job_title, {APPOINTED} AS appointed
        FROM spell AS s""",
    )
