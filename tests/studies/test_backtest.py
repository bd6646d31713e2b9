"""A sign over past months, with the law and the knowledge of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from dauhieu.catalogue.exception import read_exception
from dauhieu.catalogue.sign import Sign
from dauhieu.errors import DauhieuError, SignError
from dauhieu.findings.report import ScanRequest
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.studies.backtest import BackTest, backtest
from dauhieu.studies.months import Span
from dauhieu.studies.otherversion import read_other_version
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.store import Store
from tests.site import EXCEPTION, put
from tests.test_scan import findings
from tests.thin import (
    MONTH_HEAD,
    OCTOBER,
    SCANNED,
    SEPTEMBER,
    SIGN,
    TWO_SIGNS,
    catalogue,
    deliver,
    month_line,
    scanned,
    thin_store,
)

TOLD = datetime(2026, 11, 20, 9)
CASE_HEAD = (
    "case_code,kind,target_type,target_employer_code,decision_date,period_from,period_to,conclusion_date,"
    "finding_amount,status\n"
)
SANCTION_HEAD = "sanction_code,case_code,subject_type,subject_employer_code,violation_code,decided_at\n"


def tried(
    store: Store, first: date = SEPTEMBER, last: date = OCTOBER, known_at: datetime | None = SCANNED, **more: object
) -> BackTest:
    sign = more.pop("sign", catalogue().signs[SIGN])
    span = Span(first, last, known_at=known_at, memory="500MB", threads=1)
    return backtest(store, catalogue(), law(), sign, span, now=TOLD, **more)  # type: ignore[arg-type]


def test_months_are_told_one_by_one_with_what_is_new_and_what_is_gone(store: Store, tmp_path: Path) -> None:
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "second", datetime(2026, 11, 8), contribution_month=mended)
    done = tried(store, known_at=None)
    september, october = done.months
    assert (september.state, september.reason) == ("not_run", "table contribution_month is empty")
    assert (october.findings, october.new, october.gone) == (1, 1, 0)


def test_a_month_knows_only_what_was_known_then(store: Store, tmp_path: Path) -> None:
    mended = MONTH_HEAD + month_line("P1", "E1", "2026-10-01", 9_000_000)
    deliver(store, tmp_path / "second", datetime(2026, 12, 15), contribution_month=mended)
    (month,) = tried(store, OCTOBER, OCTOBER, None).months
    assert (month.known_at, month.findings, month.amount) == (datetime(2026, 11, 21), 2, 1_060_000 + 130_000)
    (later,) = tried(store, OCTOBER, OCTOBER, datetime(2027, 1, 1)).months
    assert later.amount == 530_000 + 130_000


def test_a_back_test_finds_what_a_scan_of_that_moment_finds(store: Store) -> None:
    done = tried(store)
    scanned(store, SEPTEMBER, known_at=SCANNED)
    scanned(store, OCTOBER, known_at=SCANNED)
    for month in done.months:
        live = findings(store, month.as_of)
        assert (month.findings, month.amount) == (len(live), sum(int(str(row["amount"])) for row in live))
        assert (month.new, month.continuing) == tuple(
            sum(row["state"] == state for row in live) for state in ("new", "continuing")
        )


def test_a_back_test_leaves_the_store_as_it_was(store: Store) -> None:
    before = store.version().number
    tried(store)
    assert store.version().number == before
    assert list((store.path / "work").iterdir()) == []


def test_the_flag_rate_is_a_share_of_the_units_active_in_the_month(store: Store) -> None:
    september, october = tried(store).months
    assert (september.subjects, september.active, september.flag_rate) == (2, 2, 1.0)
    # P3 is still found, but P1 and P2 alone are insured in October.
    assert (october.subjects, october.active_subjects, october.active, october.flag_rate) == (2, 1, 2, 0.5)


def test_another_version_is_told_by_what_it_gains_and_loses(store: Store) -> None:
    sign = catalogue().signs[SIGN]
    lower = replace(sign, version=2, sql=sign.sql.replace("wage_base < floor", "wage_base < floor - 200000"))
    done = tried(store, against=lower)
    assert done.difference is not None
    assert (done.difference.version, done.difference.gained, done.difference.lost) == (2, 1, 0)
    (row,) = done.difference.gained_first
    assert (row["subject_code"], row["amount"]) == ("P3", 130_000)
    back = tried(store, sign=lower, against=sign)
    assert back.difference is not None
    assert [row["subject_code"] for row in back.difference.lost_first] == ["P3"]


def test_thresholds_alone_make_another_version(store: Store) -> None:
    sign = catalogue().signs["SI-EMP-06-S1"]
    assert sign.tuning
    named = replace(
        catalogue().signs[SIGN],
        sql=catalogue().signs[SIGN].sql.replace("wage_base < floor", "wage_base < floor - $less"),
        tuning={**catalogue().signs[SIGN].tuning, "less": replace(next(iter(sign.tuning.values())), value=0)},
    )
    stricter = replace(named, tuning={**named.tuning, "less": replace(named.tuning["less"], value=200_000)})
    done = tried(store, sign=named, against=stricter)
    assert done.difference is not None
    assert done.difference.gained == 1


def test_a_file_of_another_sign_is_refused(tmp_path: Path) -> None:
    sign = catalogue().signs[SIGN]
    copy = tmp_path / "older.yaml"
    copy.write_bytes(sign.path.read_bytes())
    assert read_other_version(copy, sign, catalogue(), contract()).sql == sign.sql
    with pytest.raises(SignError, match="holds the sign SI-EMP-05-S1"):
        read_other_version(copy, catalogue().signs["SI-BEN-09-S1"], catalogue(), contract())


def test_other_signs_which_name_the_same_subjects_are_counted(store: Store) -> None:
    sign = catalogue().signs[SIGN]
    two = replace(catalogue(), signs={SIGN: sign, TWO_SIGNS[1]: replace(sign, id=TWO_SIGNS[1])})
    span = Span(SEPTEMBER, OCTOBER, known_at=SCANNED, memory="500MB", threads=1)
    scan(store, two, law(), ScanRequest(OCTOBER, memory="500MB"), now=lambda: SCANNED)
    overlap = backtest(store, two, law(), sign, span, now=TOLD).overlap
    assert (overlap.months, overlap.subjects, overlap.with_any) == ((OCTOBER,), 2, 2)
    assert [(other.sign_id, other.subjects) for other in overlap.by_sign] == [(TWO_SIGNS[1], 2)]


def employer_sign() -> Sign:
    """The sign told on the employer, as inspections are."""
    sign = catalogue().signs[SIGN]
    return replace(sign, subject="employer", item_kind=None, sql=EMPLOYER_SQL)


EMPLOYER_SQL = """
SELECT employer_id AS subject_id, CAST(NULL AS VARCHAR) AS item, month AS period_from, month AS period_to,
       CAST(NULL AS BIGINT) AS amount
FROM contribution_month WHERE wage_base < 2500000
"""


def judged_store(tmp_path: Path) -> Store:
    """E1 was sanctioned for September, nothing was wrong at E2, and no inspection covered October."""
    store = thin_store(tmp_path)
    cases = CASE_HEAD + (
        "K1,planned,employer,E1,2026-11-10,2026-09-01,2026-09-30,2026-11-15,500,closed\n"
        "K2,planned,employer,E2,2026-11-10,2026-09-01,2026-09-30,2026-11-15,0,closed\n"
    )
    sanctions = SANCTION_HEAD + "S1,K1,employer,E1,SI-EMP-05,2026-11-16\n"
    deliver(store, tmp_path / "outcomes", datetime(2026, 11, 18), inspection_case=cases, sanction_decision=sanctions)
    return store


def test_what_inspections_established_gives_a_share_with_its_interval(tmp_path: Path) -> None:
    done = tried(judged_store(tmp_path), sign=employer_sign())
    assert done.findings == 3
    share = done.judged.confirmed
    assert (done.judged.findings, share.hits, share.of) == (2, 1, 2)
    assert share.low is not None
    assert share.low < 0.5


def test_an_inspection_which_established_something_else_judges_nothing(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    case = CASE_HEAD + "K1,planned,employer,E1,2026-11-10,2026-09-01,2026-09-30,2026-11-15,500,closed\n"
    fine = SANCTION_HEAD + "S1,K1,employer,E1,SI-EMP-06,2026-11-16\n"
    deliver(store, tmp_path / "outcomes", datetime(2026, 11, 18), inspection_case=case, sanction_decision=fine)
    assert tried(store, sign=employer_sign()).judged.findings == 0


def test_a_case_on_a_person_judges_what_was_found_on_that_person(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    head = CASE_HEAD.replace("target_employer_code", "target_person_code")
    cases = head + (
        "K1,thematic,person,P1,2026-11-10,2026-09-01,2026-10-31,2026-11-15,500,closed\n"
        "K2,thematic,person,P3,2026-11-10,2026-09-01,2026-09-30,2026-11-15,0,closed\n"
    )
    fine = SANCTION_HEAD.replace("employer", "person") + "S1,K1,person,P1,SI-EMP-05,2026-11-16\n"
    deliver(store, tmp_path / "outcomes", datetime(2026, 11, 18), inspection_case=cases, sanction_decision=fine)
    share = tried(store).judged.confirmed
    assert (share.hits, share.of) == (1, 2)


@pytest.mark.parametrize(("where", "kept_out"), [("amount > 200000", 1), ("org_code = '0101'", 2)])
def test_an_exception_acts_as_it_does_in_a_scan(store: Store, where: str, kept_out: int) -> None:
    path = put(store.path / "site", "exceptions/known.yaml", yaml.safe_dump(EXCEPTION | {"where": where}))
    known = read_exception(path, contract(), catalogue().signs, catalogue().violations)
    of = replace(catalogue(), exceptions=(known,))
    span = Span(OCTOBER, OCTOBER, known_at=SCANNED, memory="500MB", threads=1)
    (month,) = backtest(store, of, law(), catalogue().signs[SIGN], span, now=TOLD).months
    assert (month.findings, month.excepted) == (2, kept_out)


def test_where_nothing_was_judged_no_share_is_given(store: Store) -> None:
    told = tried(store).as_json()
    assert told["judged"] == "not judged"
    assert not [key for key in told if "precision" in key or "false" in key]


def test_months_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(DauhieuError, match="Change their order"):
        Span(OCTOBER, SEPTEMBER)


def test_a_span_names_the_last_days_of_its_months() -> None:
    months = Span(date(2024, 12, 31), date(2025, 3, 31)).months()
    assert months == (date(2024, 12, 31), date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31))
