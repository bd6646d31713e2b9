"""The deliveries of `docs/how-to/faults.md`: what is noted, what comes back commented, and that it lands mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from dauhieu.deliveries.messages import MESSAGES
from dauhieu.deliveries.report import Count
from dauhieu.warehouse.store import Store
from tests.deliveries.faulty import claims, workers
from tests.deliveries.rooms import deliver, stored

HALF = 500_000
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "faults.md"


def comments(path: Path) -> dict[tuple[str, str], str]:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    return {(cell.parent.title, cell.coordinate): cell.comment.text for cell in cells}


def mend(path: Path, cells: dict[tuple[str, str], Any]) -> Path:
    book = openpyxl.load_workbook(path)
    for (sheet, place), value in cells.items():
        book[sheet][place] = value
    book.save(path)
    return path


def noted(report: Any) -> dict[str, int]:
    return {code: count for code, count in report.noted.items() if code != "unknown_reference"}


def test_a_list_of_workers_comes_back_commented_and_lands_mended(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    told = deliver(store, workers(tmp_path), max_set_aside=HALF, set_aside=report)
    assert (told.documents, told.rows) == (Count(2, 1, 1), Count(12, 6, 6))
    assert told.set_aside == {"not_whole": 1, "not_month": 1, "document_set_aside": 4}
    assert noted(told) == {"wage_coefficient": 1, "unknown_row": 1}
    assert told.noted["unknown_reference"] == 6
    assert told.tables["person_identity"].added == 5
    assert comments(report) == {("T6", "E12"): MESSAGES["not_whole"].vi, ("T6", "K13"): MESSAGES["not_month"].vi}
    again = deliver(store, mend(report, {("T6", "E12"): 5_000_000, ("T6", "K13"): "06/2024"}))
    assert (again.documents, again.tables["si_declaration"].added) == (Count(2, 2, 0), 1)
    sql = "SELECT count(*), count(wage_base) FROM si_declaration_line WHERE superseded_at IS NULL"
    assert stored(store, sql, "si_declaration_line") == [(10, 9)]


def test_claims_come_back_commented_and_land_mended(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    told = deliver(store, claims(tmp_path), max_set_aside=HALF, set_aside=report)
    assert (told.documents, told.rows) == (Count(3, 2, 1), Count(12, 8, 4))
    assert told.set_aside == {"not_timestamp": 1, "not_date": 3, "not_number": 1}
    assert noted(told) == {"dates_reversed": 2, "namespace_mended": 1, "nan_to_null": 1, "sum_differs": 1}
    found = comments(report)
    assert found["hi_claim", "H2"] == MESSAGES["not_timestamp"].vi
    assert found["hi_claim_drug", "T2"] == MESSAGES["not_number"].vi
    # The day of admission is taken from the head where a line leaves it out.
    days = {place: None for place, said in found.items() if said == MESSAGES["not_date"].vi}
    assert len(days) == 3
    right = {("hi_claim", "H2"): "2024-05-31 08:30:00", ("hi_claim_drug", "T2"): 100_000, **days}
    again = deliver(store, mend(report, right))
    assert (again.documents, again.tables["hi_claim"].added) == (Count(1, 1, 0), 1)
    sql = (
        "SELECT DISTINCT admitted_on::VARCHAR, amount_hi::INT FROM hi_claim_drug WHERE admitted_on = DATE '2024-05-31'"
    )
    assert stored(store, sql, "hi_claim_drug") == [("2024-05-31", 100_000)]


def test_the_page_shows_these_very_counts(store: Store, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for file in (workers(tmp_path), claims(tmp_path)):
        told = deliver(store, file, max_set_aside=HALF)
        for word, codes in (("set aside", told.set_aside), ("noted", told.noted)):
            assert all(f"{word}: {code} {count}\n" in page for code, count in codes.items())
        assert all(place.words("vi") in page for place in told.first)
