"""Every kind of record of the claims format, and what becomes of kinds and fields of later forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from dauhieu.deliveries.source import DOCUMENT
from dauhieu.warehouse.contract import contract
from tests.deliveries.claims_files import (
    ROOTS,
    SERVICE,
    documents,
    envelope,
    ordinary,
    packed,
    read_text,
    record,
    visit,
)

SEVEN = {"MA_LK": "LK1", "NGAY_VAO": "202405010830", "NGAY_RA": "202405051000", "NGAY_CT": "20240505"}


@pytest.mark.parametrize("kind", [kind for kind in ROOTS if kind not in ("XML12", "CHECKIN")])
def test_every_root_name_is_known_at_every_depth(tmp_path: Path, kind: str) -> None:
    of = visit() if kind == "XML1" else {"MA_LK": "LK1"}
    for roots in ((ROOTS[kind]), ROOTS[kind][-1:], ROOTS[kind][:1]):
        parts = [] if kind == "XML1" else [packed("XML1", record("XML1", visit(T_TONGCHI_BH=None)))]
        reading = read_text(tmp_path, envelope([*parts, packed(kind, record(kind, of, roots=roots))]))
        assert [fault for fault in reading.faults if fault.code != "sum_differs"] == []
        assert len(reading.tables) > 1


def test_a_record_whose_kind_is_not_said_is_known_by_its_root(tmp_path: Path) -> None:
    text = envelope(ordinary()).replace("<LOAIHOSO>XML2</LOAIHOSO>", "")
    assert documents(read_text(tmp_path, text), "hi_claim_drug") == ["01001/LK1"]


def test_a_record_of_a_later_form_is_noted_and_the_rest_is_read(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope([*ordinary(), packed("XML16", "<NEW><MA_LK>LK1</MA_LK></NEW>")]))
    assert [(fault.code, fault.place) for fault in reading.faults] == [("unknown_record", "XML16")]
    assert documents(reading, "hi_claim") == ["01001/LK1"]


def test_a_field_of_a_later_form_is_noted_once_a_file(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(NEW="1"), ordinary(MA_LK="LK2", NEW="2")))
    assert reading.codes() == [("extra_column", "NEW")]


def test_a_leave_certificate_is_of_the_one_who_stays_away_from_work(tmp_path: Path) -> None:
    leave = {"MA_LK": "LK1", "SO_CT": "7", "MA_BHXH": "0199999999", "TU_NGAY": "20240501", "DEN_NGAY": "20240503"}
    reading = read_text(tmp_path, envelope([*ordinary(), packed("XML11", record("XML11", leave))]))
    row = reading.row("sickness_certificate")
    assert (row["kind"], row["person_code"], row["from_date"], row["icd_code"]) == (
        "CT07",
        "0199999999",
        "2024-05-01",
        "J06",
    )


def test_a_discharge_paper_covers_the_stay(tmp_path: Path) -> None:
    row = read_text(tmp_path, envelope([*ordinary(), packed("XML7", record("XML7", SEVEN))])).row(
        "sickness_certificate"
    )
    assert (row["kind"], row["from_date"], row["to_date"]) == ("discharge", "2024-05-01", "2024-05-05")


def test_the_employer_of_a_certificate_stands_in_the_identity_table_alone(tmp_path: Path) -> None:
    leave = {"MA_LK": "LK1", "SO_CT": "7", "DON_VI": "Công ty  Đại Phát"}
    reading = read_text(tmp_path, envelope([*ordinary(), packed("XML10", record("XML10", leave))]))
    assert reading.row("certificate_identity")["employer_name_norm"] == "CONG TY DAI PHAT"


def test_twins_are_two_births_of_one_mother(tmp_path: Path) -> None:
    births = [
        {"MA_LK": "LK1", "SO_CCCD_NND": "001190000001", "HO_TEN_CON": name, "NGAY_SINH_CON": "202405020310"}
        for name in ("Bé Một", "Bé Hai")
    ]
    reading = read_text(tmp_path, envelope([*ordinary(), packed("XML9", record("XML9", *births))]))
    rows = reading.tables["birth_record"]
    assert len({row["birth_code"] for row in rows}) == 2
    assert {row["mother_person_code"] for row in rows} == {"001190000001"}
    assert [row["child_name"] for row in reading.tables["birth_identity"]] == ["Bé Một", "Bé Hai"]


def test_an_assessment_needs_no_visit(tmp_path: Path) -> None:
    board = {"NGUOI_CHU_TRI": "Trần B", "NGAY_HOP": "20240510", "SO_CCCD": "001190000001", "SO_BIEN_BAN": "12/2024"}
    reading = read_text(tmp_path, envelope([packed("XML12", record("XML12", board))]))
    row = reading.row("medical_assessment")
    assert (row["assessment_code"], row["meeting_date"], row[DOCUMENT]) == (
        "01001/12/2024",
        "2024-05-10",
        "01001/XML12/12/2024",
    )
    assert reading.faults == []


@pytest.mark.parametrize("field", ["MA_NOI_DEN", "MA_CSKCB_DEN"])
def test_a_referral_is_read_under_both_names_of_its_target(tmp_path: Path, field: str) -> None:
    paper = {"MA_LK": "LK1", "MA_CSKCB": "01001", "GIAY_CHUYEN_TUYEN": "G7", field: "79003", "NGAY_RA": "202405011015"}
    reading = read_text(tmp_path, envelope([*ordinary(), packed("XML13", record("XML13", paper))]))
    assert reading.row("hi_referral")["to_facility_code"] == "79003"


@pytest.mark.parametrize("kind", ["XML6", "XML8", "XML14", "XML15"])
def test_records_which_no_sign_reads_are_kept_as_sent(tmp_path: Path, kind: str) -> None:
    text = record(kind, {"MA_LK": "LK1", "DU_PHONG": "đủ"})
    reading = read_text(tmp_path, envelope([*ordinary(), packed(kind, text)]))
    row = reading.row("hi_claim_raw")
    assert (row["record"], row["content"]) == (kind, text)


def test_lists_are_handed_on_for_the_child_tables(tmp_path: Path) -> None:
    service = SERVICE | {"NGUOI_THUC_HIEN": "P1;P2"}
    head = visit(MA_BENH_KT="E11;I10", MA_KHOA="K01;K02")
    parts = [packed("XML1", record("XML1", head)), ordinary()[1], packed("XML3", record("XML3", service))]
    reading = read_text(tmp_path, envelope(parts))
    row = reading.row("hi_claim")
    assert (row["icd_other"], row["department_codes"]) == ("E11;I10", "K01;K02")
    assert reading.row("hi_claim_service")["performer_codes"] == "P1;P2"


def test_check_ins_are_read_with_and_without_an_envelope(tmp_path: Path) -> None:
    arrived = {"MA_LK": "LK1", "MA_CSKCB": "01001", "NGAY_VAO": "202405010830", "MA_THE_BHYT": "DN4010123456789"}
    text = record("CHECKIN", arrived)
    wrapped = f"<DSACH_CHECKIN>{text}{text.replace('LK1', 'LK2')}</DSACH_CHECKIN>"
    found = [read_text(tmp_path, part) for part in (envelope([packed("CHECKIN", text)]), text, wrapped)]
    assert [len(reading.tables["hi_checkin"]) for reading in found] == [1, 1, 2]
    assert found[1].row("hi_checkin")["card_code"] == "DN4010123456789"


def test_every_kind_of_medical_assessment_is_known_to_the_contract(tmp_path: Path) -> None:
    kinds = []
    for code in range(1, 9):
        row = {"SO_BIEN_BAN": "7", "NGAY_HOP": "20240505", "SO_CCCD": "001190000001", "KHAM_GIAM_DINH": str(code)}
        reading = read_text(tmp_path, envelope([packed("XML12", record("XML12", row))]))
        kinds.append(reading.row("medical_assessment")["kind"])
    assert tuple(kinds) == contract().table("medical_assessment").column("kind").values
