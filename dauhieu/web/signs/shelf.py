"""The catalogue in force, read once: its files are many, and a page needs a few sentences of them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dauhieu.catalogue.catalogue import Catalogue, catalogue_in_force
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.site import site_of
from dauhieu.warehouse.store import Store


def catalogue() -> Catalogue:
    """Read again when the agency has changed a file of its own."""
    folder = settings.STORE_FOLDER
    files = sorted(site_of(folder).rglob("*.*"))
    return _read(folder, tuple((str(file), file.stat().st_mtime_ns) for file in files if file.is_file()))


@lru_cache(maxsize=1)
def _read(store: Path, state: tuple[tuple[str, int], ...]) -> Catalogue:
    return catalogue_in_force(Store.open(store))


def sign(name: str) -> Sign | None:
    return catalogue().signs.get(name)
