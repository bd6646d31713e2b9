"""The archive: a zip whose members are stored as they are, so that the same content always gives the same bytes.

Nothing in it is compressed, and what is compressed is refused: it cannot become larger than the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from dauhieu.catalogue.sign import BRANCHES
from dauhieu.errors import PackError

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
# A pack of all 244 shipped signs has 3 MB.
MOST_BYTES = 64 << 20
MOST_MEMBERS = 5_000
# The first moment a zip can tell: a pack does not say when it was made.
MOMENT = (1980, 1, 1, 0, 0, 0)
CONTENT = re.compile(
    rf"(signs/({'|'.join(BRANCHES)})/[A-Za-z0-9][A-Za-z0-9_-]{{0,99}}(\.examples)?\.yaml|views/[a-z][a-z0-9_]{{0,99}}\.sql)"
)


def is_content(name: str) -> bool:
    """Whether a member may bear this name: it names no folder but those of a catalogue."""
    return CONTENT.fullmatch(name) is not None


def pack_bytes(members: Mapping[str, bytes]) -> bytes:
    """The archive of these members, in the order of their names."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, members[name])
    return whole.getvalue()


def read_members(path: Path) -> dict[str, bytes]:
    """Every member by its name; PackError when the archive is not as a pack is written."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PackError(f"The file is larger than any pack: {MOST_BYTES >> 20} MB are allowed.", path=path)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_strange(path, entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except OSError as error:
        raise PackError(f"The file cannot be read: {error.strerror}.", path=path) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise PackError("The pack is damaged or cut short. Ask for it again.", path=path) from error


def _refuse_strange(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_MEMBERS:
        raise PackError(f"The pack has {len(entries)} members; {MOST_MEMBERS} are allowed.", path=path)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise PackError("A member stands twice in the pack.", path=path)
    for entry in entries:
        if entry.filename not in (MANIFEST, SIGNATURE) and not is_content(entry.filename):
            raise PackError(f"A pack has no member {entry.filename!r}: signs and views alone.", path=path)
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise PackError(f"'{entry.filename}' is compressed. Members of a pack are stored as they are.", path=path)
    # Members may lie over one another in a zip made by hand.
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise PackError("The members of the pack claim more bytes than it may have.", path=path)
