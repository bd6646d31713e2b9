"""A site folder for tests: the agency's own files beside the shipped catalogue."""

from __future__ import annotations

from pathlib import Path

from dauhieu.catalogue.catalogue import SIGNS_FOLDER

MODEL = (SIGNS_FOLDER / "social" / "wage_below_floor.yaml").read_text(encoding="utf-8")
OWN = "SI-EMP-05-S9"
OWN_SIGN = MODEL.replace("id: SI-EMP-05-S1", f"id: {OWN}")
VIEW = "-- vi: người đóng\n-- en: payers\n-- grain: person_id\nSELECT person_id FROM contribution_month\n"


def put(folder: Path, path: str, text: str) -> Path:
    """Write one file of the site."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
