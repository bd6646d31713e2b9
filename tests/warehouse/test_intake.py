from datetime import date

import pyarrow as pa
import pytest
from small import day, deliver, known, query, wage

from dauhieu.errors import DeliveryError
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.verify import verify

WAGE = "p.code, strftime(month, '%m'), wage_base"


def test_delivered_rows_are_stored_under_minted_ids(store: Store) -> None:
    landed = deliver(store, day(1), {"wage": [wage("P2", 1, 20), wage("P1", 1, 10), wage("P1", 2, 11)]})
    assert (landed.number, landed.tables["wage"].added) == (1, 3)
    assert query(store, "SELECT id, code FROM key_person ORDER BY id") == [(1, "P1"), (2, "P2")]
    assert known(store, "wage", WAGE, day(1)) == [("P1", "01", 10), ("P1", "02", 11), ("P2", "01", 20)]


def test_the_same_content_twice_changes_nothing(store: Store) -> None:
    rows = {"wage": [wage("P1", 1, 10)]}
    deliver(store, day(1), rows, digest="a")
    again = deliver(store, day(2), rows, digest="a")
    renamed = deliver(store, day(3), rows, digest="b")
    assert (again.number, again.earlier, renamed.number, renamed.tables["wage"].unchanged) == (None, 1, None, 1)
    assert store.numbers() == (1,)


def test_a_correction_closes_the_old_row_and_adds_the_new_one(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10), wage("P2", 1, 20)]})
    landed = deliver(store, day(5), {"wage": [wage("P1", 1, 12), wage("P2", 1, 20)]})
    counts = landed.tables["wage"]
    assert (counts.added, counts.closed, counts.unchanged) == (1, 1, 1)
    assert known(store, "wage", WAGE, day(4)) == [("P1", "01", 10), ("P2", "01", 20)]
    assert known(store, "wage", WAGE, day(5)) == [("P1", "01", 12), ("P2", "01", 20)]


def test_a_late_older_row_lands_already_superseded(store: Store) -> None:
    deliver(store, day(5), {"wage": [wage("P1", 1, 50, recorded_at=day(5))]})
    deliver(store, day(9), {"wage": [wage("P1", 1, 20, recorded_at=day(2))]})
    assert [known(store, "wage", WAGE, day(n)) for n in (1, 2, 4, 5, 9)] == [
        [], [("P1", "01", 20)], [("P1", "01", 20)], [("P1", "01", 50)], [("P1", "01", 50)],
    ]  # fmt: skip


def test_the_later_of_two_rows_of_one_key_in_a_delivery_counts(store: Store) -> None:
    landed = deliver(store, day(1), {"wage": [wage("P1", 1, 10), wage("P1", 1, 11)]})
    assert landed.tables["wage"].added == 2
    assert known(store, "wage", WAGE, day(1)) == [("P1", "01", 11)]


def test_a_month_replaced_closes_what_is_missing_in_that_month_alone(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10), wage("P2", 1, 20), wage("P1", 2, 11)]})
    landed = deliver(store, day(2), {"wage": [wage("P1", 1, 10)]}, "replaces", months=(date(2026, 1, 1),))
    assert landed.tables["wage"].closed == 1
    assert known(store, "wage", WAGE, day(2)) == [("P1", "01", 10), ("P1", "02", 11)]


def test_a_full_list_closes_what_is_missing(store: Store) -> None:
    deliver(store, day(1), {"visit": [{"visit_no": n, "day": date(2026, n, 3)} for n in (1, 2, 3)]})
    deliver(store, day(2), {"visit": [{"visit_no": 2, "day": date(2026, 2, 3)}]}, "whole")
    assert known(store, "visit", "visit_no", day(2)) == [(2,)]
    assert known(store, "visit", "visit_no", day(1)) == [(1,), (2,), (3,)]


def test_a_row_may_move_to_another_month(store: Store) -> None:
    deliver(store, day(1), {"visit": [{"visit_no": 1, "day": date(2026, 1, 3), "price": 589.999}]})
    landed = deliver(store, day(2), {"visit": [{"visit_no": 1, "day": date(2026, 2, 3), "price": 589.999}]})
    assert (landed.tables["visit"].added, landed.tables["visit"].closed) == (1, 1)
    assert known(store, "visit", "strftime(day, '%m'), CAST(price AS VARCHAR)", day(2)) == [("02", "589.999")]


def test_only_parts_in_which_a_row_changes_are_written_again(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10), wage("P1", 2, 11), wage("P1", 3, 12)]})
    before = {file.part: file.path for file in store.version().tables["wage"].files}
    deliver(store, day(2), {"wage": [wage("P1", 2, 99), wage("P2", 3, 12)]})
    after = store.version().tables["wage"].files
    assert [file.part for file in after if file.path in before.values()] == ["2026-01", "2026-03"]
    assert sorted(file.part or "" for file in after) == ["2026-01", "2026-02", "2026-03", "2026-03"]


def test_numbers_of_a_person_become_links_to_the_person(store: Store) -> None:
    identity = {"person_code": "S1", "si_number": "S1", "national_number": "N1", "passport_number": "B7"}
    merged = [{"person_code": "S2", "merged_into_person_code": "S1"}, {"person_code": "S1"}]
    deliver(store, day(1), {"person_identity": [identity], "person": merged})
    links = query(
        store,
        "SELECT a.code, b.code, reason FROM person_link JOIN key_person AS a ON a.id = person_id "
        "JOIN key_person AS b ON b.id = same_as_person_id ORDER BY ALL",
    )
    assert links == [("B7", "S1", "passport_number"), ("N1", "S1", "national_number"), ("S2", "S1", "merged")]


def test_a_time_of_day_is_read_back_as_one(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10, shift_start="7:30:00")]})
    read = query(store, "SELECT shift_start > TIME '07:29:00', CAST(shift_start AS VARCHAR) FROM wage")
    assert read == [(True, "07:30:00")]


def test_a_column_which_the_contract_does_not_know_is_refused(store: Store) -> None:
    with pytest.raises(
        DeliveryError, match=r"(?s)no column 'person_id'. Did you mean 'person_code'.*'month' is missing"
    ):
        deliver(store, day(1), {"wage": [{"person_id": 1, "person_code": "P1", "employer_code": "E1"}]})


def test_records_of_a_delivery_which_changes_nothing_leave_no_trace(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})
    rows = {"delivery": pa.table({"source": ["A"]})}
    landed = deliver(store, day(2), {"wage": [wage("P1", 1, 10)]}, records=rows)
    assert (landed.number, query(store, "FROM delivery"), verify(store)) == (None, [], ())


def test_records_of_the_delivery_land_in_its_version(store: Store) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]}, records={"delivery": pa.table({"source": ["A"]})})
    assert query(store, "SELECT delivery_no, source, strftime(loaded_at, '%d') FROM delivery") == [(1, "A", "02")]
