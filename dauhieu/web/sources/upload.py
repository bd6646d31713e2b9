"""What is let in by the door of the site: how large, of which kinds, and where it lies until it is loaded.

A packed file is let in as it is: the core counts what comes out of it and refuses one which grows beyond reason.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.utils.translation import gettext as _

# By the end of its name, and by how a file of this kind begins. Text has no beginning of its own.
KINDS: dict[str, tuple[bytes, ...]] = {
    ".csv": (),
    ".txt": (),
    ".tsv": (),
    ".xml": (b"<", b"\xef\xbb\xbf<"),
    ".xlsx": (b"PK\x03\x04",),
    ".zip": (b"PK\x03\x04",),
    ".gz": (b"\x1f\x8b",),
    ".parquet": (b"PAR1",),
}
HEAD = 4096
LONGEST_NAME = 120


class Capped(TemporaryFileUploadHandler):
    """Writes to disk as it comes, and hangs up where more comes than may."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.LARGEST_DELIVERY:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


def check(file: UploadedFile) -> None:
    if not file.size:
        raise ValidationError(_("The file is empty."))
    if file.size > settings.LARGEST_DELIVERY:
        most = settings.LARGEST_DELIVERY // 1_000_000
        raise ValidationError(_("The file is larger than %(most)s MB. Split it, or pack it.") % {"most": most})
    ending = PurePosixPath(file.name.lower()).suffix
    if ending not in KINDS:
        raise ValidationError(_("Files of this kind are not taken. Taken are %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    begins = KINDS[ending]
    if begins and not head.lstrip().startswith(begins):
        raise ValidationError(_("The file is not what the end of its name says. Save it again, and send that."))
    if not begins and b"\0" in head:
        raise ValidationError(_("This is no text file. Save the table as CSV (UTF-8) or as a workbook."))


def safe_name(name: str) -> str:
    """The name without folders, blanks and what a file system may take amiss; its beginning may tell the table."""
    last = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name)
    plain = re.sub(r"[^\w.-]+", "_", last).lstrip(".")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}"


def folder_of(number: UUID) -> Path:
    """Below the folder of the site's own data, which no server serves."""
    path: Path = settings.DATA_FOLDER / "deliveries" / str(number)
    return path


def keep(file: UploadedFile, number: UUID, name: str) -> Path:
    folder = folder_of(number)
    folder.mkdir(parents=True, mode=0o700)
    path = folder / name
    with path.open("xb") as target:
        path.chmod(0o600)
        for chunk in file.chunks():
            target.write(chunk)
    return path
