"""`benefit_case` holds one row a case, whoever makes it, `leave_paper` one a certificate, `pension` one a pension.

`payments` turns all of them into claims, decisions and payments. Officers, days and accounts not named there are the
ordinary ones.
"""

from __future__ import annotations

from dauhieu.country.world import World

CASE_COLUMNS = """id BIGINT, kind VARCHAR, p BIGINT, person VARCHAR, e BIGINT, prov INTEGER, from_date DATE,
    to_date DATE, days BIGINT,
    base_wage BIGINT, rate_pct BIGINT, amount BIGINT, one_off BIGINT, ground VARCHAR, months_counted BIGINT,
    child VARCHAR, birth VARCHAR,
    facility VARCHAR, claimant VARCHAR, submitted_at TIMESTAMP, decided_at TIMESTAMP, account VARCHAR,
    bank VARCHAR, list_no VARCHAR,
    device VARCHAR, ip VARCHAR, approver VARCHAR, assessor VARCHAR, override_reason VARCHAR, payer_days BIGINT"""
PAPER_COLUMNS = """id BIGINT, kind VARCHAR, p BIGINT, person VARCHAR, f BIGINT, practitioner VARCHAR, icd VARCHAR,
    from_date DATE, days BIGINT,
    issued_at DATE, serial VARCHAR, cert_no VARCHAR, case_id BIGINT, late_days BIGINT"""
PENSION_COLUMNS = """id BIGINT, kind VARCHAR, p BIGINT, person VARCHAR, prov INTEGER, start_month DATE,
    end_month DATE, amount BIGINT, months BIGINT,
    bank VARCHAR, account VARCHAR, status VARCHAR, early_pct BIGINT, decided BOOLEAN, reported_m BIGINT"""
# Sickness of working people: short, mostly of the airways, the back and the stomach.
ILLNESSES = ("J06", "J02", "J20", "M54", "K29", "A09", "H81", "B34", "S61", "J00")


def make_tables(world: World) -> None:
    for name, columns in (("benefit_case", CASE_COLUMNS), ("leave_paper", PAPER_COLUMNS), ("pension", PENSION_COLUMNS)):
        world.drop(name)
        world.run(f'CREATE TABLE "{name}" ({columns})')
    world.run("CREATE TABLE redated (p BIGINT, old_dob DATE, m BIGINT)")
    world.run("CREATE TABLE wage_change (s BIGINT, from_m BIGINT, to_m BIGINT, pct BIGINT)")
    world.run("CREATE TABLE title_change (s BIGINT, from_m BIGINT, hazard_class VARCHAR, job_title VARCHAR)")
    illnesses = ", ".join(f"({n}, '{icd}')" for n, icd in enumerate(ILLNESSES))
    world.make("illness", f"SELECT * FROM (VALUES {illnesses}) AS t(n, icd)")


def next_id(table: str) -> str:
    return f"(SELECT coalesce(max(id), 0) FROM {table})"


def add_cases(world: World, name: str, rows: str) -> None:
    """Further cases: working table `name` gets ids; its columns which a case has go into `benefit_case`."""
    world.make(
        name,
        f"""
        SELECT {next_id("benefit_case")} + row_number() OVER () AS id, r.*
            FROM (SELECT * FROM ({rows}) ORDER BY ALL) AS r""",
    )
    known = {column.split()[0] for column in CASE_COLUMNS.replace("\n", " ").split(", ")} | {"id"}
    columns = [row[0] for row in world.rows(f'DESCRIBE "{name}"') if str(row[0]).strip() in {c.strip() for c in known}]
    world.run(f'INSERT INTO benefit_case BY NAME SELECT {", ".join(map(str, columns))} FROM "{name}"')


def add_papers(world: World, rows: str) -> None:
    """Certificates: `rows` select the columns of `leave_paper` but its id."""
    world.run(
        f"""
        INSERT INTO leave_paper BY NAME SELECT {next_id("leave_paper")} + 500000000 + row_number() OVER () AS id, r.*
            FROM (SELECT * FROM ({rows}) ORDER BY ALL) AS r"""
    )


def add_paper_of_each(world: World, table: str, *, icd: str, series: str) -> None:
    """An ordinary certificate for each case of `table`, over all its days."""
    add_papers(
        world,
        f"""
        SELECT 'CT07' AS kind, c.p, c.person, h.f, NULL AS practitioner, '{icd}' AS icd, c.from_date,
            c.to_date - c.from_date + 1 AS days, c.from_date AS issued_at,
            '{series}' || CAST(c.id AS VARCHAR) AS serial, CAST(c.id AS VARCHAR) || '/N' AS cert_no,
            c.id AS case_id, 0 AS late_days
        FROM "{table}" AS c JOIN facility AS h ON h.code = c.facility""",
    )
