"""Two deliveries as people send them, with five faults each; `docs/how-to/faults.md` shows what becomes of them."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl

from tests.deliveries.claims_files import BLANK, DRUG, envelope, ordinary, packed, record, visit
from tests.deliveries.test_d02 import sheet_rows

MERGED = ("E6:J6", "F7:J7", "B6:B8")


def workers(folder: Path) -> Path:
    """Lists of workers of two months: a coefficient, a stray row and unknown codes; text for money, a 13th month."""
    may, june = sheet_rows(), sheet_rows()
    may[11][4] = "2,34"
    may.insert(13, [None, None, None, "xem trang sau"])
    june[4] = ["Số: 06   Tháng 06 năm 2024"]
    june[11][4] = "năm triệu"
    june[12][10] = "13/2024"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (("T5", may), ("T6", june)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in MERGED:
            sheet.merge_cells(cells)
    file = folder / "d02.xlsx"
    book.save(file)
    return file


def claims(folder: Path) -> Path:
    """Three claims: a strange one (NaN, dates reversed, a bad namespace), one with two bad cells, and a good one."""
    strange = visit(T_NGUONKHAC="NaN", NGAY_RA="202404301000")
    bad = visit(MA_LK="LK2", NGAY_VAO="202405320830")
    drug = DRUG | {"MA_LK": "LK2", "THANH_TIEN_BH": "một trăm nghìn"}
    file = folder / "claims.xml"
    file.write_text(
        envelope(
            [packed("XML1", record("XML1", strange, namespace=BLANK)), *ordinary()[1:]],
            [
                packed("XML1", record("XML1", bad)),
                packed("XML2", record("XML2", drug)),
                ordinary(MA_LK="LK2")[2],
            ],
            ordinary(MA_LK="LK3"),
        )
    )
    return file


if __name__ == "__main__":
    workers(Path(sys.argv[1]))
    claims(Path(sys.argv[1]))
