from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dauhieu.web.accounts.scope import BRANCH_TITLES, TERRITORY_TITLES, TerritoryKind


class User(AbstractUser):
    """One account of one person of the agency."""

    first_name = None
    last_name = None
    full_name = models.CharField(_("full name"), max_length=150, blank=True)

    def get_full_name(self) -> str:
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def __str__(self) -> str:
        return self.username


class RoleGrants(models.QuerySet["RoleGrant"]):
    def in_force(self, day: date | None = None) -> RoleGrants:
        """Those which hold on a day, today where none is named: begun, not ended, and waiting for nobody."""
        day = day or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day, waits=False)


class RoleGrant(models.Model):
    """A role which somebody has, where, for which branch, and in which time. Ended by its date, never removed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    territory_kind = models.CharField(max_length=20, choices=list(TERRITORY_TITLES.items()))
    territory_code = models.CharField(max_length=20, blank=True)
    branch = models.CharField(max_length=20, choices=list(BRANCH_TITLES.items()), blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=150)
    # Given, and not in force before somebody else has confirmed it.
    waits = models.BooleanField(default=False)
    confirmed_by = models.CharField(max_length=150, blank=True)

    objects = RoleGrants.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_names_its_place",
                condition=Q(territory_kind=TerritoryKind.NATION, territory_code="")
                | (~Q(territory_kind=TerritoryKind.NATION) & ~Q(territory_code="")),
            ),
            models.CheckConstraint(
                name="grant_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="grant_is_confirmed_by_another",
                condition=~Q(confirmed_by=F("given_by")) & (Q(waits=False) | Q(confirmed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.territory_kind}:{self.territory_code}"
