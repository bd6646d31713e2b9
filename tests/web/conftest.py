"""A store of three employers in two provinces, scanned for two months, and accounts which look at it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import openpyxl
import psycopg
import pypdfium2
import pytest
from django.test import Client

from dauhieu.warehouse.store import Store
from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import TerritoryKind
from tests.thin import MONTH_HEAD, OCTOBER, SEPTEMBER, deliver, month_line, scanned

NORTH, SOUTH = "HANOI-0001", "SAIGON-0002"
NORTH_OFFICE, SOUTH_OFFICE = "C01001", "C79001"
EMPLOYERS = f"""employer_code,wage_region,tax_code,block_code,payment_cycle,status,admin_code,org_code
{NORTH},I,0101,private,monthly,active,00004,{NORTH_OFFICE}
{SOUTH},I,0102,state,monthly,active,26734,{SOUTH_OFFICE}
GONE-0003,I,0103,state,monthly,dissolved,00004,{NORTH_OFFICE}
"""
NAMES = f"""employer_code,name_vi
{NORTH},Công ty Đường Sắt
{SOUTH},Công ty May Mặc
"""
AREAS = """admin_code,name_vi,level,parent_code,valid_from,valid_to,successor_code
01,Thành phố Hà Nội,province,,2004-01-01,2025-06-30,01
01,Thành phố Hà Nội,province,,2025-07-01,,
79,Thành phố Hồ Chí Minh,province,,2004-01-01,2025-06-30,79
79,Thành phố Hồ Chí Minh,province,,2025-07-01,,
74,Tỉnh Bình Dương,province,,2004-01-01,2025-06-30,79
718,Huyện cũ,district,74,2004-01-01,2025-06-30,
26734,Xã phía Nam,commune,718,2004-01-01,2025-06-30,26734
26734,Xã phía Nam,commune,79,2025-07-01,,
001,Quận cũ,district,01,2004-01-01,2025-06-30,
00004,Phường phía Bắc,commune,001,2004-01-01,2025-06-30,00004
00004,Phường phía Bắc,commune,01,2025-07-01,,
"""
OFFICES = f"""org_code,name_vi,level,parent_org_code,valid_from
{NORTH_OFFICE},BHXH cơ sở Bắc,base,T01,2025-07-01
{SOUTH_OFFICE},BHXH cơ sở Nam,base,T79,2025-07-01
"""
REPRESENTATIVES = f"""employer_code,person_code,from_date
{NORTH},P9,2020-01-01
GONE-0003,P9,2020-01-01
"""
ACCOUNTS = f"""employer_code,bank_code,account_number,valid_from
{NORTH},970436,001,2020-01-01
{SOUTH},970436,001,2020-01-01
"""
DUES = f"""employer_code,month,fund,headcount,wage_fund,amount_due
{NORTH},2026-09-01,retirement,2,4000000,880000
{NORTH},2026-10-01,retirement,3,6000000,1320000
"""
# P1 works in the north and lives there; P3 works in the south and lives in the north.
PERSONS = """person_code,date_of_birth,dob_precision,population_verified,sex,permanent_admin_code,current_admin_code
P1,1985-06-15,day,true,male,00004,00004
P3,1990-02-01,day,true,female,00004,00004
"""
NORTHERNER, SOUTHERNER = "P1", "P3"
NATIONAL_NUMBER = "001085000017"
IDENTITIES = f"""person_code,si_number,national_number,full_name,address
P1,P1,{NATIONAL_NUMBER},Nguyễn Văn An,Số 1 phố Bắc
P3,P3,079190000022,Trần Thị Bình,Số 2 phố Nam
"""
DECISIONS = """decision_code,person_code,benefit_type,from_date,to_date,amount,is_override,decided_at,org_code
QD-1,P1,sickness,2026-09-07,2026-09-09,300000,false,2026-09-20 08:00:00,C01001
QD-2,P1,ui_allowance,2026-01-01,2026-03-31,4000000,false,2025-12-20 08:00:00,C01001
"""
CLAIMS = """facility_code,ma_lk,person_code,care_type,admission_at,discharge_at,total_hi,hi_amount,status
01001,LK-1,P1,01,2026-09-08 08:00:00,2026-09-08 10:00:00,250000,200000,accepted
01001,LK-2,P3,01,2026-09-09 08:00:00,2026-09-09 10:00:00,350000,200000,accepted
01001,LK-3,P3,03,2026-10-01 08:00:00,2026-10-05 10:00:00,900000,700000,accepted
01001,LK-4,P3,01,2026-10-07 08:00:00,2026-10-07 10:00:00,900000,700000,rejected
79001,LK-9,P1,03,2026-09-07 08:00:00,2026-09-12 10:00:00,5000000,4000000,accepted
"""
FACILITIES = """facility_code,name_vi,technical_level,admin_code
01001,Bệnh viện Bắc,basic,00004
79001,Bệnh viện Nam,basic,26734
"""
PRACTITIONERS = """practitioner_code,licence_kind,licence_status
HN-1,doctor,suspended
HN-2,nurse,valid
"""
PRACTITIONER_NAMES = """practitioner_code,full_name
HN-1,Lê Thị Cúc
HN-2,Phạm Văn Dũng
"""
REGISTRATIONS = """practitioner_code,facility_code,department_code,scope,valid_from,valid_to
HN-1,01001,K01,Đa khoa,2020-01-01,
HN-2,01001,K01,Điều dưỡng,2020-01-01,2026-08-31
"""
SERVICES = """facility_code,ma_lk,line_no,service_code,practitioner_code,done_at
01001,LK-1,1,01.0001,HN-1,2026-09-08 09:00:00
79001,LK-9,1,01.0001,HN-1,2026-09-08 11:00:00
01001,LK-2,1,01.0001,HN-1,2026-09-09 09:00:00
"""
PASSWORD = "quá dài để đoán 2026"


@pytest.fixture(scope="session")
def radar_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """In October the northern employer has one worker more on too little than in September."""
    folder = tmp_path_factory.mktemp("radar")
    store = Store.create(folder / "store")
    months = MONTH_HEAD + "".join(
        month_line(person, employer, month, 2_000_000)
        for person, employer, month in (
            ("P1", NORTH, "2026-09-01"),
            ("P1", NORTH, "2026-10-01"),
            ("P2", NORTH, "2026-10-01"),
            ("P3", SOUTH, "2026-09-01"),
            ("P3", SOUTH, "2026-10-01"),
            ("P4", "GONE-0003", "2026-10-01"),
        )
    )
    deliver(
        store,
        folder / "first",
        employer=EMPLOYERS,
        employer_identity=NAMES,
        contribution_month=months,
        contribution_due=DUES,
        employer_representative=REPRESENTATIVES,
        employer_bank_account=ACCOUNTS,
        person=PERSONS,
        person_identity=IDENTITIES,
        facility=FACILITIES,
        benefit_decision=DECISIONS,
        hi_claim=CLAIMS,
        hi_claim_service=SERVICES,
        practitioner=PRACTITIONERS,
        practitioner_identity=PRACTITIONER_NAMES,
        practitioner_registration=REGISTRATIONS,
        admin_unit=AREAS,
        vss_org_unit=OFFICES,
    )
    scanned(store, SEPTEMBER)
    scanned(store, OCTOBER)
    return store


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(content)
    texts = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        texts.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return texts


def in_file(content: bytes) -> bytes:
    """What a reader finds in an answer: a file for Excel or paper is packed, and its words are not in its bytes."""
    if content.startswith(b"%PDF"):
        return " ".join(pdf_pages(content)).encode()
    if content.startswith(b"PK"):
        book = openpyxl.load_workbook(BytesIO(content))
        return str([row for page in book for row in page.iter_rows(values_only=True)]).encode()
    return content


@pytest.fixture
def site(settings: Any, radar_store: Store, tmp_path: Path, db: None) -> Any:
    """The settings of a site which shows that store."""
    settings.STORE_FOLDER = radar_store.path
    settings.DATA_FOLDER = tmp_path
    settings.ALLOWED_HOSTS = ["testserver"]
    return settings


Account = Callable[..., User]


@pytest.fixture
def account(db: None) -> Account:
    """Makes accounts: a role, where, and perhaps for one branch."""

    def make(
        role: str | None = "inspector",
        kind: str = TerritoryKind.NATION,
        code: str = "",
        branch: str = "",
        name: str = "",
    ) -> User:
        user = User.objects.create_user(username=name or f"user{User.objects.count()}", password=None)
        if role:
            give_role(
                user=user,
                role=role,
                territory_kind=kind,
                territory_code=code,
                branch=branch,
                valid_from=date(2025, 7, 1),
                by="test",
            )
        return user

    return make


@pytest.fixture
def signed_in(site: Any, account: Account) -> Callable[..., Client]:
    """A browser of an account with such a role."""

    def browser(*args: str, **kwargs: str) -> Client:
        client = Client()
        client.force_login(account(*args, **kwargs))
        return client

    return browser


ROOT = Path(__file__).parent.parent.parent
WORK = "call_command('work', lease=2, until_empty=True)"


def ended(process: subprocess.Popen[str]) -> str:
    """What a process said which ended well."""
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return told


def wait_for(folder: Path, name: str) -> None:
    """Until a file of such a name is there."""
    until = time.monotonic() + 60
    while not list(folder.glob(name)) and time.monotonic() < until:
        time.sleep(0.01)
    assert list(folder.glob(name))


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Runs Python beside the tests, over a database of its own: a file, or in PostgreSQL where the tests run there."""
    environment = {name: value for name, value in os.environ.items() if name != "DAUHIEU_DATABASE"}
    environment |= {
        "DAUHIEU_DATA": str(tmp_path),
        "DAUHIEU_STORE": str(tmp_path / "store"),
        "DJANGO_SETTINGS_MODULE": "dauhieu.web.settings",
    }

    def run(text: str) -> subprocess.Popen[str]:
        opening = "import django; django.setup()\nfrom django.core.management import call_command\n"
        return subprocess.Popen(
            [sys.executable, "-c", opening + text], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    with database_apart() as url:
        environment["DAUHIEU_DATABASE"] = url
        ended(run("call_command('migrate', verbosity=0)"))
        yield run


@contextmanager
def database_apart() -> Iterator[str]:
    """The address of a database which is gone afterwards; none for SQLite, whose file lies in the data folder."""
    url = os.environ.get("DAUHIEU_DATABASE", "")
    if not url:
        yield ""
        return
    name = f"apart_{uuid.uuid4().hex}"
    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True, slots=True)
class Served:
    """A site which runs by itself: its address, the password of the demo's accounts, its store and its database."""

    base: str
    password: str
    store: Path
    database: str

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database of the site holds."""
        if "://" in self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(sql).fetchall()
        with closing(sqlite3.connect(self.database)) as file:
            return file.execute(sql).fetchall()


# No scan follows a delivery: it would still run when a test ends its site.
SET_UP = "; ".join(
    (
        "import django",
        "django.setup()",
        "from django.core.management import call_command",
        "call_command('migrate', verbosity=0)",
        "call_command('createcachetable')",
        "call_command('demo_accounts')",
        "from dauhieu.web.scans.models import Plan",
        "Plan.objects.create(pk=1, on_delivery=False, seen_version=0)",
    )
)
PATIENCE = 120


@contextmanager
def serving(store: Store, folder: Path) -> Iterator[Served]:
    """A site with the accounts of the demo and a worker, over a copy of a store, so that it may be written to."""
    shutil.copytree(store.path, folder / "store")
    data = folder / "data"
    data.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DAUHIEU_DATABASE"}
    environment |= {
        "DAUHIEU_STORE": str(folder / "store"),
        "DAUHIEU_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "dauhieu.web.settings",
    }
    with database_apart() as url:
        if url:
            environment["DAUHIEU_DATABASE"] = url
        subprocess.run([sys.executable, "-c", SET_UP], env=environment, cwd=ROOT, check=True, capture_output=True)
        port = _free_port()
        command = [sys.executable, "-m", "dauhieu.web", "serve", "--port", str(port), "--with-jobs"]
        server = subprocess.Popen(command, env=environment, cwd=ROOT)
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_until_up(base)
            password = (data / "demo-password").read_text(encoding="utf-8")
            yield Served(base, password, folder / "store", url or str(data / "site.sqlite3"))
        finally:
            server.terminate()
            server.wait(30)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_up(base: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{base}/account/login/").close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the site did not come up")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def screens() -> ModuleType:
    """The script which walks the screens, where there is a browser for it."""
    found = script("screens")
    if not Path(found.CHROMIUM).exists() and os.environ.get("ALLOW_NO_BROWSER") == "1":
        pytest.skip("no browser, and ALLOW_NO_BROWSER is 1")
    return found
