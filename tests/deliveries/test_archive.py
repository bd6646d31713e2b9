import gzip
import os
import zipfile
from pathlib import Path

import pytest

from dauhieu.deliveries.archive import Limits, unpack
from dauhieu.errors import DeliveryError


def test_a_plain_file_is_handed_back_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "persons.csv"
    file.write_text("code\n")
    assert unpack(file, tmp_path / "out") == (file,)


def test_a_gz_file_loses_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "persons.csv.gz"
    file.write_bytes(gzip.compress(b"code\n1\n"))
    (found,) = unpack(file, tmp_path / "out")
    assert (found.name, found.read_bytes()) == ("persons.csv", b"code\n1\n")


def test_files_of_a_zip_keep_their_order_and_same_names_stay_apart(tmp_path: Path) -> None:
    file = tmp_path / "claims.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("may/claims.xml", "b")
        archive.writestr("april/claims.xml", "a")
    assert [found.read_text() for found in unpack(file, tmp_path / "out")] == ["b", "a"]


def test_300_kb_which_unpack_to_300_mb_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", bytes(300_000_000))
    assert file.stat().st_size < 310_000
    with pytest.raises(DeliveryError, match="more than 200 times its size"):
        unpack(file, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_a_gz_bomb_is_refused_before_it_is_written_out(tmp_path: Path) -> None:
    file = tmp_path / "bomb.gz"
    file.write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(DeliveryError, match=r"unpacked to 1[67] MB"):
        unpack(file, tmp_path / "out")


def test_an_archive_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.gz"
    file.write_bytes(gzip.compress(os.urandom(3_000_000)))
    with pytest.raises(DeliveryError, match="more than 2 MB"):
        unpack(file, tmp_path / "out", Limits(bytes=2_000_000))


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "many.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", "")
    with pytest.raises(DeliveryError, match="holds 4 files; 3 are allowed"):
        unpack(file, tmp_path / "out", Limits(files=3))


def test_an_entry_cannot_choose_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "sly.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../sly.csv", "x")
    assert unpack(file, tmp_path / "out") == (tmp_path / "out" / "sly.csv",)


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "outer.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.gz", gzip.compress(b"x"))
    with pytest.raises(DeliveryError, match="another archive"):
        unpack(file, tmp_path / "out")


def test_an_archive_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "short.gz"
    file.write_bytes(gzip.compress(os.urandom(1000))[:500])
    with pytest.raises(DeliveryError, match="damaged or cut short"):
        unpack(file, tmp_path / "out")


def test_a_workbook_is_not_an_archive(tmp_path: Path) -> None:
    file = tmp_path / "d02.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    assert unpack(file, tmp_path / "out") == (file,)
