"""The whole way of a delivery: arithmetic, modes, documents, refusal, and that nothing is ever half-landed."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.deliveries.report import Count, SetAsideError
from dauhieu.errors import DauhieuError, DeliveryError
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import CLAIM, CONTRIBUTION, NOW, SERVICE, contributions, csv_file, deliver, stored, wages


def test_good_rows_land_in_one_version(store: Store, tmp_path: Path) -> None:
    report = deliver(store, csv_file(tmp_path, contributions(3)))
    assert (report.version, report.rows, report.tables["contribution_month"].added) == (1, Count(3, 3, 0), 3)


def test_the_same_content_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = csv_file(tmp_path, contributions(3))
    deliver(store, file)
    again = deliver(store, file)
    assert (again.landed, again.version, store.numbers()) == (False, 1, (1,))


def test_the_same_rows_in_another_file_change_nothing(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, contributions(3)))
    again = deliver(store, csv_file(tmp_path, contributions(3)[::-1]))
    assert (again.landed, again.tables["contribution_month"].unchanged) == (False, 3)


def test_accepted_and_set_aside_make_up_what_was_delivered(store: Store, tmp_path: Path) -> None:
    rows = [*contributions(99), CONTRIBUTION | {"wage_base": "much", "scheme": "none"}]
    report = deliver(store, csv_file(tmp_path, rows))
    assert (report.rows, report.documents) == (Count(100, 99, 1), Count(100, 99, 1))


def test_more_set_aside_than_allowed_lands_nothing(store: Store, tmp_path: Path) -> None:
    rows = [*contributions(98), *[CONTRIBUTION | {"wage_base": "much"}] * 2]
    with pytest.raises(SetAsideError, match="2 of 100 documents") as refused:
        deliver(store, csv_file(tmp_path, rows))
    assert (store.latest(), refused.value.report.rows.set_aside) == (None, 2)


def test_a_greater_share_may_be_allowed(store: Store, tmp_path: Path) -> None:
    rows = [*contributions(3), CONTRIBUTION | {"wage_base": "much"}]
    assert deliver(store, csv_file(tmp_path, rows), max_set_aside=250_000).rows == Count(4, 3, 1)


def test_whole_or_nothing_refuses_one_bad_row_in_a_thousand(store: Store, tmp_path: Path) -> None:
    rows = [*contributions(999), CONTRIBUTION | {"wage_base": "much"}]
    with pytest.raises(SetAsideError):
        deliver(store, csv_file(tmp_path, rows), whole_or_nothing=True)


def test_a_refusal_names_row_and_column_but_never_the_value(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SetAsideError) as refused:
        deliver(store, csv_file(tmp_path, [CONTRIBUTION | {"wage_base": "Nguyen Van A"}]))
    assert "row 2, column 'wage_base'" in str(refused.value)
    assert "Nguyen" not in str(refused.value)


def test_a_row_outside_a_closed_set_is_told_the_allowed_values(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SetAsideError, match="compulsory, voluntary"):
        deliver(store, csv_file(tmp_path, contributions(1, scheme="none")))


def test_strange_but_storable_values_land_with_a_noted_fault(store: Store, tmp_path: Path) -> None:
    rows = contributions(2, wage_base="NaN")
    report = deliver(store, csv_file(tmp_path, rows))
    assert (report.noted["nan_to_null"], report.rows.accepted, wages(store)) == (2, 2, [None, None])


def test_noted_faults_are_kept_in_the_store(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, contributions(1, wage_base="NaN")))
    found = stored(
        store,
        "SELECT file, table_name, row_no, column_name, code FROM data_fault WHERE row_no IS NOT NULL",
        "data_fault",
    )
    assert found == [("contribution_month.csv", "contribution_month", 2, "wage_base", "nan_to_null")]


def test_unknown_references_are_noted_once_a_column(store: Store, tmp_path: Path) -> None:
    assert deliver(store, csv_file(tmp_path, contributions(3))).noted == {"unknown_reference": 4}
    found = stored(store, "SELECT table_name, column_name FROM data_fault WHERE table_name IS NOT NULL", "data_fault")
    assert sorted(map(str, found)) == [
        "('contribution_month', 'employer_code')",
        "('contribution_month', 'person_code')",
    ]


def test_references_within_the_delivery_or_the_store_are_known(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, contributions(2)))
    assert deliver(store, csv_file(tmp_path, contributions(2, wage_base="6000000"))).noted == {}


def test_dates_reversed_are_noted(store: Store, tmp_path: Path) -> None:
    row = {"person_code": "P1", "related_person_code": "P2", "relation": "child", "source": "civil"}
    file = csv_file(tmp_path, [row | {"valid_from": "2026-02-01", "valid_to": "2026-01-01"}], "kinship")
    assert deliver(store, file).noted["dates_reversed"] == 1


def test_a_delivery_is_recorded_with_its_arithmetic(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, contributions(3)), source="province 01")
    found = stored(store, 'SELECT source, documents, "rows", accepted, set_aside FROM delivery', "delivery")
    assert found == [("province 01", 3, 3, 3, 0)]


def test_mode_replaces_closes_what_its_months_no_longer_hold(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, [*contributions(2), CONTRIBUTION | {"month": "2026-02-01"}]))
    report = deliver(store, csv_file(tmp_path, contributions(1)), mode="replaces", months=(date(2026, 1, 1),))
    assert (report.tables["contribution_month"].closed, len(wages(store))) == (1, 2)


def test_mode_whole_closes_everything_missing(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, [*contributions(2), CONTRIBUTION | {"month": "2026-02-01"}]))
    assert deliver(store, csv_file(tmp_path, contributions(1)), mode="whole").tables["contribution_month"].closed == 2


def test_mode_replaces_needs_its_months(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="names its months"):
        deliver(store, csv_file(tmp_path, contributions(1)), mode="replaces")


def claim_folder(folder: Path, heads: list[dict[str, str]], lines: list[dict[str, str]]) -> Path:
    folder.mkdir()
    csv_file(folder, heads, "hi_claim")
    csv_file(folder, lines, "hi_claim_service")
    return folder


def test_one_bad_line_sets_its_whole_claim_aside(store: Store, tmp_path: Path) -> None:
    heads = [CLAIM | {"ma_lk": name} for name in ("L1", "L2")]
    lines = [SERVICE | {"ma_lk": "L1"}, SERVICE | {"ma_lk": "L1", "line_no": "x"}, SERVICE | {"ma_lk": "L2"}]
    report = deliver(store, claim_folder(tmp_path / "claims", heads, lines), max_set_aside=500_000)
    assert (report.documents, report.rows) == (Count(2, 1, 1), Count(5, 2, 3))


def test_lines_take_the_day_of_admission_from_their_head(store: Store, tmp_path: Path) -> None:
    deliver(store, claim_folder(tmp_path / "claims", [CLAIM], [SERVICE]))
    found = stored(store, "SELECT admitted_on, version_no, price_hi::VARCHAR FROM hi_claim_service", "hi_claim_service")
    assert found == [(date(2026, 1, 5), 1, "589.999")]


def test_lines_delivered_later_take_it_from_the_store(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, [CLAIM], "hi_claim"))
    deliver(store, csv_file(tmp_path, [SERVICE], "hi_claim_service"))
    found = stored(store, "SELECT admitted_on, version_no FROM hi_claim_service", "hi_claim_service")
    assert found == [(date(2026, 1, 5), 1)]


def test_lines_without_any_head_are_noted(store: Store, tmp_path: Path) -> None:
    assert deliver(store, csv_file(tmp_path, [SERVICE], "hi_claim_service")).noted["no_head"] == 1


def test_list_columns_become_rows_of_their_own(store: Store, tmp_path: Path) -> None:
    head = CLAIM | {"card_codes": "GD1;HN2", "card_valid_from": "2025-01-01;2026-01-01", "icd_other": "I10; E11"}
    report = deliver(store, csv_file(tmp_path, [head], "hi_claim"))
    cards = stored(store, "SELECT place, valid_from, admitted_on FROM hi_claim_card ORDER BY place", "hi_claim_card")
    assert cards == [(1, date(2025, 1, 1), date(2026, 1, 5)), (2, date(2026, 1, 1), date(2026, 1, 5))]
    assert (report.rows.delivered, report.tables["hi_claim_diagnosis"].added) == (1, 2)


def test_a_bad_part_of_a_list_sets_its_row_aside(store: Store, tmp_path: Path) -> None:
    head = CLAIM | {"card_codes": "GD1", "card_valid_from": "yesterday"}
    report = deliver(store, csv_file(tmp_path, [head, CLAIM | {"ma_lk": "L2"}], "hi_claim"), max_set_aside=500_000)
    assert (report.rows, report.set_aside) == (Count(2, 1, 1), {"not_date": 1})


def test_a_folder_is_one_delivery(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "nation"
    folder.mkdir()
    csv_file(folder, [{"person_code": "P1", "dob_precision": "day", "population_verified": "1"}], "person")
    pq.write_table(pa.Table.from_pylist(contributions(2)), folder / "contribution_month.2026-01.parquet")
    report = deliver(store, folder)
    assert (report.version, report.tables["person"].added, report.tables["contribution_month"].added) == (1, 1, 2)


def test_a_zip_is_read_as_what_it_holds(store: Store, tmp_path: Path) -> None:
    file = csv_file(tmp_path, contributions(2))
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as archive:
        archive.write(file, file.name)
        archive.writestr("person.csv", "person_code,dob_precision,population_verified\nP1,day,1\n")
    assert deliver(store, tmp_path / "delivery.zip").rows.accepted == 3


def test_an_archive_that_unpacks_a_thousand_times_is_refused(store: Store, tmp_path: Path) -> None:
    bomb = tmp_path / "contribution_month.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("contribution_month.csv", "w") as file,
    ):
        for _ in range(300):
            file.write(b"0" * 1_000_000)
    with pytest.raises(DeliveryError, match="refused"):
        deliver(store, bomb)
    assert (store.latest(), list((store.path / "incoming").iterdir())) == (None, [])


def test_a_table_may_be_named(store: Store, tmp_path: Path) -> None:
    file = csv_file(tmp_path, contributions(1)).rename(tmp_path / "thang_01.csv")
    assert deliver(store, file, table="contribution_month").rows.accepted == 1


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("contribution_months.csv", "Did you mean 'contribution_month'"),
        ("contribution_month.pdf", "'.pdf' are not read"),
        ("contribution_month.xls", "Save"),
    ],
)
def test_a_file_of_an_unknown_name_is_told_what_to_do(store: Store, tmp_path: Path, name: str, match: str) -> None:
    file = csv_file(tmp_path, contributions(1)).rename(tmp_path / name)
    with pytest.raises(DauhieuError, match=match):
        deliver(store, file)


def test_a_missing_path_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="no such file"):
        deliver(store, tmp_path / "nothing.csv")


def test_what_a_killed_load_left_behind_is_swept(store: Store, tmp_path: Path) -> None:
    left = store.path / "incoming" / "left"
    left.mkdir(parents=True)
    (left / "lock").touch()
    deliver(store, csv_file(tmp_path, contributions(1)))
    assert not left.exists()


def test_the_report_is_plain_json(store: Store, tmp_path: Path) -> None:
    report = load(store, [csv_file(tmp_path, contributions(1))], options=LoadOptions(), now=NOW)
    assert json.loads(json.dumps(report.as_json()))["rows"] == {"delivered": 1, "accepted": 1, "set_aside": 0}


def test_a_delivered_moment_of_knowledge_is_kept(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, contributions(1, recorded_at="2026-02-01T00:00:00+07:00")))
    found = stored(store, "SELECT recorded_at::VARCHAR FROM contribution_month", "contribution_month")
    assert found == [("2026-01-31 17:00:00",)]
