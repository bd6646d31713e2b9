"""What the machine under the site is to do: keep a backup, keep the time, keep to the versions which were tried."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

import dauhieu
from dauhieu.web.administration.doctor.line import Line, State
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry

# deploy/backup.sh writes here when it has come to its end.
STAMP = "last-backup"
STAMPED = "%Y-%m-%dT%H%M%SZ"
LATE, TOO_LATE = timedelta(days=2), timedelta(days=7)
# After so long keys of identity numbers are due to be changed.
OLD_KEYS = timedelta(days=730)
PATIENCE = 3
# What tells whether the time is kept by the network, and what it then says.
TELLERS = (
    (("timedatectl", "show", "-p", "NTPSynchronized", "--value"), re.compile(r"^yes$", re.MULTILINE)),
    (("chronyc", "-c", "tracking"), re.compile(r",Normal\s*$", re.MULTILINE)),
)
LOCK = Path(dauhieu.__file__).parent.parent / "requirements.lock"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def lines() -> Iterator[Line]:
    yield _backup()
    yield from _network_time()
    yield _key_age()
    yield from _versions()


def _backup() -> Line:
    name = _("Backup")
    todo = _("Run deploy/backup.sh every night by its timer, and look at why it did not come to its end.")
    try:
        moment = datetime.strptime((settings.DATA_FOLDER / STAMP).read_text().strip(), STAMPED).replace(tzinfo=UTC)
    except (OSError, ValueError):
        state: State = "red" if settings.PRODUCTION else "amber"
        return Line(name, state, _("None is known of."), todo)
    age = timezone.now() - moment
    told = _("The last is of %(moment)s.") % {"moment": f"{timezone.localtime(moment):%d/%m/%Y %H:%M}"}
    if age > LATE:
        return Line(name, "red" if age > TOO_LATE else "amber", told, todo)
    return Line(name, "green", told)


def _network_time() -> Iterator[Line]:
    """No line where the machine has nothing that tells, as in a container."""
    name = _("Time from the network")
    for command, good in TELLERS:
        told = _said(command)
        if told is None:
            continue
        if good.search(told):
            yield Line(name, "green", _("The clock is kept by a time server."))
        else:
            todo = _("Turn it on (timedatectl set-ntp true, or chrony), and let the machine reach a time server.")
            yield Line(name, "amber", _("The clock is not kept by a time server."), todo)
        return


def _said(command: tuple[str, ...]) -> str | None:
    found = shutil.which(command[0])
    if found is None:
        return None
    try:
        done = subprocess.run([found, *command[1:]], capture_output=True, text=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _key_age() -> Line:
    """By the trail: since they were changed, or since the site has been there."""
    name = _("Age of the keys of identity numbers")
    changed = Entry.objects.filter(act=Act.KEYS_ROTATED).order_by("-number").first()
    first = changed or Entry.objects.order_by("number").first()
    if first is None:
        return Line(name, "green", _("The site is new."))
    told = _("They are of %(day)s or before.") % {"day": f"{timezone.localtime(first.moment):%d/%m/%Y}"}
    if timezone.now() - first.moment > OLD_KEYS:
        return Line(name, "amber", told, _("Change them: dauhieu-web rotate_keys"))
    return Line(name, "green", told)


def _versions() -> Iterator[Line]:
    """No line where the site is installed without its lock."""
    if not LOCK.is_file():
        return
    name = _("Versions of what is installed")
    wanted = dict(LOCKED.findall(LOCK.read_text(encoding="utf-8")))
    other = sorted(one for one, number in wanted.items() if _installed(one) not in (None, number))
    if other:
        told = _("%(count)s differ from those which were tried: %(names)s.") % {
            "count": len(other),
            "names": ", ".join(other[:5]),
        }
        yield Line(name, "amber", told, _("uv pip sync --require-hashes requirements.lock"))
    else:
        yield Line(name, "green", _("All %(count)s are those which were tried.") % {"count": len(wanted)})


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
