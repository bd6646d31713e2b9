"""What the site is served with: settings, keys, headers, accounts."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import checks
from django.core.handlers.base import BaseHandler
from django.core.mail import get_connection
from django.test import RequestFactory
from django.utils.translation import gettext as _

from dauhieu.web.accounts.management.commands.demo_accounts import DEMO
from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.roles import roles_with
from dauhieu.web.accounts.scope import TerritoryKind
from dauhieu.web.administration.doctor.line import Line, State
from dauhieu.web.settings import DEMO_IDENTITY_KEY, DEMO_KEY, LEAST_KEY

# What every answer must bear, and only over TLS the last.
HEADERS = (
    ("Content-Security-Policy", "default-src 'none'"),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
TLS_HEADER = ("Strict-Transport-Security", "max-age=")
OTHERS_MAY = stat.S_IRWXO | stat.S_IRWXG


def lines() -> Iterator[Line]:
    yield _production()
    yield _key()
    yield _identity_keys()
    yield _debug()
    yield _hosts()
    yield _second_factor()
    yield _django()
    yield _headers()
    yield _folder()
    yield _administrators()
    yield _demo_accounts()
    yield _mail()


def _bad() -> State:
    """What production must not do a demo may."""
    return "red" if settings.PRODUCTION else "amber"


def _production() -> Line:
    name = _("Production")
    if settings.PRODUCTION:
        return Line(name, "green", _("The site runs as in production."))
    todo = _("Set DAUHIEU_PRODUCTION=1 before anybody's real data is shown; the site then refuses unsafe settings.")
    return Line(name, "amber", _("The site runs as a demo."), todo)


def _key() -> Line:
    name = _("Key of sessions")
    if settings.SECRET_KEY == DEMO_KEY or len(settings.SECRET_KEY) < LEAST_KEY:
        todo = _("Make a key of 50 characters and more, and name its file in DAUHIEU_SECRET_KEY_FILE.")
        return Line(name, _bad(), _("It is the demo's, or too short."), todo)
    return Line(name, "green", _("It is the site's own."))


def _identity_keys() -> Line:
    name = _("Keys of identity numbers")
    if DEMO_IDENTITY_KEY in settings.IDENTITY_KEYS:
        todo = _("Make one by dauhieu-web rotate_keys --make-key, keep it apart from the database, seal anew.")
        return Line(name, _bad(), _("The demo's key is among them."), todo)
    return Line(name, "green", _("They are the site's own, outside the database."))


def _debug() -> Line:
    name = _("Pages of errors")
    if settings.DEBUG:
        return Line(name, _bad(), _("They show code and settings."), _("Set DAUHIEU_DEBUG=0."))
    return Line(name, "green", _("They show nothing of the inside."))


def _hosts() -> Line:
    name = _("Names of the site")
    if not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS):
        return Line(name, _bad(), _("Any name is answered."), _("Name the hosts in DAUHIEU_HOSTS."))
    return Line(name, "green", ", ".join(settings.ALLOWED_HOSTS))


def _second_factor() -> Line:
    name = _("Second factor")
    protected = Authenticator.objects.exclude(type="recovery_codes").values("user")
    without = User.objects.filter(is_active=True).exclude(pk__in=protected).count()
    if not settings.SECOND_FACTOR:
        return Line(name, _bad(), _("Nobody is asked for one."), _("Set DAUHIEU_SECOND_FACTOR=1."))
    if without:
        told = _("%(count)s open accounts have not set one up yet; they see nothing until they do.") % {
            "count": without
        }
        return Line(name, "amber", told, _("Ask them to, or shut accounts which nobody uses."))
    return Line(name, "green", _("Every open account has one."))


def _django() -> Line:
    """Django's own checks, those for deployment among them."""
    name = _("Checks of Django")
    found = [one for one in checks.run_checks(include_deployment_checks=True) if one.level >= checks.WARNING]
    if not found:
        return Line(name, "green", _("check --deploy finds nothing."))
    names = ", ".join(sorted({one.id or "?" for one in found}))
    told = _("check --deploy finds %(count)s things: %(names)s.") % {"count": len(found), "names": names}
    return Line(name, _bad(), told, _("Run dauhieu-web check --deploy and do what it says."))


def _headers() -> Line:
    """As a browser gets them, from the whole stack of the site."""
    name = _("Headers for browsers")
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if "*" not in host), "localhost")
    request = RequestFactory(headers={"host": host}).get("/account/login/", secure=settings.PRODUCTION)
    handler = BaseHandler()
    handler.load_middleware()
    answer = handler.get_response(request)
    wanted = (*HEADERS, TLS_HEADER) if settings.PRODUCTION else HEADERS
    missing = [header for header, value in wanted if value not in answer.headers.get(header, "")]
    loose = [one.key for one in answer.cookies.values() if settings.PRODUCTION and not one["secure"]]
    if missing or loose:
        told = _("Missing or loose: %(names)s.") % {"names": ", ".join([*missing, *loose])}
        return Line(name, "red", told, _("Look for a proxy or a setting which takes them away."))
    return Line(name, "green", _("Strict content policy, no framing, no sniffing, nothing kept by the browser."))


def _folder() -> Line:
    name = _("Folder of the site's data")
    folder: Path = settings.DATA_FOLDER
    if not folder.is_dir():
        return Line(name, "red", _("It is not there."), _("Make it, owned by the account which runs the site."))
    if folder.stat().st_mode & OTHERS_MAY:
        told = _("Others on this machine may open it.")
        return Line(name, _bad(), told, _("chmod go= %(folder)s") % {"folder": folder})
    return Line(name, "green", _("Only the account which runs the site may open it."))


def _administrators() -> Line:
    name = _("Administrators")
    grants = RoleGrant.objects.in_force().filter(
        role__in=roles_with(Permission.MANAGE_ACCOUNTS),
        territory_kind=TerritoryKind.NATION,
        user__is_active=True,
    )
    count = len({grant.user_id for grant in grants})
    if count == 0:
        return Line(
            name, _bad(), _("There is none for the whole country."), _("dauhieu-web administrator NAME FULL-NAME")
        )
    if count == 1:
        todo = _("dauhieu-web administrator NAME FULL-NAME: a second one confirms what the first gives.")
        return Line(name, "amber", _("There is but one."), todo)
    return Line(name, "green", _("There are %(count)s.") % {"count": count})


def _demo_accounts() -> Line:
    name = _("Accounts of the demo")
    found = User.objects.filter(username__in=DEMO, is_active=True).count()
    if found:
        return Line(name, _bad(), _("%(count)s are open.") % {"count": found}, _("Shut them in production."))
    return Line(name, "green", _("None is open."))


def _mail() -> Line:
    name = _("Mail")
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        told = _("Mails are not sent: no server is named.")
        return Line(name, "amber", told, _("Name a mail server in DAUHIEU_MAIL, or do without notices by mail."))
    try:
        with get_connection(timeout=5):
            return Line(name, "green", settings.EMAIL_HOST)
    except OSError as error:
        told = _("The server %(host)s does not answer: %(fault)s.")
        found = told % {"host": settings.EMAIL_HOST, "fault": type(error).__name__}
        return Line(name, "red", found, _("Look at DAUHIEU_MAIL, the network and the server."))
