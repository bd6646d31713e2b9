"""How far a job has come, in the words of the page's language, and the tone of its badge."""

from __future__ import annotations

from django.utils.translation import gettext as _

TONES = {"ready": "", "running": "cool", "done": "good", "failed": "bad", "cancelled": "warn"}


def job_state(state: str, cancel_asked: bool = False) -> str:
    if state == "running" and cancel_asked:
        return _("is being stopped")
    names = {
        "ready": _("waiting for a worker"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
    }
    return names[state]
