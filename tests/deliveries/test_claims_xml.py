import base64
import subprocess
import sys
from pathlib import Path

import pytest

from dauhieu.deliveries.record_layout import claims_layout
from dauhieu.deliveries.source import DOCUMENT
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.contract import contract
from tests.deliveries.claims_files import (
    BLANK,
    DRUG,
    ROOTS,
    SERVICE,
    documents,
    envelope,
    inline,
    numbers,
    ordinary,
    packed,
    read_text,
    record,
    visit,
)

SEVEN = {"MA_LK": "LK1", "NGAY_VAO": "202405010830", "NGAY_RA": "202405051000", "NGAY_CT": "20240505"}


def test_an_ordinary_claim_is_read_without_a_fault(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary()))
    assert {table: len(rows) for table, rows in reading.tables.items()} == {
        "hi_claim": 1,
        "hi_claim_identity": 1,
        "hi_claim_drug": 1,
        "hi_claim_service": 1,
    }
    assert reading.faults == []


def test_every_column_of_the_layout_is_delivered_to_a_column_of_the_contract() -> None:
    for layout in claims_layout().records.values():
        for row in layout.rows:
            table = contract().table(row.table)
            doors = {column.delivered_as for column in table.columns}
            doors |= {part for column in table.columns for part in column.code_from}
            doors |= {name for split in table.splits for name in split.columns}
            assert set(row.columns) <= doors, row.table


def test_the_summary_becomes_the_head_of_the_claim(tmp_path: Path) -> None:
    row = read_text(tmp_path, envelope(ordinary(NGAY_SINH="199005170000", CAN_NANG="52.5"))).row("hi_claim")
    assert row["admission_at"] == "2024-05-01 08:30:00"
    assert row["date_of_birth"] == "1990-05-17"
    assert row["sex"] == "female"
    assert row["weight_kg"] == "52.5"
    assert row["first_received_at"] == "2024-05-02 00:00:00"
    assert row[DOCUMENT] == "01001/LK1"


def test_all_claims_of_a_file_are_read_not_only_the_first(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(*(ordinary(MA_LK=f"LK{number}") for number in range(1, 6))))
    assert documents(reading, "hi_claim") == [f"01001/LK{number}" for number in range(1, 6)]


def test_rows_of_a_table_are_numbered_through_the_file(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(), ordinary(MA_LK="LK2")))
    assert numbers(reading, "hi_claim_drug") == [1, 2]


def test_another_count_than_declared_is_noted(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(), ordinary(MA_LK="LK2"), count=3))
    assert reading.codes() == [("count_differs", "SOLUONGHOSO")]


@pytest.mark.parametrize("kind", ["XML1", "XML2", "XML7"])
def test_the_namespace_with_a_blank_is_mended_and_noted_at_its_claim(tmp_path: Path, kind: str) -> None:
    rows = {"XML1": visit(), "XML2": DRUG, "XML7": SEVEN}
    parts = [packed(name, record(name, row, namespace=BLANK if name == kind else "")) for name, row in rows.items()]
    reading = read_text(tmp_path, envelope([*parts, packed("XML3", record("XML3", SERVICE))]))
    assert [(fault.code, fault.place, fault.document) for fault in reading.faults] == [
        ("namespace_mended", kind, "01001/LK1")
    ]
    assert set(reading.tables) >= {"hi_claim", "hi_claim_drug", "sickness_certificate"}


def test_the_namespace_is_mended_in_records_sent_as_plain_elements_too(tmp_path: Path) -> None:
    parts = [inline("XML1", record("XML1", visit(), namespace=BLANK)), *ordinary()[1:]]
    reading = read_text(tmp_path, envelope(parts))
    assert reading.codes() == [("namespace_mended", "")]
    assert documents(reading, "hi_claim") == ["01001/LK1"]


def test_the_namespace_is_mended_wherever_a_chunk_of_the_file_ends(tmp_path: Path) -> None:
    for blanks in range(32_400, 32_800, 20):
        text = envelope([inline("XML1", record("XML1", visit(), namespace=BLANK)), *ordinary()[1:]])
        reading = read_text(tmp_path, text.replace("<DANHSACHHOSO>", "<DANHSACHHOSO>" + " " * blanks))
        assert reading.codes() == [("namespace_mended", "")]


def test_the_namespace_on_the_envelope_is_noted_once(tmp_path: Path) -> None:
    text = envelope(ordinary(), ordinary(MA_LK="LK2")).replace("<GIAMDINHHS>", f"<GIAMDINHHS{BLANK}>")
    assert [fault.code for fault in read_text(tmp_path, text).faults] == ["namespace_mended"]


@pytest.mark.parametrize("start", ["", "\ufeff", '<?xml version="1.0" encoding="utf-8"?>\n', "\n"])
def test_base64_is_read_with_and_without_mark_and_declaration(tmp_path: Path, start: str) -> None:
    text = start + record("XML1", visit())
    reading = read_text(tmp_path, envelope([packed("XML1", text), *ordinary()[1:]]))
    assert reading.row("hi_claim_identity")["full_name"] == "Nguyễn Thị A"


def test_base64_broken_over_lines_and_without_padding_is_read(tmp_path: Path) -> None:
    code = base64.encodebytes((record("XML1", visit()) + "  ").encode()).decode().rstrip("=\n")
    assert documents(read_text(tmp_path, envelope([inline("XML1", code), *ordinary()[1:]])), "hi_claim")


def test_a_record_as_text_or_as_elements_is_read_like_base64(tmp_path: Path) -> None:
    text = record("XML1", visit())
    as_text = inline("XML1", f"<![CDATA[{text}]]>")
    as_elements = inline("XML1", text)
    readings = [read_text(tmp_path, envelope([part, *ordinary()[1:]])) for part in (as_text, as_elements)]
    assert readings[0].tables == readings[1].tables == read_text(tmp_path, envelope(ordinary())).tables


def test_content_which_is_no_base64_sets_the_whole_claim_aside(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope([*ordinary()[:2], inline("XML3", "%%%")], ordinary(MA_LK="LK2")))
    assert [(fault.code, fault.place, fault.document, fault.whole) for fault in reading.faults] == [
        ("bad_base64", "XML3", "01001/LK1", True)
    ]
    assert documents(reading, "hi_claim") == ["01001/LK2"]


def test_a_record_cut_short_sets_the_whole_claim_aside(tmp_path: Path) -> None:
    cut = packed("XML1", record("XML1", visit())[:-20])
    reading = read_text(tmp_path, envelope([cut, *ordinary()[1:]], ordinary(MA_LK="LK2")))
    assert [(fault.code, fault.whole) for fault in reading.faults] == [("broken_xml", True)]
    assert documents(reading, "hi_claim_drug") == ["01001/LK2"]


def test_a_claim_without_its_number_is_set_aside(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope([packed("XML1", record("XML1", visit(MA_LK=None)))]))
    assert [(fault.code, fault.row_no, fault.whole) for fault in reading.faults] == [("no_key", 1, True)]
    assert reading.tables == {}


def test_claims_before_a_break_of_the_file_are_kept(tmp_path: Path) -> None:
    text = envelope(ordinary(), ordinary(MA_LK="LK2"), ordinary(MA_LK="LK3"))
    reading = read_text(tmp_path, text[: text.rindex("<HOSO>") + 200])
    assert documents(reading, "hi_claim") == ["01001/LK1", "01001/LK2"]
    assert [fault.code for fault in reading.faults] == ["broken_xml", "count_differs"]


BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("before", [BOMB, "<!-- x -->" + BOMB, '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])
def test_a_file_which_declares_a_document_type_is_refused(tmp_path: Path, before: str) -> None:
    with pytest.raises(DeliveryError, match="document type"):
        read_text(tmp_path, envelope(ordinary(), before=before))


def test_a_record_which_declares_a_document_type_is_set_aside(tmp_path: Path) -> None:
    part = packed("XML1", '<?xml version="1.0"?>' + BOMB + record("XML1", visit()))
    reading = read_text(tmp_path, envelope([part, *ordinary()[1:]]))
    assert [(fault.code, fault.document, fault.whole) for fault in reading.faults] == [
        ("document_type", "01001/LK1", True)
    ]


@pytest.mark.parametrize("text", ["", "GIAMDINHHS", envelope(ordinary()).encode("utf-16")])
def test_a_file_which_is_not_xml_in_utf8_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(DeliveryError, match="not XML in UTF-8"):
        read_text(tmp_path, text)


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


def test_a_claim_of_one_and_a_half_megabytes_is_read(tmp_path: Path) -> None:
    drugs = [DRUG | {"STT": str(number), "THANH_TIEN_BH": "1000"} for number in range(1, 360)]
    services = [SERVICE | {"STT": str(number), "THANH_TIEN_BH": "1000"} for number in range(1, 419)]
    tests = [{"MA_LK": "LK1", "STT": str(number), "MA_CHI_SO": "H", "GIA_TRI": "5"} for number in range(1, 381)]
    notes = [{"MA_LK": "LK1", "STT": str(n), "DIEN_BIEN_LS": "Tỉnh, tiếp xúc tốt. " * 400} for n in range(1, 123)]
    lines = {"XML2": drugs, "XML3": services, "XML4": tests, "XML5": notes}
    head = visit(T_TONGCHI_BH="777000", T_BHTT="717000")
    parts = [packed("XML1", record("XML1", head)), *(packed(kind, record(kind, *rows)) for kind, rows in lines.items())]
    text = envelope(parts)
    assert len(text) > 1_400_000
    reading = read_text(tmp_path, text)
    counts = [len(reading.tables[f"hi_claim_{name}"]) for name in ("drug", "service", "lab", "note")]
    assert (counts, reading.faults) == ([359, 418, 380, 122], [])


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


MEASURED = """
import sys
from pathlib import Path
from dauhieu.deliveries import claims_xml
from dauhieu.deliveries.source import ReadOptions
claims_xml.HELD_ROWS = 1000
rows = sum(batch.num_rows for rows in claims_xml.read(Path(sys.argv[1]), ReadOptions(print)) for batch in rows.batches)
# Not ru_maxrss: that starts at the size of the process which started this one.
print(rows, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def measured(claims: int) -> tuple[int, int]:
        file = tmp_path / f"{claims}.xml"
        file.write_text(envelope(*([claim] for _ in range(claims))))
        done = subprocess.run([sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, check=True)
        rows, kilobytes = done.stdout.split()
        return int(rows), int(kilobytes)

    claim = "".join(ordinary())
    (few, before), (many, after) = measured(500), measured(8000)
    assert (few, many) == (2000, 32_000)
    # The file itself grew by 20 MB; every element of it in memory would be several times that.
    assert after - before < 10_000


def test_every_kind_of_medical_assessment_is_known_to_the_contract(tmp_path: Path) -> None:
    kinds = []
    for code in range(1, 9):
        row = {"SO_BIEN_BAN": "7", "NGAY_HOP": "20240505", "SO_CCCD": "001190000001", "KHAM_GIAM_DINH": str(code)}
        reading = read_text(tmp_path, envelope([packed("XML12", record("XML12", row))]))
        kinds.append(reading.row("medical_assessment")["kind"])
    assert tuple(kinds) == contract().table("medical_assessment").column("kind").values
