"""What an administrator does to accounts: each in one transaction with its entry of the trail, within his own reach,
and never to himself."""

from __future__ import annotations

from datetime import date, timedelta

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.accounts.actions import confirm_role, end_role, give_role, make_wait
from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.roles import is_wide, roles_with
from dauhieu.web.accounts.scope import Reach, TerritoryKind
from dauhieu.web.administration.accounts import Account, let_in_by, other_administrators, reach_of
from dauhieu.web.administration.territories import REFORM, Territories
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act


@transaction.atomic
def make_account(*, username: str, full_name: str, email: str, by: str) -> User:
    """Without a password: whoever it is for chooses one, by a link which works once."""
    user = User(username=username, full_name=full_name, email=email)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    record(act=Act.ACCOUNT_MADE, by=by, subject=f"account:{username}")
    return user


@transaction.atomic
def invite(*, user: User, by: str) -> str:
    """The address at which the person chooses a password. It works once, and no longer than settings say."""
    record(act=Act.INVITED, by=by, subject=f"account:{user.username}")
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


@transaction.atomic
def invite_again(*, account: Account, by: str) -> str:
    """A new link, for somebody who forgot his password or whose link is too old."""
    _may_change(account, by)
    make_wait(user=account.user, by=by)
    return invite(user=account.user, by=by)


@transaction.atomic
def appoint(
    *,
    account: Account,
    role: str,
    reach: Reach,
    valid_from: date,
    valid_to: date | None,
    territories: Territories,
    by: str,
) -> RoleGrant:
    """One with wide rights waits for a second administrator."""
    _may_change(account, by)
    if not territories.covers(reach):
        raise PermissionDenied
    if reach.kind == TerritoryKind.PROVINCE and valid_from < REFORM:
        raise ValidationError(
            _("The 34 provinces exist since 01/07/2025. Take the province of before, or a later day.")
        )
    return give_role(
        user=account.user,
        role=role,
        territory_kind=reach.kind,
        territory_code=reach.code,
        branch=reach.branch,
        valid_from=valid_from,
        valid_to=valid_to,
        by=by,
        waits=is_wide(role, reach.kind),
    )


@transaction.atomic
def confirm(*, account: Account, grant: RoleGrant, territories: Territories, by: str) -> None:
    """By an administrator who could have given it himself, and whom nobody of those concerned could be instead."""
    _may_change(account, by)
    if not territories.covers(reach_of(grant)):
        raise PermissionDenied
    if by == let_in_by(account.user.username) or grant.given_by == let_in_by(by) or by == let_in_by(grant.given_by):
        raise ValidationError(
            _(
                "Whoever gave one of those concerned a link, removed his second factors or opened his account "
                "does not confirm here. Let another administrator do it."
            )
        )
    confirm_role(grant=grant, by=by)


@transaction.atomic
def dismiss(*, account: Account, grant: RoleGrant, by: str) -> None:
    """End a role at once: yesterday was its last day."""
    _may_change(account, by)
    if grant.role in roles_with(Permission.MANAGE_ACCOUNTS) and not grant.waits:
        _not_the_last(account.user)
    end_role(grant=grant, last_day=timezone.localdate() - timedelta(days=1), by=by)


@transaction.atomic
def disable(*, account: Account, by: str) -> None:
    """Shut an account, at once and everywhere. It is never removed: the trail speaks of it."""
    _may_change(account, by)
    _not_the_last(account.user)
    _set_active(account.user, False)
    _end_all(account.user)
    record(act=Act.ACCOUNT_DISABLED, by=by, subject=f"account:{account.user.username}")


@transaction.atomic
def enable(*, account: Account, by: str) -> None:
    _may_change(account, by)
    make_wait(user=account.user, by=by)
    _set_active(account.user, True)
    record(act=Act.ACCOUNT_ENABLED, by=by, subject=f"account:{account.user.username}")


@transaction.atomic
def forget_factors(*, account: Account, by: str) -> None:
    """For somebody who has lost his phone or key: he sets up a new one when he next signs in."""
    _may_change(account, by)
    make_wait(user=account.user, by=by)
    Authenticator.objects.filter(user=account.user).delete()
    _end_all(account.user)
    record(act=Act.FACTORS_FORGOTTEN, by=by, subject=f"account:{account.user.username}")


@transaction.atomic
def end_sessions(*, account: Account, by: str) -> None:
    _may_change(account, by)
    _end_all(account.user)
    record(act=Act.SESSIONS_ENDED, by=by, subject=f"account:{account.user.username}")


def _may_change(account: Account, by: str) -> None:
    if account.user.username == by or not account.may_change:
        raise PermissionDenied


def _not_the_last(user: User) -> None:
    if user.grants.filter(role__in=roles_with(Permission.MANAGE_ACCOUNTS)).exists() and not other_administrators(user):
        raise ValidationError(_("Nobody else could manage the accounts of the country. Appoint another first."))


def _set_active(user: User, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


def _end_all(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
