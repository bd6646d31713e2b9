import pyarrow as pa
import pytest
from small import OPTIONS, day, deliver, known, query, wage

from dauhieu.errors import StoreError
from dauhieu.warehouse.compact import compact
from dauhieu.warehouse.records import write_records
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.verify import verify


@pytest.fixture
def grown(store: Store) -> Store:
    """Five versions which each add a row to the same month."""
    for number in range(1, 6):
        deliver(store, day(number), {"wage": [wage(f"P{number}", 1, number)]}, digest=str(number))
    return store


def test_small_files_are_merged_without_changing_a_row(grown: Store) -> None:
    before = query(grown, "SELECT * FROM wage ORDER BY ALL")
    done = compact(grown, day(9), options=OPTIONS)
    assert (done.number, len(grown.version().tables["wage"].files)) == (6, 1)
    assert query(grown, "SELECT * FROM wage ORDER BY ALL") == before
    assert verify(grown) == ()


def test_old_versions_go_and_their_files_with_them(grown: Store) -> None:
    done = compact(grown, day(9), keep=1, options=OPTIONS)
    assert (done.dropped, grown.numbers()) == ((1, 2, 3, 4), (5, 6))
    assert verify(grown) == ()
    again = compact(grown, day(10), keep=1, options=OPTIONS)
    assert (again.dropped, again.deleted_files > 0, grown.numbers()) == ((5,), True, (6, 7))


def test_a_version_which_a_scan_or_case_cites_is_never_dropped(grown: Store) -> None:
    write_records(grown, day(6), append={"delivery": pa.table({"source": ["scan"]})}, cites=(2,), options=OPTIONS)
    for moment in (9, 10, 11):
        compact(grown, day(moment), keep=1, cited={4}, options=OPTIONS)
    assert {2, 4} <= set(grown.numbers())
    assert query(grown, "SELECT count(*) FROM wage", grown.version(2)) == [(2,)]


def test_a_moment_whose_version_was_dropped_is_not_answered_with_another(grown: Store) -> None:
    compact(grown, day(9), keep=1, cited={2}, options=OPTIONS)
    assert grown.version_at(day(2)).number == 2
    with pytest.raises(StoreError, match="dropped by compaction"):
        grown.version_at(day(3))
    with pytest.raises(StoreError, match="no version at"):
        grown.version_at(day(0))


def test_content_of_a_dropped_version_is_still_known(grown: Store) -> None:
    compact(grown, day(9), keep=1, options=OPTIONS)
    again = deliver(grown, day(10), {"wage": [wage("P1", 1, 77)]}, digest="1")
    assert (again.number, again.earlier) == (None, 1)


def test_ids_and_knowledge_go_on_after_compaction(grown: Store) -> None:
    compact(grown, day(9), keep=1, options=OPTIONS)
    deliver(grown, day(10), {"wage": [wage("P3", 1, 33), wage("P9", 1, 9)]})
    assert query(grown, "SELECT code FROM key_person ORDER BY id") == [(f"P{n}",) for n in (1, 2, 3, 4, 5, 9)]
    rows = known(grown, "wage", "p.code, wage_base", day(10))
    assert rows == [("P1", 1), ("P2", 2), ("P3", 33), ("P4", 4), ("P5", 5), ("P9", 9)]


def test_nothing_to_do_makes_no_version(grown: Store) -> None:
    compact(grown, day(9), keep=9, options=OPTIONS)
    assert compact(grown, day(10), keep=9, options=OPTIONS).number is None
