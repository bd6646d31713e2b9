"""Brokers: one attorney for many, one account, one device, one paper number for many people."""

from __future__ import annotations

from dauhieu.country.truth import tell
from dauhieu.country.world import World


def plant(world: World) -> None:
    world.make(
        "broker",
        world.wrong("""
        SELECT p.p, p.code AS person, p.prov, p.bank, p.account,
            row_number() OVER (ORDER BY u(p.p, #broker), p.p) - 1 AS n FROM person AS p
           WHERE p.age BETWEEN 28 AND 60 AND p.died IS NULL AND p.p NOT IN (SELECT p FROM benefit_case)
               AND p.p NOT IN (SELECT p FROM pension) QUALIFY n < $few"""),
    )
    _attorneys(world)
    _accounts(world)
    _devices(world)
    _numbers(world)


def _attorneys(world: World) -> None:
    """They hold the powers of others and have the money paid to one account."""
    world.make(
        "sold_right",
        """
        SELECT c.id, c.p, c.person, c.from_date, c.submitted_at, c.one_off, b.p AS broker, b.person AS broker_code,
            b.bank, b.account, b.n
           FROM (SELECT *, row_number() OVER (ORDER BY submitted_at DESC, id) - 1 AS k FROM benefit_case
               WHERE kind = 'lump_sum' AND ground = 'waiting_year' AND submitted_at < $end - INTERVAL 20 DAY) AS c
               JOIN broker AS b ON b.n = (c.k // 14) WHERE c.k < $few * 14""",
    )
    world.run(
        """
        UPDATE benefit_case SET bank = s.bank, account = s.account FROM sold_right AS s WHERE benefit_case.id = s.id
            AND s.n % 3 < 2"""
    )
    world.add(
        "authorisation",
        """
        SELECT 'UQ' || CAST(id AS VARCHAR) AS authorisation_code, person AS principal_person_code,
            broker_code AS attorney_person_code, 'claim_lump_sum' AS purpose,
            CAST(submitted_at AS DATE) - 6 AS valid_from, CAST(submitted_at AS DATE) + 300 AS valid_to,
                  '[Mẫu] Văn phòng công chứng 1' AS certified_by, submitted_at AS recorded_at FROM sold_right
                      WHERE submitted_at < $end""",
    )
    tell(
        world,
        "attorney_of_many",
        "X-BRK-01",
        """
        SELECT broker_code AS code, min(CAST(submitted_at AS DATE)) AS period_from,
            max(CAST(submitted_at AS DATE)) AS period_to, sum(one_off) AS amount, 80 AS strength FROM sold_right
            GROUP BY broker_code""",
    )
    for violation in ("X-BRK-01", "X-BRK-03"):
        tell(
            world,
            "account_of_attorney",
            violation,
            """
            SELECT bank || '/' || account AS code, min(CAST(submitted_at AS DATE)) AS period_from,
                max(CAST(submitted_at AS DATE)) AS period_to, 0 AS amount, 80 AS strength
            FROM sold_right WHERE n % 3 < 2 GROUP BY bank, account""",
            kind="bank_account",
        )
    tell(
        world,
        "sold_right",
        "SI-PAR-05",
        """
        SELECT person AS code, CAST(submitted_at AS DATE) - 6 AS period_from, CAST(submitted_at AS DATE) AS period_to,
            one_off AS amount, 60 AS strength FROM sold_right WHERE submitted_at < $end""",
    )
    # A grown child collects the pension of a parent: lawful, and common.
    world.add(
        "authorisation",
        """
        SELECT 'UQN' || CAST(n.id AS VARCHAR) AS authorisation_code, n.person AS principal_person_code,
            k.code AS attorney_person_code, 'receive_monthly' AS purpose, DATE '2026-01-05' AS valid_from,
            DATE '2026-12-31' AS valid_to,
                  '[Mẫu] UBND xã' AS certified_by, TIMESTAMP '2026-01-06 09:00:00' AS recorded_at
           FROM pension AS n JOIN person AS k ON k.p = n.p // 4 * 4 WHERE n.kind = 'old_age' AND n.p % 4 = 3
               AND ppm(n.id, #proxy) < 60000 AND $end > DATE '2026-01-06'""",
    )


def _accounts(world: World) -> None:
    """Sickness and birth money of strangers on one account; families and homes share lawfully."""
    world.make(
        "pooled",
        """
        SELECT c.id, b.n, b.bank, '5' || b.account AS account, c.from_date,
            coalesce(c.one_off, 0) + c.amount * CASE WHEN c.kind = 'ui_allowance' THEN c.payer_days ELSE 1 END AS amount
            FROM (SELECT *, row_number() OVER (PARTITION BY prov ORDER BY u(id, #pooled), id) - 1 AS k
            FROM benefit_case WHERE kind IN ('sickness', 'ui_allowance', 'birth') AND account IS NULL
            AND submitted_at > $end - 300 AND submitted_at < $end - INTERVAL 20 DAY) AS c
           JOIN broker AS b ON b.prov = c.prov AND c.k < 18""",
    )
    world.run(
        "UPDATE benefit_case SET bank = s.bank, account = s.account FROM pooled AS s WHERE benefit_case.id = s.id"
    )
    tell(
        world,
        "pooled_account",
        "X-BRK-03",
        """
        SELECT any_value(bank) || '/' || account AS code, min(from_date) AS period_from, max(from_date) AS period_to,
            sum(amount) AS amount, 75 AS strength FROM pooled GROUP BY account""",
        kind="bank_account",
    )
    # The household's one account.
    world.make(
        "shared_home",
        """
        SELECT n.id, k.bank, k.account FROM pension AS n JOIN person AS k ON k.p = n.p // 4 * 4
            WHERE n.kind = 'old_age' AND ppm(n.p // 4, #homeaccount) < 80000""",
    )
    world.run("UPDATE pension SET bank = s.bank, account = s.account FROM shared_home AS s WHERE pension.id = s.id")
    # An employer which receives for its sick on one account.
    world.run(
        """
        UPDATE benefit_case SET bank = '970436', account = '777' || CAST(benefit_case.e AS VARCHAR)
            FROM employer AS e WHERE e.e = benefit_case.e AND e.deed = 'group_leave_account'
            AND benefit_case.kind = 'sickness'"""
    )
    tell(
        world,
        "paid_through_employer",
        "X-BRK-03",
        """
        SELECT '970436/777' || CAST(e AS VARCHAR) AS code, $first AS period_from, $end - 1 AS period_to,
            NULL AS amount, 60 AS strength FROM employer WHERE deed = 'group_leave_account'""",
        kind="bank_account",
        innocent=True,
    )


def _devices(world: World) -> None:
    world.make(
        "one_device",
        """
        SELECT c.id, c.p, c.person, b.n, b.person AS broker, c.from_date, c.amount * c.payer_days AS amount
            FROM (SELECT *, row_number() OVER (PARTITION BY prov ORDER BY u(id, #device), id) - 1 AS k
            FROM benefit_case WHERE kind = 'ui_allowance' AND from_date > $end - 360
            AND submitted_at < $end - INTERVAL 20 DAY) AS c JOIN broker AS b ON b.prov = c.prov AND c.k < 15""",
    )
    world.run(
        """
        UPDATE benefit_case SET device = 'DEV-' || CAST(7000 + s.n AS VARCHAR), ip = '203.113.'
            || CAST(s.n // 250 AS VARCHAR) || '.' || CAST(1 + s.n % 250 AS VARCHAR) FROM one_device AS s
            WHERE benefit_case.id = s.id"""
    )
    tell(
        world,
        "one_device",
        "X-BRK-02",
        """
        SELECT 'DEV-' || CAST(7000 + n AS VARCHAR) AS code, min(from_date) AS period_from, $end - 1 AS period_to,
            sum(amount) AS amount, 70 AS strength FROM one_device GROUP BY n""",
        kind="device",
    )
    tell(
        world,
        "told_by_broker",
        "UI-BEN-05",
        """
        SELECT person AS code, min(from_date) AS period_from, $end - 1 AS period_to, sum(amount) AS amount,
            70 AS strength FROM one_device GROUP BY person""",
    )
    # The computer of the job centre serves everybody.
    world.run(
        """
        UPDATE benefit_case SET device = 'KIOSK-' || lpad(CAST(prov AS VARCHAR), 2, '0') WHERE kind = 'ui_allowance'
            AND device IS NULL AND ppm(id, #kiosk) < 30000"""
    )
    # Half of the others use a phone or computer of their own, or of the family.
    world.run(
        """
        UPDATE benefit_case SET device = 'MAY-' || CAST(CASE WHEN ppm(p, #familydevice) < 150000 THEN p // 4 * 4
            ELSE p END AS VARCHAR) WHERE kind = 'ui_allowance' AND device IS NULL AND ppm(p, #owndevice) < 500000"""
    )


def _numbers(world: World) -> None:
    """One paper, photocopied for several people."""
    world.make(
        "copied",
        world.wrong("""
        SELECT l.id, l.f, l.n, l.case_id, l.from_date, l.g, 'SC' || CAST(900000 + l.f AS VARCHAR) AS serial
            FROM (SELECT id, f, case_id, from_date, row_number() OVER (PARTITION BY f ORDER BY id) - 1 AS n,
            dense_rank() OVER (ORDER BY u(f, #copied), f) AS g FROM leave_paper WHERE kind = 'CT07') AS l
            WHERE l.n < 3 AND l.g <= $few * 2"""),
    )
    world.run("UPDATE leave_paper SET serial = c.serial FROM copied AS c WHERE leave_paper.id = c.id")
    tell(
        world,
        "one_paper_for_many",
        "X-BRK-02",
        """
        SELECT 'serial/' || f.code || '/' || c.serial AS code, min(c.from_date) AS period_from,
            max(c.from_date) AS period_to, sum(b.amount) FILTER (WHERE c.n > 0) AS amount, 70 AS strength
        FROM copied AS c JOIN facility AS f USING (f) JOIN benefit_case AS b ON b.id = c.case_id GROUP BY 1""",
        kind="document",
    )
