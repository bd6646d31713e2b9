"""Forms with a layout of their own on their whole way into a store."""

from pathlib import Path

from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.deliveries.report import Count
from dauhieu.warehouse.store import Store
from tests.deliveries.claims_files import BLANK, SERVICE, envelope, inline, ordinary, packed, record, visit
from tests.deliveries.rooms import NOW
from tests.deliveries.test_d02 import sheet_rows, workbook

HALF = LoadOptions(max_set_aside=500_000)


def test_claims_land_with_their_lists_as_rows(store: Store, tmp_path: Path) -> None:
    head = visit(MA_BENH_KT="E11;I10", MA_KHOA="K01;K02;K03", MA_THE_BHYT="DN4010123456789;TE1010123456789")
    service = SERVICE | {"NGUOI_THUC_HIEN": "P1;P2"}
    parts = [packed("XML1", record("XML1", head)), ordinary()[1], packed("XML3", record("XML3", service))]
    file = tmp_path / "claims.xml"
    file.write_text(envelope(parts))
    report = load(store, [file], options=LoadOptions(), now=NOW)
    added = {table: change.added for table, change in report.tables.items()}
    assert added == {
        "hi_claim": 1,
        "hi_claim_identity": 1,
        "hi_claim_drug": 1,
        "hi_claim_service": 1,
        "hi_claim_card": 2,
        "hi_claim_diagnosis": 2,
        "hi_claim_department": 3,
        "hi_claim_performer": 2,
    }


def test_faults_of_claims_are_counted_and_an_unreadable_claim_leaves_nothing(store: Store, tmp_path: Path) -> None:
    strange = visit(T_NGUONKHAC="NaN", NGAY_RA="202404301000", MA_BENH_CHINH=None)
    good = [packed("XML1", record("XML1", strange, namespace=BLANK)), *ordinary()[1:]]
    bad = [*ordinary(MA_LK="LK2")[:2], inline("XML3", "%%")]
    file = tmp_path / "claims.xml"
    file.write_text(envelope(good, bad))
    report = load(store, [file], options=HALF, now=NOW)
    assert report.documents == Count(2, 1, 1)
    assert report.set_aside == {"bad_base64": 1}
    noted = {code: count for code, count in report.noted.items() if code != "unknown_reference"}
    assert noted == {"namespace_mended": 1, "nan_to_null": 1, "dates_reversed": 1, "no_value": 1}
    assert report.tables["hi_claim"].added == 1


def test_records_kept_as_sent_land_beside_their_claim(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "claims.xml"
    file.write_text(envelope([*ordinary(), packed("XML8", record("XML8", {"MA_LK": "LK1"}))]))
    assert load(store, [file], options=LoadOptions(), now=NOW).tables["hi_claim_raw"].added == 1


def test_a_list_of_workers_lands_as_head_and_lines(store: Store, tmp_path: Path) -> None:
    report = load(store, [workbook(tmp_path, sheet_rows())], options=LoadOptions(), now=NOW)
    assert (report.documents, {code for code in report.noted if code != "unknown_reference"}) == (Count(1, 1, 0), set())
    assert {table: change.added for table, change in report.tables.items()} == {
        "si_declaration": 1,
        "si_declaration_line": 5,
        "person_identity": 5,
        "person_link": 0,
    }
