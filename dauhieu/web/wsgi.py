"""What a server calls."""

import contextlib
import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauhieu.web.settings")

application = get_wsgi_application()


def _open_ahead() -> None:
    """The store and the catalogue take seconds to open: better before the first person comes than while he waits."""
    from dauhieu.errors import DauhieuError
    from dauhieu.web.radar.lake import lake
    from dauhieu.web.signs.shelf import catalogue

    # What is wrong with the store is told to whoever asks for a page.
    with contextlib.suppress(DauhieuError):
        lake()
        catalogue()


Thread(target=_open_ahead, daemon=True).start()
