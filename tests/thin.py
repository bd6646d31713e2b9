"""A store of a few rows, loaded through the door: what tests of scans, rankings and commands look at."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.deliveries.load import load
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.law.read import law
from dauhieu.scan import Tell, scan
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.store import Store

NOW = datetime(2026, 11, 5, 8)
# Scans come after every delivery of the tests.
SCANNED = datetime(2026, 11, 20)
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)
SIGN = "SI-EMP-05-S1"
TWO_SIGNS = (SIGN, "SI-BEN-09-S1")

EMPLOYERS = """employer_code,wage_region,tax_code,block_code,payment_cycle,status,admin_code,org_code
E1,I,0101,private,monthly,active,00004,0101
E2,I,0102,state,monthly,dissolved,00008,0101
"""
MONTH_HEAD = "person_code,employer_code,month,scheme,wage_base,si_flag,ui_flag,hi_flag,oad_flag,month_status,is_paid\n"
AREAS = """admin_code,name_vi,level,parent_code,valid_from
01,Tỉnh A,province,,2025-07-01
00004,Xã A,commune,01,2025-07-01
00008,Xã B,commune,01,2025-07-01
"""


def month_line(person: str, employer: str, month: str, wage: int | str) -> str:
    return f"{person},{employer},{month},compulsory,{wage},true,true,true,true,working,true\n"


def deliver(store: Store, folder: Path, now: datetime = NOW, **tables: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(store, [folder], now=now)


def thin_store(folder: Path) -> Store:
    """Two employers; P1 is paid on too little in September and October, P3 in September alone."""
    store = Store.create(folder / "store")
    months = MONTH_HEAD + "".join(
        [
            month_line("P1", "E1", "2026-09-01", 2_000_000),
            month_line("P1", "E1", "2026-10-01", 2_000_000),
            month_line("P2", "E1", "2026-10-01", 9_000_000),
            month_line("P3", "E2", "2026-09-01", 2_400_000),
        ]
    )
    deliver(store, folder / "first", employer=EMPLOYERS, contribution_month=months, admin_unit=AREAS)
    return store


@cache
def catalogue() -> Catalogue:
    return read_catalogue(contract())


def nobody(what: str, done: float) -> None:
    """Nobody is told how far a scan has come."""


def scanned(
    store: Store, as_of: date = OCTOBER, signs: tuple[str, ...] = (SIGN,), tell: Tell = nobody, **more: object
) -> ScanReport:
    request = ScanRequest(as_of, signs, memory="500MB", **more)  # type: ignore[arg-type]
    return scan(store, catalogue(), law(), request, now=lambda: SCANNED, tell=tell)
