"""The first text of a new sign: it passes the ladder as it is, whatever its author answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.draft import Draft, countable_tables, next_id, write_draft
from dauhieu.catalogue.sign import LegalBasis, Tuning
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import SignError
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.warehouse.contract import Text, contract
from tests.thin import catalogue

VIOLATION = "SI-BEN-05"
LAW = (LegalBasis("SI Law 41/2024/QH15", "Art. 43", date(2025, 7, 1), None),)
# One of each make: a line, a month, a moment, the subject as key, other names of the id, closed sets in the key, names.
CASES = [
    ("person", "sickness_certificate"),
    ("employer", "contribution_month"),
    ("facility", "hi_checkin"),
    ("benefit_claim", "benefit_claim"),
    ("contribution_payment", "contribution_payment"),
    ("hi_claim", "hi_claim_identity"),
    ("bank_account", "benefit_payment"),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as opened:
        yield opened


def draft(subject: str, *tables: str, **thresholds: Tuning) -> Draft:
    title, rule = Text("Nhiều dòng", "Many rows"), Text("Có quá nhiều dòng.", "There are too many rows.")
    return Draft(VIOLATION, "social", subject, title, rule, 3, "exposure", LAW, tables, thresholds)


@pytest.mark.parametrize(("subject", "table"), CASES)
def test_a_first_draft_passes_the_ladder_as_it_is(
    engine: DuckDBEngine, tmp_path: Path, subject: str, table: str
) -> None:
    assert table in countable_tables(contract(), subject)
    least = Tuning(5_000_000, "VND", Text("gần như\ntất cả", "more than\nnearly all: 'seldom' # or never"))
    name = next_id(VIOLATION, catalogue())
    write_draft(tmp_path / "signs", name, draft(subject, table, "employer", least_amount=least), contract())
    found = read_catalogue(contract(), tmp_path)
    report = Ladder(engine, contract(), found, law()).climb([name])
    assert report.failures == ()
    assert (report.status, report.examples) == ({"draft": 1}, 5)


def test_the_id_is_the_first_free_one_of_the_violation(tmp_path: Path) -> None:
    taken = [name for name in catalogue().signs if name.startswith(f"{VIOLATION}-S")]
    name = next_id(VIOLATION, catalogue())
    assert name not in taken
    write_draft(tmp_path / "signs", name, draft("person", "sickness_certificate"), contract())
    assert next_id(VIOLATION, read_catalogue(contract(), tmp_path)) not in (name, *taken)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write_draft(tmp_path, "SI-BEN-05-S90", draft("person", "sickness_certificate"), contract())
    with pytest.raises(SignError, match="another English title"):
        write_draft(tmp_path, "SI-BEN-05-S91", draft("person", "sickness_certificate"), contract())


def test_a_table_without_the_subject_is_told_with_those_which_have_it(tmp_path: Path) -> None:
    with pytest.raises(SignError, match=r"no dated rows which name a device\. .*benefit_claim"):
        write_draft(tmp_path, "SI-BEN-05-S90", draft("device", "sickness_certificate"), contract())


@pytest.mark.slow
def test_every_table_can_be_counted_for_every_subject_it_names(engine: DuckDBEngine, tmp_path: Path) -> None:
    pairs = [(kind, table) for kind in contract().kinds for table in countable_tables(contract(), kind)]
    for number, (kind, table) in enumerate(pairs):
        one = draft(kind, table)
        title = Text(f"Dòng {number}", f"Rows {number}")
        named = Draft(**{name: getattr(one, name) for name in one.__dataclass_fields__} | {"title": title})
        write_draft(tmp_path / "signs", f"SI-BEN-{10 + number // 90}-S{number % 90 + 10}", named, contract())
    found = read_catalogue(contract(), tmp_path)
    own = [sign.id for sign in found.signs.values() if sign.site]
    assert len(own) == len(pairs)
    assert Ladder(engine, contract(), found, law()).climb(own).failures == ()


def test_signs_of_a_site_are_numbered_where_no_update_takes_their_ids(tmp_path: Path) -> None:
    assert next_id(VIOLATION, read_catalogue(contract(), tmp_path)) == f"{VIOLATION}-S51"
