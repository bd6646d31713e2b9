"""The store which the site shows. Whoever needs it asks here, so that practice and real never mix."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError

from dauhieu.errors import StoreError
from dauhieu.warehouse.store import MARK, Store


def the_store() -> Store:
    """Looks at each opening: the folder may have been changed for another while the site runs."""
    store = Store.open(settings.STORE_FOLDER)
    if settings.PRACTICE and not store.invented:
        raise StoreError(
            "This site is for practice, and the store is not marked as invented. Name one made by `dauhieu country`, "
            "or serve without practice.",
            path=store.path,
        )
    if store.invented and not settings.PRACTICE:
        raise StoreError(
            "The store holds an invented nation, and this site is not for practice. Name another store, or set "
            "DAUHIEU_PRACTICE=1 (dauhieu-web --practice).",
            path=store.path,
        )
    return store


def ready_store() -> None:
    """What a server and a worker ask before they begin. A store which is not there yet may still come."""
    try:
        the_store()
    except StoreError as error:
        if (settings.STORE_FOLDER / MARK).is_file():
            raise CommandError(str(error)) from error
