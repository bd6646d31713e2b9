"""The catalogue in force, read once: its files are many, and a page needs a few sentences of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue, catalogue_in_force
from dauhieu.catalogue.citation import citation
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.site import site_of
from dauhieu.catalogue.violation import Violation
from dauhieu.warehouse.store import Store
from dauhieu.web.practice.store import the_store


@dataclass(frozen=True, slots=True)
class Shelf:
    """The catalogue, and of each sign all its words without case and accents, for searching."""

    catalogue: Catalogue
    words: Mapping[str, str]


def shelf() -> Shelf:
    """Read again when the agency has changed a file of its own."""
    folder = the_store().path
    files = sorted(site_of(folder).rglob("*.*"))
    return _read(folder, tuple((str(file), file.stat().st_mtime_ns) for file in files if file.is_file()))


@lru_cache(maxsize=1)
def _read(store: Path, state: tuple[tuple[str, int], ...]) -> Shelf:
    found = catalogue_in_force(Store.open(store))
    return Shelf(
        found, {sign.id: plain(_words(sign, found.violations[sign.violation])) for sign in found.signs.values()}
    )


def catalogue() -> Catalogue:
    return shelf().catalogue


def sign(name: str) -> Sign | None:
    return catalogue().signs.get(name)


def plain(words: str) -> str:
    """Without case and accents, so that what is typed on any keyboard is found."""
    parted = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _words(sign: Sign, violation: Violation) -> str:
    texts = [sign.title, sign.rule, sign.explain, violation.title, *([sign.reading] if sign.reading else [])]
    lists = [sign.innocent_explanations, sign.ask_for]
    return "\n".join(
        [
            sign.id,
            violation.id,
            *(one for text in texts for one in (text.vi, text.en)),
            *(one for texts in lists for one in (*texts.vi, *texts.en)),
            *(citation(basis, language) for basis in sign.legal_basis for language in ("vi", "en")),
            *sign.needs.required,
            *sign.tuning,
        ]
    )
