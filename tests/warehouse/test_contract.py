"""The data contract: what must be true of all tables, and how faults of its files are told."""

from pathlib import Path

import pytest

from dauhieu.engines.base import EngineOptions, Input
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import ContractError
from dauhieu.law.calendar import CALENDAR_SCHEMA
from dauhieu.law.table import STATUTORY_SCHEMA
from dauhieu.warehouse.contract import Column, Table, contract, read_contract

TABLES = """
    admin_unit agent_commission agent_staff audit_log authorisation benefit_claim benefit_decision
    benefit_payment benefit_recovery birth_record calendar_day collection_agent collection_receipt complaint
    contribution_due contribution_month contribution_payment contribution_suspension data_access_log
    demand_notice drug_award drug_catalogue employer employer_arrears employer_bank_account
    employer_training_grant ext_bank_holder ext_birth ext_border ext_business ext_custody ext_death
    ext_einvoice ext_licence ext_marriage ext_military_study ext_payroll_transfer ext_population
    ext_poverty_list ext_tax_employer_year ext_tax_income ext_work_permit facility facility_department
    facility_equipment facility_service_approval hazard_job hi_card hi_checkin hi_claim hi_claim_drug
    hi_claim_lab hi_claim_note hi_claim_review hi_claim_service hi_enrolment hi_referral hi_settlement
    household household_member icd10 inspection_case kinship labour_contract medical_assessment monthly_notice
    pension_record person person_bank_account practitioner practitioner_registration record_adjustment
    sanction_decision service_catalogue service_exclusion si_book si_declaration si_declaration_line
    sickness_certificate statutory_parameter supply_catalogue survivor_dependant target_plan training_provider
    ui_notice ui_training user_role_grant voluntary_contribution vss_officer vss_org_unit work_accident
""".split()

KINDS = """\
person: {vi: người, en: person, personal: true, table: person}
"""
GOOD = """\
person:
  vi: cá nhân
  en: persons
  key: [person_id]
  columns:
    person_id: {id: person, vi: mã, en: id}
    sex: {type: text, values: [male, female], optional: true, vi: giới tính, en: sex}
"""


def columns() -> list[tuple[Table, Column]]:
    return [(table, column) for table in contract().tables.values() for column in table.columns]


def test_the_dictionary_names_91_tables() -> None:
    assert len(set(TABLES)) == 91


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_dictionary_exists(name: str) -> None:
    assert contract().table(name).columns


def test_every_id_of_a_delivered_table_has_a_kind() -> None:
    assert [f"{t.name}.{c.name}" for t, c in columns() if c.name.endswith("_id") and t.clocked and not c.kind] == []


def test_identity_lives_in_identity_tables_alone() -> None:
    holders = {table.name for table, column in columns() if column.personal == "identity"}
    assert holders == contract().identity_tables


def test_every_kind_is_used_or_is_a_subject_without_table() -> None:
    used = {column.kind for _, column in columns() if column.kind}
    assert contract().kinds.keys() - used == {"board", "document", "office"}


def test_the_table_of_a_kind_has_that_kind_first_in_its_key() -> None:
    for kind in contract().kinds.values():
        if kind.table:
            table = contract().table(kind.table)
            assert table.column(table.key[0]).kind == kind.name


def test_lines_of_a_claim_fall_into_the_month_of_its_head() -> None:
    lines = [table for table in contract().tables.values() if table.head == "hi_claim"]
    assert {table.name for table in lines} >= {"hi_claim_drug", "hi_claim_service", "hi_claim_performer"}
    for table in lines:
        assert table.partition == "admitted_on"
        assert table.column("admitted_on").taken_from == "admission_at"
        assert table.column("version_no").taken_from == "version_no"
        assert table.document == contract().table("hi_claim").document


def test_what_dates_or_parts_rows_is_a_date() -> None:
    for table in contract().tables.values():
        for name in filter(None, (table.happens, table.partition)):
            assert table.column(name).type in {"date", "month", "timestamp"}


def test_codes_of_one_kind_are_made_of_the_same_parts() -> None:
    for kind in contract().kinds:
        parts = {column.code_from for _, column in columns() if column.kind == kind and column.code_from}
        assert len(parts) <= 1, kind


def test_a_contribution_month_is_one_person_employer_month_and_scheme() -> None:
    assert contract().table("contribution_month").key == ("person_id", "employer_id", "month", "scheme")


def test_an_unknown_table_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ContractError, match="Did you mean 'hi_claim_drug'"):
        contract().table("hi_claim_drugs")


def test_an_unknown_column_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ContractError, match="Did you mean 'wage_base'"):
        contract().table("contribution_month").column("wage_bas")


def faults_of(folder: Path, text: str, kinds: str = KINDS) -> list[tuple[str, int, str]]:
    (folder / "kinds.yaml").write_text(kinds, encoding="utf-8")
    (folder / "tables").mkdir()
    (folder / "tables" / "some.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        read_contract(folder / "tables", folder / "kinds.yaml")
    return [(fault.path.name if fault.path else "", fault.line, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("  en: persons", "  em: persons", 3, "Unknown word 'em' in a table"),
        ("  vi: cá nhân", "  vi:", 1, "'person' has no text in 'vi'"),
        ("  key: [person_id]", "  key: [persn_id]", 4, "'key' names 'persn_id'"),
        ("  key: [person_id]", "  key: [person_id]\n  happens: born", 5, "'happens' names 'born'"),
        ("  key: [person_id]", "  key: [person_id]\n  written_by: hand", 5, "Unknown writer 'hand'"),
        ("  key: [person_id]", "  key: [person_id]\n  head: people", 5, "names the head 'people'"),
        ("  key: [person_id]", "  key: [person_id]\n  left_out: {sex: [other]}", 5, "'left_out' names 'other'"),
        ("  key: [person_id]", "  key: person_id", 1, "needs a list 'key'"),
        ("{id: person, vi", "{id: persn, vi", 6, "Unknown kind 'persn'. Did you mean 'person'?"),
        ("{id: person, vi", "{type: bigint, vi", 6, "'person_id' has no kind"),
        ("sex: {type: text", "sex: {type: txt", 7, "Unknown type 'txt'. Did you mean 'text'?"),
        ("sex: {type: text", "sex: {id: person", 7, "must end in '_id'"),
        ("sex: {type: text", "sex: {kind: text, type: text", 7, "Unknown word 'kind' in a column"),
        ("sex: {type: text", "sex: {personal: secret, type: text", 7, "Unknown class of personal data 'secret'"),
        ("sex: {type: text", "sex: {personal: identity, type: text", 7, "must stand in a table named '…_identity'"),
        ("sex: {type: text", "sex: {ordinary: none, type: text", 7, "ordinary value 'none' is not among"),
        ("sex: {type: text", "sex: {taken_from: x, type: text", 7, "taken from 'x'"),
        (", en: sex}", "}", 7, "'person.columns.sex' has no text in 'en'"),
        ("sex: {type: text", "sex: text #", 7, "Column 'sex' needs a mapping"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    found = faults_of(tmp_path, GOOD.replace(old, new))
    assert any(name == "some.yaml" and place == line and message in said for name, place, said in found), found


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ("{table: kid, place: place, columns: {kids: person_code}}", "splits into 'kid', which does not exist"),
        ("{table: person, place: sex, columns: {kids: persons_code}}", "splits into 'person.persons_code'"),
    ],
)
def test_a_split_without_target_is_told_with_file_and_line(tmp_path: Path, split: str, message: str) -> None:
    text = GOOD.replace("  key: [person_id]", f"  key: [person_id]\n  split:\n    - {split}")
    [(name, line, said)] = faults_of(tmp_path, text)
    assert (name, line) == ("some.yaml", 5)
    assert message in said


def test_a_kind_with_a_missing_table_is_told_with_file_and_line(tmp_path: Path) -> None:
    [found] = faults_of(tmp_path, GOOD, KINDS.replace("table: person}", "table: people}"))
    assert found == ("kinds.yaml", 1, "Kind 'person' names table 'people', which does not exist.")


def test_a_table_in_two_files_is_told_with_the_second_file(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "kinds.yaml").write_text(KINDS, encoding="utf-8")
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(ContractError, match="Table 'person' stands in two files") as caught:
        read_contract(tmp_path, tmp_path / "kinds" / "kinds.yaml")
    assert [(fault.path, fault.line) for fault in caught.value.faults] == [(tmp_path / "two.yaml", 1)]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("  vi: cá nhân", "  vi:").replace("type: text", "type: txt").replace("id: person", "id: nobody")
    assert len(faults_of(tmp_path, text)) == 3


def test_every_column_name_reads_plainly_in_sql() -> None:
    with DuckDBEngine(EngineOptions()) as engine:
        for table in contract().tables.values():
            engine.register(table.name, Input(table.sql_columns()))
            names = ", ".join(f"t.{name}, {name}" for name in table.sql_columns())
            assert engine.rows(f"SELECT {names} FROM {table.name} AS t") == []


def test_tables_of_the_law_have_the_columns_the_law_gives() -> None:
    given = {"calendar_day": CALENDAR_SCHEMA, "statutory_parameter": STATUTORY_SCHEMA}
    assert {table.name for table in contract().tables.values() if table.written_by == "law"} == given.keys()
    for name, schema in given.items():
        assert [column.name for column in contract().table(name).columns] == schema.names
