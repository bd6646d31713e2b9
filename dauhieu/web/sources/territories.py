"""For which places somebody may deliver, as the core asks it."""

from __future__ import annotations

from dauhieu.deliveries.territory import Territory
from dauhieu.web.accounts.scope import Branch, Reach, Scope, TerritoryKind
from dauhieu.web.radar.lake import COLUMN

# Whose rows are all of one branch. Those of other tables are delivered for all branches.
AREAS_OF_BRANCH = {Branch.HEALTH: ("claims", "health")}


def territories_of(scope: Scope) -> tuple[Territory, ...] | None:
    """None where it is the whole country."""
    return None if scope.is_national else tuple(map(_territory, sorted(scope.reaches)))


def _territory(reach: Reach) -> Territory:
    column = "" if reach.kind == TerritoryKind.NATION else COLUMN[TerritoryKind(reach.kind)]
    areas = AREAS_OF_BRANCH.get(Branch(reach.branch), ()) if reach.branch else None
    return Territory(column, reach.code, areas)
