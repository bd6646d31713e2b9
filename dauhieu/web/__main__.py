"""`dauhieu-web [--store DIR] [--postgres URL] [--practice] COMMAND ...`: the site's commands, and Django's."""

from __future__ import annotations

import argparse
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main(words: list[str] | None = None) -> None:
    """The options become the variables which settings.py reads, so that a command and a server see the same."""
    parser = argparse.ArgumentParser(prog="dauhieu-web", add_help=False)
    parser.add_argument("--store")
    parser.add_argument("--postgres", metavar="URL")
    parser.add_argument("--practice", action="store_true")
    known, rest = parser.parse_known_args(sys.argv[1:] if words is None else words)
    if known.store:
        os.environ["DAUHIEU_STORE"] = known.store
    if known.postgres:
        os.environ["DAUHIEU_DATABASE"] = known.postgres
    if known.practice:
        os.environ["DAUHIEU_PRACTICE"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauhieu.web.settings")
    try:
        settings.DATA_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(["dauhieu-web", *rest])


if __name__ == "__main__":
    main()
