"""The health claims exchange (GIAMDINHHS): one claim at a time out of a stream, as rows of contract tables.

A file of any size is read in constant memory: the outer document is walked element by element, and every HOSO is
dropped once its rows are made. What a record holds and where it lands is data (`layouts/claims_xml.yaml`). A claim of
which any record cannot be read is told as a whole, because half a claim would look like a claim with less in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from lxml import etree

from dauhieu.deliveries.record_layout import RecordLayout, Sum, claims_layout
from dauhieu.deliveries.safe_xml import (
    SAFE,
    Content,
    MendedFile,
    UnreadableError,
    check_prolog,
    drop,
    is_mended,
    local_name,
    opened,
    records_in,
)
from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadFault, ReadOptions, SourceRows

# Rows held at most before they are handed on, over all tables; a claim is never cut in two.
HELD_ROWS = 50_000
# Sums are rounded by senders; a difference of one đồng says nothing.
TOLERANCE = 1
EPISODE = "MA_LK"
HEADER = ("MACSKCB", "NGAYLAP", "SOLUONGHOSO")


def read(path: Path, options: ReadOptions) -> Iterator[SourceRows]:
    """All rows of one file, a batch a table each time enough of them are held."""
    with path.open("rb") as file:
        check_prolog(file, path)
        yield from _Reading(path, options).rows(file)


@dataclass(slots=True)
class _Rows:
    """The rows of one table out of one kind of record, waiting to be handed on."""

    columns: tuple[str, ...]
    values: list[list[str | None]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    handed_on: int = 0

    def batch(self) -> pa.RecordBatch:
        arrays = [pa.array(column, pa.string()) for column in zip(*self.values, strict=True)]
        first = self.handed_on + 1
        arrays.append(pa.array(range(first, first + len(self.values)), pa.int64()))
        arrays.append(pa.array(self.documents, pa.string()))
        self.handed_on += len(self.values)
        self.values, self.documents = [], []
        return pa.RecordBatch.from_arrays(arrays, names=[*self.columns, ROW_NO, DOCUMENT])


@dataclass(frozen=True, slots=True)
class Found:
    """The records of one kind which a claim holds, and the text they came as if that is kept."""

    layout: RecordLayout
    records: list[dict[str, str]]
    raw: str


class _Reading:
    """One file on its way through. Faults of a claim carry its place in the file, counted from 1."""

    def __init__(self, path: Path, options: ReadOptions):
        self.path = path
        self.collect = options.collect
        self.sendings = options.sendings
        self.layout = claims_layout()
        self.held: dict[tuple[str, str], _Rows] = {}
        self.held_rows = 0
        self.claims = 0
        self.header: dict[str, str] = {}
        self.told: set[tuple[str, str]] = set()

    def rows(self, file: BinaryIO) -> Iterator[SourceRows]:
        try:
            for contents in self._claims(file):
                self.claims += 1
                self._read_claim(contents)
                if self.held_rows >= HELD_ROWS:
                    yield from self._hand_on()
        except etree.XMLSyntaxError as fault:
            # Claims before the break are good. How many stand behind it nobody can say: they count as one.
            self._fault("", fault.lineno or 0, "", "broken_xml", f"#{self.claims + 1}", whole=True)
        yield from self._hand_on()
        declared = self.header.get("SOLUONGHOSO", "")
        if declared.isdecimal() and int(declared) != self.claims:
            self._fault("", 0, "SOLUONGHOSO", "count_differs")

    def _claims(self, file: BinaryIO) -> Iterator[list[Content]]:
        """The records of each claim; records outside any envelope are claims of their own."""
        outermost: etree._Element | None = None
        names = ("HOSO", *HEADER, *self.layout.by_root)
        walk = etree.iterparse(
            MendedFile(file),
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in names],
            **SAFE,
        )
        for event, element in walk:
            name = local_name(element)
            if event == "start":
                if outermost is None and name not in HEADER:
                    outermost = element
            elif outermost is not None and element is outermost:
                outermost = None
                if is_mended(element) and name == "HOSO":
                    self._tell_once("", "GIAMDINHHS", "namespace_mended")
                yield list(_contents(element)) if name == "HOSO" else [Content("", element)]
                drop(element)
            elif outermost is None:
                self.header[name] = (element.text or "").strip()

    def _read_claim(self, contents: Iterable[Content]) -> None:
        records: list[Found] = []
        mended: list[str] = []
        unreadable: list[tuple[str, str]] = []
        for content in contents:
            try:
                root = opened(content, self.layout.by_root)
                if root is None:
                    continue
                layout = self._layout_of(content, root)
            except UnreadableError as fault:
                unreadable.append((content.kind, fault.code))
                continue
            if layout is None:
                continue
            if is_mended(root):
                mended.append(layout.name)
            raw = etree.tostring(root, encoding="unicode") if any(row.once for row in layout.rows) else ""
            records.append(Found(layout, records_in(root, layout.fields), raw))
        claim = self._claim_words(records)
        key = claim["$document"]
        for place, code in unreadable:
            self._fault(place, self.claims, "", code, key or f"#{self.claims}", whole=True)
        if not key and not unreadable:
            self._fault("", self.claims, "", "no_key", f"#{self.claims}", whole=True)
        if unreadable or not key:
            return
        for place in mended:
            self._fault(place, self.claims, "", "namespace_mended", key)
        for one in records:
            self._make_rows(one, claim)
            self._check_records(one, claim)
        self._check_claim({one.layout.name: one.records for one in records}, key)

    def _layout_of(self, content: Content, root: etree._Element) -> RecordLayout | None:
        """The kind of a record. One of no known kind is told and left out: a later form may bring new ones."""
        name = local_name(root)
        by_root = self.layout.by_root.get(name)
        layout = self.layout.records.get(content.kind, by_root)
        if layout is None:
            self._tell_once(content.kind, name, "unknown_record")
        elif layout.roots and name not in layout.roots:
            self._tell_once(layout.name, name, "unknown_root")
        return layout

    def _claim_words(self, records: list[Found]) -> dict[str, str]:
        """What every row of the claim may use. The summary is asked where there is one, else the first who knows."""
        claim = {"$sender": self.header.get("MACSKCB", ""), "$created": self.header.get("NGAYLAP", "")}
        claim = {word: value for word, value in claim.items() if value}
        if self.sendings is not None:
            claim["$sending"] = str(-next(self.sendings))
        head = [one for one in records if one.layout.name == self.layout.head and one.records]
        flat = [record for one in head or records for record in one.records]
        for word, take in self.layout.words.items():
            value = next((value for record in flat if (value := take({**claim, **record}))), None)
            if value:
                claim[word] = value
        key = [claim.get(word, "") for word in self.layout.key]
        claim["$document"] = "/".join(key) if all(key) else self._other_key(records, claim)
        return claim

    def _other_key(self, records: list[Found], claim: Mapping[str, str]) -> str:
        """The key of a document which belongs to no visit, such as a medical assessment."""
        for one in records:
            for record in one.records:
                own = [record.get(name, "") for name in one.layout.document]
                if own and all(own):
                    return "/".join((claim.get("$sender", ""), one.layout.name, *own))
        return ""

    def _make_rows(self, found: Found, claim: Mapping[str, str]) -> None:
        layout = found.layout
        words = {**claim, "$record": layout.name, "$raw": found.raw}
        for number, fields in enumerate(found.records, 1):
            for name in fields.keys() - layout.fields:
                self._tell_once(layout.name, name, "extra_column")
            record = {**fields, **words, "$line": str(number)}
            for row in layout.rows:
                if row.once and number > 1:
                    continue
                held = self.held.get((row.table, layout.name))
                if held is None:
                    held = self.held[row.table, layout.name] = _Rows(row.columns)
                held.values.append(row.row(record))
                held.documents.append(claim["$document"])
                self.held_rows += 1

    def _check_records(self, found: Found, claim: Mapping[str, str]) -> None:
        place, key = found.layout.name, claim["$document"]
        for record in found.records:
            if record.get(EPISODE, claim.get("$ma_lk")) != claim.get("$ma_lk"):
                self._fault(place, self.claims, EPISODE, "other_document", key)
            for name, known in found.layout.coded.items():
                if name in record and record[name] not in known:
                    self._fault(place, self.claims, name, "unknown_code", key)

    def _check_claim(self, records: Mapping[str, list[dict[str, str]]], key: str) -> None:
        """What is strange in the claim as a whole. It is stored: it may be the very thing a sign looks for."""
        for total in self.layout.sums:
            if _differs(total, records):
                self._fault(total.record, self.claims, total.column, "sum_differs", key)
        for name, names in self.layout.needed:
            for record in records.get(name, ()):
                if not any(field in record for field in names):
                    self._fault(name, self.claims, names[0], "no_value", key)
        for name, begin, end in self.layout.order:
            for record in records.get(name, ()):
                if _lies_before(record.get(end, ""), record.get(begin, "")):
                    self._fault(name, self.claims, end, "dates_reversed", key)

    def _hand_on(self) -> Iterator[SourceRows]:
        for (table, place), rows in self.held.items():
            if rows.values:
                yield SourceRows(table, self.path, place, iter((rows.batch(),)))
        self.held_rows = 0

    def _tell_once(self, place: str, name: str, code: str) -> None:
        """A fault of the form, not of one claim: told at the first claim which shows it."""
        if (place, name) not in self.told:
            self.told.add((place, name))
            self._fault(place, self.claims, name, code)

    def _fault(
        self, place: str, row_no: int, column: str, code: str, document: str | None = None, *, whole: bool = False
    ) -> None:
        self.collect(ReadFault(self.path, place, row_no, column, code, document, whole))


def _contents(claim: etree._Element) -> Iterator[Content]:
    for part in claim.iter("{*}FILEHOSO"):
        kind = (part.findtext("{*}LOAIHOSO") or "").strip().upper()
        content = part.find("{*}NOIDUNGFILE")
        if content is not None:
            yield Content(kind, content)


def _differs(total: Sum, records: Mapping[str, list[dict[str, str]]]) -> bool:
    for record in records.get(total.record, ()):
        whole = _amount(total.total(record))
        if whole is None:
            continue
        own = {**records, total.record: [record]}
        parts = [_amount(take(part)) for kind, take in total.parts for part in own.get(kind, ())]
        if abs(whole - sum((part for part in parts if part is not None), Decimal(0))) > TOLERANCE:
            return True
    return False


def _lies_before(end: str, begin: str) -> bool:
    """Whether one yyyymmdd[HHMM] lies before another; a time of 0000 is unknown, so only the days count then."""
    known = [text[:8] if text[8:] == "0000" else text for text in (end, begin)]
    length = min(map(len, known))
    return end.isdecimal() and begin.isdecimal() and known[0][:length] < known[1][:length]


def _amount(text: str | None) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
