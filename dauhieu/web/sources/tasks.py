"""Loading what was sent, as a job. The same content lands once, so that doing it twice changes nothing."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django_tasks import task

from dauhieu.deliveries.load import LoadOptions, digest, load
from dauhieu.deliveries.report import LoadReport, SetAsideError
from dauhieu.errors import DauhieuError, StoreBusyError
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of, scope_of
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.jobs.worker import tell
from dauhieu.web.practice.store import the_store
from dauhieu.web.sources.models import Sending
from dauhieu.web.sources.territories import territories_of
from dauhieu.web.sources.upload import folder_of

SET_ASIDE = "set-aside.xlsx"
# Files hold personal data, so they are not kept for longer than mending takes.
KEPT = timedelta(days=30)


@task
def load_sending(number: str) -> None:
    sending = Sending.objects.get(pk=number)
    path = folder_of(sending.pk) / sending.name
    # Where the sender may deliver is asked now: he may have lost it since.
    sender = User.objects.get(username=sending.by)
    if not sender.is_active or Permission.DELIVER not in permissions_of(sender):
        sending.refused = "The sender may no longer deliver."
        _keep(sending, None, landed=False)
        path.unlink(missing_ok=True)
        return
    options = _options(sending, scope_of(sender, Permission.DELIVER))
    sending.digest = digest([path], options)
    tell(5, "reading")
    try:
        report = load(the_store(), [path], options=options, now=datetime.now(UTC).replace(tzinfo=None))
    except StoreBusyError:
        # Somebody else writes: the job is put off.
        raise
    except SetAsideError as refused:
        _keep(sending, refused.report, landed=False)
    except DauhieuError as refused:
        sending.refused = "\n".join(fault.message for fault in refused.faults)
        _keep(sending, None, landed=False)
    else:
        _keep(sending, report, landed=report.landed)
    # What was sent has been read; what is to be mended lies beside it, and the store keeps the rest.
    path.unlink(missing_ok=True)
    sweep()


def _options(sending: Sending, scope: Scope) -> LoadOptions:
    months = tuple(date.fromisoformat(f"{month}-01") for month in sending.months.split(",") if month)
    return LoadOptions(
        table=sending.table or None,
        mode=sending.mode,
        months=months,
        encoding=sending.encoding or None,
        set_aside=folder_of(sending.pk) / SET_ASIDE,
        source=sending.source,
        territories=territories_of(scope),
    )


def _keep(sending: Sending, report: LoadReport | None, *, landed: bool) -> None:
    sending.landed = landed
    sending.report = json.dumps(report.as_json(), ensure_ascii=False) if report else ""
    sending.save(update_fields=["digest", "landed", "report", "refused"])


def sweep() -> None:
    """Remove the files of sendings which are long done."""
    for sending in Sending.objects.filter(moment__lt=timezone.now() - KEPT, landed__isnull=False, swept=False):
        shutil.rmtree(folder_of(sending.pk), ignore_errors=True)
        sending.swept = True
        sending.save(update_fields=["swept"])
