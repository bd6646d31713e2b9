from __future__ import annotations

import json
from dataclasses import astuple

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.exports.kinds import Kind, Wish
from dauhieu.web.exports.models import Export
from dauhieu.web.exports.tasks import make
from dauhieu.web.jobs import queue
from dauhieu.web.jobs.queue import ask as ask_job
from dauhieu.web.ui.words import language


@transaction.atomic
def ask(wish: Wish, kind: str) -> Export:
    """Have a worker make it. Asked for twice before it is made, it is made once."""
    known: Kind = import_string(kind)
    wished = {
        "user": wish.user,
        "kind": kind,
        "wish": json.dumps({"query": wish.query.urlencode(), "arguments": dict(wish.arguments)}, sort_keys=True),
        "reaches": json.dumps(sorted(astuple(reach) for reach in wish.scope.reaches)),
        "sees_persons": wish.scope.sees_persons,
        "language": language(),
    }
    waiting = Export.objects.filter(**wished, job__state__in=("ready", "running"), job__cancel_asked=False).first()
    if waiting is not None:
        return waiting
    export = Export.objects.create(**wished, asked_at=timezone.now())
    export.job = ask_job(make, by=wish.user.username, export=str(export.pk))
    export.save(update_fields=["job"])
    record(
        act=Act.EXPORT_ASKED,
        by=wish.user.username,
        subject=f"export:{export.pk}",
        details={"what": kind.rpartition(".")[2].lower(), "needs": known.needs.value},
    )
    return export


@transaction.atomic
def cancel(export: Export, *, by: str) -> None:
    """At once if nobody makes it yet, else when it next says how far it has come."""
    if export.job_id is None or export.job.state not in ("ready", "running"):
        return
    queue.cancel(export.job_id, now=timezone.now())
    record(act=Act.EXPORT_CANCELLED, by=by, subject=f"export:{export.pk}")
