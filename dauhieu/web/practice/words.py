"""The mark of practice, in the language of the reader; empty where figures are real."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _


def practice_mark() -> str:
    """What stands on every screen, sheet and mail."""
    return _("Practice – invented figures") if settings.PRACTICE else ""


def marked(title: str) -> str:
    """The title of a tab, the subject of a mail, a notice."""
    return f"[{_('Practice')}] {title}" if settings.PRACTICE else title


def file_name(name: str) -> str:
    """The same in every language, for files are sorted and sought by name."""
    return f"TAP-DUOT-{name}" if settings.PRACTICE else name
