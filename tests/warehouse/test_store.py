import fcntl
import time
from datetime import timedelta
from pathlib import Path

import pytest
from small import day, deliver, query, small_contract, wage

from dauhieu.errors import StoreError
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import read_version, write_version


def test_a_moment_before_the_first_version_is_an_error(store: Store) -> None:
    deliver(store, day(3), {"wage": [wage("P1", 1, 10)]})
    with pytest.raises(StoreError, match="its first is of 2026-01-04"):
        store.version_at(day(3) - timedelta(seconds=1))


def test_the_version_at_a_moment_is_the_newest_of_then(store: Store) -> None:
    for number in (1, 2, 3):
        deliver(store, day(number * 10), {"wage": [wage("P1", number, 10)]})
    assert [store.version_at(day(n)).number for n in (10, 19, 20, 30, 99)] == [1, 1, 2, 3, 3]


def test_a_store_without_deliveries_says_so(store: Store) -> None:
    with pytest.raises(StoreError, match="Load a delivery first"):
        store.version()


def test_an_older_version_reads_as_it_was(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})
    deliver(store, day(2), {"wage": [wage("P1", 1, 99)]})
    assert query(store, "SELECT wage_base, superseded_at FROM wage", store.version(1)) == [(10, None)]


def test_a_table_without_rows_reads_as_empty(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})
    assert query(store, "SELECT count(*), max(price) FROM visit") == [(0, None)]


def test_a_version_reads_back_as_written(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})
    version = store.version()
    with pytest.raises(FileExistsError):
        write_version(store.path, version)
    assert read_version(store.path, 1) == version


def test_a_second_writer_is_told_to_wait(store: Store) -> None:
    with (store.path / "writer.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="Another process is writing"):
            deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})


def test_a_clock_going_backwards_is_refused(store: Store) -> None:
    deliver(store, day(2), {"wage": [wage("P1", 1, 10)]})
    with pytest.raises(StoreError, match="Check the clock"):
        deliver(store, day(1), {"wage": [wage("P1", 1, 11)]})
    assert store.numbers() == (1,)


def test_a_folder_which_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        Store.open(tmp_path, small_contract(tmp_path))


def test_a_store_is_not_made_over_other_files(store: Store) -> None:
    with pytest.raises(StoreError, match="not empty"):
        Store.create(store.path, store.contract)


def test_files_are_sorted_as_the_contract_says(store: Store) -> None:
    people = [wage(f"P{number:03}", 1, number, employer_code=f"E{number % 7}") for number in range(300)]
    deliver(store, day(1), {"wage": people})
    (file,) = store.version().tables["wage"].files
    assert (file.part, file.rows, file.sorted_by) == ("2026-01", 300, ("employer_id", "person_id", "month"))
    rows = query(store, "SELECT employer_id, person_id FROM wage")
    assert rows == sorted(rows)


def test_two_stores_given_the_same_hold_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for name in "ab":
        store = Store.create(tmp_path / name / "store", small_contract(tmp_path))
        people = [wage(f"P{number * 7919 % 100_003:06}", 1 + number % 3, number) for number in range(150_000)]
        deliver(store, day(1), {"wage": people})
        digests.append([file.sha256 for file in store.version().tables["wage"].files])
    assert digests[0] == digests[1]


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "UTC", "America/Lima"])
def test_a_moment_without_a_zone_is_of_utc_wherever_the_machine_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        deliver(store, day(1).replace(tzinfo=None), {"wage": [wage("P1", 1, 10)]})
    finally:
        monkeypatch.undo()
        time.tzset()
    assert store.version().moment == day(1)
