from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.jobs.queue import ask
from dauhieu.web.sources import tasks
from dauhieu.web.sources.models import Sending
from dauhieu.web.sources.upload import keep, safe_name


@transaction.atomic
def send(file: UploadedFile, *, by: str, source: str, given: dict[str, Any]) -> Sending:
    """Keep the file and enqueue its loading."""
    name = safe_name(file.name)
    sending = Sending(by=by, moment=timezone.now(), name=name, size=file.size, source=source, **given)
    keep(file, sending.pk, name)
    sending.job = ask(tasks.load_sending, by=by, number=str(sending.pk)).pk
    sending.save(force_insert=True)
    record(
        act=Act.DELIVERED, by=by, subject=f"delivery:{sending.pk}", details={"size": file.size, "mode": sending.mode}
    )
    return sending
