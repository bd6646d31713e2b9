"""The site refuses to be served unsafe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from dauhieu.web import settings

PRODUCTION = {
    "DAUHIEU_PRODUCTION": "1",
    "DAUHIEU_SECRET_KEY": "x7Kq" * 5 + "b2Lm" * 8,
    "DAUHIEU_HOSTS": "dauhieu.example",
}
SAFE = {"key": "k" * 50, "debug": False, "hosts": ["dauhieu.example"], "second_factor": True}


def test_safe_production_starts() -> None:
    settings._refuse_unsafe(**SAFE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"key": settings.DEMO_KEY}, "SECRET_KEY"),
        ({"key": "short"}, "SECRET_KEY"),
        ({"debug": True}, "DEBUG"),
        ({"hosts": []}, "HOSTS"),
        ({"hosts": ["*"]}, "HOSTS"),
        ({"hosts": ["*.example"]}, "HOSTS"),
        ({"second_factor": False}, "SECOND_FACTOR"),
    ],
)
def test_unsafe_production_does_not_start(change: dict[str, object], names: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=names):
        settings._refuse_unsafe(**(SAFE | change))  # type: ignore[arg-type]


@pytest.mark.slow
def test_django_finds_nothing_to_mend_for_production() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "dauhieu.web", "check", "--deploy", "--fail-level", "WARNING"],
        env=os.environ
        | {
            "DAUHIEU_PRODUCTION": "1",
            "DAUHIEU_SECRET_KEY": "x7Kq" * 5 + "b2Lm" * 8,
            "DAUHIEU_HOSTS": "dauhieu.example",
        },
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr


@pytest.mark.slow
def test_production_without_settings_says_what_is_missing() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "dauhieu.web", "check"],
        env=os.environ | {"DAUHIEU_PRODUCTION": "1"},
        capture_output=True,
        text=True,
    )
    assert told.returncode != 0
    assert "DAUHIEU_SECRET_KEY" in told.stderr
    assert "DAUHIEU_HOSTS" in told.stderr


@pytest.mark.parametrize("value", ["mysql://x/y", "postgresql://host"])
def test_an_address_of_no_database_is_told(value: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        settings._database(value, settings.HERE)


def test_an_address_of_postgresql_is_read() -> None:
    read = settings._database("postgresql://u%40x:p%2F@db:5433/site", settings.HERE)
    assert (read["NAME"], read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == (
        "site",
        "u@x",
        "p/",
        "db",
        5433,
    )


def test_pages_allow_nothing_inline_and_nothing_from_elsewhere(db: None) -> None:
    answer = Client(headers={"host": "localhost"}).get("/account/login/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.slow
def test_every_change_of_a_model_has_its_migration(tmp_path: Path) -> None:
    """In a process of its own: models which tests make are no part of the site."""
    told = subprocess.run(
        [sys.executable, "-m", "dauhieu.web", "makemigrations", "--check", "--dry-run"],
        env=os.environ | {"DAUHIEU_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr
