"""Writes a large file of the health claims exchange, the same every time: `python benchmarks/claims_file.py out.xml`.

Every tenth claim is an inpatient stay of many lines, all others visits with a few; names, cards and codes are made up
from the claim's number. Half of the records carry the namespace with a blank, as one widespread system sends them.
"""

from __future__ import annotations

import argparse
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

CLAIMS = 100_000
FACILITIES = 500
BLANK = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema instance"'
DRUG_PRICE, SERVICE_PRICE, PAID_PCT = 12_500, 39_100, 80


def claim(number: int) -> str:
    """One HOSO."""
    episode = f"LK{number:09d}"
    facility = f"{number % FACILITIES + 1000:05d}"
    person = f"{number * 7919 % 10_000_000_000:010d}"
    day = f"2024{number % 12 + 1:02d}{number % 28 + 1:02d}"
    stay = number % 10 == 0
    drugs, services, tests, notes = (24, 30, 20, 8) if stay else (3, 4, 2, 0)
    total = drugs * DRUG_PRICE * 10 + services * SERVICE_PRICE
    paid = total * PAID_PCT // 100
    namespace = BLANK if number % 2 else ""
    head = (
        f"<TONG_HOP{namespace}><MA_LK>{episode}</MA_LK><STT>{number}</STT><MA_BN>BN{number}</MA_BN>"
        f"<HO_TEN>Nguyễn Văn {number}</HO_TEN><SO_CCCD>00{person}</SO_CCCD><NGAY_SINH>19{number % 80 + 10}05170000"
        f"</NGAY_SINH><GIOI_TINH>{number % 2 + 1}</GIOI_TINH><MA_QUOCTICH>000</MA_QUOCTICH><MA_DANTOC>01</MA_DANTOC>"
        f"<MA_NGHE_NGHIEP>00000</MA_NGHE_NGHIEP><DIA_CHI>Phường {number % 300}</DIA_CHI><MATINH_CU_TRU>01"
        f"</MATINH_CU_TRU><MAHUYEN_CU_TRU/><MAXA_CU_TRU>00{number % 900 + 100}</MAXA_CU_TRU><DIEN_THOAI/>"
        f"<MA_THE_BHYT>DN401{person}</MA_THE_BHYT><MA_DKBD>{facility}</MA_DKBD><GT_THE_TU>20240101</GT_THE_TU>"
        f"<GT_THE_DEN>20241231</GT_THE_DEN><LY_DO_VV>Sốt</LY_DO_VV><CHAN_DOAN_VAO>Viêm họng cấp</CHAN_DOAN_VAO>"
        f"<CHAN_DOAN_RV>Viêm họng cấp</CHAN_DOAN_RV><MA_BENH_CHINH>J02</MA_BENH_CHINH><MA_BENH_KT>I10;E11</MA_BENH_KT>"
        f"<MA_DOITUONG_KCB>1.1</MA_DOITUONG_KCB><MA_NOI_DI/><MA_NOI_DEN/><MA_TAI_NAN>0</MA_TAI_NAN>"
        f"<NGAY_VAO>{day}0815</NGAY_VAO><NGAY_RA>{day}1620</NGAY_RA><SO_NGAY_DTRI>{int(stay)}</SO_NGAY_DTRI>"
        f"<KET_QUA_DTRI>2</KET_QUA_DTRI><MA_LOAI_RV>1</MA_LOAI_RV><NGAY_TTOAN>{day}1625</NGAY_TTOAN>"
        f"<T_THUOC>{drugs * DRUG_PRICE * 10}</T_THUOC><T_VTYT>0</T_VTYT><T_TONGCHI_BV>{total}</T_TONGCHI_BV>"
        f"<T_TONGCHI_BH>{total}</T_TONGCHI_BH><T_BNTT>0</T_BNTT><T_BNCCT>{total - paid}</T_BNCCT><T_BHTT>{paid}"
        f"</T_BHTT><T_NGUONKHAC>0</T_NGUONKHAC><T_BHTT_GDV>0</T_BHTT_GDV><NAM_QT>2024</NAM_QT><THANG_QT>{day[4:6]}"
        f"</THANG_QT><MA_LOAI_KCB>{'03' if stay else '01'}</MA_LOAI_KCB><MA_KHOA>K01</MA_KHOA><MA_CSKCB>{facility}"
        f"</MA_CSKCB><CAN_NANG>55</CAN_NANG><MA_HSBA>HS{number}</MA_HSBA><MA_TTDV>{facility}TT</MA_TTDV></TONG_HOP>"
    )
    records = [
        ("XML1", head),
        ("XML2", _drugs(episode, facility, day, drugs, namespace)),
        ("XML3", _services(episode, facility, day, services)),
        ("XML4", _tests(episode, facility, day, tests)),
    ]
    if notes:
        records.append(("XML5", _notes(episode, facility, day, notes)))
    return (
        "<HOSO>"
        + "".join(
            f"<FILEHOSO><LOAIHOSO>{kind}</LOAIHOSO><NOIDUNGFILE>{b64encode(text.encode()).decode()}</NOIDUNGFILE>"
            "</FILEHOSO>"
            for kind, text in records
        )
        + "</HOSO>\n"
    )


def _drugs(episode: str, facility: str, day: str, count: int, namespace: str) -> str:
    rows = "".join(
        f"<CHI_TIET_THUOC><MA_LK>{episode}</MA_LK><STT>{line}</STT><MA_THUOC>40.{line}</MA_THUOC><MA_NHOM>4</MA_NHOM>"
        f"<TEN_THUOC>Paracetamol {line}</TEN_THUOC><DON_VI_TINH>Viên</DON_VI_TINH><HAM_LUONG>500mg</HAM_LUONG>"
        f"<DUONG_DUNG>1.01</DUONG_DUNG><LIEU_DUNG>1 viên/lần * 2 lần/ngày * 5 ngày [2 viên/ngày]</LIEU_DUNG>"
        f"<SO_DANG_KY>VD-{line:05d}-20</SO_DANG_KY><TT_THAU>1;G1;N1;2024;{facility}</TT_THAU><PHAM_VI>1</PHAM_VI>"
        f"<TYLE_TT_BH>100</TYLE_TT_BH><SO_LUONG>10</SO_LUONG><DON_GIA>{DRUG_PRICE}</DON_GIA>"
        f"<THANH_TIEN_BV>{DRUG_PRICE * 10}</THANH_TIEN_BV><THANH_TIEN_BH>{DRUG_PRICE * 10}</THANH_TIEN_BH>"
        f"<T_NGUONKHAC>0</T_NGUONKHAC><MUC_HUONG>{PAID_PCT}</MUC_HUONG><T_BHTT>{DRUG_PRICE * PAID_PCT // 10}</T_BHTT>"
        f"<MA_KHOA>K01</MA_KHOA><MA_BAC_SI>{facility}BS{line % 9}</MA_BAC_SI><NGAY_YL>{day}0830</NGAY_YL>"
        f"<NGAY_TH_YL>{day}0900</NGAY_TH_YL><MA_PTTT>1</MA_PTTT><NGUON_CTRA>1</NGUON_CTRA></CHI_TIET_THUOC>"
        for line in range(1, count + 1)
    )
    return (
        f"<CHITIEU_CHITIET_THUOC{namespace}><DSACH_CHI_TIET_THUOC>{rows}</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>"
    )


def _services(episode: str, facility: str, day: str, count: int) -> str:
    rows = "".join(
        f"<CHI_TIET_DVKT><MA_LK>{episode}</MA_LK><STT>{line}</STT><MA_DICH_VU>02.{line:04d}</MA_DICH_VU><MA_NHOM>13"
        f"</MA_NHOM><TEN_DICH_VU>Khám {line}</TEN_DICH_VU><PHAM_VI>1</PHAM_VI><SO_LUONG>1</SO_LUONG>"
        f"<DON_GIA_BV>{SERVICE_PRICE}</DON_GIA_BV><DON_GIA_BH>{SERVICE_PRICE}</DON_GIA_BH><TYLE_TT_DV>100</TYLE_TT_DV>"
        f"<TYLE_TT_BH>100</TYLE_TT_BH><THANH_TIEN_BV>{SERVICE_PRICE}</THANH_TIEN_BV><THANH_TIEN_BH>{SERVICE_PRICE}"
        f"</THANH_TIEN_BH><MUC_HUONG>{PAID_PCT}</MUC_HUONG><T_BHTT>{SERVICE_PRICE * PAID_PCT // 100}</T_BHTT>"
        f"<MA_KHOA>K01</MA_KHOA><MA_BAC_SI>{facility}BS1</MA_BAC_SI><NGUOI_THUC_HIEN>{facility}BS1;{facility}DD2"
        f"</NGUOI_THUC_HIEN><NGAY_YL>{day}0830</NGAY_YL><NGAY_TH_YL>{day}0845</NGAY_TH_YL><NGAY_KQ>{day}0915</NGAY_KQ>"
        f"<MA_PTTT>1</MA_PTTT><MA_MAY>XN.1.{facility}.1</MA_MAY></CHI_TIET_DVKT>"
        for line in range(1, count + 1)
    )
    return f"<CHITIEU_CHITIET_DVKT_VTYT><DSACH_CHI_TIET_DVKT>{rows}</DSACH_CHI_TIET_DVKT></CHITIEU_CHITIET_DVKT_VTYT>"


def _tests(episode: str, facility: str, day: str, count: int) -> str:
    rows = "".join(
        f"<CHI_TIET_CLS><MA_LK>{episode}</MA_LK><STT>{line}</STT><MA_DICH_VU>22.{line:04d}</MA_DICH_VU><MA_CHI_SO>H{line}"
        f"</MA_CHI_SO><GIA_TRI>{line}.5</GIA_TRI><DON_VI_DO>g/L</DON_VI_DO><NGAY_KQ>{day}0915</NGAY_KQ>"
        f"<MA_BS_DOC_KQ>{facility}BS3</MA_BS_DOC_KQ></CHI_TIET_CLS>"
        for line in range(1, count + 1)
    )
    return (
        f"<CHITIEU_CHITIET_DICHVUCANLAMSANG><DSACH_CHI_TIET_CLS>{rows}</DSACH_CHI_TIET_CLS>"
        "</CHITIEU_CHITIET_DICHVUCANLAMSANG>"
    )


def _notes(episode: str, facility: str, day: str, count: int) -> str:
    rows = "".join(
        f"<CHI_TIET_DIEN_BIEN_BENH><MA_LK>{episode}</MA_LK><STT>{line}</STT><DIEN_BIEN_LS>Tỉnh, tiếp xúc tốt."
        f"</DIEN_BIEN_LS><THOI_DIEM_DBLS>{day}{line + 8:02d}00</THOI_DIEM_DBLS><NGUOI_THUC_HIEN>{facility}BS1"
        "</NGUOI_THUC_HIEN></CHI_TIET_DIEN_BIEN_BENH>"
        for line in range(1, count + 1)
    )
    return (
        f"<CHITIEU_CHITIET_DIENBIENLAMSANG><DSACH_CHI_TIET_DIEN_BIEN_BENH>{rows}</DSACH_CHI_TIET_DIEN_BIEN_BENH>"
        "</CHITIEU_CHITIET_DIENBIENLAMSANG>"
    )


def parts(claims: int) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n<GIAMDINHHS><THONGTINDONVI><MACSKCB>01000</MACSKCB></THONGTINDONVI>'
        f"<THONGTINHOSO><NGAYLAP>20250105</NGAYLAP><SOLUONGHOSO>{claims}</SOLUONGHOSO><DANHSACHHOSO>\n"
    )
    for number in range(1, claims + 1):
        yield claim(number)
    yield "</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>\n"


def write(path: Path, claims: int = CLAIMS) -> None:
    with path.open("w", encoding="utf-8", buffering=1 << 20) as file:
        file.writelines(parts(claims))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    arguments = parser.parse_args()
    write(arguments.path, arguments.claims)
