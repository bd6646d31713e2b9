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

IDENTITY_KEY = "dGhpcnR5LXR3by1ieXRlcy1vZi1hLXRlc3Qta2V5LS4="
PRODUCTION = {
    "DAUHIEU_PRODUCTION": "1",
    "DAUHIEU_SECRET_KEY": "x7Kq" * 5 + "b2Lm" * 8,
    "DAUHIEU_IDENTITY_KEYS": IDENTITY_KEY,
    "DAUHIEU_HOSTS": "dauhieu.example",
}
SAFE = {
    "key": "k" * 50,
    "identity_keys": [IDENTITY_KEY],
    "debug": False,
    "hosts": ["dauhieu.example"],
    "second_factor": True,
}


def test_safe_production_starts() -> None:
    settings._refuse_unsafe(**SAFE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"key": settings.DEMO_KEY}, "SECRET_KEY"),
        ({"key": "short"}, "SECRET_KEY"),
        ({"identity_keys": [settings.DEMO_IDENTITY_KEY]}, "IDENTITY_KEYS"),
        ({"identity_keys": [IDENTITY_KEY, settings.DEMO_IDENTITY_KEY]}, "IDENTITY_KEYS"),
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
        env=os.environ | PRODUCTION,
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
    assert "DAUHIEU_IDENTITY_KEYS" in told.stderr
    assert "DAUHIEU_HOSTS" in told.stderr


@pytest.mark.parametrize("value", ["", "short", IDENTITY_KEY + ",x", IDENTITY_KEY[:-4] + "===="])
def test_a_wrong_identity_key_is_told_at_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="rotate_keys --make-key"):
        settings._identity_keys(value)


@pytest.mark.parametrize("between", [",", "\n", " \n "])
def test_identity_keys_stand_on_lines_or_between_commas(between: str) -> None:
    assert settings._identity_keys(f"{IDENTITY_KEY}{between}{settings.DEMO_IDENTITY_KEY}\n") == [
        IDENTITY_KEY,
        settings.DEMO_IDENTITY_KEY,
    ]


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
