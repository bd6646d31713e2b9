from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small import day, deliver, wage

from dauhieu.warehouse import delta
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.verify import verify


@pytest.fixture
def wages(store: Store) -> Path:
    """The one file of wages of a store which holds nothing else but keys."""
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})
    return store.files(store.version(), "wage")[0]


def found(store: Store) -> list[tuple[str, str]]:
    return [(damage.table, damage.what) for damage in verify(store)]


def test_a_sound_store_has_no_damage(store: Store, wages: Path) -> None:
    assert verify(store) == ()


def test_a_missing_file_is_named(store: Store, wages: Path) -> None:
    wages.unlink()
    assert found(store) == [("wage", "missing")]


def test_a_truncated_file_is_named(store: Store, wages: Path) -> None:
    wages.write_bytes(wages.read_bytes()[:-10])
    assert found(store) == [("wage", "truncated")]


@pytest.mark.parametrize("place", [4, 60, -20])
def test_one_flipped_bit_is_named(store: Store, wages: Path, place: int) -> None:
    content = bytearray(wages.read_bytes())
    content[place] ^= 1
    wages.write_bytes(content)
    assert found(store) == [("wage", "altered")]


def test_a_file_of_another_content_and_the_same_size_is_named(store: Store, wages: Path) -> None:
    wages.write_bytes(bytes(wages.stat().st_size))
    (damage,) = verify(store, 1)
    assert (damage.path, damage.what, damage.mends_itself) == (str(wages.relative_to(store.path)), "altered", False)


def test_a_table_ahead_of_the_list_is_named_and_brought_back_by_the_next_writer(store: Store, wages: Path) -> None:
    state = store.version().tables["wage"]
    delta.commit(store.path, "wage", store.columns("wage"), (), state.files, day(2))
    assert found(store) == [("wage", "ahead")]
    deliver(store, day(3), {"wage": [wage("P1", 2, 12)]})
    assert found(store) == []
    assert len(delta.opened(store.path / "tables" / "wage").file_uris()) == 2


def test_a_leftover_file_is_named_and_removed_by_the_next_writer(store: Store, wages: Path) -> None:
    leftover = wages.with_name("left.parquet")
    pq.write_table(pq.read_table(wages), leftover)
    assert found(store) == [("wage", "unlisted")]
    deliver(store, day(2), {"wage": [wage("P1", 2, 12)]})
    assert found(store) == []


def test_an_unreadable_delta_log_is_named(store: Store, wages: Path) -> None:
    for path in (store.path / "tables" / "wage" / "_delta_log").glob("*.json"):
        path.write_text("{")
    assert ("wage", "unreadable") in found(store)
