"""Two agencies: one which has written a sign with a view of its own, and one which has not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.packs.build import Place, build
from dauhieu.warehouse.contract import Contract, contract
from tests.chapter import File, steps
from tests.packs.sealed import KEY
from tests.site import put

CHAPTER = Path(__file__).parents[2] / "docs" / "how-to" / "first-sign.md"
OWN = "SI-BEN-01-S51"
STEM = "signs/social/sick_notes_from_many_facilities"
VIEW = """-- vi: giấy nghỉ ốm có cơ sở cấp
-- en: sick notes with their facility
-- grain: person_id, facility_id, issued_at
SELECT person_id, facility_id, issued_at
FROM sickness_certificate
WHERE kind = 'CT07' AND facility_id IS NOT NULL
"""
# What the table and its columns are called at another agency.
ELSEWHERE = {
    "sickness_certificate": "giay_nghi_om",
    "person_id": "benh_nhan_person_id",
    "facility_id": "noi_cap_facility_id",
    "issued_at": "ngay_cap",
    "kind": "loai",
}


def engine() -> DuckDBEngine:
    return DuckDBEngine(EngineOptions(memory="500MB", threads=1))


def files() -> dict[str, str]:
    """The sign of the chapter, which reads a view of the site."""
    saved = {step.path.split("/site/")[-1]: step.text for step in steps(CHAPTER) if isinstance(step, File)}
    sign = saved[f"{STEM}.yaml"].replace("status: draft", "status: test")
    sign = sign.replace("FROM sickness_certificate\n    WHERE kind = 'CT07' AND", "FROM own_note\n    WHERE")
    assert "own_note" in sign
    return {
        f"{STEM}.yaml": sign,
        f"{STEM}.examples.yaml": saved[f"{STEM}.examples.yaml"],
        "views/own_note.sql": VIEW,
    }


def write(site: Path, found: dict[str, str]) -> Path:
    for name, text in found.items():
        put(site, name, text)
    return site


def place(site: Path, opened: DuckDBEngine, known: Contract | None = None) -> Place:
    known = known or contract()
    return Place(opened, known, law(), read_catalogue(known, site))


def packed(site: Path, folder: Path, known: Contract | None = None) -> Path:
    with engine() as opened:
        content, _ = build(place(site, opened, known), [OWN], "om-dau", KEY)
    path = folder / "om-dau.zip"
    path.write_bytes(content)
    return path


def named_elsewhere(text: str) -> str:
    """A file with the names of the other agency; examples draw ids without their ending."""
    text = text.replace("sickness_certificate", "giay_nghi_om").replace("person |", "benh_nhan_person |")
    text = text.replace("| facility |", "| noi_cap_facility |").replace("issued_at", "ngay_cap")
    text = text.replace("| kind", "| loai").replace("kind =", "loai =").replace("c.kind", "c.loai")
    return text.replace("facility_id", "noi_cap_facility_id").replace("person_id", "benh_nhan_person_id")


def contract_elsewhere() -> Contract:
    """The contract of the other agency has the table under its own names as well."""
    table = contract().table("sickness_certificate")
    columns = tuple(replace(column, name=ELSEWHERE.get(column.name, column.name)) for column in table.columns)
    named = {"name": "giay_nghi_om", "columns": columns, "happens": "ngay_cap", "sort": table.key}
    other = replace(table, **named)  # type: ignore[arg-type]
    return replace(contract(), tables={**contract().tables, other.name: other})
