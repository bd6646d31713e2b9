"""Which accounts an administrator sees, and which of them he may change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, Q
from django.utils import timezone

from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import grants_in_force
from dauhieu.web.accounts.roles import ROLES, roles_with
from dauhieu.web.accounts.scope import Reach, TerritoryKind
from dauhieu.web.administration.territories import Territories
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry

# What opens a way into an account: whoever does it could go in himself.
LETS_IN = (Act.INVITED, Act.FACTORS_FORGOTTEN, Act.ACCOUNT_ENABLED)


@dataclass(frozen=True, slots=True)
class Held:
    """A role as a page shows it."""

    grant: RoleGrant
    role: str
    place: str
    # Not ended, perhaps to begin later.
    in_force: bool
    # Until a second administrator has confirmed it; and whether who looks may.
    waits: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class Account:
    user: User
    roles: tuple[Held, ...]
    second_factor: bool
    may_change: bool


def visible(territories: Territories, search: str = "", role: str = "", state: str = "") -> list[Account]:
    """Accounts with a role within the reach of the administrator, and those which have none yet."""
    grants = Prefetch("grants", RoleGrant.objects.order_by("-valid_from", "pk"))
    users = User.objects.prefetch_related(grants).order_by("username")
    if search:
        users = users.filter(Q(username__icontains=search) | Q(full_name__icontains=search))
    if role:
        users = users.filter(grants__in=RoleGrant.objects.in_force().filter(role=role)).distinct()
    if state:
        users = users.filter(is_active=state == "active")
    protected = set(Authenticator.objects.exclude(type="recovery_codes").values_list("user_id", flat=True))
    return [account for user in users if (account := _account(user, territories, user.pk in protected))]


def account(number: int, territories: Territories) -> Account | None:
    user = User.objects.prefetch_related("grants").filter(pk=number).first()
    if user is None:
        return None
    protected = Authenticator.objects.filter(user=user).exclude(type="recovery_codes").exists()
    return _account(user, territories, protected)


def _account(user: User, territories: Territories, second_factor: bool) -> Account | None:
    today = timezone.localdate()
    roles = tuple(_held(grant, territories, today) for grant in user.grants.all())
    covered = {one.grant.pk: territories.covers(reach_of(one.grant)) for one in roles}
    now = [one for one in roles if one.in_force]
    if now and not any(covered[one.grant.pk] for one in now):
        return None
    mine = user.username == territories.scope.why
    return Account(user, roles, second_factor, not mine and all(covered[one.grant.pk] for one in now))


def _held(grant: RoleGrant, territories: Territories, today: object) -> Held:
    in_force = grant.valid_to is None or grant.valid_to >= today
    title = str(ROLES[grant.role].title) if grant.role in ROLES else grant.role
    place = territories.name(grant.territory_kind, grant.territory_code, grant.branch)
    waits = in_force and grant.waits
    others = territories.scope.why not in (grant.given_by, grant.user.username)
    return Held(grant, title, place, in_force, waits, waits and others and territories.covers(reach_of(grant)))


def reach_of(grant: RoleGrant) -> Reach:
    return Reach(grant.territory_kind, grant.territory_code, grant.branch)


def let_in_by(name: str) -> str:
    """Who last opened a way into an account; '' where nobody did."""
    last = Entry.objects.filter(subject=f"account:{name}", act__in=LETS_IN).first()
    return last.actor if last else ""


def other_administrators(user: User) -> bool:
    """Whether somebody else could still manage all accounts of the country."""
    managing = roles_with(Permission.MANAGE_ACCOUNTS)
    others: Iterable[User] = User.objects.filter(
        is_active=True, grants__role__in=managing, grants__territory_kind=TerritoryKind.NATION
    ).exclude(pk=user.pk)
    return any(
        grants_in_force(other).filter(role__in=managing, territory_kind=TerritoryKind.NATION, branch="").exists()
        for other in others
    )
