"""Each cause by itself, then all at once: the parts add up to the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.exception import FindingException
from dauhieu.catalogue.sign import Local
from dauhieu.errors import DauhieuError, SignError, StoreError
from dauhieu.findings.report import ScanRequest
from dauhieu.law.change import changed, read_change
from dauhieu.law.law import Law
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.studies.measures import Question, waterfalls
from dauhieu.studies.running import Ground
from dauhieu.studies.waterfall import CAUSES, Measure, Waterfall
from dauhieu.studies.why import Why, why
from dauhieu.warehouse.store import Store
from tests.thin import MONTH_HEAD, OCTOBER, SEPTEMBER, SIGN, catalogue, deliver, month_line

LATER = datetime(2026, 11, 19)
OTHER = "SI-BEN-09-S1"
PEOPLE = "person_code,current_admin_code,dob_precision,population_verified,recorded_at\n"


def one_sign(**changes: object) -> Catalogue:
    """The catalogue with the thin store's sign alone."""
    sign = replace(catalogue().signs[SIGN], **changes)  # type: ignore[arg-type]
    return replace(catalogue(), signs={SIGN: sign})


def two_signs() -> Catalogue:
    other = replace(catalogue().signs[SIGN], id=OTHER, digest="other")
    return replace(one_sign(), signs={**one_sign().signs, OTHER: other})


def scanned(store: Store, as_of: date, known: Catalogue | None = None, by: Law | None = None) -> None:
    day = datetime(2026, 11, 10 if as_of == SEPTEMBER else 20)
    scan(store, known or one_sign(), by or law(), ScanRequest(as_of, memory="500MB"), now=lambda: day)


def asked(store: Store, known: Catalogue | None = None, by: Law | None = None, question: Question | None = None) -> Why:
    work = store.path.parent / "study"
    work.mkdir(exist_ok=True)
    ground = Ground(store, known or one_sign(), work, "500MB")
    return why(ground, by or law(), question or Question(SEPTEMBER, OCTOBER))


def parts(answer: Why) -> dict[str, int]:
    """Findings by cause, those which did nothing left out."""
    check_sums(answer)
    return {cause: part.findings for cause, part in answer.total.parts.items() if part}


def every_waterfall(answer: Why) -> Iterator[Waterfall]:
    yield answer.total
    yield from answer.signs.values()
    yield from answer.areas.values()
    yield from (unit.waterfall for unit in answer.units)


def check_sums(answer: Why) -> None:
    for one in every_waterfall(answer):
        assert sum(one.parts.values(), one.start) == one.end
    for measured in (answer.signs, answer.areas):
        for cause in CAUSES:
            counted = sum(one.parts[cause].findings for one in measured.values())
            assert counted == answer.total.parts[cause].findings
            assert sum(one.parts[cause].money for one in measured.values()) == answer.total.parts[cause].money


def test_rows_of_the_later_month_are_new_data(store: Store, tmp_path: Path) -> None:
    scanned(store, SEPTEMBER)
    deliver(store, tmp_path / "2", LATER, contribution_month=MONTH_HEAD + month_line("P4", "E2", "2026-10-01", 1))
    scanned(store, OCTOBER)
    answer = asked(store)
    assert parts(answer) == {"new_data": 1}
    assert (answer.total.start.findings, answer.total.end.findings) == (2, 3)
    assert answer.total.parts["new_data"].money == answer.total.difference.money > 0


def test_a_row_of_an_earlier_month_which_is_mended_later_is_a_correction(store: Store, tmp_path: Path) -> None:
    scanned(store, SEPTEMBER)
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "2", LATER, contribution_month=mended)
    scanned(store, OCTOBER)
    answer = asked(store)
    assert parts(answer)["corrected"] == -1
    assert answer.details["corrected"] == {SIGN: "contribution_month"}


def test_nothing_is_run_again_when_only_new_rows_came(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(store, SEPTEMBER)
    deliver(store, tmp_path / "2", LATER, contribution_month=MONTH_HEAD + month_line("P4", "E2", "2026-10-01", 1))
    scanned(store, OCTOBER)
    runs: list[object] = []
    monkeypatch.setattr("dauhieu.studies.chain.run_signs", lambda *told: runs.append(told))
    asked(store)
    assert runs == []


def test_another_text_of_a_sign_is_told_from_the_data(store: Store) -> None:
    scanned(store, SEPTEMBER)
    sql = one_sign().signs[SIGN].sql
    names = "subject_id, item, period_from, period_to, amount, months, wage_base, floor"
    stricter = one_sign(
        sql=f"WITH every_one AS ({sql}) SELECT {names} FROM every_one WHERE amount > 100000000", digest="stricter"
    )
    scanned(store, OCTOBER, stricter)
    answer = asked(store, stricter)
    assert parts(answer) == {"sign": -2}
    assert list(answer.details["sign"]) == [SIGN]


def test_a_change_of_status_is_no_change_of_the_sign(store: Store) -> None:
    scanned(store, SEPTEMBER, one_sign(status="experimental", digest="on trial"))
    scanned(store, OCTOBER)
    answer = asked(store)
    assert {cause: count for cause, count in parts(answer).items() if count} == {"scope": 2}
    assert (answer.details["scope"], "sign" in answer.details) == ({SIGN: "experimental -> test"}, False)
    told = asked(store, question=Question(SEPTEMBER, OCTOBER, sign=SIGN))
    assert "scope" not in parts(told)


def test_law_which_comes_into_force_between_the_scans_is_told_from_new_rows(store: Store) -> None:
    raised = changed(law(), [read_change(law(), "reference_level=10000000@2026-10-01")], date(2026, 10, 1))
    scanned(store, SEPTEMBER, by=raised)
    scanned(store, OCTOBER, by=raised)
    answer = asked(store, by=raised)
    assert parts(answer)["law"] == 1
    assert answer.law == {"reference_level": "2530000 -> 10000000"}


def test_a_value_written_otherwise_for_the_past_is_told_from_the_sign(store: Store) -> None:
    scanned(store, SEPTEMBER)
    lowered = changed(law(), [read_change(law(), "reference_level=2100000@2026-07-01")], date(2026, 7, 1))
    scanned(store, OCTOBER, by=lowered)
    assert parts(asked(store, by=lowered))["law_written"] == -1


def test_a_sign_which_ran_in_one_month_alone_is_scope(store: Store) -> None:
    scanned(store, SEPTEMBER)
    scanned(store, OCTOBER, two_signs())
    answer = asked(store, two_signs())
    assert parts(answer)["scope"] == 2
    assert answer.details["scope"] == {OTHER: "2026-09: not asked for; 2026-10: run"}


def test_a_sign_changed_after_both_scans_is_not_guessed_at(store: Store, tmp_path: Path) -> None:
    scanned(store, SEPTEMBER)
    deliver(store, tmp_path / "2", LATER, contribution_month=MONTH_HEAD + month_line("P4", "E2", "2026-10-01", 1))
    scanned(store, OCTOBER)
    answer = asked(store, one_sign(severity=1))
    assert parts(answer) == {"unseparated": 1}
    assert "scan it again" in answer.details["unseparated"][SIGN]


def test_a_threshold_which_the_agency_set_for_the_later_month_is_told_from_new_rows(store: Store) -> None:
    later = Local(date(2030, 1, 1), "the old floor", "Nguyen A", date(2026, 10, 1))
    tuning = catalogue().signs[SIGN].tuning
    known = one_sign(tuning={**tuning, "floor_change": replace(tuning["floor_change"], local=later)})
    scanned(store, SEPTEMBER, known)
    scanned(store, OCTOBER, known)
    answer = asked(store, known)
    assert parts(answer).keys() == {"new_data", "thresholds"}
    assert answer.total.parts["thresholds"].money > answer.total.parts["new_data"].money > 0
    assert answer.details["thresholds"] == {SIGN: "floor_change"}


def test_what_the_agency_excepts_from_the_later_month_on_is_told_by_exception(store: Store) -> None:
    of_p3 = FindingException(
        id="EXC-1", signs=(SIGN,), violation=None, subjects=(("person", "P3"),), where=None,
        valid_from=date(2026, 10, 1), valid_until=date(2026, 12, 31), why="in order", by="A", approved_by="B",
        digest="", path=Path("EXC-1.yaml"), where_line=0,
    )  # fmt: skip
    known = replace(one_sign(), exceptions=(of_p3,))
    scanned(store, SEPTEMBER, known)
    scanned(store, OCTOBER, known)
    answer = asked(store, known)
    assert parts(answer)["excepted"] == -1
    assert (answer.total.start.findings, answer.total.end.findings) == (2, 1)
    assert answer.details["excepted"] == {"EXC-1": "1"}


def test_signs_on_trial_count_only_when_they_are_asked_for(store: Store) -> None:
    known = one_sign(status="experimental")
    scanned(store, SEPTEMBER, known)
    scanned(store, OCTOBER, known)
    assert asked(store, known).total.end.findings == 0
    assert asked(store, known, question=Question(SEPTEMBER, OCTOBER, sign=SIGN)).total.end.findings == 2


def moving(store: Store, tmp_path: Path) -> None:
    """P1 has lived in one commune of the province, and moved to another in October."""
    deliver(store, tmp_path / "people", person=PEOPLE + "P1,00004,day,true,2026-01-01T00:00:00\n")
    scanned(store, SEPTEMBER)
    deliver(store, tmp_path / "moved", LATER, person=PEOPLE + "P1,00008,day,true,2026-10-10T00:00:00\n")
    scanned(store, OCTOBER)


def test_a_subject_which_moved_is_geography_where_it_left_and_where_it_came(store: Store, tmp_path: Path) -> None:
    moving(store, tmp_path)
    answer = asked(store, question=Question(SEPTEMBER, OCTOBER, area="01"))
    check_sums(answer)
    assert not answer.total.parts["geography"]
    moved = {name: one.parts["geography"].findings for name, one in answer.areas.items()}
    assert moved == {"00004": -1, "00008": 1}


def test_a_question_about_an_area_counts_what_left_it(store: Store, tmp_path: Path) -> None:
    moving(store, tmp_path)
    answer = asked(store, question=Question(SEPTEMBER, OCTOBER, area="00004"))
    assert parts(answer)["geography"] == -1
    assert (answer.total.start.findings, answer.total.end.findings) == (1, 0)


def test_all_causes_at_once_add_up(store: Store, tmp_path: Path) -> None:
    known = two_signs()
    raised = changed(law(), [read_change(law(), "reference_level=3000000@2026-10-01")], date(2026, 10, 1))
    deliver(store, tmp_path / "people", person=PEOPLE + "P1,00004,day,true,2026-01-01T00:00:00\n")
    scanned(store, SEPTEMBER, one_sign(severity=1), raised)
    months = [
        month_line("P3", "E2", "2026-09-01", 9_000_000),
        month_line("P4", "E1", "2026-09-01", 1_000_000),
        month_line("P5", "E1", "2026-10-01", 2_900_000),
        month_line("P6", "E2", "2026-10-01", 1_000_000),
    ]
    moved = PEOPLE + "P1,00008,day,true,2026-10-10T00:00:00\n"
    deliver(store, tmp_path / "2", LATER, contribution_month=MONTH_HEAD + "".join(months), person=moved)
    scanned(store, OCTOBER, known, raised)
    answer = asked(store, known, raised)
    assert parts(answer).keys() >= {"scope", "new_data", "law"}
    assert answer.details.keys() >= {"scope", "sign", "corrected", "law"}
    assert answer.total.difference.findings == answer.total.end.findings - 2


def test_persons_have_no_code_among_the_units_unless_asked_for(store: Store, tmp_path: Path) -> None:
    scanned(store, SEPTEMBER)
    deliver(store, tmp_path / "2", LATER, contribution_month=MONTH_HEAD + month_line("P4", "E2", "2026-10-01", 1))
    scanned(store, OCTOBER)
    answer = asked(store)
    (unit,) = answer.units
    assert (unit.kind, unit.code, unit.waterfall.difference.findings) == ("employer", "E2", 1)
    assert "P4" not in str(answer.as_json())


def test_a_kind_without_findings_has_nothing_in_it(store: Store) -> None:
    scanned(store, SEPTEMBER)
    scanned(store, OCTOBER)
    answer = asked(store, question=Question(SEPTEMBER, OCTOBER, kind="facility"))
    assert (answer.total.start, answer.total.end, answer.units) == (Measure(), Measure(), ())


def test_a_month_never_scanned_an_unknown_sign_and_months_reversed_are_told(store: Store) -> None:
    scanned(store, SEPTEMBER)
    with pytest.raises(StoreError, match="2026-10 has not been scanned"):
        asked(store)
    with pytest.raises(DauhieuError, match="comes first"):
        asked(store, question=Question(OCTOBER, SEPTEMBER))
    scanned(store, OCTOBER)
    with pytest.raises(SignError, match=SIGN):
        asked(store, question=Question(SEPTEMBER, OCTOBER, sign="SI-EMP-05-S2"))


rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.integers(0, len(CAUSES)),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(-(10**15), 10**15),
    ),
    min_size=1,
    unique_by=lambda row: row[:2],
)


@given(rows)
def test_parts_of_any_waterfall_add_up_to_its_difference(counted: list[tuple[str, int, int, int, int]]) -> None:
    for name, one in waterfalls(counted).items():
        ends = {step: Measure(*counts) for of, step, *counts in counted if of == name}
        assert (one.start, one.end) == (ends.get(0, Measure()), ends.get(len(CAUSES), Measure()))
        assert sum(one.parts.values(), one.start) == one.end
