"""What a worker does for a draft: try its text over the store. Nothing lands; after a kill it starts anew."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from dauhieu.catalogue.catalogue import Catalogue, catalogue_in_force
from dauhieu.catalogue.sign import Sign
from dauhieu.errors import DauhieuError
from dauhieu.law.read import law
from dauhieu.studies.backtest import backtest
from dauhieu.studies.months import Span
from dauhieu.studies.trial import trial
from dauhieu.warehouse.store import Store
from dauhieu.web.editor.checking import read_text
from dauhieu.web.editor.models import DRY_RUN, DraftTrial
from dauhieu.web.jobs.worker import tell
from dauhieu.web.practice.store import the_store


@task
def run(trial: int) -> None:
    asked = DraftTrial.objects.select_related("draft").get(pk=trial)
    store = the_store()
    known = catalogue_in_force(store)
    with tempfile.TemporaryDirectory() as folder:
        sign = read_text(asked.sign_text, asked.draft.branch, asked.draft.stem, Path(folder))
        try:
            done = (
                _dry_run(store, known, sign, asked) if asked.kind == DRY_RUN else _back_test(store, known, sign, asked)
            )
        except DauhieuError as error:
            DraftTrial.objects.filter(pk=trial).update(fault="\n".join(fault.message for fault in error.faults))
            return
    DraftTrial.objects.filter(pk=trial).update(result=json.dumps(done, ensure_ascii=False, default=str), fault="")


def _told(what: str, done: float) -> None:
    tell(int(done * 99), what)


def _dry_run(store: Store, known: Catalogue, sign: Sign, asked: DraftTrial) -> Mapping[str, Any]:
    memory, threads = settings.SCAN_MEMORY, settings.SCAN_THREADS
    return trial(store, known, law(), sign, asked.last, memory=memory, threads=threads, tell=_told).as_json()


def _back_test(store: Store, known: Catalogue, sign: Sign, asked: DraftTrial) -> Mapping[str, Any]:
    """Compared with the version in force, where there is one."""
    span = Span(asked.first, asked.last, memory=settings.SCAN_MEMORY, threads=settings.SCAN_THREADS)
    now = timezone.now().replace(tzinfo=None)
    against = known.signs.get(sign.id)
    return backtest(store, known.with_sign(sign), law(), sign, span, now=now, against=against, tell=_told).as_json()
