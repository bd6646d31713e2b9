"""A kill or a full disk leaves the last good version; what is repeated gives the same rows, ids and bytes."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kill_driver import history
from small import query, small_contract

from dauhieu.warehouse.store import Store
from dauhieu.warehouse.verify import verify

DRIVER = Path(__file__).with_name("kill_driver.py")


def drive(*words: object) -> list[Any]:
    done = subprocess.run(
        [sys.executable, DRIVER, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(DRIVER.parents[2])},
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, str]]:
    base = tmp_path_factory.mktemp("undisturbed")
    (points,) = drive(base, "all")
    return points, contents(base)


def contents(base: Path) -> dict[str, str]:
    """Every data file and every version, without the Delta version, which counts attempts."""
    store = Store.open(base / "store", small_contract(base))
    files = {
        str(path.relative_to(store.path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in store.path.rglob("*.parquet")
    }
    for path in (store.path / "versions").iterdir():
        body = json.loads(path.read_text())
        for state in body["tables"].values():
            del state["delta_version"]
        files[path.name] = json.dumps(body)
    return files


def check_after_kill(base: Path, expected: dict[str, str]) -> None:
    store = Store.open(base / "store", small_contract(base))
    assert all(damage.mends_itself for damage in verify(store))
    if store.latest():
        assert query(store, "SELECT count(*) FROM wage")[0][0] >= 80
    history(base, lambda point: None)
    assert verify(store) == ()
    assert contents(base) == expected


def test_the_history_passes_every_named_seam(undisturbed: tuple[list[str], dict[str, str]]) -> None:
    named = {"file:wage", "file:key_person", "table:wage", "table:visit", "before-list", "after-list"}
    assert named | {"compact:file", "compact:list", "compact:delete"} <= set(undisturbed[0])


def test_a_kill_at_each_named_seam_does_no_harm(tmp_path: Path, undisturbed: tuple[list[str], dict[str, str]]) -> None:
    points, expected = undisturbed
    # The last place of each name: what came before is then at stake.
    places = sorted({name: place for place, name in enumerate(points, start=1)}.values())
    assert drive(tmp_path, *places) == [-9] * len(places)
    for place in places:
        check_after_kill(tmp_path / str(place), expected)


@pytest.mark.slow
def test_twenty_random_kills_do_no_harm(tmp_path: Path, undisturbed: tuple[list[str], dict[str, str]]) -> None:
    points, expected = undisturbed
    places = random.Random(20).sample(range(1, len(points) + 1), 20)
    assert drive(tmp_path, *places) == [-9] * 20
    for place in places:
        check_after_kill(tmp_path / str(place), expected)


def test_a_full_disk_is_told_plainly_and_leaves_nothing_half_landed(
    tmp_path: Path, undisturbed: tuple[list[str], dict[str, str]]
) -> None:
    sizes = (100, 400, 900, 1500, 2500)
    told = drive(tmp_path, "size", *sizes)
    messages = [one for one in told if isinstance(one, str)]
    assert told.count(7) == len(messages) == len(sizes), told
    assert all("The disk is full. Nothing has landed." in message for message in messages), messages
    for size in sizes:
        check_after_kill(tmp_path / str(size), undisturbed[1])
