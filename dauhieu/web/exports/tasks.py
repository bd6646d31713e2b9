"""Making a large file, as a job. Made again after a kill it is the same file under the same name."""

from __future__ import annotations

import json
import os

from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django_tasks import task

from dauhieu.web.exports.kinds import Kind, Wish
from dauhieu.web.exports.models import Export
from dauhieu.web.exports.queries import still_may
from dauhieu.web.jobs.worker import tell
from dauhieu.web.ui.workbook import workbook

# How far a file has come when its rows are known; the rest is writing them.
ASKED = 40


@task
def make(export: str) -> None:
    asked = Export.objects.select_related("user").get(pk=export)
    if not still_may(asked):
        Export.objects.filter(pk=asked.pk).update(refused=True)
        return
    tell(5, "asking")
    with translation.override(asked.language):
        kind: Kind = import_string(asked.kind)
        wish = json.loads(asked.wish)
        found = kind.make(Wish(asked.user, asked.scope, QueryDict(wish["query"]), wish["arguments"]))
        content = workbook(found.sheet, lambda share: tell(ASKED + int(share * (99 - ASKED)), "writing"))
    _write(asked, content)
    Export.objects.filter(pk=asked.pk, ready_at__isnull=True).update(
        ready_at=timezone.now(),
        name=found.name,
        subject=found.subject,
        details=json.dumps(found.details, default=str),
    )


def _write(export: Export, content: bytes) -> None:
    """Whole or not at all, and to be read by the site alone."""
    export.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = export.path.with_suffix(f".{os.getpid()}.half")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    half.replace(export.path)
