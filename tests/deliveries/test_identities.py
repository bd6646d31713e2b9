"""Who the workers of a list are lands in `person_identity` and nowhere else; another number of one is no stranger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dauhieu.deliveries import d02
from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.deliveries.messages import message
from dauhieu.deliveries.source import ReadOptions
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import NOW, contributions, csv_file, deliver, stored
from tests.deliveries.test_d02 import sheet_rows, workbook

WORKERS = ["0123456789", "0123456790", "0123456791", "0123456792", "0123456793"]
PERSON = {"person_code": "P1", "dob_precision": "day", "population_verified": "true"}


def names(store: Store) -> list[tuple[object, ...]]:
    return stored(
        store,
        "SELECT k.code, i.full_name, i.name_norm FROM person_identity AS i JOIN key_person AS k ON k.id = i.person_id "
        "WHERE i.superseded_at IS NULL ORDER BY ALL",
        "person_identity",
        "key_person",
    )


def renamed(folder: Path) -> Path:
    rows = sheet_rows()
    rows[11][1] = "Nguyễn Văn Khác"
    return workbook(folder, rows)


def test_new_workers_land_with_their_names(store: Store, tmp_path: Path) -> None:
    report = deliver(store, workbook(tmp_path, sheet_rows()))
    assert names(store)[0] == ("0123456789", "Nguyễn Văn A", "NGUYEN VAN A")
    assert [row[0] for row in names(store)] == WORKERS
    assert (report.rows.delivered, report.noted["unknown_reference"]) == (6, 6)


def test_their_names_stand_in_no_other_table(store: Store, tmp_path: Path) -> None:
    deliver(store, workbook(tmp_path, sheet_rows()))
    version = store.version()
    holding = {
        table
        for table in version.tables
        for file in store.files(version, table)
        if "Trần Thị B" in str(pq.read_table(file).to_pylist())
    }
    assert holding == {"person_identity"}


def test_what_a_list_says_of_a_known_person_changes_nothing(store: Store, tmp_path: Path) -> None:
    known = csv_file(
        tmp_path, [{"person_code": code, "full_name": "Đã đăng ký"} for code in WORKERS], "person_identity"
    )
    deliver(store, known)
    report = load(store, [renamed(tmp_path)], options=LoadOptions(), now=NOW + timedelta(days=1))
    assert "person_identity" not in report.tables
    assert {row[1] for row in names(store)} == {"Đã đăng ký"}


def test_a_registration_in_the_same_delivery_speaks_for_itself(store: Store, tmp_path: Path) -> None:
    row = {"person_code": "079190000001", "si_number": WORKERS[0], "full_name": "Đã đăng ký"}
    deliver(store, csv_file(tmp_path, [row], "person_identity"), workbook(tmp_path, sheet_rows()))
    assert [code for code, *_ in names(store)] == [*WORKERS[1:], "079190000001"]


def test_a_list_that_is_whole_is_no_list_of_all_persons(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, [{"person_code": "P1", "full_name": "A"}], "person_identity"))
    load(store, [workbook(tmp_path, sheet_rows())], options=LoadOptions(mode="whole"), now=NOW + timedelta(days=1))
    assert [code for code, *_ in names(store)] == ["P1"]


def test_declarations_which_are_set_aside_bring_nobody(store: Store, tmp_path: Path) -> None:
    rows = sheet_rows()
    rows[11][10] = "13/2024"
    deliver(store, workbook(tmp_path, rows), csv_file(tmp_path, contributions(1)), max_set_aside=900_000)
    assert "person_identity" not in store.version().tables or names(store) == []


@pytest.mark.parametrize(("number", "column"), [("079190000001", "national_number"), ("012345678", "old_id_number")])
def test_the_number_of_an_identity_card_lands_by_its_kind(tmp_path: Path, number: str, column: str) -> None:
    rows = [["Mã đơn vị: TA0123A"], ["STT", "Họ và tên", "Mã số BHXH", "CCCD", "Mức lương"]]
    rows += [["I", "Tăng"], ["1", "Nguyễn Văn A", "0123456789", number, "5000000"]]
    sources = d02.read(workbook(tmp_path, rows, merged=()), ReadOptions(lambda _: None))
    (row,) = next(
        [row for batch in source.batches for row in batch.to_pylist()]
        for source in sources
        if source.table == "person_identity"
    )
    assert {name: row[name] for name in ("person_code", "si_number", column)} == {
        "person_code": "0123456789",
        "si_number": "0123456789",
        column: number,
    }


def unknown_persons(store: Store, folder: Path, table: str, rows: Sequence[Mapping[str, str]]) -> int:
    """How many codes are noted when contributions of a national number come with these rows and a list of persons."""
    files = [
        csv_file(folder, [PERSON], "person"),
        csv_file(folder, rows, table),
        csv_file(folder, contributions(1, person_code="079190000001")),
    ]
    noted = deliver(store, *files).noted
    return noted.get("unknown_reference", 0) - 1  # the employer


def test_a_number_which_leads_to_a_person_is_known(store: Store, tmp_path: Path) -> None:
    rows = [{"person_code": "P1", "national_number": "079190000001"}]
    assert unknown_persons(store, tmp_path, "person_identity", rows) == 0


def test_a_number_which_a_link_leads_to_a_person_is_known(store: Store, tmp_path: Path) -> None:
    rows = [{"person_code": "079190000001", "same_as_person_code": "P1", "reason": "national_number"}]
    assert unknown_persons(store, tmp_path, "person_link", rows) == 0


def test_a_number_without_a_link_is_unknown_and_the_note_tells_what_to_do(store: Store, tmp_path: Path) -> None:
    assert unknown_persons(store, tmp_path, "person_identity", [{"person_code": "P1", "full_name": "A"}]) == 1
    told = stored(store, "SELECT DISTINCT message_en FROM data_fault", "data_fault")
    assert told == [(message("unknown_reference", "en"),)]
    assert "person_identity" in str(told)
    assert "079190" not in str(told)
