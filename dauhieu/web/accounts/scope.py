"""Where somebody may read: territories, each perhaps for one branch of insurance. Nothing is read without a scope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class ScopeError(Exception):
    """Something was asked without saying for whom. Never shown as an empty list: that would look like an answer."""


class TerritoryKind(StrEnum):
    NATION = "nation"
    # The 34 provinces since July 2025, and the 63 before: offices still work by both.
    PROVINCE = "province"
    FORMER_PROVINCE = "former_province"
    OFFICE = "office"


TERRITORY_TITLES = {
    TerritoryKind.NATION: _("the whole country"),
    TerritoryKind.PROVINCE: _("province"),
    TerritoryKind.FORMER_PROVINCE: _("province before July 2025"),
    TerritoryKind.OFFICE: _("office"),
}


class Branch(StrEnum):
    SOCIAL = "social"
    UNEMPLOYMENT = "unemployment"
    HEALTH = "health"
    CROSS = "cross"


BRANCH_TITLES = {
    Branch.SOCIAL: _("Social insurance"),
    Branch.UNEMPLOYMENT: _("Unemployment insurance"),
    Branch.HEALTH: _("Health insurance"),
    Branch.CROSS: _("Several branches"),
}


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """One territory; `branch` empty means all branches."""

    kind: str
    code: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is in any of its reaches; `why` says for whom or, where no person asks, for what reason it was opened."""

    reaches: frozenset[Reach]
    why: str
    # Whether single persons may be seen in all of it; who may not is told no counts of few.
    sees_persons: bool = False

    def __post_init__(self) -> None:
        if not self.reaches:
            raise ScopeError(f"A scope without any territory was opened for {self.why}.")

    @property
    def key(self) -> str:
        """The same for everybody who may read the same, so that what was counted for one serves all of them."""
        return ";".join(f"{reach.kind}:{reach.code}:{reach.branch}" for reach in sorted(self.reaches))

    def covers(self, other: Scope) -> bool:
        """Whether everything which the other lets through lies in this one."""

        def within(reach: Reach) -> bool:
            kinds = {(reach.kind, reach.code), (TerritoryKind.NATION, "")}
            return any(Reach(*kind, branch) in self.reaches for kind in kinds for branch in ("", reach.branch))

        return (self.sees_persons or not other.sees_persons) and all(map(within, other.reaches))

    @property
    def is_national(self) -> bool:
        """All branches of the whole country."""
        return Reach(TerritoryKind.NATION) in self.reaches

    @property
    def one_province(self) -> Reach | None:
        """The province whose people this is, where it is just one."""
        places = {(reach.kind, reach.code) for reach in self.reaches}
        kinds = (TerritoryKind.PROVINCE, TerritoryKind.FORMER_PROVINCE)
        if len(places) == 1 and (only := next(iter(places)))[0] in kinds:
            return Reach(*only)
        return None


def system_scope(why: str) -> Scope:
    """Everything, for work which no person asks for; the reason is kept with it."""
    return Scope(frozenset({Reach(TerritoryKind.NATION)}), why, sees_persons=True)
