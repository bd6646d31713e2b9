"""How long people wait for pages: sixteen at once over a store of a whole country's units.

`python benchmarks/site.py STORE [--units N] [--out FILE]` serves a copy of the store as production does, on loopback,
and walks the screens: one person alone, first looks and second ones with the CPU each took, then all at once. With
`--units` the copy is given employers by an ordinary delivery until it has so many. `scripts/with_postgres python
benchmarks/site.py ...` measures with PostgreSQL for the site's own rows.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import psycopg
from load import machine

from dauhieu.deliveries.load import load
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.store import Store

PASSWORD = "một lần đo dài 2026"
TICK = os.sysconf("SC_CLK_TCK")
OPENING = 180
# Role, kind of territory, its code, branch: who looks at the same time.
USERS = (
    ("inspector", "nation", "", ""),
    ("leader", "nation", "", ""),
    ("analyst", "nation", "", ""),
    ("auditor", "nation", "", ""),
    ("inspector", "province", "01", ""),
    ("inspector", "province", "79", ""),
    ("inspector", "province", "31", ""),
    ("leader", "province", "01", ""),
    ("leader", "province", "79", ""),
    ("collection", "nation", "", "social"),
    ("collection", "province", "79", "social"),
    ("claims_review", "nation", "", "health"),
    ("claims_review", "province", "79", "health"),
    ("benefits", "nation", "", ""),
    ("team_leader", "province", "01", ""),
    ("officer", "province", "01", ""),
)
# What is asked of the site, its address, and how long it may take (p95 in milliseconds).
SCREENS = {
    "home": ("/", 1000),
    "map": ("/map", 1000),
    "map of 63": ("/map?provinces=63", 1000),
    "province": ("/map/34/{province}", 300),
    "units": ("/units", 300),
    "units, page": ("/units?page=3", 300),
    "units, branch and order": ("/units?branch=social&order=recoverable", 300),
    "units, searched by name": ("/units?q=co+phan+{round}", 300),
    "catalogue": ("/signs", 300),
    "sign": ("/signs/SI-EMP-05-S1", 300),
    "findings of a sign": ("/signs/SI-EMP-05-S1/findings", 300),
    "warnings": ("/warnings", 300),
    "work": ("/work", 300),
    "scans": ("/scans", 300),
    "sources": ("/sources", 300),
    "loads": ("/sources/loads", 300),
    "trail": ("/trail", 300),
}
DOSSIERS = {"employer": 300, "facility": 300, "workers": 300, "person": 300}
AGAIN = ", again"
# Seconds of each look, by screen.
Times = dict[str, list[float]]


def padded(path: Path, units: int, folder: Path) -> None:
    """Deliver employers like those there are, by the ordinary door, until the store has so many units."""
    store = Store.open(path)
    version = store.version(store.numbers()[-1])
    with DuckDBEngine(EngineOptions(folders=(path, folder))) as engine:
        for name in ("employer", "employer_identity", "key_employer", "facility"):
            engine.register(name, store.input(version, name))
        alive = "superseded_at IS NULL"
        there = engine.rows(
            f"SELECT (SELECT count(*) FROM employer WHERE {alive}) + (SELECT count(*) FROM facility WHERE {alive})"
        )[0][0]
        more = units - int(str(there))
        if more <= 0:
            return
        engine.materialise(
            "model",
            f"""SELECT row_number() OVER (ORDER BY e.employer_id) - 1 AS n, left(k.code, 2) AS province, e.*, i.name_vi
                FROM employer AS e JOIN key_employer AS k ON k.id = e.employer_id
                LEFT JOIN employer_identity AS i ON i.employer_id = e.employer_id AND i.{alive} WHERE e.{alive}""",
        )
        made = f"""SELECT m.*, m.province || 'Z' || lpad(r.n::VARCHAR, 7, '0') AS employer_code, r.n AS number
            FROM range({more}) AS r(n) JOIN model AS m ON m.n = r.n % (SELECT count(*) FROM model)"""
        files = (folder / "employer.parquet", folder / "employer_identity.parquet")
        engine.write_parquet(
            f"""SELECT employer_code, block_code, sector_code, admin_code, wage_region, org_code, established_date,
                si_registered_at, payment_cycle, status, status_date FROM ({made})""",
            files[0],
        )
        engine.write_parquet(
            f"SELECT employer_code, coalesce(name_vi, '') || ' ' || number AS name_vi FROM ({made})", files[1]
        )
    report = load(store, files, now=datetime.now(UTC))
    print(f"{report.rows.accepted:,} rows of {more:,} more employers landed", flush=True)


def database_of_its_own(url: str, name: str) -> str:
    """An empty database beside the one which is named; a site asks by the name whether it is for practice."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE measured_{name}".encode())
    return urlunsplit(urlsplit(url)._replace(path=f"/measured_{name}"))


def prepared() -> None:
    """An empty database with the accounts of `USERS`."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from dauhieu.web.accounts.actions import give_role
    from dauhieu.web.accounts.models import User

    for number, (role, kind, code, branch) in enumerate(USERS):
        user = User.objects.create_user(username=f"u{number}", password=PASSWORD, full_name=f"{role} {code}")
        give_role(
            user=user,
            role=role,
            territory_kind=kind,
            territory_code=code,
            branch=branch,
            valid_from=date(2025, 7, 1),
            by="benchmark",
        )


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def _tree(self) -> list[int]:
        found, newest = [self.process.pid], [self.process.pid]
        while newest:
            newest = [
                int(child)
                for pid in newest
                for task in Path(f"/proc/{pid}/task").glob("*/children")
                for child in task.read_text().split()
            ]
            found += newest
        return found

    def cpu(self) -> float:
        """Seconds of the processor which the server has taken."""
        total = 0
        for pid in self._tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory(self) -> int:
        """The most memory of its processes together, in MB."""
        lines = [line for pid in self._tree() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


@contextmanager
def served(workers: int, threads: int) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["serve", "--with-jobs", "--port", str(port), "--workers", str(workers), "--threads", str(threads)]
    process = subprocess.Popen([sys.executable, "-m", "dauhieu.web", *command])
    try:
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Person:
    """Somebody with a browser: keeps cookies, follows redirects, notes how long each screen took."""

    port: int
    number: int
    cookies: dict[str, str] = field(default_factory=dict)
    taken: Times = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def send(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where one is led, and the page."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"http://127.0.0.1:{self.port}/",
        }
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request("POST" if body is not None else "GET", address, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.getheader("Location") or "", page

    def look(self, screen: str, address: str) -> str:
        """The page, its time noted; one which is not given is a fault, where the role should see it."""
        start = time.perf_counter()
        status, _led, page = self.send(address)
        if status != 200:
            self.faults.append(f"{screen}: {status} for {USERS[self.number][0]}")
            return ""
        self.taken.setdefault(screen, []).append(time.perf_counter() - start)
        return page

    def fill(self, address: str, **form: str) -> None:
        """Send the form of a page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.send(address)[2])
        status, _led, _page = self.send(address, {**form, "csrfmiddlewaretoken": token[1] if token else ""})
        if status != 302:
            self.faults.append(f"form at {address.split('/')[1]}: {status}")

    def sign_in(self) -> None:
        self.fill("/account/login/", login=f"u{self.number}", password=PASSWORD)


def may_see() -> dict[str, frozenset[str]]:
    """The screens of each role: by the permission with which the view of an address is marked."""
    from django.urls import resolve

    from dauhieu.web.accounts.permissions import Permission
    from dauhieu.web.accounts.roles import ROLES

    needed = {
        name: getattr(resolve(urlsplit(address)[2]).func, "access", None) for name, (address, _) in SCREENS.items()
    }
    needed |= {"employer": Permission.SEE_UNITS, "facility": Permission.SEE_UNITS}
    needed |= {"workers": Permission.SEE_PERSONS, "person": Permission.SEE_PERSONS}
    return {
        role.name: frozenset(name for name, permission in needed.items() if permission in role.permissions)
        for role in ROLES.values()
    }


def walk(person: Person, seen: frozenset[str], turn: int, pause: float) -> None:
    """Every screen this role has, then one dossier of each kind which it has not looked at, twice."""
    _role, kind, code, _branch = USERS[person.number]
    province = code if kind == "province" else ("01", "79", "31", "48")[turn % 4]
    chance = random.Random(person.number * 1000 + turn)

    def look(screen: str, address: str) -> str:
        if screen.removesuffix(AGAIN) not in seen:
            return ""
        time.sleep(chance.uniform(0, 2 * pause))
        return person.look(screen, address)

    for screen, (address, _limit) in SCREENS.items():
        look(screen, address.format(province=province, round=person.number + 16 * turn))
    for unit_kind in ("employer", "facility"):
        listing = person.send(f"/units?kind={unit_kind}&page={1 + turn % 3}")[2] if unit_kind in seen else ""
        units = list(dict.fromkeys(re.findall(rf'href="(/units/{unit_kind}/[^"?/]+)[?"]', listing)))
        if not units:
            continue
        unit = units[(person.number * 3 + turn) % len(units)]
        look(unit_kind, unit)
        look(unit_kind + AGAIN, unit)
        if unit_kind == "employer":
            page = look("workers", f"{unit}/workers")
            look("workers" + AGAIN, f"{unit}/workers")
            people = list(dict.fromkeys(re.findall(r'href="(/persons/[^"?/]+)[?"]', page)))
            if people:
                someone = people[(person.number + turn) % len(people)]
                person.fill(someone, case="", reason="đo thời gian của trang")
                look("person", someone)
                look("person" + AGAIN, someone)


def five_clicks(person: Person) -> list[str]:
    """From the nation to a person by what each page links to; each step is a click, the purpose the last one."""
    page, steps = person.send("/map")[2], ["/map"]
    for link in (
        r"/map/34/\w+",
        r"/units/employer/[^\"?/]+",
        r"/units/employer/[^\"?/]+/workers",
        r"/persons/[^\"?/]+",
    ):
        found = re.search(rf'href="({link})[?"]', page)
        if not found:
            person.faults.append(f"no link {link} after {len(steps)} pages")
            return steps
        steps.append(link.split("/")[1] if "persons" in link else found[1].split("/")[1])
        page = person.send(found[1])[2]
    return [*steps, "purpose"]


def alone(
    server: Server, seen: frozenset[str], turns: int
) -> tuple[dict[str, list[float]], dict[str, list[float]], Person]:
    """One inspector of the nation, nobody else: seconds and CPU seconds of each look."""
    person = Person(server.port, 0)
    person.sign_in()
    used: Times = {}
    plain = person.look

    def look(screen: str, address: str) -> str:
        before = server.cpu()
        page = plain(screen, address)
        used.setdefault(screen, []).append(server.cpu() - before)
        return page

    person.look = look  # type: ignore[method-assign]
    for turn in range(turns):
        walk(person, seen, 100 + turn, 0)
    return person.taken, used, person


def together(server: Server, seen: dict[str, frozenset[str]], turns: int, pause: float) -> tuple[list[Person], float]:
    people = [Person(server.port, number) for number in range(len(USERS))]
    for person in people:
        person.sign_in()
    ready = Barrier(len(people) + 1)

    def run(person: Person) -> None:
        ready.wait()
        try:
            for turn in range(turns):
                walk(person, seen[USERS[person.number][0]], turn, pause)
        except (OSError, http.client.HTTPException) as error:
            person.faults.append(f"{type(error).__name__}: {error}")

    threads = [Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return people, time.perf_counter() - start


def share(values: list[float], part: float) -> float:
    """In milliseconds: the value below which this part of them lies."""
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1)


def table(found: dict[str, object]) -> str:
    lines = [
        "| screen | alone: first, then ms | CPU first, then ms | all: p50 ms | p95 ms | limit | looks |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in found["screens"].items():  # type: ignore[attr-defined]
        told = "" if row["p95_ms"] is None or row["p95_ms"] <= row["limit_ms"] else " **over**"
        lines.append(
            f"| {name} | {row['first_ms']}, {row['later_ms']} | {row['first_cpu_ms']}, {row['later_cpu_ms']} "
            f"| {row['p50_ms']} | {row['p95_ms']}{told} | {row['limit_ms']} | {row['looks']} |"
        )
    return "\n".join(lines)


def rows_of(
    one: dict[str, list[float]], used: dict[str, list[float]], people: list[Person]
) -> dict[str, dict[str, object]]:
    limits = {name: limit for name, (_, limit) in SCREENS.items()} | DOSSIERS
    rows: dict[str, dict[str, object]] = {}
    for name in (*SCREENS, *(both for kind in DOSSIERS for both in (kind, kind + AGAIN))):
        all_taken = [value for person in people for value in person.taken.get(name, [])]
        # A dossier is another one each time, so that all looks but the seconds are first ones.
        mine, cpu = one.get(name, []), used.get(name, [])
        is_dossier = name.removesuffix(AGAIN) in DOSSIERS
        later = [] if is_dossier else mine[1:]
        rows[name] = {
            "first_ms": round(1000 * statistics.median(mine if is_dossier else mine[:1])) if mine else None,
            "later_ms": round(1000 * statistics.median(later)) if later else "",
            "first_cpu_ms": round(1000 * statistics.median(cpu if is_dossier else cpu[:1])) if cpu else None,
            "later_cpu_ms": round(1000 * statistics.median(cpu[1:])) if later else "",
            "p50_ms": share(all_taken, 0.5) if all_taken else None,
            "p95_ms": share(all_taken, 0.95) if all_taken else None,
            "limit_ms": limits[name.removesuffix(AGAIN)],
            "looks": len(all_taken),
        }
    return rows


def sizes(path: Path) -> dict[str, object]:
    store = Store.open(path)
    version = store.version(store.numbers()[-1])
    with DuckDBEngine(EngineOptions(folders=(path,))) as engine:
        counts = {}
        for name in ("employer", "facility", "person", "contribution_month", "hi_claim", "warning", "finding"):
            engine.register(name, store.input(version, name))
            where = "WHERE superseded_at IS NULL" if name in ("employer", "facility") else ""
            counts[name] = engine.rows(f"SELECT count(*) FROM {name} {where}")[0][0]
    megabytes = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) // 1_000_000
    return {"megabytes": megabytes, **counts}


def _wait_for_copies(path: Path) -> int:
    """The worker brings tables into the order of persons; how many it has, after a while."""
    from dauhieu.web.radar.by_person import TABLES, copied

    store = Store.open(path)
    version = store.version(store.numbers()[-1])
    until = time.perf_counter() + OPENING
    while len(found := copied(store, version)) < len(TABLES) and time.perf_counter() < until:
        time.sleep(1)
    return len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--units", type=int, default=0)
    parser.add_argument("--turns", type=int, default=3, help="walks of each person")
    parser.add_argument("--alone", type=int, default=6, help="walks of one person alone")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two pages of a person, on average")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--in-place", action="store_true", help="the store is a copy already: pad and serve it itself")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = given.store
        if not given.in_place:
            path = folder / "store"
            shutil.copytree(given.store, path)
        if given.units:
            padded(path, given.units, folder)
        invented = Store.open(path).invented
        os.environ |= {
            "DAUHIEU_STORE": str(path),
            "DAUHIEU_DATA": str(folder / "site"),
            "DAUHIEU_PRACTICE": "1" if invented else "0",
            "DJANGO_SETTINGS_MODULE": "dauhieu.web.settings",
        }
        if url := os.environ.get("DAUHIEU_DATABASE"):
            os.environ["DAUHIEU_DATABASE"] = database_of_its_own(url, "practice" if invented else "site")
        (folder / "site").mkdir()
        prepared()
        from django.db import connection

        database = connection.vendor
        connection.close()
        seen = may_see()
        start, load_before = time.perf_counter(), os.getloadavg()[0]
        with served(given.workers, given.threads) as server:
            while True:
                try:
                    Person(server.port, 0).send("/account/login/")
                    break
                except OSError:
                    if time.perf_counter() - start > OPENING:
                        raise
                    time.sleep(0.1)
            up = time.perf_counter() - start
            opener = Person(server.port, 0)
            opener.sign_in()
            # The page waits until the store is open; its answer would otherwise count as somebody's first look.
            opener.send("/units?q=" + quote("không có"))
            copies = _wait_for_copies(path)
            opened, cpu_open = time.perf_counter() - start, server.cpu()
            print(f"open and in order after {opened:.0f} s", flush=True)
            one, used, person = alone(server, seen["inspector"], given.alone)
            cpu = server.cpu()
            people, wall = together(server, seen, given.turns, given.pause)
            cpu = server.cpu() - cpu
            clicks = five_clicks(person)
            memory = server.memory()
        looks = sum(len(times) for each in people for times in each.taken.values())
        found = {
            "machine": machine() | {"load_average_before": round(load_before, 1)},
            "store": sizes(path),
            "database": database,
            "server": {"workers": given.workers, "threads": given.threads, "peak_mb": memory},
            "opening": {
                "copies": copies,
                "first_answer_s": round(up, 1),
                "store_open_s": round(opened, 1),
                "cpu_s": round(cpu_open, 1),
            },
            "together": {
                "people": len(USERS),
                "pause_s": given.pause,
                "wall_s": round(wall, 1),
                "looks": looks,
                "cpu_ms_a_look": round(1000 * cpu / looks),
            },
            "nation_to_person": clicks,
            "faults": sorted({fault for each in (person, *people) for fault in each.faults}),
            "screens": rows_of(one, used, people),
        }
        print(json.dumps({key: value for key, value in found.items() if key != "screens"}, indent=1))
        print(table(found), flush=True)
        if given.out:
            given.out.parent.mkdir(parents=True, exist_ok=True)
            given.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
