"""XML of strangers: no entities, no document types, no network; base64 or plain elements; one known fault mended."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from dauhieu.errors import DeliveryError

PROLOG_BYTES = 1 << 16
# `huge_tree` lifts the limit of 10 MB on one text, which a long stay can pass; what it would unguard are entities.
SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
}

# All that may stand before the root element. A document type may not, in whatever way it is written.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_]")

# Every record of one widespread hospital system declares this name with a blank for the hyphen, which no strict
# parser reads. It becomes a name of the same length which can be told apart afterwards, so that it can be noted.
_BLANK = b"http://www.w3.org/2001/XMLSchema instance"
_MENDED = _BLANK.replace(b" ", b"_")
_DECLARED = re.compile(rb"""(xmlns(?::[\w.-]+)?\s*=\s*["'])""" + re.escape(_BLANK) + rb"""(?=["'])""")


class UnreadableError(Exception):
    """One record cannot be read; `code` is the code of the fault."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Content:
    """A record as it was sent: its declared kind, '' for none, and the element which holds it or is it."""

    kind: str
    element: etree._Element


def check_prolog(file: BinaryIO, path: Path) -> None:
    """Refuse a file which declares a document type, or is no XML, before a parser sees it; then stand at its start."""
    fault = _prolog_fault(file.read(PROLOG_BYTES))
    file.seek(0)
    if fault == "document_type":
        raise DeliveryError(
            "The file declares a document type. Entities and document types are never read; send it without.",
            path=path,
        )
    if fault:
        raise DeliveryError("The file is not XML in UTF-8: no element stands at its start.", path=path)


def _prolog_fault(head: bytes) -> str | None:
    prolog = _PROLOG.match(head)
    rest = head[prolog.end() if prolog else 0 :]
    if rest.startswith(b"<!DOCTYPE"):
        return "document_type"
    return None if _ROOT.match(rest) else "unreadable"


class MendedFile:
    """The bytes of a file with the badly declared namespace mended on the way; no byte changes its place."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        # A declaration may be cut by the end of a chunk, so the last bytes wait for the next one.
        while True:
            fresh = self._file.read(size)
            data = _mended(self._held + fresh)
            cut = max(len(data) - 256, 0) if fresh else len(data)
            self._held = data[cut:]
            if cut or not fresh:
                return data[:cut]


def _mended(data: bytes) -> bytes:
    return _DECLARED.sub(rb"\1" + _MENDED, data) if _BLANK in data else data


def is_mended(element: etree._Element) -> bool:
    """Whether this element itself made the bad declaration, not one around it."""
    name = _MENDED.decode()
    outer = element.getparent()
    around = outer is not None and name in outer.nsmap.values()
    return name in element.nsmap.values() and (not around or local_name(element) == "HOSO")


def local_name(element: etree._Element) -> str:
    name = str(element.tag)
    return name.rpartition("}")[2] if name[0] == "{" else name


def opened(content: Content, roots: Container[str]) -> etree._Element | None:
    """The root element of a record, sent as base64, as text or as elements; None where nothing was sent."""
    element = content.element
    if not content.kind and local_name(element) in roots:
        return element
    if len(element):
        return element[0]
    text = (element.text or "").strip()
    if not text:
        return None
    if text[0] == "<":
        return _parsed(text.encode())
    bare = "".join(text.split())
    try:
        return _parsed(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except binascii.Error:
        raise UnreadableError("bad_base64") from None


def _parsed(data: bytes) -> etree._Element:
    fault = _prolog_fault(data)
    if fault:
        raise UnreadableError("document_type" if fault == "document_type" else "broken_xml")
    try:
        return etree.fromstring(_mended(data), etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError:
        raise UnreadableError("broken_xml") from None


def records_in(root: etree._Element, fields: Container[str]) -> list[dict[str, str]]:
    """The records below a root, however deep senders wrap them: the elements whose children are known fields."""
    found: list[dict[str, str]] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        children = list(element)
        if any(local_name(child) in fields for child in children):
            found.append(_texts(children))
        else:
            waiting += reversed(children)
    return found


def _texts(children: list[etree._Element]) -> dict[str, str]:
    """The fields which hold something. The loop a large file spends most of its time in."""
    texts: dict[str, str] = {}
    for child in children:
        text = child.text
        if text and (text := text.strip()):
            tag: str = child.tag
            texts[tag if tag[0] != "{" else tag.rpartition("}")[2]] = text
    return texts


def drop(element: etree._Element) -> None:
    """Forget an element of a stream and all before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
