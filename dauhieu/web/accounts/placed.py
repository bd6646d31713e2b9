"""Rows of the site's own database which belong to a place: read only through a scope."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from dauhieu.web.accounts.scope import BRANCH_TITLES, Reach, Scope, ScopeError, TerritoryKind

COLUMNS = {
    TerritoryKind.PROVINCE: "province_code",
    TerritoryKind.FORMER_PROVINCE: "former_province_code",
    TerritoryKind.OFFICE: "office_code",
}


def condition(scope: Scope) -> Q:
    """What a scope lets through."""
    found = Q(pk__in=[])
    for reach in scope.reaches:
        found |= _of_reach(reach)
    return found


def _of_reach(reach: Reach) -> Q:
    place = (
        Q(pk__isnull=False)
        if reach.kind == TerritoryKind.NATION
        else Q(**{COLUMNS[TerritoryKind(reach.kind)]: reach.code})
    )
    return place & Q(branch=reach.branch) if reach.branch else place


class PlacedRows(models.QuerySet[Any]):
    """Gives no row before it is told whose eyes it is for."""

    _told = False

    def within(self, scope: Scope) -> Self:
        rows = self.filter(condition(scope))
        rows._told = True
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._told = self._told
        return clone

    def _ask(self) -> None:
        if not self._told:
            raise ScopeError(f"{self.model.__name__} was read without a scope. Say .within(scope) first.")

    def _fetch_all(self) -> None:
        self._ask()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._ask()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._ask()
        return super().count()

    def exists(self) -> bool:
        self._ask()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._ask()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._ask()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._ask()
        return super().delete()


class Placed(models.Model):
    """The place and branch of a row, kept with it so that reading it needs no join."""

    province_code = models.CharField(max_length=20, blank=True, db_index=True)
    former_province_code = models.CharField(max_length=20, blank=True, db_index=True)
    office_code = models.CharField(max_length=20, blank=True, db_index=True)
    branch = models.CharField(max_length=20, choices=list(BRANCH_TITLES.items()))

    objects = PlacedRows.as_manager()

    class Meta:
        abstract = True
        # Relations and refresh_from_db go the same way.
        base_manager_name = "objects"
