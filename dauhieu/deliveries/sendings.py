"""How often a claim was sent. The exchange does not say it, so the store counts: by what it holds of the claim, then
by the sendings within the delivery, in the order of the days they were made.

A sending which says what the one before it said is none: neither a new envelope nor its date makes a version. Of
several sendings in one delivery the last lands whole; of the earlier ones the heads alone are kept, to be counted.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from dauhieu.deliveries.landing import Landing, Parts
from dauhieu.engines.base import Engine, Input, quoted
from dauhieu.warehouse.contract import Column, Table
from dauhieu.warehouse.rows import part_of, text
from dauhieu.warehouse.store import Store

HEAD = "hi_claim"
CODE = "hi_claim_code"
# What the agency itself adds to what a facility sends.
OWN = ("version_no", "first_received_at", "last_received_at", "status", "accepted_amount")
# Readers number the sendings of a delivery downwards from -1; a head without any number is its claim's only sending.
PLACE = "coalesce(version_no, 0)"


def number_sendings(landing: Landing, engine: Engine, store: Store) -> int:
    """Give every claim which came without one its number; returns how many sendings a later one replaced."""
    claim = [parts for parts in landing.parts() if HEAD in (parts.table, store.contract.table(parts.table).head)]
    heads = next((parts for parts in claim if parts.table == HEAD), None)
    for number, parts in enumerate(claim):
        engine.register(f"staged_{number}", landing.input(parts))
    if not _uncounted(engine, claim):
        return 0
    engine.register("heads", landing.input(heads) if heads else Input({CODE: "VARCHAR", **store.columns(HEAD)}))
    engine.materialise(
        "sent",
        f"SELECT {CODE} AS code, {PLACE} AS place, max(last_received_at) AS sent_at, "
        f"max(first_received_at) AS first_at FROM heads WHERE {PLACE} <= 0 GROUP BY ALL",
    )
    _find_before(engine, store)
    engine.materialise(
        "again",
        "SELECT code FROM before UNION SELECT code FROM sent GROUP BY code HAVING count(*) > 1",
    )
    _find_prints(engine, store, claim)
    engine.materialise("numbered", _NUMBERED)
    for parts in claim:
        landing.rewrite(parts, _HEAD_ROWS if parts is heads else _LINE_ROWS)
    _end_lines(landing, engine, store, claim)
    return int(str(engine.rows("SELECT count(*) FROM numbered WHERE kept AND NOT last")[0][0]))


def _uncounted(engine: Engine, claim: Sequence[Parts]) -> bool:
    """Whether any row waits for its number. A line without any takes that of its head, when heads are counted."""
    least = [
        f"SELECT min({PLACE if parts.table == HEAD else 'version_no'}) AS least FROM staged_{number}"
        for number, parts in enumerate(claim)
    ]
    return bool(least and engine.rows(f"SELECT 1 FROM ({' UNION ALL '.join(least)}) WHERE least <= 0 LIMIT 1"))


def _find_before(engine: Engine, store: Store) -> None:
    """What the store holds of the claims sent: their ids, and what the agency added."""
    _register_stored(engine, store, HEAD)
    _register_stored(engine, store, "key_hi_claim")
    engine.materialise(
        "before",
        f"SELECT k.code, k.id, {part_of(store.contract.table(HEAD), 'h.')} AS part, "
        f"{', '.join(f'h.{name}' for name in OWN)} FROM stored_hi_claim AS h "
        "JOIN stored_key_hi_claim AS k ON k.id = h.hi_claim_id "
        "WHERE h.superseded_at IS NULL AND EXISTS (SELECT 1 FROM sent WHERE sent.code = k.code)",
    )


def _find_prints(engine: Engine, store: Store, claim: Sequence[Parts]) -> None:
    """A print of the content of each sending of the claims in `again`; what is stored has the place 1."""
    rows = []
    for number, parts in enumerate(claim):
        table = store.contract.table(parts.table)
        # Of two rows with one key the later lands.
        key = quoted([table.column(name).delivered_as for name in table.key])
        rows.append(
            f"SELECT code, place, last(print ORDER BY nth) AS print FROM (SELECT {CODE} AS code, {PLACE} AS place, "
            f"{key}, row_number() OVER () AS nth, {_print(table)} AS print FROM staged_{number} "
            f"WHERE {CODE} IN (SELECT code FROM again)) GROUP BY code, place, {key}"
        )
    months = {str(row[0]) for row in engine.rows("SELECT DISTINCT part FROM before")}
    if months:
        tables = [table for table in store.contract.tables.values() if HEAD in (table.name, table.head)]
        rows += [_stored_prints(engine, store, table, months) for table in tables]
    every = " UNION ALL ".join(rows)
    engine.materialise(
        "prints", f"SELECT code, place, sum(print::HUGEINT) AS print FROM ({every}) GROUP BY code, place"
    )


def _end_lines(landing: Landing, engine: Engine, store: Store, claim: Sequence[Parts]) -> None:
    """A sending is whole: lines of a kind which no claim of the delivery has any more end with the sending before."""
    if not engine.rows("SELECT 1 FROM before JOIN sent USING (code) WHERE place < 0 LIMIT 1"):
        return
    delivered = {parts.table for parts in claim}
    for table in store.contract.tables.values():
        if table.head != HEAD or table.name in delivered:
            continue
        here = f"stored_{table.name} AS s JOIN before AS b ON b.id = s.hi_claim_id WHERE s.superseded_at IS NULL"
        if engine.rows(f"SELECT 1 FROM {here} LIMIT 1"):
            landing.add_none(table)


def _stored_prints(engine: Engine, store: Store, table: Table, months: Set[str]) -> str:
    _register_stored(engine, store, table.name, months)
    values, joins = ["b.code"], []
    for place, column in enumerate(_told(table)):
        value = f's."{column.name}"'
        if column.kind:
            _register_stored(engine, store, f"key_{column.kind}")
            joins.append(f"LEFT JOIN stored_key_{column.kind} AS k{place} ON k{place}.id = {value}")
            value = f"k{place}.code"
        values.append(f'{value} AS "{column.delivered_as}"')
    delivered = (
        f"SELECT {', '.join(values)} FROM stored_{table.name} AS s JOIN before AS b ON b.id = s.hi_claim_id "
        f"{' '.join(joins)} WHERE s.superseded_at IS NULL"
    )
    return f"SELECT code, 1 AS place, {_print(table)} AS print FROM ({delivered})"


def _print(table: Table) -> str:
    """A number which the same content always gets, stored or delivered."""
    values = [f"nullif(CAST(\"{column.delivered_as}\" AS VARCHAR), '')" for column in _told(table)]
    return f"hash({', '.join([text(table.name), *values])})"


def _told(table: Table) -> list[Column]:
    """What the sender says: neither which claim, nor what its head says already, nor what the agency adds."""
    return [
        column
        for column in table.columns
        if column.name not in table.document and not column.taken_from and column.name not in OWN
    ]


def _register_stored(engine: Engine, store: Store, name: str, months: Set[str] = frozenset()) -> None:
    """A table as stored, of the months of these claims alone: their lines lie in no other."""
    latest = store.latest()
    state = latest.tables.get(name) if latest else None
    files = [file.path for file in state.files if not months or file.part in {None, *months}] if state else []
    engine.register(f"stored_{name}", Input(store.columns(name), tuple(store.path.resolve() / path for path in files)))


# Each sending of each claim: its number, whether its head is kept, whether it is the last one, which lands whole.
_NUMBERED = """
WITH compared AS (
  SELECT s.*, b.version_no AS before_no, b.first_received_at AS before_first, b.last_received_at AS before_last,
         b.status AS before_status, b.accepted_amount AS before_amount,
         coalesce(lag(p.print) OVER w, o.print) IS DISTINCT FROM p.print OR p.print IS NULL AS changed,
         row_number() OVER w AS nth, count(*) OVER (PARTITION BY s.code) AS sendings
  FROM sent AS s
  LEFT JOIN before AS b ON b.code = s.code
  LEFT JOIN prints AS p ON p.code = s.code AND p.place = s.place
  LEFT JOIN prints AS o ON o.code = s.code AND o.place = 1
  WINDOW w AS (PARTITION BY s.code ORDER BY s.sent_at NULLS FIRST, s.place DESC)),
counted AS (
  SELECT *, nth = sendings AS last, coalesce(before_no, 0) + count(*) FILTER (changed) OVER w AS number,
         first_value(first_at) OVER w AS first,
         last_value(CASE WHEN changed THEN nth END IGNORE NULLS) OVER w IS NULL AS as_before
  FROM compared WINDOW w AS (PARTITION BY code ORDER BY nth))
SELECT code, place, number::INTEGER AS number, last, as_before,
       last OR changed AND number < max(number) OVER of AS kept,
       CASE WHEN as_before THEN before_first ELSE coalesce(before_first, first) END AS first_received_at,
       CASE WHEN as_before THEN before_last ELSE min(sent_at) OVER (PARTITION BY code, number) END AS last_received_at,
       before_status, before_amount
FROM counted WINDOW of AS (PARTITION BY code)
"""
_HEAD_ROWS = f"""
SELECT s.* REPLACE (
  coalesce(n.number, version_no) AS version_no,
  CASE WHEN n.code IS NULL THEN s.first_received_at ELSE n.first_received_at END AS first_received_at,
  CASE WHEN n.code IS NULL THEN s.last_received_at ELSE n.last_received_at END AS last_received_at,
  CASE WHEN n.as_before THEN n.before_status ELSE s.status END AS status,
  CASE WHEN n.as_before THEN n.before_amount ELSE s.accepted_amount END AS accepted_amount)
FROM staged AS s LEFT JOIN numbered AS n ON n.code = s.{CODE} AND n.place = {PLACE}
WHERE coalesce(n.kept, true) ORDER BY version_no
"""
_LINE_ROWS = f"""
SELECT s.* REPLACE (CASE WHEN {PLACE} > 0 THEN version_no ELSE n.number END AS version_no)
FROM staged AS s LEFT JOIN numbered AS n ON n.code = s.{CODE} AND n.place = {PLACE}
WHERE coalesce(n.last, true)
"""
