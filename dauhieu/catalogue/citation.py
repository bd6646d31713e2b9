"""How a legal basis is cited in Vietnamese: sign files name instruments and articles once, in a fixed English form."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dauhieu.catalogue.sign import LegalBasis

# What stands before the number of an instrument.
NAMES: Mapping[str, str] = {
    "SI Law": "Luật Bảo hiểm xã hội",
    "HI Law": "Luật Bảo hiểm y tế",
    "Employment Law": "Luật Việc làm",
    "Penal Code": "Bộ luật Hình sự",
    "Labour Code": "Bộ luật Lao động",
    "OSH Law": "Luật An toàn, vệ sinh lao động",
    "Law on Occupational Safety and Health": "Luật An toàn, vệ sinh lao động",
    "Law on Examination and Treatment": "Luật Khám bệnh, chữa bệnh",
    "Personal Data Protection Law": "Luật Bảo vệ dữ liệu cá nhân",
    "Bidding Law": "Luật Đấu thầu",
    "Population Law": "Luật Dân số",
    "Enterprise Law": "Luật Doanh nghiệp",
    "Denunciation Law": "Luật Tố cáo",
    "Complaints Law": "Luật Khiếu nại",
    "Law": "Luật",
    "Decree": "Nghị định",
    "Resolution": "Nghị quyết",
    "Circular": "Thông tư",
    "Decision": "Quyết định",
}
# What may stand behind it.
TAILS: Mapping[str, str] = {
    "": "",
    " and successors": " và văn bản thay thế",
    " on network information security": " về an toàn thông tin mạng",
    " on invoices and receipts": " về hoá đơn, chứng từ",
    " on collection services": " về uỷ quyền thu",
}
AMENDED = " as amended"
INSTRUMENT = re.compile(r"(?P<name>[A-Z][A-Za-z ]*?) (?P<number>\d[\w/-]*)(?P<tail>.*)")
# Numbers are written without the letter đ.
NUMBER = {"ND-CP": "NĐ-CP", "NQ-HDTP": "NQ-HĐTP", "QD-": "QĐ-"}
PHRASES: Mapping[str, str] = {
    "whole": "toàn văn bản",
    "Chapter on drugs and supplies": "chương về thuốc và vật tư",
    "process of settling benefits": "quy trình giải quyết chế độ",
    "form 07": "mẫu 07",
    "XML11": "bảng XML11",
}
TABLES = re.compile(r"[Tt]ables? (?P<which>.+)")
PLACE = re.compile(
    r"(?P<article>\d+[a-z]?)(?:\((?P<clause>\d+)\))?(?:\((?P<point>[a-z]+)\))?"
    r"(?:-(?P<last>\d+[a-z]?)|-\((?P<last_clause>\d+)\)|-\((?P<last_point>[a-z]+)\))?"
)


def citation(basis: LegalBasis, language: str) -> str:
    """In English as it stands; in Vietnamese "khoản 2 Điều 34, Luật Bảo hiểm xã hội 41/2024/QH15"."""
    if language == "en":
        return f"{basis.instrument}, {basis.article}"
    return f"{_article(basis.article)}, {_instrument(basis.instrument)}"


def _instrument(written: str) -> str:
    """What is not known stays as it stands, so that nothing is cited which nobody wrote."""
    match = INSTRUMENT.fullmatch(written)
    if match is None or match["name"] not in NAMES:
        return written
    tail, amended = match["tail"], ""
    if tail.startswith(AMENDED):
        by = tail.removeprefix(AMENDED).removeprefix(" by ")
        tail, amended = "", f" (sửa đổi, bổ sung{f' bởi {_numbered(by)}' if by else ''})"
    if tail not in TAILS:
        return written
    return f"{NAMES[match['name']]} {_numbered(match['number'])}{TAILS[tail]}{amended}"


def _numbered(number: str) -> str:
    for without, with_ in NUMBER.items():
        number = number.replace(without, with_)
    return number


def _article(written: str) -> str:
    if written in PHRASES:
        return PHRASES[written]
    if table := TABLES.fullmatch(written):
        return f"bảng {table['which'].replace(' and ', ' và ')}"
    if not written.startswith("Art. "):
        return written
    parts = [PLACE.fullmatch(part) for part in written.removeprefix("Art. ").replace(" to ", "-").split(", ")]
    found = [_place(part) for part in parts if part]
    return ", ".join(found) if len(found) == len(parts) else written


def _place(part: re.Match[str]) -> str:
    """Point, clause, article: the smallest first, as Vietnamese law is cited."""
    points = _range("điểm", _letter(part["point"]), _letter(part["last_point"]))
    clauses = _range("khoản", part["clause"], part["last_clause"])
    return " ".join(filter(None, [points, clauses, _range("Điều", part["article"], part["last"])]))


def _range(word: str, first: str | None, last: str | None) -> str:
    return f"{word} {first}–{last}" if last else f"{word} {first}" if first else ""


def _letter(point: str | None) -> str | None:
    return "đ" if point == "dd" else point
