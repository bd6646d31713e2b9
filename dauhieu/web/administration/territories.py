"""The places for which an administrator may give a role: his own, and what lies within them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dauhieu.web.accounts.scope import BRANCH_TITLES, TERRITORY_TITLES, Branch, Reach, Scope, TerritoryKind
from dauhieu.web.radar import queries
from dauhieu.web.radar.lake import Lake

# The day from which on there are 34 provinces.
REFORM = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Territories:
    """What lies within the scope of an administrator, with names."""

    scope: Scope
    provinces: dict[str, str]
    former: dict[str, str]
    offices: dict[str, str]
    # Offices which have units within the scope.
    own_offices: frozenset[str]

    def covers(self, reach: Reach) -> bool:
        """Whether the administrator's own reach holds this one."""
        return any(self._holds(own, reach) for own in self.scope.reaches if own.branch in ("", reach.branch))

    def _holds(self, own: Reach, reach: Reach) -> bool:
        if own.kind == TerritoryKind.NATION or (own.kind, own.code) == (reach.kind, reach.code):
            return True
        return reach.kind == TerritoryKind.OFFICE and reach.code in self.own_offices

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For a field: groups of `kind:code` with names."""
        groups = [
            (str(TERRITORY_TITLES[TerritoryKind.NATION]), TerritoryKind.NATION, {"": _("The whole country")}),
            (_("34 provinces (since 01/07/2025)"), TerritoryKind.PROVINCE, self.provinces),
            (_("63 provinces (before 01/07/2025)"), TerritoryKind.FORMER_PROVINCE, self.former),
            (_("Offices"), TerritoryKind.OFFICE, self.offices),
        ]
        found = []
        for title, kind, names in groups:
            held = [(f"{kind}:{code}", f"{name} ({code})" if code else name) for code, name in names.items()]
            held = [(value, name) for value, name in held if self._any_branch(kind, value.partition(":")[2])]
            if held:
                found.append((title, held))
        return found

    def _any_branch(self, kind: TerritoryKind, code: str) -> bool:
        return any(self._holds(own, Reach(kind, code)) for own in self.scope.reaches)

    def name(self, kind: str, code: str, branch: str = "") -> str:
        known = {
            TerritoryKind.PROVINCE: self.provinces,
            TerritoryKind.FORMER_PROVINCE: self.former,
            TerritoryKind.OFFICE: self.offices,
        }.get(TerritoryKind(kind), {})
        place = f"{TERRITORY_TITLES[TerritoryKind(kind)]} {known.get(code, code)}".strip()
        return f"{place}, {BRANCH_TITLES[Branch(branch)]}" if branch else place


def territories(scope: Scope, lake: Lake | None) -> Territories:
    """Without a store there are no names, and roles are given for the whole country alone."""
    if lake is None:
        return Territories(scope, {}, {}, {}, frozenset())
    own = lake.ask(scope, "SELECT DISTINCT org_code FROM unit WHERE org_code IS NOT NULL ORDER BY 1")
    return Territories(
        scope,
        dict(queries.province_names(lake, "34")),
        dict(queries.province_names(lake, "63")),
        dict(sorted(queries.office_names(lake).items())),
        frozenset(row["org_code"] for row in own),
    )
