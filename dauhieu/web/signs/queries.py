from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.violation import Violation
from dauhieu.web.signs.names import TONES, status_name
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import language


@dataclass(frozen=True, slots=True)
class SignRow:
    sign: Sign
    title: str
    violation: str
    status: str
    tone: str


def signs(*, branch: str = "", status: str = "", search: str = "") -> tuple[SignRow, ...]:
    """By id; the search minds neither case nor accents."""
    wanted = plain(search)
    rows = (_row(one) for one in catalogue().signs.values())
    return tuple(
        row
        for row in rows
        if (not branch or row.sign.branch == branch)
        and (not status or row.sign.status == status)
        and (not wanted or wanted in plain(f"{row.sign.id} {row.title} {row.violation}"))
    )


def _row(sign: Sign) -> SignRow:
    violation = catalogue().violations[sign.violation]
    return SignRow(
        sign,
        getattr(sign.title, language()),
        getattr(violation.title, language()),
        status_name(sign.status),
        TONES[sign.status],
    )


def plain(words: str) -> str:
    """Without case and accents, so that what is typed on any keyboard is found."""
    parted = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class SignPage:
    row: SignRow
    violation: Violation
    rule: str
    violation_words: tuple[str, ...]
    innocent: tuple[str, ...]
    ask_for: tuple[str, ...]


def sign(sign_id: str) -> SignPage | None:
    found = find_sign(sign_id)
    if found is None:
        return None
    violation = catalogue().violations[found.violation]
    spoken = language()
    words = (violation.description, violation.legal_basis, violation.sanction)
    return SignPage(
        _row(found),
        violation,
        getattr(found.rule, spoken),
        tuple(getattr(one, spoken) for one in words),
        getattr(found.innocent_explanations, spoken),
        getattr(found.ask_for, spoken),
    )
