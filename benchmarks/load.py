"""How fast deliveries come in: 10 million contributions from Parquet and 100,000 claims from XML.

`python benchmarks/load.py [--rows N,N] [--claims N] [--out FILE]` loads each into a new store in a process of its own
and prints rows a second, the greatest memory, and in the same run the bare reading: pyarrow over the same columns,
lxml over the same elements, nothing checked and nothing kept. `--out` writes it as JSON, with machine and versions.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq
from claims_file import write
from lxml import etree

from dauhieu.deliveries.load import load
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORKERS_OF_EMPLOYER = 25


def contributions(path: Path, rows: int, months: int = 10) -> None:
    """Rows of persons over months, typed as the contract says."""
    with DuckDBEngine(EngineOptions(folders=(path.parent,))) as engine:
        engine.write_parquet(
            f"""SELECT '01' || lpad((n // {months})::VARCHAR, 8, '0') AS person_code,
                'TA' || lpad((n // {months * WORKERS_OF_EMPLOYER})::VARCHAR, 6, '0') AS employer_code,
                (DATE '2025-01-01' + to_months((n % {months})::INTEGER))::DATE AS month, 'compulsory' AS scheme,
                true AS si_flag, true AS ui_flag, true AS hi_flag, true AS oad_flag,
                5000000 + (n * 7919 % 1000) * 10000 AS wage_base, 5000000 + (n * 7919 % 1000) * 10000 AS ui_wage_base,
                'working' AS month_status, true AS is_paid FROM range({rows}) AS r(n)""",
            path,
        )


def bare_parquet(path: Path) -> int:
    return sum(batch.num_rows for batch in pq.ParquetFile(path).iter_batches(batch_size=131_072))


def bare_xml(path: Path) -> int:
    """Every record decoded and parsed, every element touched; the badly declared namespace is mended first."""
    count = 0
    for _, element in etree.iterparse(path, tag="NOIDUNGFILE", huge_tree=True):
        record = base64.b64decode(element.text or "").replace(b"XMLSchema instance", b"XMLSchema-instance")
        count += sum(1 for _ in etree.fromstring(record).iter())
        element.clear()
        while element.getparent() is not None and element.getprevious() is not None:
            del element.getparent()[0]
    return count


def measured(what: str, path: Path, store: Path) -> None:
    """One measurement, in a process of its own; prints JSON."""
    start, used = time.perf_counter(), time.process_time()
    if what == "load":
        rows = load(Store.create(store), [path], now=NOW).rows.accepted
    else:
        rows = bare_parquet(path) if path.suffix == ".parquet" else bare_xml(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps([rows, time.perf_counter() - start, time.process_time() - used, peak]))


def compare(path: Path, folder: Path) -> dict[str, object]:
    size = path.stat().st_size / 1e6
    print(f"{path.name}: {size:,.0f} MB")
    walls = []
    found: dict[str, object] = {"file": path.name, "megabytes": round(size)}
    for what in ("bare", "load"):
        command = [sys.executable, __file__, "--measure", what, str(path), str(folder / f"store-{path.stem}")]
        rows, wall, cpu, peak = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        walls.append(wall)
        found[what] = {"rows": rows, "wall_s": round(wall, 1), "cpu_s": round(cpu, 1), "peak_mb": peak}
        name = "rows" if what == "load" or path.suffix == ".parquet" else "elements"
        print(f"  {what}: {rows:,} {name} in {wall:.1f} s ({rows / wall:,.0f} a second), {cpu:.1f} s CPU, {peak:,} MB")
    print(f"  loading takes {walls[1] / walls[0]:.1f} times the bare reading", flush=True)
    return found


def machine() -> dict[str, object]:
    """What a figure depends on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    packages = ("duckdb", "pyarrow", "deltalake", "lxml")
    return {
        "commit": git.stdout.strip(),
        "moment": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": cpu,
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "load_average": round(os.getloadavg()[1], 1),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="10000000", help="sizes with commas between; 0 for none")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", nargs=3)
    given = parser.parse_args()
    if given.measure:
        what, path, store = given.measure
        measured(what, Path(path), Path(store))
        return
    results = []
    for rows in (int(part) for part in given.rows.split(",")):
        if rows:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "contribution_month.parquet"
                contributions(path, rows)
                results.append(compare(path, Path(folder)))
    if given.claims:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "claims.xml"
            write(path, given.claims)
            results.append(compare(path, Path(folder)) | {"claims": given.claims})
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
