"""Builds claim files of the health claims exchange as senders write them, faults included."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa

from dauhieu.deliveries import claims_xml
from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadFault, ReadOptions

ROOTS = {
    "XML1": ("TONG_HOP",),
    "XML2": ("CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC"),
    "XML3": ("CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT"),
    "XML4": ("CHITIEU_CHITIET_DICHVUCANLAMSANG", "DSACH_CHI_TIET_CLS", "CHI_TIET_CLS"),
    "XML5": ("CHITIEU_CHITIET_DIENBIENLAMSANG", "DSACH_CHI_TIET_DIEN_BIEN_BENH", "CHI_TIET_DIEN_BIEN_BENH"),
    "XML6": ("CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",),
    "XML7": ("CHI_TIEU_DU_LIEU_GIAY_RA_VIEN",),
    "XML8": ("CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN",),
    "XML9": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH", "DU_LIEU_GIAY_CHUNG_SINH"),
    "XML10": ("CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI",),
    "XML11": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI",),
    "XML12": ("BIEN_BAN_GIAM_DINH",),
    "XML13": ("CHI_TIEU_GIAYCHUYENTUYEN",),
    "XML14": ("CHI_TIEU_GIAYHEN_KHAMLAI",),
    "XML15": ("CHI_TIEU_DIEUTRI_BENHLAO", "DSACH_CHITIET_DIEUTRI_BENHLAO", "CHITIET_DIEUTRI_BENHLAO"),
    "CHECKIN": ("CHECKIN",),
}
BLANK = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema instance"'
VISIT = {
    "MA_LK": "LK1",
    "MA_BN": "BN1",
    "HO_TEN": "Nguyễn Thị A",
    "SO_CCCD": "001190000001",
    "NGAY_SINH": "199005170000",
    "GIOI_TINH": "2",
    "MA_THE_BHYT": "DN4010123456789",
    "MA_DKBD": "01001",
    "GT_THE_TU": "20240101",
    "GT_THE_DEN": "20241231",
    "MA_BENH_CHINH": "J06",
    "NGAY_VAO": "202405010830",
    "NGAY_RA": "202405011015",
    "MA_LOAI_KCB": "01",
    "MA_CSKCB": "01001",
    "T_TONGCHI_BH": "300000",
    "T_BHTT": "240000",
    "T_BNCCT": "60000",
    "T_NGUONKHAC": "0",
}
DRUG = {"MA_LK": "LK1", "STT": "1", "MA_THUOC": "40.48", "THANH_TIEN_BH": "100000"}
SERVICE = {"MA_LK": "LK1", "STT": "1", "MA_DICH_VU": "02.1896", "THANH_TIEN_BH": "200000"}

Fields = Mapping[str, str]


def record(kind: str, *rows: Fields, namespace: str = "", roots: Sequence[str] | None = None) -> str:
    """One record as text: the rows, each in the innermost root."""
    *outer, inner = roots or ROOTS[kind]
    text = "".join(
        f"<{inner}>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in row.items())}</{inner}>"
        for row in rows
    )
    for root in reversed(outer):
        text = f"<{root}>{text}</{root}>"
    return text.replace(">", f"{namespace}>", 1)


def packed(kind: str, text: str) -> str:
    """A record in its envelope, as base64."""
    return inline(kind, base64.b64encode(text.encode()).decode())


def inline(kind: str, text: str) -> str:
    return f"<FILEHOSO><LOAIHOSO>{kind}</LOAIHOSO><NOIDUNGFILE>{text}</NOIDUNGFILE></FILEHOSO>"


def visit(**changes: str | None) -> dict[str, str]:
    return {name: value for name, value in (VISIT | changes).items() if value is not None}


def ordinary(**changes: str | None) -> list[str]:
    """The records of a visit whose sums agree."""
    of = {"MA_LK": changes.get("MA_LK") or "LK1"}
    return [
        packed("XML1", record("XML1", visit(**changes))),
        packed("XML2", record("XML2", DRUG | of)),
        packed("XML3", record("XML3", SERVICE | of)),
    ]


def envelope(*claims: Sequence[str], count: int | None = None, before: str = "") -> str:
    body = "".join(f"<HOSO>{''.join(parts)}</HOSO>" for parts in claims)
    declared = len(claims) if count is None else count
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{before}<GIAMDINHHS>'
        "<THONGTINDONVI><MACSKCB>01001</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20240502</NGAYLAP>"
        f"<SOLUONGHOSO>{declared}</SOLUONGHOSO><DANHSACHHOSO>{body}</DANHSACHHOSO></THONGTINHOSO>"
        "<CHUKYDONVI/></GIAMDINHHS>"
    )


@dataclass
class Reading:
    """What came out of one file: the rows of each table, and the faults."""

    tables: dict[str, list[dict[str, str | None]]] = field(default_factory=dict)
    faults: list[ReadFault] = field(default_factory=list)

    def codes(self) -> list[tuple[str, str]]:
        return [(fault.code, fault.column) for fault in self.faults]

    def row(self, table: str) -> dict[str, str | None]:
        (row,) = self.tables[table]
        return row


def read_text(folder: Path, text: str | bytes) -> Reading:
    file = folder / "claims.xml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = Reading()
    for source in claims_xml.read(file, ReadOptions(reading.faults.append)):
        for batch in source.batches:
            rows = pa.Table.from_batches([batch]).to_pylist()
            reading.tables.setdefault(source.table, []).extend(rows)
    return reading


def documents(reading: Reading, table: str) -> list[str | None]:
    return [row[DOCUMENT] for row in reading.tables[table]]


def numbers(reading: Reading, table: str) -> list[object]:
    return [row[ROW_NO] for row in reading.tables[table]]
