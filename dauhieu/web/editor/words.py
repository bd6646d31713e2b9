"""What the parts and states of a draft are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dauhieu.web.editor.models import DRY_RUN, PUBLISHED, SUBMITTED, WITHDRAWN, WRITING, Draft, DraftTrial


def part_options(draft: Draft) -> list[tuple[str, str]]:
    if draft.retiring:
        return [("publish", _("Approval"))]
    return [
        ("texts", _("Texts")),
        ("law", _("Law and thresholds")),
        ("logic", _("Logic")),
        ("examples", _("Examples")),
        ("try", _("Try it")),
        ("publish", _("Difference and approval")),
    ]


def state_name(draft: Draft) -> str:
    names = {
        WRITING: _("being written"),
        SUBMITTED: _("waits for approval"),
        PUBLISHED: _("published"),
        WITHDRAWN: _("withdrawn"),
    }
    return names[draft.state]


STATE_TONES = {WRITING: "cool", SUBMITTED: "warn", PUBLISHED: "good", WITHDRAWN: ""}


def trial_name(asked: DraftTrial) -> str:
    return _("Dry run") if asked.kind == DRY_RUN else _("Back-test")


def change_part(part: str) -> str:
    names = {
        "identity": _("what it is"),
        "logic": _("logic"),
        "thresholds": _("thresholds"),
        "law": _("law"),
        "needs": _("data needed"),
        "weight": _("severity"),
        "texts": _("texts"),
    }
    return names.get(part, part)
