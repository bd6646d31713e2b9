"""What others made and we serve is what we pinned, with its licence."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parent.parent.parent / "dauhieu" / "web" / "ui" / "static" / "vendor"
FILES = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))["file"]


def test_every_file_has_the_sum_it_was_pinned_with() -> None:
    for file in FILES:
        assert hashlib.sha256((VENDOR / file["name"]).read_bytes()).hexdigest() == file["sha256"], file["name"]


def test_every_file_is_listed_and_has_the_text_of_its_licence() -> None:
    listed = {file["name"] for file in FILES} | {file["text"] for file in FILES} | {"vendor.toml"}
    assert {path.name for path in VENDOR.iterdir()} == listed
