from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dauhieu.deliveries import d02
from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadFault, ReadOptions
from dauhieu.errors import DeliveryError

HEADING = ["Họ và tên", "Mã số BHXH", "Cấp bậc, chức vụ, chức danh nghề, nơi làm việc", "Tiền lương"]
PAY = ["Hệ số/Mức lương", "Phụ cấp"]
PARTS = ["Chức vụ", "Thâm niên VK (%)", "Thâm niên nghề (%)", "Phụ cấp lương", "Các khoản bổ sung"]

Cell = Any


def line(number: int, name: str, code: str, wage: Cell, start: Cell, **more: Cell) -> list[Cell]:
    return [
        *(number, name, code, more.get("title", "Công nhân"), wage),
        *(None, None, None, more.get("allowance"), more.get("additional")),
        *(start, more.get("end"), more.get("note")),
    ]


def sheet_rows(*, form: str = "D02-TS", unit: str = "Mã đơn vị: TA0123A") -> list[list[Cell]]:
    """The form as an employer fills it, from the title to the signatures."""
    return [
        ["Tên đơn vị: Công ty TNHH Một Hai", *[None] * 9, f"Mẫu {form}"],
        [unit, *[None] * 9, "(Ban hành kèm theo QĐ số 595/QĐ-BHXH ngày 14/4/2017)"],
        [],
        ["DANH SÁCH LAO ĐỘNG THAM GIA BHXH, BHYT, BHTN, BHTNLĐ, BNN"],
        ["Số: 05   Tháng 05 năm 2024"],
        ["STT", *HEADING, *[None] * 5, "Từ tháng, năm", "Đến tháng, năm", "Ghi chú"],
        [*[None] * 4, *PAY],
        [*[None] * 5, *PARTS],
        ["A", "B", *range(1, 12)],
        ["I", "Tăng"],
        ["I.1", "Lao động"],
        line(1, "Nguyễn Văn A", "0123456789", "5.000.000", "05/2024", allowance="500.000", additional=250000),
        line(2, "Trần Thị B", "0123456790", 6200000, datetime(2024, 5, 1)),
        ["I.2", "Tiền lương"],
        line(1, "Lê C", "0123456791", 7000000.0, "5/2024", note="Tăng lương"),
        [None, "Cộng tăng", None, None, 18200000],
        ["II", "Giảm"],
        ["II.1", "Lao động"],
        line(1, "Phạm D", "0123456792", "5.500.000 đ", "04/2024", end="05/2024", note="Nghỉ thai sản"),
        line(2, "Hồ E", "0123456793", "5.500.000", "04/2024", note="Chấm dứt HĐLĐ"),
        [None, "Cộng giảm"],
        ["III", "Khác"],
        [None, "Tổng cộng"],
        ["Tổng số Sổ BHXH đề nghị cấp: 1"],
        [*[None] * 8, "Hà Nội, ngày 7 tháng 5 năm 2024"],
        ["Người lập biểu", *[None] * 7, "Thủ trưởng đơn vị"],
        ["1", "Nguyễn Lập", None, None, 5],
    ]


def workbook(folder: Path, rows: list[list[Cell]], merged: tuple[str, ...] = ("E6:J6", "F7:J7", "B6:B8")) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Hướng dẫn"
    book.active.append(["Cách ghi mẫu D02-TS"])
    sheet = book.create_sheet("D02")
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    file = folder / "d02.xlsx"
    book.save(file)
    return file


def read(file: Path) -> tuple[dict[str, list[dict[str, Any]]], list[ReadFault]]:
    faults: list[ReadFault] = []
    tables = {
        source.table: [row for batch in source.batches for row in batch.to_pylist()]
        for source in d02.read(file, ReadOptions(faults.append))
    }
    return tables, faults


def test_the_head_of_the_declaration_is_read(tmp_path: Path) -> None:
    tables, faults = read(workbook(tmp_path, sheet_rows()))
    (head,) = tables["si_declaration"]
    assert (head["form_code"], head["employer_code"], head["effective_month"], head["submitted_at"]) == (
        "D02-TS",
        "TA0123A",
        "2024-05-01",
        "2024-05-07",
    )
    assert faults == []


def test_each_worker_is_a_line_with_the_action_of_its_section_and_note(tmp_path: Path) -> None:
    tables, _ = read(workbook(tmp_path, sheet_rows()))
    lines = tables["si_declaration_line"]
    assert [(row["person_code"], row["action"]) for row in lines] == [
        ("0123456789", "increase"),
        ("0123456790", "increase"),
        ("0123456791", "adjust_wage"),
        ("0123456792", "maternity"),
        ("0123456793", "decrease"),
    ]
    assert [row["line_no"] for row in lines] == ["1", "2", "3", "4", "5"]


def test_money_with_dots_and_numbers_are_read_alike(tmp_path: Path) -> None:
    tables, _ = read(workbook(tmp_path, sheet_rows()))
    wages = [row["wage_base"] for row in tables["si_declaration_line"]]
    assert wages == ["5000000", "6200000", "7000000", "5500000", "5500000"]


def test_allowances_in_money_are_added_up(tmp_path: Path) -> None:
    tables, _ = read(workbook(tmp_path, sheet_rows()))
    assert [row["allowance"] for row in tables["si_declaration_line"]][:2] == ["750000", None]


def test_months_are_read_as_text_and_as_dates(tmp_path: Path) -> None:
    tables, _ = read(workbook(tmp_path, sheet_rows()))
    lines = tables["si_declaration_line"]
    assert [row["from_month"] for row in lines[:3]] == ["2024-05-01", "2024-05-01", "2024-05-01"]
    assert lines[3]["to_month"] == "2024-05-01"


def test_lines_carry_the_row_a_person_sees_and_their_declaration(tmp_path: Path) -> None:
    tables, _ = read(workbook(tmp_path, sheet_rows()))
    lines = tables["si_declaration_line"]
    assert [row[ROW_NO] for row in lines] == [12, 13, 15, 19, 20]
    assert {row[DOCUMENT] for row in lines} == {tables["si_declaration"][0]["declaration_code"]}


def test_the_same_list_always_gets_the_same_code_and_another_list_another(tmp_path: Path) -> None:
    other = sheet_rows()
    other[11][4] = "5.000.001"
    codes = [
        read(workbook(tmp_path, rows))[0]["si_declaration"][0]["declaration_code"]
        for rows in (sheet_rows(), sheet_rows(), other)
    ]
    assert codes[0] == codes[1] != codes[2]


def test_a_dossier_number_is_the_code_with_the_unit(tmp_path: Path) -> None:
    rows = sheet_rows()
    rows[2] = ["Số hồ sơ:", None, "G-0507/2024"]
    tables, _ = read(workbook(tmp_path, rows))
    assert tables["si_declaration"][0]["declaration_code"] == "TA0123A/G-0507/2024"


def test_the_unit_code_may_stand_in_the_next_cell(tmp_path: Path) -> None:
    rows = sheet_rows()
    rows[1] = ["MÃ ĐƠN VỊ", None, "TA0123A"]
    assert read(workbook(tmp_path, rows))[0]["si_declaration"][0]["employer_code"] == "TA0123A"


def test_the_form_which_replaced_it_is_read_by_its_own_heading(tmp_path: Path) -> None:
    who = ["STT", "Họ và tên", "Mã số BHXH", "Số CCCD", "Cấp bậc, chức vụ, chức danh nghề"]
    when = ["Thời điểm đơn vị bắt đầu đóng BHXH", "Thời điểm đơn vị kết thúc đóng BHXH", "Ghi chú"]
    places = ["Nhà quản lý", "Chuyên môn kỹ thuật bậc cao", "Chuyên môn kỹ thuật bậc trung", "Khác"]
    heading = [
        [*who, "Vị trí việc làm", *[None] * 3, "Tiền lương", None, *when],
        [*[None] * 5, *places, "Hệ số/Mức lương", "Phụ cấp"],
        [*[None] * 10, "Các khoản bổ sung"],
        [f"({number})" for number in range(1, 15)],
        ["I. Tăng lao động"],
        [1, "A", None, "001190000001", "Kỹ sư", None, "x", None, None, "9.000.000", "100.000", "06/2024", None, None],
    ]
    rows = [*sheet_rows(form="D02-LT")[:5], *heading]
    tables, _ = read(workbook(tmp_path, rows, ("F6:I6", "J6:K6", "B6:B8")))
    (row,) = tables["si_declaration_line"]
    assert (row["person_code"], row["position_code"], row["action"]) == ("001190000001", "professional", "increase")
    assert (row["wage_base"], row["allowance"], row["from_month"]) == ("9000000", "100000", "2024-06-01")
    assert tables["si_declaration"][0]["form_code"] == "D02-LT"


def test_a_wage_given_as_coefficient_is_noted_and_stays_empty(tmp_path: Path) -> None:
    rows = sheet_rows()
    rows[11][4] = "2,34"
    tables, faults = read(workbook(tmp_path, rows))
    assert tables["si_declaration_line"][0]["wage_base"] is None
    assert [(fault.code, fault.row_no) for fault in faults] == [("wage_coefficient", 12)]


def test_a_row_which_is_nothing_known_is_noted(tmp_path: Path) -> None:
    rows = sheet_rows()
    rows.insert(12, [None, None, None, "xem trang sau"])
    _, faults = read(workbook(tmp_path, rows))
    assert [(fault.code, fault.row_no) for fault in faults] == [("unknown_row", 13)]


def test_text_instead_of_a_wage_is_left_to_the_checks(tmp_path: Path) -> None:
    rows = sheet_rows()
    rows[11][4] = "năm triệu"
    assert read(workbook(tmp_path, rows))[0]["si_declaration_line"][0]["wage_base"] == "năm triệu"


def test_a_workbook_without_the_form_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["Tên", "Tuổi"]])
    with pytest.raises(DeliveryError, match="No sheet holds a list of form D02"):
        read(file)
    assert not d02.is_d02(file)


def test_a_file_which_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "d02.xlsx"
    file.write_text("STT;Họ và tên")
    with pytest.raises(DeliveryError, match="damaged"):
        read(file)


def test_the_form_is_recognised(tmp_path: Path) -> None:
    assert d02.is_d02(workbook(tmp_path, sheet_rows()))
