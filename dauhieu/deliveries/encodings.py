"""Text files of the country as UTF-8 in one normal form, without holding a file in memory.

Beside UTF-8 with and without a mark, two code pages from before Unicode still arrive: TCVN3 (called ABC; one byte a
letter) and VNI for Windows (a base letter, then a byte which holds the marks above and below it). Neither can be
recognised with certainty, so a source names its encoding. Everything leaves in NFC: the same name typed on two
systems must be the same bytes, else joins and keys miss.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from dauhieu.errors import DeliveryError
from dauhieu.yamlfile import suggestion

CHUNK = 1 << 18

# TCVN 5712-3: the toned capitals have no codes of their own, they are the small letters in a capital font. So a name
# in capitals comes out in mixed case, and names are compared in a normal form anyway.
_TCVN3 = dict(
    zip(range(0xA1, 0xAF), "ĂÂÊÔƠƯĐăâêôơưđ", strict=True)
) | {
    code: letter
    for start, letters in (
        (0xB5, "àảãáạ"), (0xBB, "ằẳẵắ"), (0xC6, "ặầẩẫấậè"), (0xCE, "ẻẽéẹềểễếệìỉ"), (0xDC, "ĩíịò"),
        (0xE1, "ỏõóọồổỗốộờởỡớợù"), (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
    )
    for code, letter in enumerate(letters, start)
}  # fmt: skip

# VNI: marks of the letter before. Capital and small forms lie 0x20 apart and mean the same.
_GRAVE, _ACUTE, _CIRCUMFLEX, _TILDE, _BREVE, _HOOK, _DOT = "\u0300\u0301\u0302\u0303\u0306\u0309\u0323"
_VNI_MARKS = {
    0xD9: _ACUTE, 0xD8: _GRAVE, 0xDB: _HOOK, 0xD5: _TILDE, 0xCF: _DOT,
    0xC2: _CIRCUMFLEX, 0xC1: _CIRCUMFLEX + _ACUTE, 0xC0: _CIRCUMFLEX + _GRAVE, 0xC5: _CIRCUMFLEX + _HOOK,
    0xC3: _CIRCUMFLEX + _TILDE, 0xC4: _CIRCUMFLEX + _DOT,
    0xCA: _BREVE, 0xC9: _BREVE + _ACUTE, 0xC8: _BREVE + _GRAVE, 0xDA: _BREVE + _HOOK, 0xDC: _BREVE + _TILDE,
    0xCB: _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {0xD4: "Ơ", 0xD6: "Ư", 0xD1: "Đ", 0xCD: "Í", 0xCC: "Ì", 0xC6: "Ỉ", 0xD3: "Ĩ", 0xD2: "Ị", 0xCE: "Ỵ"}
_VNI = (
    _VNI_MARKS
    | {code + 0x20: marks for code, marks in _VNI_MARKS.items()}
    | _VNI_LETTERS
    | {code + 0x20: letter.lower() for code, letter in _VNI_LETTERS.items()}
)

# Both were fonts over Windows' own page: its dashes, quotation marks and hard blank stand where they stood.
_MARKS = {
    code: letter
    for code in range(0x80, 0xA1)
    if unicodedata.category(letter := bytes([code]).decode("cp1252", errors="replace"))[0] in "PZ"
}
_CODE_PAGES: Mapping[str, Mapping[int, str]] = {"tcvn3": _MARKS | _TCVN3, "vni": _MARKS | _VNI}
ENCODINGS = ("utf-8", *_CODE_PAGES)


def decoded(chunks: Iterable[bytes], encoding: str, path: Path) -> Iterator[str]:
    """The text of a stream in NFC, piece by piece; a byte which is no text is an error with its line."""
    if encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise DeliveryError(f"Unknown encoding '{encoding}'. Use one of {known}.{suggestion(encoding, ENCODINGS)}")
    pieces = _utf8(chunks, path) if encoding == "utf-8" else _code_page(chunks, encoding, path)
    # A mark may open the next chunk: the last letter with its marks waits until a new letter follows.
    held = ""
    for piece in pieces:
        text = held + piece
        cut = len(text)
        while cut and (cut == len(text) or unicodedata.combining(text[cut])):
            cut -= 1
        held = text[cut:]
        if cut:
            yield unicodedata.normalize("NFC", text[:cut])
    if held:
        yield unicodedata.normalize("NFC", held)


def _utf8(chunks: Iterable[bytes], path: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line = 1
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            line += text.count("\n")
            yield text
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        line += fault.object[: fault.start].count(b"\n")
        raise DeliveryError(
            "The line holds bytes which are not UTF-8. Save the file as UTF-8, or name its encoding (tcvn3, vni).",
            path=path,
            line=line,
        ) from None


def _code_page(chunks: Iterable[bytes], encoding: str, path: Path) -> Iterator[str]:
    table = _CODE_PAGES[encoding]
    letters = [table.get(code, chr(code) if code < 0x80 else "") for code in range(256)]
    unused = bytes(code for code in range(0x80, 0x100) if code not in table)
    keep = bytes.maketrans(b"", b"")
    line = 1
    for chunk in chunks:
        if len(chunk.translate(keep, unused)) < len(chunk):
            place = next(place for place, code in enumerate(chunk) if code in unused)
            raise DeliveryError(
                f"The line holds a byte which {encoding} does not use. Name the encoding the file is really in.",
                path=path,
                line=line + chunk[:place].count(b"\n"),
            )
        line += chunk.count(b"\n")
        yield "".join([letters[code] for code in chunk])


class Utf8Stream(io.RawIOBase):
    """A readable binary file which gives the text of another as UTF-8; what readers of CSV are handed."""

    def __init__(self, file: BinaryIO, encoding: str, path: Path):
        self._file = file
        self._pieces = decoded(iter(lambda: file.read(CHUNK), b""), encoding, path)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece.encode()
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def open_utf8(path: Path, encoding: str = "utf-8") -> BinaryIO:
    """Open a text file of any known encoding as UTF-8 bytes in NFC, without a byte-order mark."""
    try:
        file = path.open("rb")
    except OSError as fault:
        raise DeliveryError(f"The file cannot be read: {fault.strerror}.", path=path) from fault
    return io.BufferedReader(Utf8Stream(file, encoding, path), CHUNK)
