"""Steps which SQL alone does badly, run through any engine as a loop of plain queries."""

from __future__ import annotations

from dauhieu.engines.base import Engine
from dauhieu.errors import EngineError

# Each round at least halves what is left of a chain; 64 rounds are beyond any real graph.
ROUNDS = 64


def components(engine: Engine, name: str, edges_sql: str) -> int:
    """Connected components of the edges (a, b): table `name` with node and component (its smallest node).

    Labels spread to the smallest neighbour and then jump to that label's label, so the rounds grow with the
    logarithm of the longest path.
    """
    edges, labels, following = f"{name}__edges", f"{name}__labels", f"{name}__next"
    engine.materialise(
        edges, f"WITH e AS ({edges_sql}) SELECT a, b FROM e WHERE a <> b UNION SELECT b, a FROM e WHERE a <> b"
    )
    engine.materialise(labels, f"SELECT a AS node, least(a, min(b)) AS component FROM {edges} GROUP BY a")
    for _ in range(ROUNDS):
        engine.materialise(
            following,
            f"""
            WITH near AS (
              SELECT e.a AS node, min(l.component) AS component
              FROM {edges} AS e JOIN {labels} AS l ON l.node = e.b GROUP BY e.a)
            SELECT l.node, least(l.component, n.component, j.component) AS component
            FROM {labels} AS l JOIN near AS n ON n.node = l.node JOIN {labels} AS j ON j.node = l.component""",
        )
        changed = engine.rows(
            f"SELECT count(*) FROM {labels} AS l JOIN {following} AS f ON f.node = l.node "
            "WHERE f.component <> l.component"
        )[0][0]
        engine.materialise(labels, f"SELECT node, component FROM {following}")
        if not changed:
            break
    else:
        raise EngineError(f"The components of '{name}' did not settle in {ROUNDS} rounds.")
    rows = engine.materialise(name, f"SELECT node, component FROM {labels}")
    for step in (edges, labels, following):
        engine.drop(step)
    return rows
