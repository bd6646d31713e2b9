"""CSV, Parquet and XLSX as they really arrive: marks, line ends, encodings, layouts, damage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dauhieu.deliveries.report import Count, SetAsideError
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import CONTRIBUTION, contributions, csv_file, csv_text, deliver, stored, wages

TITLE = "Kế toán trưởng"


@pytest.mark.parametrize(
    "dressed",
    [
        lambda rows: b"\xef\xbb\xbf" + csv_text(rows).encode(),
        lambda rows: csv_text(rows, end="\r\n").encode(),
        lambda rows: csv_text(rows, separator=";").encode(),
        lambda rows: csv_text(rows, separator="\t").encode(),
        lambda rows: csv_text([dict(reversed(row.items())) for row in rows]).encode(),
        lambda rows: csv_text([{key.upper().replace("_", " "): row[key] for key in row} for row in rows]).encode(),
        lambda rows: (csv_text(rows) + "\n\n").encode(),
        lambda rows: csv_text([row | {"job_title": 'a "b",\nc'} for row in rows]).encode(),
    ],
    ids=["mark", "CRLF", "semicolon", "tab", "reordered", "capitals", "blank lines", "line break in a cell"],
)
def test_csv_comes_in_many_dresses(
    store: Store, tmp_path: Path, dressed: Callable[[list[dict[str, str]]], bytes]
) -> None:
    file = tmp_path / "contribution_month.csv"
    file.write_bytes(dressed(contributions(2)))
    assert (deliver(store, file).rows, wages(store)) == (Count(2, 2, 0), [5_000_000, 5_000_000])


@pytest.mark.parametrize(
    ("encoding", "title"), [("tcvn3", b"K\xd5 to\xb8n tr\xad\xebng"), ("vni", b"Ke\xe1 toa\xf9n tr\xf6\xf4\xfbng")]
)
def test_old_code_pages_are_read_when_named(store: Store, tmp_path: Path, encoding: str, title: bytes) -> None:
    file = tmp_path / "contribution_month.csv"
    text = csv_text(contributions(1, job_title="@")).encode()
    file.write_bytes(text.replace(b"@", title))
    deliver(store, file, encoding=encoding)
    assert stored(store, "SELECT job_title FROM contribution_month", "contribution_month") == [(TITLE,)]


def test_a_row_which_is_not_utf8_is_set_aside_alone(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "contribution_month.csv"
    rows = [*contributions(2), CONTRIBUTION | {"person_code": "P9", "job_title": "@"}]
    file.write_bytes(
        csv_text(contributions(1, job_title="x") + [row | {"job_title": row.get("job_title", "")} for row in rows])
        .encode()
        .replace(b"@", b"K\xd5")
    )
    report = deliver(store, file, max_set_aside=500_000)
    assert (report.rows, report.first[0].row, report.set_aside) == (Count(4, 3, 1), 5, {"not_utf8": 1})


def test_utf16_is_told_how_to_be_saved(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "contribution_month.csv"
    file.write_text(csv_text(contributions(1)), encoding="utf-16")
    with pytest.raises(DeliveryError, match="CSV UTF-8"):
        deliver(store, file)


def test_a_ragged_row_is_set_aside_with_its_number(store: Store, tmp_path: Path) -> None:
    lines = csv_text(contributions(3)).splitlines()
    lines[2] += ",,"
    file = tmp_path / "contribution_month.csv"
    file.write_text("\n".join(lines))
    report = deliver(store, file, max_set_aside=500_000)
    assert (report.rows, report.first[0].row, report.first[0].code) == (Count(3, 2, 1), 3, "ragged_row")


@pytest.mark.parametrize("content", ["", "\ufeff\r\n", "person_code,month\n"])
def test_an_empty_file_is_told(store: Store, tmp_path: Path, content: str) -> None:
    file = tmp_path / "contribution_month.csv"
    file.write_text(content)
    with pytest.raises(DeliveryError):
        deliver(store, file)
    assert store.latest() is None


def test_a_header_without_rows_is_told(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "contribution_month.csv"
    file.write_text(csv_text(contributions(1)).splitlines()[0] + "\n")
    with pytest.raises(DeliveryError, match="no rows"):
        deliver(store, file)


def test_a_renamed_column_is_named_with_its_likely_name(store: Store, tmp_path: Path) -> None:
    rows = [{("person_codes" if key == "person_code" else key): row[key] for key in row} for row in contributions(1)]
    with pytest.raises(DeliveryError, match=r"'person_code' is missing\. Did you mean 'person_codes'"):
        deliver(store, csv_file(tmp_path, rows))


def test_all_missing_columns_are_listed_at_once(store: Store, tmp_path: Path) -> None:
    rows = [{key: row[key] for key in ("person_code", "month")} for row in contributions(1)]
    with pytest.raises(DeliveryError) as refused:
        deliver(store, csv_file(tmp_path, rows))
    assert all(name in str(refused.value) for name in ("'scheme'", "'si_flag'", "'is_paid'"))


def test_extra_columns_are_left_out_and_named(store: Store, tmp_path: Path) -> None:
    report = deliver(store, csv_file(tmp_path, contributions(1, remark="x")))
    assert report.extra_columns == {"contribution_month.csv": ("remark",)}


def test_a_column_delivered_twice_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "contribution_month.csv"
    file.write_text(csv_text(contributions(1)).replace("is_paid", "wage_base"))
    with pytest.raises(DeliveryError, match="twice"):
        deliver(store, file)


def typed_table(count: int) -> pa.Table:
    return pa.table(
        {
            "person_code": [f"P{number}" for number in range(count)],
            "employer_code": pa.array(["E1"] * count).dictionary_encode(),
            "month": pa.array([date(2026, 1, 1)] * count, pa.date32()),
            "scheme": ["compulsory"] * count,
            **{name: [True] * count for name in ("si_flag", "ui_flag", "hi_flag", "oad_flag", "is_paid")},
            "wage_base": pa.array([float("nan"), *[5_000_000.0] * (count - 1)], pa.float64()),
            "month_status": ["working"] * count,
        }
    )


def test_typed_parquet_lands_and_nan_becomes_null(store: Store, tmp_path: Path) -> None:
    pq.write_table(typed_table(3), tmp_path / "contribution_month.parquet")
    report = deliver(store, tmp_path / "contribution_month.parquet")
    assert (report.rows.accepted, report.noted["nan_to_null"]) == (3, 1)
    assert wages(store) == [None, 5_000_000, 5_000_000]


def test_parquet_of_a_wrong_type_is_set_aside(store: Store, tmp_path: Path) -> None:
    table = typed_table(1).set_column(2, "month", pa.array([True]))
    pq.write_table(table, tmp_path / "contribution_month.parquet")
    with pytest.raises(SetAsideError, match="type which does not fit"):
        deliver(store, tmp_path / "contribution_month.parquet")


def test_parquet_of_lists_is_refused(store: Store, tmp_path: Path) -> None:
    table = typed_table(1).set_column(0, "person_code", pa.array([["P1"]]))
    pq.write_table(table, tmp_path / "contribution_month.parquet")
    with pytest.raises(DeliveryError, match="cannot be read"):
        deliver(store, tmp_path / "contribution_month.parquet")


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_truncated_parquet_lands_nothing(store: Store, tmp_path: Path, keep: float) -> None:
    file = tmp_path / "contribution_month.parquet"
    pq.write_table(typed_table(1000), file)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * keep)])
    with pytest.raises(DeliveryError, match="damaged"):
        deliver(store, file)
    assert store.latest() is None


def test_parquet_damaged_in_its_middle_lands_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "contribution_month.parquet"
    pq.write_table(typed_table(1000), file)
    content = bytearray(file.read_bytes())
    content[20:300] = b"\xff" * 280
    file.write_bytes(bytes(content))
    with pytest.raises(DeliveryError, match="damaged"):
        deliver(store, file)
    assert store.latest() is None


def workbook(path: Path, rows: list[dict[str, object]], title: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(path)
    return path


CELLS: dict[str, object] = {
    **CONTRIBUTION,
    "month": datetime(2026, 1, 1),
    "si_flag": True,
    "ui_flag": 1,
    "wage_base": 5_000_000.0,
}


def test_a_workbook_with_typed_cells_lands(store: Store, tmp_path: Path) -> None:
    deliver(store, workbook(tmp_path / "contribution_month.xlsx", [CELLS]))
    assert wages(store) == [5_000_000]


def test_a_sheet_named_after_a_table_is_that_table(store: Store, tmp_path: Path) -> None:
    deliver(store, workbook(tmp_path / "thang 1.xlsx", [CELLS], "contribution_month"))
    assert wages(store) == [5_000_000]


def test_a_failed_formula_is_set_aside(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "contribution_month.xlsx", [CELLS | {"wage_base": "#REF!"}])
    with pytest.raises(SetAsideError, match="failed formula"):
        deliver(store, file)


def test_a_damaged_workbook_is_told(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "contribution_month.xlsx", [CELLS])
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(DeliveryError, match="damaged"):
        deliver(store, file)
