"""Areas of findings on two maps: the one of the earlier scan and the one of the later."""

from __future__ import annotations

from dauhieu.engines.base import Engine
from dauhieu.warehouse.sight import Sight


def label_areas(sight: Sight, relation: str, area: str | None) -> None:
    """Make a table (code, label) of the units in an area, each with the unit directly below it which it belongs to.

    Without an area these are the provinces. A unit which was merged belongs where its successor does, so that an old
    code counts in the new area. The area itself, and what is in none of the units below it, has its own code.
    """
    sight.show(["admin_unit"])
    below = f"parent_code = {_text(area)}" if area else "level = 'province' AND successor_code IS NULL"
    inside = f"SELECT {_text(area)} AS code" if area else "SELECT admin_code AS code FROM admin_unit"
    sight.engine.materialise(
        relation,
        f"""
        WITH RECURSIVE link AS (
          SELECT admin_code AS code, parent_code AS up FROM admin_unit WHERE parent_code IS NOT NULL
          UNION
          SELECT admin_code, successor_code FROM admin_unit WHERE successor_code IS NOT NULL),
        labelled AS (
          SELECT admin_code AS code, admin_code AS label FROM admin_unit WHERE {below}
          UNION
          SELECT l.code, b.label FROM link AS l JOIN labelled AS b ON b.code = l.up),
        inside AS (
          {inside}
          UNION
          SELECT l.code FROM link AS l JOIN inside AS i ON i.code = l.up)
        SELECT i.code, coalesce(min(b.label), {_text(area) if area else "i.code"}) AS label
        FROM inside AS i LEFT JOIN labelled AS b ON b.code = i.code GROUP BY i.code""",
    )


def places_of(engine: Engine, relation: str, place: str, findings: str) -> None:
    """Keep of the places of a sight those of the subjects of findings; the sight may then be closed."""
    engine.materialise(
        relation,
        f"SELECT p.subject_kind, p.subject_id, p.valid_from, p.valid_to, p.area_code FROM {place} AS p "
        f"WHERE (p.subject_kind, p.subject_id) IN (SELECT DISTINCT subject_kind, subject_id FROM {findings})",
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
