"""What the site keeps: its database, the trail, jobs, the store, room on the disk, the clock."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.errors import DauhieuError
from dauhieu.findings.stored import scanned_months
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.verify import verify as verify_store
from dauhieu.warehouse.version import Version
from dauhieu.web.accounts import trail
from dauhieu.web.administration.doctor.line import Line, State
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.chain import verify
from dauhieu.web.audit.models import Entry
from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.queue import is_anybody_working
from dauhieu.web.practice.store import the_store

TRIGGERS = {
    "sqlite": {"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_no_replace"},
    "postgresql": {"audit_entry_no_change", "audit_entry_no_truncate"},
}
LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled <> 'D'",
}
# How much of the trail a quick look follows.
TAIL = 1_000
# After so long a thorough examination is due again.
DUE = timedelta(days=7)
# Months after which a scan is overdue, counted from the end of the month it was of.
OVERDUE = timedelta(days=45)
WAITING = timedelta(minutes=5)
# Shares of a disk which are free.
LITTLE, TOO_LITTLE = 0.15, 0.05
DRIFT = timedelta(seconds=60)


def lines(*, thorough: bool, by: str) -> Iterator[Line]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        told = _("It does not answer: %(fault)s.") % {"fault": type(error).__name__}
        yield Line(_("Database"), "red", told, _("Start it, and look at DAUHIEU_DATABASE."))
    else:
        yield from _of_database(thorough, by)
    yield from _of_store(thorough)
    yield from _disks()


def _of_database(thorough: bool, by: str) -> Iterator[Line]:
    yield _migrations()
    yield _engine()
    yield _cache()
    yield _triggers()
    yield _chain(thorough, by)
    yield _worker()
    yield _failed_jobs()
    yield _clock()


def _migrations() -> Line:
    name = _("Database")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        told = _("%(count)s changes of its tables are missing.") % {"count": len(missing)}
        return Line(name, "red", told, "dauhieu-web migrate")
    return Line(name, "green", _("It answers, and its tables are as this version needs them."))


def _engine() -> Line:
    name = _("Kind of database")
    if connection.vendor == "sqlite" and settings.PRODUCTION:
        todo = _("Use PostgreSQL where many people work at once or workers run on several machines.")
        return Line(name, "amber", "SQLite", todo)
    return Line(name, "green", {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor])


def _cache() -> Line:
    name = _("Limits on signing in")
    try:
        cache.set("doctor", "seen", 30)
        seen = cache.get("doctor")
    except DatabaseError:
        seen = None
    if seen != "seen":
        return Line(name, "red", _("Tries are not counted over all workers."), "dauhieu-web createcachetable")
    return Line(name, "green", _("Tries are counted in the database, over all workers."))


def _triggers() -> Line:
    name = _("Lock of the trail")
    with connection.cursor() as cursor:
        cursor.execute(LISTED[connection.vendor])
        found = {row[0] for row in cursor.fetchall()}
    if missing := TRIGGERS[connection.vendor] - found:
        told = _("The database no longer refuses changes of the trail: %(names)s.") % {
            "names": ", ".join(sorted(missing))
        }
        todo = _("Find out who removed them and check the trail; bring them back from a backup of the database.")
        return Line(name, "red", told, todo)
    return Line(name, "green", _("The database refuses to change or remove entries."))


def _chain(thorough: bool, by: str) -> Line:
    name = _("Trail")
    todo = _("Keep the database as it is. Tell the head of the agency and the data protection officer.")
    if thorough:
        broken, entries = (found := trail.check(by)).broken, found.entries
    else:
        verdict = verify(last=TAIL)
        broken, entries = verdict.broken, verdict.entries
    if broken is not None:
        return Line(name, "red", _("It is broken at entry %(number)s.") % {"number": broken}, todo)
    last = trail.last_check()
    if last is not None and last.broken is not None:
        return Line(name, "red", _("It is broken at entry %(number)s.") % {"number": last.broken}, todo)
    if last is None or timezone.now() - last.moment > DUE:
        told = _("Its newest entries are whole; all of it was not followed for a week.")
        return Line(name, "amber", told, "dauhieu-web doctor")
    return Line(name, "green", _("It is whole: %(count)s entries.") % {"count": max(entries, last.entries)})


def _worker() -> Line:
    name = _("Worker")
    now = timezone.now()
    waiting = Job.objects.filter(state="ready", run_after__lt=now - WAITING).count()
    if is_anybody_working(now=now):
        if waiting:
            told = _("It works, but %(count)s jobs wait for more than five minutes.") % {"count": waiting}
            return Line(name, "amber", told, _("Start another worker: dauhieu-web work"))
        return Line(name, "green", _("It shows signs of life."))
    told = _("None shows signs of life; %(count)s jobs wait.") % {"count": waiting}
    return Line(name, "red", told, _("Start one: dauhieu-web work, or serve with --with-jobs."))


def _failed_jobs() -> Line:
    name = _("Jobs")
    since = timezone.now() - timedelta(days=1)
    failed = Job.objects.filter(state="failed", finished_at__gt=since)
    if failed:
        told = _("%(count)s failed in a day: %(names)s.")
        names = ", ".join(sorted({job.task.rpartition(".")[2] for job in failed}))
        return Line(name, "amber", told % {"count": len(failed), "names": names}, _("Look at scans and deliveries."))
    return Line(name, "green", _("None failed in a day."))


def _clock() -> Line:
    name = _("Clock")
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            {"sqlite": "SELECT strftime('%s', 'now')", "postgresql": "SELECT extract(epoch FROM now())"}[
                connection.vendor
            ]
        )
        drift = abs(float(cursor.fetchone()[0]) - now.timestamp())
    newest = Entry.objects.aggregate(newest=Max("moment"))["newest"]
    if drift > DRIFT.total_seconds() or (newest and newest - now > DRIFT):
        todo = _("Set the time by a time server (chrony, systemd-timesyncd) on both machines.")
        return Line(name, "red", _("It differs from the database's, or the trail has entries of the future."), todo)
    return Line(name, "green", f"{timezone.localtime(now):%d/%m/%Y %H:%M} ({settings.TIME_ZONE})")


def _of_store(thorough: bool) -> Iterator[Line]:
    name = _("Store")
    try:
        store = the_store()
        version = store.version()
        damages = verify_store(store) if thorough else ()
    except DauhieuError as error:
        told = _("The store cannot be read: “%(fault)s”") % {"fault": error.faults[0].message}
        yield Line(name, "red", told, _("Look at DAUHIEU_STORE, or restore the store from a backup."))
        return
    yield _whole(store, version, [one.path for one in damages if not one.mends_itself], thorough)
    months = scanned_months(version)
    if not months:
        yield Line(_("Scans"), "amber", _("Nothing was scanned yet."), "dauhieu scan")
    elif timezone.localdate() - months[-1] > OVERDUE:
        told = _("The last month scanned is %(month)s.") % {"month": f"{months[-1]:%m/%Y}"}
        yield Line(_("Scans"), "amber", told, _("Scan the months since, or find out why it was not done."))
    else:
        yield Line(_("Scans"), "green", f"{months[-1]:%m/%Y}")


def _whole(store: Store, version: Version, damaged: list[str], thorough: bool) -> Line:
    name, todo = _("Store"), _("Bring these files back from a backup: dauhieu store verify names them all.")
    # A quick look at names and sizes; what was altered in place only a thorough one sees.
    files = (file for state in version.tables.values() for file in state.files)
    damaged = damaged or [file.path for file in files if not _as_listed(store.path / file.path, file.bytes)]
    if damaged:
        told = _("%(count)s files are damaged, the first: %(path)s.") % {"count": len(damaged), "path": damaged[0]}
        return Line(name, "red", told, todo)
    last = _last_examination()
    if not thorough and (last is None or timezone.now() - last > DUE):
        told = _("Every file is there; their content was not compared with its checksums for a week.")
        return Line(name, "amber", told, "dauhieu-web doctor")
    return Line(name, "green", _("Version %(number)s is whole.") % {"number": version.number})


def _as_listed(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _last_examination() -> datetime | None:
    """When the store was last found whole by a thorough examination."""
    entry = Entry.objects.filter(act=Act.EXAMINED).first()
    return entry.moment if entry and json.loads(entry.details).get("store") == "green" else None


def _disks() -> Iterator[Line]:
    seen: set[int] = set()
    places = (
        (_("Room for the site's data"), settings.DATA_FOLDER),
        (_("Room for the store"), settings.STORE_FOLDER),
        (_("Room for temporary files"), Path(tempfile.gettempdir())),
    )
    for name, folder in places:
        if not folder.exists() or folder.stat().st_dev in seen:
            continue
        seen.add(folder.stat().st_dev)
        usage = shutil.disk_usage(folder)
        free = usage.free / usage.total
        state: State = "red" if free < TOO_LITTLE else "amber" if free < LITTLE else "green"
        told = _("%(free)s GB of %(total)s GB are free.") % {"free": usage.free // 10**9, "total": usage.total // 10**9}
        yield Line(name, state, told, "" if state == "green" else _("Make room, or move to a larger disk."))
