from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.roles import ROLES, roles_with
from dauhieu.web.accounts.scope import Reach, Scope, ScopeError


def grants_in_force(user: User, on: date | None = None) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.in_force(on).filter(user=user)


def permissions_of(user: User, on: date | None = None) -> frozenset[Permission]:
    """Everything the user may do somewhere."""
    roles = {grant.role for grant in grants_in_force(user, on)}
    return frozenset(permission for role in roles if role in ROLES for permission in ROLES[role].permissions)


# Rows of evidence are about single persons too: who reads them may count them.
OF_PERSONS = (Permission.SEE_PERSONS, Permission.SEE_EVIDENCE)


def scope_of(user: User, permission: Permission, on: date | None = None) -> Scope:
    """Where the user may do this; without any place it raises."""
    reaches = _reaches(user, on, permission)
    if not reaches:
        raise ScopeError(f"{user.username} may not {permission.value.replace('_', ' ')} anywhere.")
    return Scope(reaches, user.username, sees_persons=reaches <= _reaches(user, on, *OF_PERSONS))


def _reaches(user: User, on: date | None, *permissions: Permission) -> frozenset[Reach]:
    roles = frozenset[str]().union(*map(roles_with, permissions))
    grants = grants_in_force(user, on).filter(role__in=roles)
    return frozenset(Reach(grant.territory_kind, grant.territory_code, grant.branch) for grant in grants)


def may_everywhere(user: User, permission: Permission) -> bool:
    """Whether the user may do this in the whole country and for all branches."""
    return permission in permissions_of(user) and scope_of(user, permission).is_national


def holders(permission: Permission, *, everywhere: bool) -> tuple[User, ...]:
    """Who may do this today: in the whole country and for all branches, or anywhere; by name."""
    users = User.objects.filter(is_active=True, grants__role__in=roles_with(permission)).distinct()
    able = (user for user in users.order_by("username") if permission in permissions_of(user))
    return tuple(user for user in able if not everywhere or may_everywhere(user, permission))
