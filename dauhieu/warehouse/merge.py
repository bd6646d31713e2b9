"""How delivered rows meet the versions of the same keys already stored: the rules of the knowledge clock, in SQL.

Per key, all versions old and new stand in the order (recorded_at, arrival). A delivered row equal in content to the
version in force at its recorded_at says nothing new and is left out. Every other version ends where the next begins,
or where it ended already; so a late correction lands already superseded. Of two rows of one delivery with the same key
and the same recorded_at the later one counts; the earlier stays as a version which was never in force, unless it says
the very same.
"""

from __future__ import annotations

from dauhieu.engines.base import Engine, quoted
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.rows import same_key

OPEN = "CAST('infinity' AS TIMESTAMP)"


def find_fates(engine: Engine, table: Table, new: str, old: str | None) -> bool:
    """Decide on all rows of keys which have more than one version; False if every key has just its one new row.

    Leaves `fate`: for new rows (fresh) their `_place`, for old rows `_file` and `_row`; kept or not, and how they end.
    """
    key = quoted(table.key)
    slow = f"SELECT {key} FROM {new} GROUP BY {key} HAVING count(*) > 1"
    if old:
        met = f"EXISTS (SELECT 1 FROM {old} AS o WHERE {same_key(table, 'o', 'n')})"
        slow += f" UNION SELECT {key} FROM {new} AS n WHERE {met}"
    if not engine.materialise("slow", slow):
        return False
    engine.materialise("fate", _fates(table, new, old))
    return True


def _fates(table: Table, new: str, old: str | None) -> str:
    key = quoted(table.key)
    content = ", ".join(
        f'"{column.name}" := "{column.name}"' for column in table.columns if column.name not in table.key
    )
    content = f"struct_pack({content})" if content else "true"
    among = f"EXISTS (SELECT 1 FROM slow AS s WHERE {same_key(table, 's', 'r')})"
    stored = (
        f"SELECT {key}, recorded_at, superseded_at AS ended, {content} AS content, false AS fresh, "
        f"CAST(NULL AS BIGINT) AS _place, CAST(NULL AS BIGINT) AS last_place, _file, _row FROM {old} AS r WHERE {among}"
        if old
        else f"SELECT {key}, recorded_at, CAST(NULL AS TIMESTAMP) AS ended, content, false AS fresh, _place, "
        "last_place, CAST(NULL AS VARCHAR) AS _file, CAST(NULL AS BIGINT) AS _row FROM arrived WHERE false"
    )
    # Versions which were never in force come before the one of the same moment which was.
    order = f"PARTITION BY {key} ORDER BY recorded_at, fresh, ended IS NULL OR ended > recorded_at"
    return f"""
WITH arrived AS (
  SELECT {key}, recorded_at, {content} AS content, _place,
         max(_place) OVER (PARTITION BY {key}, recorded_at) AS last_place
  FROM {new} AS r WHERE {among}),
versions AS (
  {stored}
  UNION ALL
  SELECT {key}, recorded_at, NULL, content, true, _place, last_place, NULL, NULL
  FROM arrived WHERE _place = last_place),
placed AS (
  SELECT *, coalesce(last_value(CASE WHEN NOT fresh THEN coalesce(ended, {OPEN}) END IGNORE NULLS)
           OVER ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), {OPEN}) AS carried
  FROM versions),
bounded AS (
  SELECT *, CASE WHEN NOT fresh OR carried > recorded_at THEN carried ELSE {OPEN} END AS bound FROM placed),
compared AS (
  SELECT *, fresh AND coalesce(lag(bound) OVER ({order}) > recorded_at, false)
            AND lag(content) OVER ({order}) IS NOT DISTINCT FROM content AS repeated
  FROM bounded),
settled AS (
  SELECT fresh, _place, last_place, _file, _row, ended, content, true AS kept,
         nullif(least(bound, coalesce(lead(recorded_at) OVER ({order}), {OPEN})), {OPEN}) AS ends
  FROM compared WHERE NOT repeated
  UNION ALL
  SELECT fresh, _place, last_place, _file, _row, ended, content, false, NULL FROM compared WHERE repeated)
SELECT fresh, _place, _file, _row, ended, kept, ends FROM settled WHERE fresh OR ends IS DISTINCT FROM ended
UNION ALL
SELECT true, a._place, NULL, NULL, NULL, s.kept AND a.content IS DISTINCT FROM s.content, a.recorded_at
FROM arrived AS a JOIN settled AS s ON s.fresh AND s._place = a.last_place WHERE a._place < a.last_place
"""


def find_resent(engine: Engine, table: Table, new: str, old: str) -> int:
    """Documents whose heads are stored and delivered again, as `resent` (the document's columns, resent_at)."""
    keys = ", ".join(f'n."{column}"' for column in table.document)
    same = " AND ".join(f'o."{column}" = n."{column}"' for column in table.document)
    return engine.materialise(
        "resent",
        f"SELECT {keys}, max(n.recorded_at) AS resent_at FROM {new} AS n "
        f"WHERE EXISTS (SELECT 1 FROM {old} AS o WHERE {same}) GROUP BY {keys}",
    )


def find_dropped(engine: Engine, table: Table, delivered: str, old: str) -> int:
    """Current rows of documents in `resent` which are no longer in them, as `dropped` (_file, _row, ends).

    A document is delivered with all its rows, so a line which the new version lacks has ended with it.
    """
    same = " AND ".join(f'd."{column}" = o."{column}"' for column in table.document)
    return engine.materialise(
        "dropped",
        f"SELECT o._file, o._row, d.resent_at AS ends FROM {old} AS o JOIN resent AS d ON {same} "
        "WHERE o.superseded_at IS NULL AND o.recorded_at <= d.resent_at "
        f"AND NOT EXISTS (SELECT 1 FROM {delivered} AS n WHERE {same_key(table, 'n', 'o')})",
    )


def find_gone(engine: Engine, table: Table, delivered: str, old: str, among: str) -> int:
    """Current rows whose key is not in a full list, as `gone` (_file, _row); returns their number."""
    return engine.materialise(
        "gone",
        f"SELECT _file, _row FROM {old} AS o WHERE superseded_at IS NULL AND ({among}) "
        f"AND NOT EXISTS (SELECT 1 FROM {delivered} AS n WHERE {same_key(table, 'n', 'o')})",
    )
