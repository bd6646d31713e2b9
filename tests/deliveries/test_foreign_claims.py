"""The example of a foreign layout: one file of claims fills several tables, faults name the sender's columns."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from dauhieu.deliveries.report import Count
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import deliver, stored

EXAMPLE = Path(__file__).parents[2] / "examples" / "foreign_claims" / "inpatient.yaml"
DIAGNOSES = [f"ClmDiagnosisCode_{number}" for number in range(1, 11)]
CLAIMS = 12


def claim(number: int, **changes: str) -> dict[str, str]:
    """A made-up stay: provider A or B, `number % 4` nights, `number % 10 + 1` diagnoses."""
    day = number + 1
    return {
        "BeneID": f"B{number % 7}",
        "ClaimID": f"C{number}",
        "ClaimStartDt": f"2009-03-{day:02d}",
        "ClaimEndDt": f"2009-04-{day:02d}",
        "Provider": "AB"[number % 2],
        "InscClaimAmtReimbursed": str(1000 * number),
        "AttendingPhysician": "D1",
        "AdmissionDt": f"2009-03-{day:02d}",
        "ClmAdmitDiagnosisCode": "7",
        "DeductibleAmtPaid": "" if number % 3 == 0 else "1068",
        "DischargeDt": f"2009-03-{day + number % 4:02d}",
        **{name: f"V{place}" if place <= number % 10 else "" for place, name in enumerate(DIAGNOSES)},
        "ClmProcedureCode_1": "",
    } | changes


def file(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "inpatient.csv"
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def claims() -> list[dict[str, str]]:
    return [claim(number) for number in range(CLAIMS)]


def test_every_claim_lands_with_its_facility_and_its_days(store: Store, tmp_path: Path) -> None:
    report = deliver(store, file(tmp_path, claims()), mapping=EXAMPLE)
    assert report.rows == Count(2 * CLAIMS, 2 * CLAIMS, 0)
    found = stored(
        store,
        "SELECT f.code, k.code, c.treatment_days, c.care_type, c.icd_main, c.settle_year, c.settle_month, "
        "c.first_received_at FROM hi_claim AS c JOIN key_facility AS f ON f.id = c.facility_id "
        "JOIN key_hi_claim AS k ON k.id = c.hi_claim_id WHERE k.code IN ('A/C4', 'B/C7')",
        "hi_claim",
        "key_facility",
        "key_hi_claim",
    )
    assert sorted(found, key=str) == [
        ("A", "A/C4", 1, "03", "V0", 2009, 4, None),
        ("B", "B/C7", 3, "03", "V0", 2009, 4, None),
    ]


def test_money_stays_as_given_and_an_empty_share_is_none(store: Store, tmp_path: Path) -> None:
    deliver(store, file(tmp_path, claims()[:5]), mapping=EXAMPLE)
    sql = "SELECT hi_amount::INT, copay::INT, total_hi::INT FROM hi_claim ORDER BY hi_amount"
    found = stored(store, sql, "hi_claim")
    assert found == [(0, 0, 0), (1000, 1068, 2068), (2000, 1068, 3068), (3000, 0, 3000), (4000, 1068, 5068)]


def test_further_diagnoses_become_rows_in_their_order(store: Store, tmp_path: Path) -> None:
    deliver(store, file(tmp_path, [claim(3)]), mapping=EXAMPLE)
    sql = "SELECT place, icd_code, admitted_on::VARCHAR FROM hi_claim_diagnosis ORDER BY place"
    assert stored(store, sql, "hi_claim_diagnosis") == [(place, f"V{place}", "2009-03-04") for place in (1, 2, 3)]


def test_a_facility_named_in_many_rows_is_one(store: Store, tmp_path: Path) -> None:
    report = deliver(store, file(tmp_path, claims()), mapping=EXAMPLE)
    assert (report.tables["facility"].added, report.tables["facility"].unchanged) == (2, CLAIMS - 2)


def test_a_claim_set_aside_comes_back_in_the_senders_columns_and_lands_when_mended(
    store: Store, tmp_path: Path
) -> None:
    report = tmp_path / "report.xlsx"
    rows = [*claims()[:4], claim(9, AdmissionDt="soon")]
    told = deliver(store, file(tmp_path, rows), mapping=EXAMPLE, max_set_aside=200_000, set_aside=report)
    assert {(place.column, place.row) for place in told.first} == {("AdmissionDt", 6)}
    book = openpyxl.load_workbook(report)
    sheet = book.worksheets[0]
    assert (sheet.max_row, sheet.cell(2, 2).value) == (2, "C9")
    column = next(cell.column for cell in sheet[1] if cell.value == "AdmissionDt")
    assert sheet.cell(2, column).comment is not None
    sheet.cell(2, column).value = "2009-03-10"
    book.save(report)
    assert deliver(store, report, mapping=EXAMPLE).tables["hi_claim"].added == 1


TWO = """\
targets:
  - table: hi_claim
    columns:
      facility_code: Provider
      ma_lk: ClaimID
      care_type: {value: "03"}
      admission_at: AdmissionDt
      version_no: {value: 1}
      status: {value: accepted}
  - table: hi_claim_diagnosis
    where: Second <> ''
    columns:
      facility_code: Provider
      ma_lk: ClaimID
      place: {value: 1}
      icd_code: Second
  - table: hi_claim_diagnosis
    where: Third <> ''
    columns:
      facility_code: Provider
      ma_lk: ClaimID
      place: {from: Where}
      icd_code: Third
"""
ROWS = [
    {"Provider": "A", "ClaimID": "1", "AdmissionDt": "2009-01-01", "Second": "X", "Third": "Y", "Where": "2"},
    {"Provider": "A", "ClaimID": "2", "AdmissionDt": "2009-01-02", "Second": "", "Third": "", "Where": ""},
    {"Provider": "A", "ClaimID": "3", "AdmissionDt": "2009-01-02", "Second": "Z", "Third": "Y", "Where": "two"},
]


def two(folder: Path, text: str = TWO) -> Path:
    path = folder / "two.yaml"
    path.write_text(text)
    return path


def test_one_table_may_be_filled_twice_and_only_by_some_rows(store: Store, tmp_path: Path) -> None:
    report = deliver(store, file(tmp_path, ROWS[:2]), mapping=two(tmp_path))
    assert report.rows == Count(4, 4, 0)
    sql = "SELECT place, icd_code FROM hi_claim_diagnosis ORDER BY place"
    assert stored(store, sql, "hi_claim_diagnosis") == [(1, "X"), (2, "Y")]


def test_a_document_falls_with_its_rows_in_all_tables(store: Store, tmp_path: Path) -> None:
    report = deliver(store, file(tmp_path, ROWS), mapping=two(tmp_path), max_set_aside=500_000)
    assert (report.documents, report.rows) == (Count(3, 2, 1), Count(7, 4, 3))
    assert [(place.row, place.column) for place in report.first] == [(4, "Where")]


@pytest.mark.parametrize(
    ("old", "new", "line", "match"),
    [
        ("  - table: hi_claim\n", "  - table: hi_claims\n", 2, "Did you mean 'hi_claim'"),
        ("      place: {from: Where}", "      places: {from: Where}", 22, "Did you mean 'place'"),
        ("where: Third <> ''", "where: Fourth <> ''", 18, "'where' cannot be evaluated"),
        ("where: Third <> ''", "where: (SELECT true)", 18, "cannot use 'SELECT'"),
        ("where: Third <> ''", "when: Third <> ''", 18, "Did you mean 'where'"),
        ("targets:\n", "table: hi_claim\ntargets:\n", 1, "needs 'table' and 'columns', or a list of 'targets'"),
        (TWO, "targets: []\n", 1, "'targets' is a list"),
        (TWO, "targets:\n  - table: hi_claim\n", 2, "needs 'table' and 'columns'"),
    ],
)
def test_a_mistake_in_one_of_several_tables_is_told_with_its_line(
    store: Store, tmp_path: Path, old: str, new: str, line: int, match: str
) -> None:
    assert old in TWO
    with pytest.raises(DeliveryError, match=match) as refused:
        deliver(store, file(tmp_path, ROWS), mapping=two(tmp_path, TWO.replace(old, new)))
    assert line in [fault.line for fault in refused.value.faults]
