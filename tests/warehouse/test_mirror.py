"""A mirror is the store as it was at one moment, whatever was in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from small import day, deliver, wage

from dauhieu.errors import StoreBusyError, StoreError
from dauhieu.warehouse.compact import compact
from dauhieu.warehouse.mirror import LEFT_OUT, mirror
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.writer import lock


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in files
        if path.relative_to(folder).parts[0] not in LEFT_OUT
    }


def deliveries(store: Store, first: int, last: int) -> None:
    for number in range(first, last + 1):
        deliver(store, day(number), {"wage": [wage("P1", number, 10 * number)]})


def test_a_mirror_is_the_store_and_follows_it_through_deliveries_and_compaction(store: Store, tmp_path: Path) -> None:
    to = tmp_path / "mirror"
    deliveries(store, 1, 3)
    first = mirror(store, to)
    assert contents(to) == contents(store.path)
    assert (first.deleted, first.damages) == (0, ())
    deliveries(store, 4, 5)
    second = mirror(store, to)
    assert contents(to) == contents(store.path)
    assert 0 < second.copied < first.copied + second.copied
    compact(store, day(6), keep=1)
    third = mirror(store, to)
    assert third.deleted > 0
    assert contents(to) == contents(store.path)
    assert mirror(store, to).copied == 0


def test_what_an_agency_keeps_beside_its_data_is_mirrored(store: Store, tmp_path: Path) -> None:
    deliveries(store, 1, 1)
    kept = store.path / "site" / "exceptions" / "one.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text("before", encoding="utf-8")
    mirror(store, tmp_path / "mirror")
    kept.write_text("after it", encoding="utf-8")
    mirror(store, tmp_path / "mirror")
    assert (tmp_path / "mirror" / "site" / "exceptions" / "one.yaml").read_text(encoding="utf-8") == "after it"


def test_what_a_killed_mirroring_left_is_made_good(store: Store, tmp_path: Path) -> None:
    to = tmp_path / "mirror"
    deliveries(store, 1, 2)
    mirror(store, to)
    data = store.files(store.version(), "wage")[0].relative_to(store.path)
    (to / data).write_bytes(b"cut")
    half = (to / data).with_name(f".{data.name}.half")
    half.write_bytes(b"half")
    assert mirror(store, to).damages == ()
    assert contents(to) == contents(store.path)


def test_damage_which_has_the_size_and_the_moment_of_the_file_is_told(store: Store, tmp_path: Path) -> None:
    to = tmp_path / "mirror"
    deliveries(store, 1, 1)
    mirror(store, to)
    file = store.files(store.version(), "wage")[0]
    copy = to / file.relative_to(store.path)
    copy.write_bytes(bytes(file.stat().st_size))
    os.utime(copy, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    assert [damage.what for damage in mirror(store, to).damages] == ["altered"]


def test_nobody_mirrors_a_store_which_is_written_to(store: Store, tmp_path: Path) -> None:
    deliveries(store, 1, 1)
    with lock(store.path), pytest.raises(StoreBusyError):
        mirror(store, tmp_path / "mirror")
    assert not (tmp_path / "mirror").exists()
    assert sorted(path.name for path in store.path.parent.iterdir() if path.name.endswith(".moment")) == []


def test_a_folder_which_holds_something_else_is_left_alone(store: Store, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work", encoding="utf-8")
    deliveries(store, 1, 1)
    with pytest.raises(StoreError, match="neither empty nor a mirror"):
        mirror(store, other)
    assert contents(other) == {"thesis.txt": b"years of work"}


def test_the_mirror_of_another_store_is_left_alone(store: Store, tmp_path: Path) -> None:
    other = Store.create(tmp_path / "second", store.contract)
    deliver(other, day(1), {"wage": [wage("P9", 1, 90)]})
    mirror(other, tmp_path / "mirror")
    deliveries(store, 1, 1)
    with pytest.raises(StoreError, match="mirror of another store"):
        mirror(store, tmp_path / "mirror")
    assert contents(tmp_path / "mirror") == contents(other.path)
