"""Whatever is wrong with a delivery: one clear message, and nothing half-landed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dauhieu.errors import DeliveryError
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import CONTRIBUTION, contributions, csv_file, csv_text, deliver, wages
from tests.deliveries.test_formats import typed_table

FULL_DISK = Path(__file__).with_name("full_disk.py")


def nothing_landed(store: Store) -> bool:
    incoming = store.path / "incoming"
    left = list(incoming.iterdir()) if incoming.exists() else []
    return store.latest() is None and not left and not list((store.path / "tables").iterdir())


def text(folder: Path, content: bytes) -> Path:
    file = folder / "contribution_month.csv"
    file.write_bytes(content)
    return file


def with_columns(**names: str) -> bytes:
    rows = [{names.get(key, key): value for key, value in row.items()} for row in contributions(1)]
    return csv_text([{key: value for key, value in row.items() if key} for row in rows]).encode()


def bomb(folder: Path) -> Path:
    file = folder / "contribution_month.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contribution_month.csv", bytes(300_000_000))
    assert file.stat().st_size < 310_000
    return file


def cut_parquet(folder: Path) -> Path:
    file = folder / "contribution_month.parquet"
    pq.write_table(typed_table(1000), file)
    file.write_bytes(file.read_bytes()[:-200])
    return file


def empty(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).touch()
        return folder / name

    return make


def empty_workbook(folder: Path) -> Path:
    openpyxl.Workbook().save(folder / "contribution_month.xlsx")
    return folder / "contribution_month.xlsx"


def parquet_without_rows(folder: Path) -> Path:
    pq.write_table(typed_table(1).slice(0, 0), folder / "contribution_month.parquet")
    return folder / "contribution_month.parquet"


@pytest.mark.parametrize(
    ("made", "match"),
    [
        (lambda folder: text(folder, with_columns(wage_base="", scheme="")), "'scheme' is missing"),
        (lambda folder: text(folder, with_columns(scheme="schema")), "Did you mean 'schema'"),
        (lambda folder: text(folder, with_columns(month_status="Scheme")), "'scheme' is delivered twice"),
        (lambda folder: text(folder, "Mã;Tên\r\nP1;A".encode("utf-16")), "Save it as CSV UTF-8"),
        (lambda folder: text(folder, b"K\xd5 to\xb8n;x\n1;2\n"), r"name its encoding \(tcvn3, vni\)"),
        (empty("contribution_month.csv"), "The file is empty"),
        (empty("contribution_month.parquet"), "The Parquet file is damaged or cut short"),
        (empty("contribution_month.xlsx"), "damaged"),
        (empty("claims.xml"), r"empty|no element|not XML|cut short"),
        (empty("delivery.zip"), r"'\.zip' are not read|empty|damaged"),
        (empty_workbook, "empty. Send it with a header and rows"),
        (parquet_without_rows, "holds no rows"),
        (cut_parquet, "The Parquet file is damaged"),
        (bomb, "more than 200 times its size"),
    ],
)
def test_a_delivery_which_cannot_be_read_is_told_why_and_leaves_nothing(
    store: Store, tmp_path: Path, made: Callable[[Path], Path], match: str
) -> None:
    with pytest.raises(DeliveryError, match=match):
        deliver(store, made(tmp_path))
    assert nothing_landed(store)


def test_a_bomb_is_refused_before_it_fills_memory_or_disk(store: Store, tmp_path: Path) -> None:
    file = bomb(tmp_path)
    told = on_full_disk(store, file, 70_000_000)
    assert "200 times its size" in told[-1], told


@pytest.mark.parametrize(("decimal", "wage"), [(None, "5000000,00"), ("comma", "5.000.000,00"), ("point", "5,000,000")])
def test_decimal_signs_are_told_by_their_form_or_by_the_sender(
    store: Store, tmp_path: Path, decimal: str | None, wage: str
) -> None:
    deliver(store, csv_file(tmp_path, contributions(1, wage_base=wage)), decimal=decimal)
    assert wages(store) == [5_000_000]


def test_days_come_before_months(store: Store, tmp_path: Path) -> None:
    rows = contributions(1, month="01/02/2026", entered_at="03/02/2026")
    deliver(store, csv_file(tmp_path, rows), mode="replaces", months=(date(2026, 2, 1),))
    assert wages(store) == [5_000_000]


def test_rows_outside_the_months_replaced_refuse_the_delivery(store: Store, tmp_path: Path) -> None:
    deliver(store, csv_file(tmp_path, contributions(2)))
    rows = [*contributions(1), *contributions(3, month="2026-03-01"), CONTRIBUTION | {"month": "2025-12-01"}]
    with pytest.raises(
        DeliveryError, match=r"4 rows of 'contribution_month' belong to other months .*2025-12, 2026-03"
    ):
        deliver(store, csv_file(tmp_path, rows), mode="replaces", months=(date(2026, 1, 1),))
    assert (store.numbers(), wages(store)) == ((1,), [5_000_000, 5_000_000])


def on_full_disk(store: Store, file: Path, size: int, memory: str = "600MB") -> list[str]:
    """What a load tells whose files may not grow beyond `size` bytes: error, cause, rooms, message."""
    done = subprocess.run(
        [sys.executable, FULL_DISK, store.path, file, str(size), memory],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(FULL_DISK.parents[2])},
    )
    return done.stdout.splitlines()


def wide(folder: Path, rows: int) -> Path:
    """Contributions in no order, so that to sort them takes room."""
    numbers = [number * 7919 % rows for number in range(rows)]
    table = typed_table(rows).set_column(0, "person_code", pa.array([f"P{number:09d}" for number in numbers]))
    file = folder / "contribution_month.parquet"
    pq.write_table(table, file, compression="zstd")
    return file


@pytest.mark.parametrize("size", [100, 2_000, 30_000])
def test_a_disk_full_while_rows_wait_or_land_is_told_plainly(store: Store, tmp_path: Path, size: int) -> None:
    told = on_full_disk(store, wide(tmp_path, 20_000), size)
    assert (told[0], told[3:]) == (
        "StoreError",
        [str(store.path), "The disk is full. Nothing has landed. Free some space, then repeat it."],
    )
    assert nothing_landed(store)


def test_a_disk_full_while_the_engine_sorts_is_told_plainly(store: Store, tmp_path: Path) -> None:
    told = on_full_disk(store, wide(tmp_path, 400_000), 12_000_000, memory="80MB")
    assert told[:2] == ["StoreError", "EngineError"], told
    assert told[-1].startswith("The disk is full. Nothing has landed.")
    assert nothing_landed(store)
