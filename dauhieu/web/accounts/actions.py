from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.roles import ROLES, is_wide
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    territory_kind: str,
    territory_code: str = "",
    branch: str = "",
    valid_from: date,
    valid_to: date | None = None,
    by: str,
    waits: bool = False,
) -> RoleGrant:
    """One which waits is in force once somebody else has confirmed it."""
    if user.username == by:
        raise ValidationError(_("Nobody may change his own rights."))
    if role not in ROLES:
        raise ValidationError(f"There is no role '{role}'. Use one of {', '.join(ROLES)}.")
    grant = RoleGrant(
        user=user,
        role=role,
        territory_kind=territory_kind,
        territory_code=territory_code,
        branch=branch,
        valid_from=valid_from,
        valid_to=valid_to,
        given_by=by,
        waits=waits,
    )
    grant.full_clean()
    grant.save()
    record(act=Act.ROLE_GIVEN, by=by, subject=f"account:{user.username}", details=_told(grant))
    return grant


@transaction.atomic
def confirm_role(*, grant: RoleGrant, by: str) -> None:
    found = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if by in (found.given_by, found.user.username):
        raise ValidationError(_("Whoever gave a role, and whoever gets it, does not confirm it."))
    if not found.waits or (found.valid_to and found.valid_to < timezone.localdate()):
        raise ValidationError(_("This role does not wait for anybody. Look at the account again."))
    found.waits, found.confirmed_by = False, by
    found.full_clean()
    found.save(update_fields=["waits", "confirmed_by"])
    record(act=Act.ROLE_CONFIRMED, by=by, subject=f"account:{found.user.username}", details=_told(found))


@transaction.atomic
def make_wait(*, user: User, by: str) -> None:
    """Wide roles of an account into which somebody opened a way: they hold once another than he has confirmed them."""
    today = timezone.localdate()
    for grant in user.grants.select_for_update().filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), waits=False):
        if is_wide(grant.role, grant.territory_kind):
            grant.given_by, grant.confirmed_by, grant.waits = by, "", True
            grant.full_clean()
            grant.save(update_fields=["given_by", "confirmed_by", "waits"])
            record(act=Act.ROLE_WAITS, by=by, subject=f"account:{user.username}", details=_told(grant))


@transaction.atomic
def end_role(*, grant: RoleGrant, last_day: date, by: str) -> None:
    """One which begins later never begins."""
    grant.valid_from, grant.valid_to = min(grant.valid_from, last_day), last_day
    grant.full_clean()
    grant.save(update_fields=["valid_from", "valid_to"])
    record(act=Act.ROLE_ENDED, by=by, subject=f"account:{grant.user.username}", details=_told(grant))


def _told(grant: RoleGrant) -> dict[str, object]:
    return {
        "role": grant.role,
        "territory": f"{grant.territory_kind}:{grant.territory_code}",
        "branch": grant.branch,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "waits": grant.waits,
    }
