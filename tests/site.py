"""A site folder for tests: the agency's own files beside the shipped catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dauhieu.catalogue.catalogue import SIGNS_FOLDER
from tests.thin import SIGN

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


EXCEPTION: dict[str, Any] = {
    "id": "EXC-1",
    "signs": [SIGN],
    "from": date(2026, 1, 1),
    "until": date(2026, 12, 31),
    "why": "looked at in case 12 and in order",
    "by": "Nguyen A",
    "approved_by": "Tran B",
}


def except_from(folder: Path, **more: Any) -> Path:
    """An exception of the thin store's sign."""
    body = EXCEPTION | more
    return put(folder, f"exceptions/{body['id']}.yaml", yaml.safe_dump(body))


COMPOUND = "SI-EMP-05-S7"


def compound_sign(signs: list[str], /, **more: Any) -> str:
    """A sign on employers which counts others."""
    body = yaml.safe_load(OWN_SIGN)
    for word in ("sql", "evidence", "tuning", "needs", "item_kind", "reading"):
        body.pop(word, None)
    body |= {
        "id": COMPOUND,
        "subject": "employer",
        "explain": {"vi": "Có {signs:count} dấu hiệu.", "en": "There are {signs:count} signs."},
        "compound": {"signs": signs, "at_least": 2, "within_months": 12} | more,
    }
    return str(yaml.safe_dump(body, allow_unicode=True))
