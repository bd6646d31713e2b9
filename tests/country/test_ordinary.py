"""What is ordinary in the nation: the odd thing happens, seldom."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median
from typing import Any

import pyarrow.parquet as pq

from dauhieu.law.calendar import is_working_day
from tests.country.conftest import Nation

Row = dict[str, Any]


def rows(nation: Nation, table: str) -> list[Row]:
    return [row for file in nation.files(table) for row in pq.read_table(file).to_pylist()]


def latest(nation: Nation, table: str, key: str) -> dict[str, Row]:
    """The row of each key which was told last."""
    found: dict[str, Row] = {}
    for row in sorted(rows(nation, table), key=lambda row: row["recorded_at"]):
        found[row[key]] = row
    return found


def test_who_performs_a_service_mostly_holds_the_scope_it_asks_for(nation: Nation) -> None:
    asked = {row["service_code"]: row["scope_required"] for row in rows(nation, "service_catalogue")}
    held = {row["practitioner_code"]: row["licence_scope"] for row in rows(nation, "practitioner")}
    done = {(row["hi_claim_code"], row["line_no"]): row["service_code"] for row in rows(nation, "hi_claim_service")}
    judged = [
        asked[done[row["hi_claim_code"], row["line_no"]]].lower() in held[row["practitioner_code"]].lower()
        for row in rows(nation, "hi_claim_performer")
    ]
    assert len(judged) > 500
    assert 0 < judged.count(False) < len(judged) / 50
    assert len({scope for scope in asked.values() if scope}) > 6


def test_facilities_are_approved_for_nearly_all_they_do(nation: Nation) -> None:
    approved = {(row["facility_code"], row["service_code"]): row for row in rows(nation, "facility_service_approval")}
    lines = [row for row in rows(nation, "hi_claim_service") if row["service_code"]]
    early = [
        row
        for row in lines
        if (listed := approved.get((row["facility_code"], row["service_code"]))) is None
        or listed["valid_from"] > row["done_at"].date()
    ]
    assert len(early) < len(lines) / 200
    levels = {row["facility_code"]: row["technical_level"] for row in rows(nation, "facility")}
    stations = {code for (facility, code) in approved if levels[facility] == "initial"}
    assert stations < {code for (facility, code) in approved if levels[facility] == "basic"}


def test_services_of_outpatients_are_done_before_they_leave_but_for_a_few_clocks(nation: Nation) -> None:
    left = {row["hi_claim_code"]: row["discharge_at"] for row in rows(nation, "hi_claim") if not row["inpatient_at"]}
    lines = [row for row in rows(nation, "hi_claim_service") if row["service_code"] and row["hi_claim_code"] in left]
    late = [row for row in lines if row["done_at"] > left[row["hi_claim_code"]]]
    assert len(lines) > 500
    assert len(late) < len(lines) / 200


def test_receipt_numbers_of_a_collector_run_on_with_few_gaps_and_in_the_order_of_days(nation: Nation) -> None:
    series: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for row in rows(nation, "collection_receipt"):
        series[row["agent_staff_code"]].append((int(row["receipt_no"][-6:]), row))
    used = missing = 0
    for numbers in series.values():
        numbers.sort(key=lambda pair: pair[0])
        assert len({number for number, _ in numbers}) == len(numbers)
        days = [row["issued_at"] for _, row in numbers]
        assert days == sorted(days)
        used += len(numbers)
        missing += numbers[-1][0] - numbers[0][0] + 1 - len(numbers)
    assert used > 300
    assert missing < used / 30
    voided = [row for row in rows(nation, "collection_receipt") if row["status"] == "cancelled"]
    assert 0 < len(voided) < used / 50
    assert all(row["remitted_at"] is None for row in voided)


def test_who_takes_a_file_in_does_not_decide_it_but_in_a_few_small_offices(nation: Nation) -> None:
    received = {row["claim_code"]: row["received_by_officer_code"] for row in rows(nation, "benefit_claim")}
    decided = rows(nation, "benefit_decision")
    told = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    wrong = {row["subject_code"] for row in told if row["behaviour"] == "does_all_steps"}
    alone = [
        row
        for row in decided
        if received[row["claim_code"]] == row["assessed_by_officer_code"]
        and row["assessed_by_officer_code"] not in wrong
    ]
    assert len(decided) > 1000
    assert len(alone) < len(decided) / 100
    offices = {row["org_code"][1:] for row in alone}
    assert len(offices) <= 4


def test_people_tell_of_their_search_from_their_own_device_or_at_the_centre(nation: Nation) -> None:
    online: dict[str, set[str]] = defaultdict(set)
    for row in rows(nation, "ui_notice"):
        if row["channel"] == "online":
            online[row["device_code"]].add(row["person_code"])
        elif row["device_code"]:
            assert row["device_code"].startswith("KIOSK-")
    own = [people for device, people in online.items() if not device.startswith("DEV-")]
    assert len(own) > 20
    assert all(len(people) <= 4 for people in own)
    assert sum(len(people) == 1 for people in own) > 0.9 * len(own)


def test_most_firms_are_led_by_insured_people_or_pensioners(nation: Nation) -> None:
    insured = {row["person_code"] for row in rows(nation, "contribution_month")}
    pensioners = {row["person_code"] for row in rows(nation, "pension_record")}
    led = [row["legal_rep_person_code"] for row in rows(nation, "employer") if row["block_code"] == "private"]
    covered = [person for person in led if person in insured or person in pensioners]
    assert len(led) > 100
    assert 0.85 * len(led) < len(covered) < len(led)


def test_nearly_all_who_draw_a_pension_are_verified_within_the_year(nation: Nation) -> None:
    paying = [
        row
        for row in latest(nation, "pension_record", "pension_code").values()
        if row["status"] == "paying" and row["start_month"] < date(2025, 6, 1)
    ]
    verified = [row for row in paying if row["last_verified_at"] and row["last_verified_at"] >= date(2025, 10, 31)]
    assert len(paying) > 100
    assert 0.93 * len(paying) < len(verified) < len(paying)
    assert all(
        row["last_verified_at"] <= row["recorded_at"].date()
        for row in rows(nation, "pension_record")
        if row["last_verified_at"]
    )


def test_cards_of_pensioners_begin_with_the_pension_and_cards_of_the_poor_with_the_list(nation: Nation) -> None:
    begun: dict[str, date] = {}
    for row in rows(nation, "pension_record"):
        begun[row["person_code"]] = min(row["start_month"], begun.get(row["person_code"], row["start_month"]))
    cards = latest(nation, "hi_card", "card_code").values()
    retired = [row for row in cards if row["group_code"] == "HT"]
    assert retired
    assert all(begun[row["person_code"]] <= row["valid_from"] for row in retired)
    national = {row["person_code"]: row["national_number"] for row in rows(nation, "person_identity")}
    listed = {row["person_code"] for row in rows(nation, "ext_poverty_list")}
    poor = [row for row in cards if row["group_code"] == "HN"]
    assert all(national[row["person_code"]] in listed for row in poor)


def test_officials_have_no_labour_contract_and_staff_with_one_pay_for_unemployment(nation: Nation) -> None:
    contracts = {(row["person_code"], row["employer_code"]) for row in rows(nation, "labour_contract")}
    months = [row for row in rows(nation, "contribution_month") if row["month_status"] == "working"]
    without = [row for row in months if not row["ui_flag"]]
    assert without
    assert not [row for row in without if (row["person_code"], row["employer_code"]) in contracts]


def test_nearly_every_visit_has_its_check_in(nation: Nation) -> None:
    scanned = {row["hi_claim_code"] for row in rows(nation, "hi_checkin")}
    levels = {row["facility_code"]: row["technical_level"] for row in rows(nation, "facility")}
    visits = [row for row in rows(nation, "hi_claim") if levels[row["facility_code"]] != "initial"]
    missing = [row for row in visits if row["hi_claim_code"] not in scanned and row["admission_at"].date().month > 8]
    assert 0 < len(missing) < len(visits) / 30


def test_few_outpatients_come_on_closed_days(nation: Nation) -> None:
    visits = [row for row in rows(nation, "hi_claim") if row["care_type"] == "01" and str(row["ma_lk"]).startswith("L")]
    closed = [row for row in visits if not is_working_day(row["admission_at"].date())]
    assert 0 < len(closed) < len(visits) / 12


def test_checks_of_those_who_did_nothing_wrong_find_nothing(nation: Nation) -> None:
    told = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    wrong = {row["subject_code"] for row in told if not row["innocent"]}
    ended = [row for row in rows(nation, "inspection_case") if row["status"] == "closed"]
    found = {row["target_employer_code"] for row in ended if row["finding_amount"]}
    assert found
    assert found <= wrong


def test_managers_earn_more_than_the_rest(nation: Nation) -> None:
    position = {
        (row["employer_code"], row["person_code"]): row["position_code"] for row in rows(nation, "si_declaration_line")
    }
    wages: dict[str, list[int]] = defaultdict(list)
    for row in rows(nation, "contribution_month"):
        if held := position.get((row["employer_code"], row["person_code"])):
            wages[held].append(row["wage_base"])
    middle = {held: median(paid) for held, paid in wages.items()}
    assert middle["manager"] > middle["professional"] > middle["other"]


def test_colleagues_of_one_job_earn_alike(nation: Nation) -> None:
    blocks = {row["employer_code"]: row["block_code"] for row in rows(nation, "employer")}
    paid: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows(nation, "contribution_month"):
        if row["month"] == date(2026, 10, 1) and blocks[row["employer_code"]] == "private":
            paid[row["employer_code"], row["job_title"]].append(row["wage_base"])
    groups = [wages for wages in paid.values() if len(wages) > 4]
    far = Counter(wage > 1.5 * median(wages) for wages in groups for wage in wages)
    assert groups
    assert far[True] < far.total() / 12


def test_nobody_who_is_ill_abroad_or_in_bed_sees_patients_but_those_who_sign_all_the_same(nation: Nation) -> None:
    told = pq.read_table(nation.folder / "truth.parquet").to_pylist()
    wrong = {row["subject_code"] for row in told if row["violation_id"] == "HI-PRA-02"}
    persons = {row["person_code"]: row["practitioner_code"] for row in rows(nation, "practitioner")}
    registered = {row["national_number"]: row["person_code"] for row in rows(nation, "person_identity")}
    away: set[tuple[str, date]] = set()

    def leaves(person: str | None, first: date, last: date) -> None:
        if doctor := persons.get(person):
            away.update((doctor, first + timedelta(days=n)) for n in range((last - first).days + 1))

    for row in rows(nation, "benefit_decision"):
        if row["benefit_type"] in ("sickness", "birth"):
            leaves(row["person_code"], row["from_date"], row["to_date"])
    for row in rows(nation, "ext_border"):
        # On the days of the journey one may work.
        first, last = row["exit_at"].date() + timedelta(days=1), row["entry_at"].date() - timedelta(days=1)
        leaves(registered.get(row["person_code"]), first, last)
    for row in rows(nation, "hi_claim"):
        if row["inpatient_at"]:
            first, last = row["inpatient_at"].date() + timedelta(days=1), row["discharge_at"].date() - timedelta(days=1)
            leaves(row["person_code"], first, last)
    days = {(row["hi_claim_code"], row["line_no"]): row["done_at"].date() for row in rows(nation, "hi_claim_service")}
    named = [*rows(nation, "hi_claim_service"), *rows(nation, "hi_claim_performer")]
    worked = {(row["practitioner_code"], days[row["hi_claim_code"], row["line_no"]]) for row in named}
    assert len(away) > 100
    assert not {(doctor, day) for doctor, day in worked & away if doctor not in wrong}
