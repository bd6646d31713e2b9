"""What is strange in a claim and stored all the same: each with the fault which is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliveries.claims_files import SERVICE, envelope, ordinary, packed, read_text, record, visit


def test_the_text_nan_in_an_amount_is_handed_to_the_checks_and_spoils_no_sum(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(T_NGUONKHAC="NaN", T_THUOC="NaN")))
    assert reading.row("hi_claim")["other_source"] == "NaN"
    assert reading.faults == []


def test_a_discharge_before_the_admission_is_stored_and_noted(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(NGAY_RA="202404301015")))
    assert reading.codes() == [("dates_reversed", "NGAY_RA")]
    assert reading.row("hi_claim")["discharge_at"] == "2024-04-30 10:15:00"


def test_a_discharge_of_unknown_time_on_the_day_of_admission_is_not_reversed(tmp_path: Path) -> None:
    assert read_text(tmp_path, envelope(ordinary(NGAY_RA="202405010000"))).faults == []


def test_a_missing_main_diagnosis_is_stored_and_noted(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(MA_BENH_CHINH=None)))
    assert reading.codes() == [("no_value", "MA_BENH_CHINH")]
    assert reading.row("hi_claim")["icd_main"] is None


@pytest.mark.parametrize(("total", "noted"), [("300001", False), ("299999", False), ("300002", True), ("299998", True)])
def test_lines_which_differ_from_the_total_by_more_than_one_are_noted(tmp_path: Path, total: str, noted: bool) -> None:
    reading = read_text(tmp_path, envelope(ordinary(T_TONGCHI_BH=total, T_BHTT=str(int(total) - 60000))))
    assert (("sum_differs", "T_TONGCHI_BH") in reading.codes()) is noted


@pytest.mark.parametrize(("paid", "noted"), [("240001", False), ("240002", True)])
def test_sources_which_differ_from_the_total_by_more_than_one_are_noted(tmp_path: Path, paid: str, noted: bool) -> None:
    reading = read_text(tmp_path, envelope(ordinary(T_BHTT=paid)))
    assert bool(reading.faults) is noted


def test_the_total_of_the_older_form_is_the_total_of_the_insurance(tmp_path: Path) -> None:
    head = visit(T_TONGCHI_BH=None, T_TONGCHI="300000")
    reading = read_text(tmp_path, envelope([packed("XML1", record("XML1", head)), *ordinary()[1:]]))
    assert reading.row("hi_claim")["total_hi"] == "300000"
    assert reading.faults == []


def test_a_record_of_another_visit_is_noted(tmp_path: Path) -> None:
    parts = [*ordinary()[:2], packed("XML3", record("XML3", SERVICE | {"MA_LK": "LK9"}))]
    assert read_text(tmp_path, envelope(parts)).codes() == [("other_document", "MA_LK")]


@pytest.mark.parametrize(
    ("card", "national", "person"),
    [
        ("DN4010123456789", "001190000001", "001190000001"),
        ("DN4010123456789", None, "0123456789"),
        ("0123456789", None, "0123456789"),
        ("DN4010123456789;TE1010000000001", None, "0123456789"),
        (None, None, None),
    ],
)
def test_the_patient_is_known_by_number_or_card(
    tmp_path: Path, card: str | None, national: str | None, person: str | None
) -> None:
    row = read_text(tmp_path, envelope(ordinary(MA_THE_BHYT=card, SO_CCCD=national))).row("hi_claim")
    assert row["person_code"] == person


def test_an_unknown_sex_is_stored_as_unknown_and_noted(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(GIOI_TINH="9")))
    assert (reading.row("hi_claim")["sex"], reading.codes()) == ("unknown", [("unknown_code", "GIOI_TINH")])


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("199005000000", "1990-05-01"),
        ("199000000000", "1990-01-01"),
        ("19900517", "1990-05-17"),
        ("000000000000", None),
    ],
)
def test_unknown_parts_of_a_date_become_the_first(tmp_path: Path, sent: str, stored: str | None) -> None:
    assert read_text(tmp_path, envelope(ordinary(NGAY_SINH=sent))).row("hi_claim")["date_of_birth"] == stored
