"""Packed deliveries: zip and gz are unpacked into a working folder before anything reads them.

An archive can be made to unpack to a million times its size. So what comes out is counted while it is written, and
the limits are on these counted bytes, never on the sizes which the archive claims for itself.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from dauhieu.errors import DeliveryError
from dauhieu.warehouse.disk import is_full

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may become. Real deliveries pack 5 to 40 times; `free_bytes` lets tiny files pack better."""

    bytes: int = 64 << 30
    ratio: int = 200
    free_bytes: int = 16 << 20
    files: int = 100_000


LIMITS = Limits()


def is_archive(path: Path) -> bool:
    """By the first bytes, not the name. A workbook is a zip too, but is read as it is."""
    with path.open("rb") as file:
        head = file.read(4)
    return head[:2] == b"\x1f\x8b" or (head == b"PK\x03\x04" and path.suffix.lower() not in (".xlsx", ".xlsm"))


def unpack(path: Path, folder: Path, limits: Limits = LIMITS) -> tuple[Path, ...]:
    """The files to read: `path` itself, or what it holds, written below `folder`. A refused archive leaves nothing."""
    try:
        if not is_archive(path):
            return (path,)
        with path.open("rb") as file:
            zipped = file.read(2) == b"PK"
        folder.mkdir(parents=True, exist_ok=True)
        files = _Unpacking(path, folder, limits)
        try:
            return files.unzip() if zipped else files.gunzip()
        except BaseException:
            files.remove()
            raise
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as fault:
        raise DeliveryError("The archive is damaged or cut short. Send it again.", path=path) from fault
    except (NotImplementedError, RuntimeError) as fault:
        raise DeliveryError(
            "The archive is packed in a way that is not read here. Use plain zip.", path=path
        ) from fault
    except OSError as fault:
        if is_full(fault):
            raise
        raise DeliveryError(f"The archive cannot be unpacked: {fault.strerror}.", path=path) from fault


class _Unpacking:
    """One archive on its way out: the files written so far and their bytes together."""

    def __init__(self, path: Path, folder: Path, limits: Limits):
        self.path = path
        self.folder = folder
        self.limits = limits
        self.packed = path.stat().st_size
        self.bytes = 0
        self.written: list[Path] = []

    def unzip(self) -> tuple[Path, ...]:
        with zipfile.ZipFile(self.path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > self.limits.files:
                raise DeliveryError(
                    f"The archive holds {len(entries)} files; {self.limits.files} are allowed. Split it.",
                    path=self.path,
                )
            for number, entry in enumerate(entries, 1):
                if entry.flag_bits & 1:
                    raise DeliveryError("The archive has a password. Send it without one.", path=self.path)
                # Only the last part of a name is used, behind a number: an entry may not choose its folder.
                name = PurePosixPath(entry.filename.replace("\\", "/")).name
                with archive.open(entry) as source:
                    self._write(source, f"{number:06d}-{name}" if len(entries) > 1 else name)
        return tuple(self.written)

    def gunzip(self) -> tuple[Path, ...]:
        name = self.path.stem if self.path.suffix.lower() == ".gz" else self.path.name
        with gzip.open(self.path, "rb") as source:
            self._write(source, name)
        return tuple(self.written)

    def remove(self) -> None:
        for file in self.written:
            file.unlink(missing_ok=True)

    def _write(self, source: IO[bytes] | gzip.GzipFile, name: str) -> None:
        target = self.folder / (name or "unnamed")
        with target.open("xb") as file:
            self.written.append(target)
            while chunk := source.read(CHUNK):
                self.bytes += len(chunk)
                self._check()
                file.write(chunk)
        if is_archive(target):
            raise DeliveryError(
                "The archive holds another archive. Unpack it once and send the inner one.", path=self.path
            )

    def _check(self) -> None:
        if self.bytes > self.limits.bytes:
            raise DeliveryError(
                f"The archive unpacks to more than {_megabytes(self.limits.bytes)} MB. Split it.", path=self.path
            )
        if self.bytes > max(self.limits.free_bytes, self.packed * self.limits.ratio):
            raise DeliveryError(
                f"The archive of {self.packed // 1000} KB has already unpacked to {_megabytes(self.bytes)} MB, "
                f"more than {self.limits.ratio} times its size. Real deliveries do not pack like this; it is refused. "
                "Send the files unpacked.",
                path=self.path,
            )


def _megabytes(count: int) -> int:
    return count // 1_000_000


def check_workbook(path: Path, limits: Limits = LIMITS) -> None:
    """Refuse a workbook which would unpack beyond the limits. Reading a zip never gives more than it declares."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as fault:
        raise DeliveryError("The workbook is damaged or cut short. Send it again.", path=path) from fault
    except OSError as fault:
        raise DeliveryError(f"The file cannot be read: {fault.strerror}.", path=path) from fault
    if size > max(limits.free_bytes, path.stat().st_size * limits.ratio) or size > limits.bytes:
        raise DeliveryError(f"The workbook unpacks to {_megabytes(size)} MB; it is refused.", path=path)
