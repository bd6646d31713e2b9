"""What the states of a sign are called on a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

TONES = {"stable": "good", "test": "cool", "experimental": "warn", "draft": "", "retired": "", "broken": "bad"}


def status_options() -> list[tuple[str, str]]:
    return [
        ("stable", _("stable")),
        ("test", _("in test")),
        ("experimental", _("experimental")),
        ("draft", _("draft")),
        ("retired", _("retired")),
    ]


def status_name(status: str) -> str:
    return dict(status_options()).get(status, status)
