"""How far signs find the same units, on findings written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.studies.overlap import Overlaps, overlaps
from dauhieu.warehouse.records import write_records
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store
from tests.thin import NOW, OCTOBER, SEPTEMBER

A, B, C = "SI-EMP-05-S1", "SI-EMP-06-S1", "HI-FAC-05-S1"


def person_units(count: int, first: int = 0) -> list[str]:
    return [f"P{number}" for number in range(first, first + count)]


def land(
    store: Store,
    folder: Path,
    found: Sequence[tuple[date, str, str, Sequence[str]]],
    scans: Sequence[tuple[date, str, str]] = (),
) -> None:
    """Findings (month, sign, kind, codes), each with the fact E1, and signs scanned (month, sign, state)."""
    parts: dict[str, Path | None] = {}
    for month, sign, kind, codes in found:
        rows = [
            {"as_of": month, "sign_id": sign, "finding_id": f"{sign}{code}", "subject_kind": kind, "subject_code": code}
            | {"facts": '{"employer_code": "E1"}', "state": "new"}
            for code in codes
        ]
        parts[f"{month}_{sign}"] = stored(store, "finding", rows, folder / f"{month}{sign}.parquet")
    kept = {f"{month}{sign}": (month, sign, state) for month, sign, state in scans}
    heads = [{"scan_id": key, "as_of": month, "finished_at": NOW} for key, (month, _, _) in kept.items()]
    signs = [
        {"scan_id": key, "sign_id": sign, "state": state, "findings": 0, "reason": "table x is empty"}
        for key, (_, sign, state) in kept.items()
    ]
    replaced = {"finding": parts}
    if scans:
        replaced["scan"] = {"all": stored(store, "scan", heads, folder / "scan.parquet")}
        replaced["scan_sign"] = {"all": stored(store, "scan_sign", signs, folder / "scan_sign.parquet")}
    write_records(store, NOW, replace=replaced)


def stored(store: Store, table: str, rows: Sequence[dict[str, object]], path: Path) -> Path:
    columns = ", ".join(
        f'CAST("{name}" AS {kind}) AS "{name}"' if name in rows[0] else f'CAST(NULL AS {kind}) AS "{name}"'
        for name, kind in store.columns(table).items()
    )
    with DuckDBEngine(EngineOptions(memory="200MB", threads=1, folders=(path.parent,))) as engine:
        engine.register("rows", pa.Table.from_pylist(list(rows)))
        engine.write_parquet(f"SELECT {columns} FROM rows", path)
    return path


def studied(store: Store, *months: date) -> Overlaps:
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1, folders=(store.path / "tables",))) as engine:
        source = store_source(store, store.version(), law())
        return overlaps(Sight(engine, store.contract, source, months[-1]), store, store.version(), months)


def test_a_share_is_told_from_both_sides_with_its_lift(store: Store, tmp_path: Path) -> None:
    land(store, tmp_path, [(OCTOBER, A, "person", person_units(20)), (OCTOBER, B, "person", person_units(40, 10))])
    found = studied(store, OCTOBER)
    # Both roll up to E1 too, where they share everything.
    assert {pair.kind for pair in found.pairs} == {"person", "employer"}
    by_kind = {(pair.kind, pair.sign): pair for pair in found.pairs}
    assert (by_kind["person", A].shared, by_kind["person", A].share) == (10, 0.5)
    assert (by_kind["person", B].shared, by_kind["person", B].share) == (10, 0.25)
    # 50 units named, P1 and P2 of them active: half of A in B, where chance gives 40 of 50.
    assert found.population["person"] == 50
    assert by_kind["person", A].lift == pytest.approx(0.5 * 50 / 40)


def test_a_person_rolls_up_to_the_employer_another_sign_names(store: Store, tmp_path: Path) -> None:
    land(store, tmp_path, [(OCTOBER, A, "person", ["P1"]), (OCTOBER, B, "employer", ["E1", "E2"])])
    pairs = {(pair.kind, pair.sign, pair.shared, pair.units) for pair in studied(store, OCTOBER).pairs}
    assert pairs == {("employer", A, 1, 1), ("employer", B, 1, 2)}


def test_units_named_in_different_months_are_not_shared(store: Store, tmp_path: Path) -> None:
    land(store, tmp_path, [(SEPTEMBER, A, "employer", ["E1"]), (OCTOBER, B, "employer", ["E1"])])
    found = studied(store, SEPTEMBER, OCTOBER)
    assert found.pairs == ()
    assert [(one.sign, one.alone) for one in found.alone] == [(A, 1), (B, 1)]


@pytest.mark.parametrize(
    ("units", "shared", "proposed"), [(20, 19, True), (20, 18, False), (19, 19, False), (100, 95, True)]
)
def test_a_sign_almost_inside_another_is_told_from_95_percent_of_20_on(
    store: Store, tmp_path: Path, units: int, shared: int, proposed: bool
) -> None:
    found = [
        (OCTOBER, A, "facility", person_units(units)),
        (OCTOBER, B, "facility", person_units(1000, units - shared)),
    ]
    land(store, tmp_path, found)
    inside = [(p.sign, p.other) for p in studied(store, OCTOBER).proposals if p.what == "inside"]
    assert inside == ([(A, B)] if proposed else [])


def test_a_sign_whose_every_unit_others_name_never_fires_alone(store: Store, tmp_path: Path) -> None:
    land(
        store,
        tmp_path,
        [
            (OCTOBER, A, "facility", person_units(20)),
            (OCTOBER, B, "facility", person_units(30, 10)),
            (OCTOBER, C, "facility", person_units(10)),
        ],
    )
    never = [p.sign for p in studied(store, OCTOBER).proposals if p.what == "never_alone"]
    assert never == [A]


def test_signs_without_a_finding_in_three_months_are_told_apart_by_whether_they_ran(
    store: Store, tmp_path: Path
) -> None:
    months = (date(2026, 8, 31), SEPTEMBER, OCTOBER)
    scans = [(month, sign, state) for month in months for sign, state in ((A, "run"), (B, "not_run"))]
    scans.append((OCTOBER, C, "run"))
    land(store, tmp_path, [(OCTOBER, "SI-BEN-09-S1", "person", ["P1"])], scans)
    told = {p.sign: p for p in studied(store, *months).proposals}
    assert {sign: p.what for sign, p in told.items()} == {A: "nothing_found", B: "did_not_run"}
    assert "table x is empty" in told[B].en
