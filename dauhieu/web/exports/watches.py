from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dauhieu.web.exports.models import KEPT, Export
from dauhieu.web.notices.actions import tell
from dauhieu.web.notices.models import EXPORT_FAILED, EXPORT_READY


def ended() -> None:
    """Tell who asked that the file is ready, or that it will not be."""
    for export in Export.objects.filter(told=False, job__state__in=("done", "failed")).select_related("user"):
        with transaction.atomic():
            if Export.objects.filter(pk=export.pk, told=False).update(told=True):
                kind = EXPORT_READY if export.ready_at else EXPORT_FAILED
                tell([export.user], kind, reverse("export", args=[export.pk]))


def sweep() -> None:
    """Delete the files whose time is over, and what was wished for with them."""
    over = timezone.now() - KEPT
    done = Q(ready_at__lt=over) | Q(ready_at__isnull=True, asked_at__lt=over)
    for export in Export.objects.filter(done, swept=False).exclude(job__state__in=("ready", "running")):
        for file in export.path.parent.glob(f"{export.pk}.*"):
            file.unlink(missing_ok=True)
        Export.objects.filter(pk=export.pk).update(swept=True, wish="{}")
