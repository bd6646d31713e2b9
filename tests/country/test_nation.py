"""A very small nation: the same by seed, never without a level of care, told in the contract's own words."""

from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dauhieu.country.shape import Shape
from dauhieu.country.world import delivered_columns
from dauhieu.errors import DauhieuError
from dauhieu.warehouse.contract import contract
from tests.country.conftest import Nation, make_nation

# A second act in the first: staff hidden is not registered, an evader keeps what was deducted; money is told once.
NO_OWN_MONEY = {("hidden_staff", "SI-EMP-01"), ("evader", "SI-EMP-08")}
# Tables every nation fills, whatever its scale.
FILLED = (
    "person person_identity household_member kinship employer labour_contract si_declaration_line contribution_month "
    "contribution_due contribution_payment benefit_claim benefit_decision benefit_payment pension_record "
    "sickness_certificate birth_record hi_card facility practitioner hi_claim hi_claim_card hi_claim_drug "
    "hi_claim_service hi_claim_performer collection_receipt ext_tax_income ext_tax_employer_year ext_business "
    "ext_death ext_birth ext_border ext_licence vss_officer record_adjustment authorisation si_book inspection_case "
    "sanction_decision audit_log"
).split()


def digests(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.parquet"))
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def column(nation: Nation, table: str, name: str) -> list[object]:
    return [value for file in nation.files(table) for value in pq.read_table(file, columns=[name])[name].to_pylist()]


def test_the_same_seed_gives_the_same_bytes(nation: Nation, tmp_path: Path) -> None:
    again = make_nation(tmp_path / "again", nation.shape.seed)
    assert digests(again.folder) == digests(nation.folder)


def test_another_seed_gives_another_nation(nation: Nation, tmp_path: Path) -> None:
    other = digests(make_nation(tmp_path / "other", 8).folder)
    assert other["master/person.parquet"] != digests(nation.folder)["master/person.parquet"]


def test_in_a_clean_nation_nobody_does_wrong_and_the_innocent_still_look_alike(tmp_path: Path) -> None:
    clean = make_nation(tmp_path / "clean", 7, planted=False)
    told = pq.read_table(clean.folder / "truth.parquet", columns=["behaviour", "innocent"]).to_pylist()
    assert clean.deeds == 0
    assert {row["innocent"] for row in told} == {True}
    # One of each way to plan: by unit, by case, by visit, among the guilty, and by pension.
    assert {"outbreak", "grave_illness", "dialysis", "young_first_job", "pension_and_disability"} <= {
        row["behaviour"] for row in told
    }


def test_every_file_has_the_columns_and_types_of_the_contract(nation: Nation) -> None:
    arrow = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_()}
    for file in nation.folder.glob("*/*.parquet"):
        schema = pq.read_schema(file)
        columns = delivered_columns(contract().table(file.stem))
        assert schema.names == list(columns), file.stem
        assert all(schema.field(name).type == arrow[kind] for name, kind in columns.items() if kind in arrow), file.stem


def test_columns_which_may_not_be_null_are_filled(nation: Nation) -> None:
    empty = []
    for file in nation.folder.glob("*/*.parquet"):
        table = contract().table(file.stem)
        rows = pq.read_table(file)
        empty += [f"{file.stem}.{c.name}" for c in table.columns if not c.null and rows[c.delivered_as].null_count]
    assert empty == []


def test_closed_sets_hold_only_their_values(nation: Nation) -> None:
    strange = []
    for file in nation.folder.glob("*/*.parquet"):
        for one in contract().table(file.stem).columns:
            if one.values:
                found = set(pq.read_table(file, columns=[one.name])[one.name].to_pylist()) - {None, *one.values}
                strange += [f"{file.stem}.{one.name}: {value}" for value in found]
    assert strange == []


@pytest.mark.parametrize("table", FILLED)
def test_the_tables_signs_read_are_filled(nation: Nation, table: str) -> None:
    assert nation.files(table)


def test_every_province_has_each_level_of_care(nation: Nation) -> None:
    codes = column(nation, "facility", "facility_code")
    levels = column(nation, "facility", "technical_level")
    places = {(str(code)[:2], level) for code, level in zip(codes, levels, strict=True)}
    assert len(places) == 34 * 3


def test_every_province_has_employers(nation: Nation) -> None:
    assert len({str(code)[:2] for code in column(nation, "employer", "employer_code")}) == 34


def test_a_key_stands_once_at_one_moment(nation: Nation) -> None:
    twice = []
    for file in nation.folder.glob("*/*.parquet"):
        table = contract().table(file.stem)
        names = [*(table.column(name).delivered_as for name in table.key), "recorded_at"]
        rows = pq.read_table(file, columns=names)
        if rows.group_by(names).aggregate([]).num_rows != rows.num_rows:
            twice.append(file.stem)
    assert twice == []


def test_the_truth_names_subjects_which_exist(nation: Nation) -> None:
    kinds = {
        "person": [("person", "person_code")],
        "employer": [("employer", "employer_code"), ("ext_tax_employer_year", "tax_code")],
        "facility": [("facility", "facility_code")],
        "practitioner": [("practitioner", "practitioner_code")],
        "officer": [("vss_officer", "officer_code")],
        "agent": [("collection_agent", "agent_code")],
    }
    truth = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    missing = []
    for kind, places in kinds.items():
        known = {code for table, name in places for code in column(nation, table, name)}
        missing += [
            row["behaviour"] for row in truth if row["subject_kind"] == kind and row["subject_code"] not in known
        ]
    assert missing == []


def test_the_truth_holds_deeds_and_look_alikes_within_the_window(nation: Nation) -> None:
    truth = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    assert nation.deeds > 100
    assert nation.look_alikes > 20
    assert all(row["period_from"] <= row["period_to"] for row in truth)
    assert all(1 <= row["strength"] <= 100 for row in truth)


def test_every_deed_names_the_money_at_stake(nation: Nation) -> None:
    truth = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    assert all(row["amount"] is not None and row["amount"] >= 0 for row in truth)
    assert all(row["amount"] == 0 for row in truth if row["innocent"])
    costly = {"unregistered", "hidden_staff", "late_registration", "wage_at_floor", "evader", "holds_money"}
    deeds = [row for row in truth if row["behaviour"] in costly and row["violation_id"] != "SI-EMP-06"]
    assert {row["behaviour"] for row in deeds} == costly
    assert all(row["amount"] > 0 for row in deeds if (row["behaviour"], row["violation_id"]) not in NO_OWN_MONEY)


def test_hidden_wages_are_counted_by_the_rates_in_force(nation: Nation) -> None:
    truth = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    months = 2
    for row in truth:
        if row["behaviour"] == "wage_below_floor":
            # Two months of a third of a wage below six million, at about a third, for at most sixty people.
            assert 0 < row["amount"] < months * 60 * 3_000_000


def test_a_month_of_corrections_has_a_dozen_with_documents_by_several_officers(nation: Nation) -> None:
    rows = [
        row
        for file in nation.files("record_adjustment")
        for row in pq.read_table(file).to_pylist()
        if str(row["made_at"]).startswith("2026-10") and row["document_ref"]
    ]
    assert len(rows) >= 12
    assert len({row["made_by_officer_code"] for row in rows}) > 3


def test_a_scale_which_is_no_part_of_a_nation_is_refused() -> None:
    for scale, months in (("0", 12), ("2", 12), ("0.1", 0)):
        with pytest.raises(DauhieuError):
            Shape(Fraction(scale), months, 7, date(2026, 10, 1))
