"""Every setting of the site, from variables which start with DAUHIEU_; with none set it serves the demo on loopback.

DAUHIEU_PRODUCTION      1: refuse what must not be served to anybody (the demo's key, DEBUG, any host)
DAUHIEU_PRACTICE        1: for practice over a store which is marked as invented, and refused over any other; marked so
                        on every screen and file, with accounts, sessions and database of its own
DAUHIEU_SECRET_KEY      or DAUHIEU_SECRET_KEY_FILE: signs sessions; 50 characters and more
DAUHIEU_IDENTITY_KEYS   or DAUHIEU_IDENTITY_KEYS_FILE: seal the identity numbers the site keeps; newest first, each on
                        a line or parted by commas (dauhieu-web rotate_keys --make-key prints one)
DAUHIEU_HOSTS           names under which the site is reached, parted by commas
DAUHIEU_DATABASE        or DAUHIEU_DATABASE_FILE: postgresql://user:password@host/name; without it SQLite in the
                        data folder. For practice its name must have "practice" in it, else it must not
DAUHIEU_DATA            folder for what the site itself keeps
DAUHIEU_STORE           folder of the store it shows
DAUHIEU_SECOND_FACTOR   0: accounts may do without a second factor (the demo); production always asks for it
DAUHIEU_SCAN_MEMORY     how much memory a scan may use, 4GB without it; DAUHIEU_SCAN_THREADS how many threads, 2
DAUHIEU_ADDRESS         under which the site is reached, for links in mails: https://dauhieu.example
DAUHIEU_MAIL            smtp://user:password@host:port or smtps://...; without it mails are written to the console
DAUHIEU_MAIL_FROM       the address from which mails come
DAUHIEU_OIDC_SERVER     address of an identity provider (OpenID Connect) by which people may sign in too, with
                        DAUHIEU_OIDC_CLIENT, DAUHIEU_OIDC_SECRET or DAUHIEU_OIDC_SECRET_FILE, DAUHIEU_OIDC_NAME
DAUHIEU_OIDC_ACCOUNT    which of its claims is the name of the account here, preferred_username without it
DAUHIEU_DEBUG           1: pages of errors show the code
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DEMO_KEY = "demo-key-which-everybody-knows-and-production-refuses"
LEAST_KEY = 50
DEMO_IDENTITY_KEY = "ZGVtby1pZGVudGl0aWVzLWtub3duLXRvLWFueWJvZHk="
IDENTITY_KEY_BYTES = 32


def _text(name: str, otherwise: str = "") -> str:
    return os.environ.get(f"DAUHIEU_{name}", otherwise)


def _switch(name: str, otherwise: bool) -> bool:
    value = _text(name, "1" if otherwise else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"DAUHIEU_{name} is '{value}'. Write 1 or 0.")
    return value == "1"


def _secret(name: str, otherwise: str) -> str:
    """The value itself, or that of the file named by DAUHIEU_<name>_FILE, as services hand over secrets."""
    file = _text(f"{name}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() if file else _text(name, otherwise)


def _identity_keys(written: str) -> list[str]:
    """Newest first. A key of the wrong form would be met only when the first person is looked at."""
    keys = re.split(r"[\s,]+", written.strip())
    for key in keys:
        try:
            right = len(base64.b64decode(key, altchars=b"-_", validate=True)) == IDENTITY_KEY_BYTES
        except binascii.Error:
            right = False
        if not right:
            raise ImproperlyConfigured(
                "A key of DAUHIEU_IDENTITY_KEYS is not one. Make it by: dauhieu-web rotate_keys --make-key"
            )
    return keys


def _database(url: str, folder: Path, *, practice: bool = False) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / ("practice.sqlite3" if practice else "site.sqlite3"),
            "OPTIONS": {
                # A writer takes its place in the line at once: with the deferred default two readers who both turn
                # writers fail, whatever the timeout.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Recursive triggers: else INSERT OR REPLACE removes a row past the trigger which forbids it.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DAUHIEU_DATABASE is no address. Write postgresql://user:password@host/name.")
    if practice != ("practice" in parts.path):
        raise ImproperlyConfigured(
            "DAUHIEU_DATABASE: the name of a database for practice has 'practice' in it, such as dauhieu_practice, and "
            "no other has. So nobody's account or session is ever of both."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": {"pool": True},
    }


class _Mail(NamedTuple):
    backend: str = "console"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    ssl: bool = False
    tls: bool = False


def _mail_server(url: str) -> _Mail:
    """smtps:// is encrypted from the start; smtp:// asks for encryption, but for a server on this machine."""
    if not url:
        return _Mail()
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            "DAUHIEU_MAIL is no address. Write smtp://user:password@host:587 or smtps://...:465."
        )
    ssl = parts.scheme == "smtps"
    tls = not ssl and parts.hostname not in ("localhost", "127.0.0.1")
    port = parts.port or (465 if ssl else 587 if tls else 25)
    return _Mail("smtp", parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), ssl, tls)


def _identity_provider() -> list[dict[str, Any]]:
    """The one provider by which people may sign in, if one is named."""
    server = _text("OIDC_SERVER")
    if not server:
        return []
    return [
        {
            "provider_id": "agency",
            "name": _text("OIDC_NAME", "OpenID Connect"),
            "client_id": _text("OIDC_CLIENT"),
            "secret": _secret("OIDC_SECRET", ""),
            "settings": {"server_url": server},
        }
    ]


def _refuse_unsafe(*, key: str, identity_keys: list[str], debug: bool, hosts: list[str], second_factor: bool) -> None:
    """Nothing of this can be mended after it has been served, so the site does not start."""
    faults = []
    if key == DEMO_KEY or len(key) < LEAST_KEY:
        faults.append(f"DAUHIEU_SECRET_KEY is missing or shorter than {LEAST_KEY} characters. Make one and keep it.")
    if DEMO_IDENTITY_KEY in identity_keys:
        faults.append("DAUHIEU_IDENTITY_KEYS is missing. Make a key (dauhieu-web rotate_keys --make-key) and keep it.")
    if debug:
        faults.append("DAUHIEU_DEBUG is 1. Pages of errors would show code and settings.")
    if not hosts or any("*" in host for host in hosts):
        faults.append("DAUHIEU_HOSTS is empty or has '*'. Name the hosts under which the site is reached.")
    if not second_factor:
        faults.append("DAUHIEU_SECOND_FACTOR is 0. Accounts which see personal data need a second factor.")
    if faults:
        raise ImproperlyConfigured("The site does not start in production:\n- " + "\n- ".join(faults))


PRODUCTION = _switch("PRODUCTION", False)
PRACTICE = _switch("PRACTICE", False)
DEBUG = _switch("DEBUG", False)
# The key of practice is another also where both sites were given the same: what one signed, the other does not know.
SECRET_KEY = _secret("SECRET_KEY", DEMO_KEY)
IDENTITY_KEYS = _identity_keys(_secret("IDENTITY_KEYS", DEMO_IDENTITY_KEY))
ALLOWED_HOSTS = [host for host in _text("HOSTS", "" if PRODUCTION else "127.0.0.1,localhost").split(",") if host]
SECOND_FACTOR = _switch("SECOND_FACTOR", PRODUCTION)
DATA_FOLDER = Path(_text("DATA", "demo/site")).resolve()
STORE_FOLDER = Path(_text("STORE", "demo/store")).resolve()
if PRODUCTION:
    _refuse_unsafe(
        key=SECRET_KEY,
        identity_keys=IDENTITY_KEYS,
        debug=DEBUG,
        hosts=ALLOWED_HOSTS,
        second_factor=SECOND_FACTOR,
    )
if PRACTICE:
    SECRET_KEY = f"practice {SECRET_KEY}"

HERE = Path(__file__).parent

INSTALLED_APPS = [
    "dauhieu.web.ui",
    "dauhieu.web.jobs",
    "dauhieu.web.audit",
    "dauhieu.web.identities",
    "dauhieu.web.accounts",
    "dauhieu.web.notices",
    "dauhieu.web.exports",
    "dauhieu.web.signs",
    "dauhieu.web.editor",
    "dauhieu.web.radar",
    "dauhieu.web.sources",
    "dauhieu.web.administration",
    "dauhieu.web.scans",
    "dauhieu.web.triage",
    "dauhieu.web.persons",
    "dauhieu.web.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dauhieu.web.ui.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dauhieu.web.ui.language.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dauhieu.web.accounts.sessions.Lifetime",
    "dauhieu.web.accounts.gate.Gate",
]

ROOT_URLCONF = "dauhieu.web.urls"
WSGI_APPLICATION = "dauhieu.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dauhieu.web.accounts.navigation.navigation",
                "dauhieu.web.notices.bell.bell",
            ],
        },
    }
]

DATABASES = {"default": _database(_secret("DATABASE", ""), DATA_FOLDER, practice=PRACTICE)}
CACHES = {
    # In the database, so that limits on sign-in count over all workers.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

# One line of JSON each, to the console: what a service writes there its machine keeps.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "dauhieu.web.ui.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

# Words for people: Vietnamese first. The source texts are English, locale/vi is complete.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = ["dauhieu.web.ui.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

TASKS = {"default": {"BACKEND": "dauhieu.web.jobs.backend.Backend", "QUEUES": []}}
# What a worker looks after between jobs, and what it does again and again: name, task, every, day of the month, hour.
WATCHES = (
    "dauhieu.web.scans.watches.deliveries",
    "dauhieu.web.scans.watches.ended_scans",
    "dauhieu.web.exports.watches.ended",
    "dauhieu.web.exports.watches.sweep",
    "dauhieu.web.radar.sorting.watch",
)
SCHEDULES = (
    ("monthly-scan", "dauhieu.web.scans.schedule.run_month", "month", 5, 2),
    ("mail-digests", "dauhieu.web.notices.tasks.mail_digests", "day", 0, 7),
)
SCAN_MEMORY = _text("SCAN_MEMORY", "4GB")
SCAN_THREADS = int(_text("SCAN_THREADS", "2"))

STATIC_URL = "static/"
# Served straight from the package: nothing to collect before the site runs.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300

# Accounts: made by an administrator, so there is no sign-up; a name and a password of twelve and more, then a factor.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "dauhieu.web.accounts.passwords.WordsOfTheHouse"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "dauhieu.web.accounts.adapter.Adapter"
ACCOUNT_FORMS = {"login": "dauhieu.web.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# The link by which somebody chooses a password: for a day, and once.
PASSWORD_RESET_TIMEOUT = 24 * 3600
SOCIALACCOUNT_ADAPTER = "dauhieu.web.accounts.oidc.SocialAdapter"
# A link: a form which leads to another site the content policy would stop.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _identity_provider(), "OAUTH_PKCE_ENABLED": True}}
OIDC_ACCOUNT = _text("OIDC_ACCOUNT", "preferred_username")
MFA_ADAPTER = "dauhieu.web.identities.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Dauhieu (practice)" if PRACTICE else "Dauhieu"
# A key is bound to the name of the site; on loopback browsers take one over plain http.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = True
# A session ends after a working day, and sooner where nothing is asked for (accounts/sessions.py).
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE = 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# Browsers give cookies to every port of a host: those of practice have names of their own.
SESSION_COOKIE_NAME = "practice-sessionid" if PRACTICE else "sessionid"
CSRF_COOKIE_NAME = "practice-csrftoken" if PRACTICE else "csrftoken"
THEME_COOKIE_NAME = "theme"

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = f"__Host-{SESSION_COOKIE_NAME}"
    CSRF_COOKIE_NAME = f"__Host-{CSRF_COOKIE_NAME}"
    LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME = "__Host-language", "__Host-theme"
    # Behind the proxy of deploy/, which says who asks: else all who sign in would be counted as one.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SITE_ADDRESS = _text("ADDRESS", "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = _text("MAIL_FROM", "dauhieu@localhost")
EMAIL_TIMEOUT = 30
_mail = _mail_server(_text("MAIL"))
EMAIL_BACKEND = f"django.core.mail.backends.{_mail.backend}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.ssl, _mail.tls
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Files delivered by the site, in bytes; larger ones are loaded at the command line.
LARGEST_DELIVERY = 200 * 1024 * 1024
# Rows of a file for Excel which is made while somebody waits; a larger one is a job.
EXPORT_AT_ONCE = 5_000
FILE_UPLOAD_HANDLERS = ["dauhieu.web.sources.upload.Capped"]
