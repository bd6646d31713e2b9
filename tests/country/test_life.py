"""Life in the nation is as it is told: who goes where, who leaves a trace, and what nobody does."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from ipaddress import ip_address
from typing import Any

import pyarrow.parquet as pq

from tests.country.conftest import Nation

Row = dict[str, Any]


def rows(nation: Nation, table: str) -> list[Row]:
    return [row for file in nation.files(table) for row in pq.read_table(file).to_pylist()]


def truth(nation: Nation, behaviour: str) -> list[Row]:
    return [row for row in pq.read_table(nation.folder / "truth.parquet").to_pylist() if row["behaviour"] == behaviour]


def test_buyers_of_papers_are_few_and_come_back(nation: Nation) -> None:
    buyers = {row["subject_code"] for row in truth(nation, "bought_paper")}
    sold = Counter(
        row["person_code"] for row in rows(nation, "sickness_certificate") if str(row["serial_no"]).startswith("SM")
    )
    assert 0 < len(buyers) < 500
    assert sum(count > 2 for count in sold.values()) > len(sold) // 3


def test_impossible_days_are_many_and_each_has_more_work_than_a_day(nation: Nation) -> None:
    doctors = {row["subject_code"] for row in truth(nation, "impossible_days")}
    performed = {
        (row["hi_claim_code"], row["line_no"]): row["practitioner_code"] for row in rows(nation, "hi_claim_performer")
    }
    minutes = {row["service_code"]: row["standard_minutes"] for row in rows(nation, "service_catalogue")}
    worked: dict[tuple[object, date], int] = defaultdict(int)
    for line in rows(nation, "hi_claim_service"):
        doctor = performed.get((line["hi_claim_code"], line["line_no"]))
        if doctor in doctors and line["done_at"]:
            worked[doctor, line["done_at"].date()] += int(minutes.get(line["service_code"]) or 0)
    # Nobody works twelve hours at a stretch, day after day.
    long = [day for day, spent in worked.items() if spent > 12 * 60]
    assert len(long) >= 5


def test_a_phantom_drug_is_claimed_and_not_bought(nation: Nation) -> None:
    facilities = {row["subject_code"] for row in truth(nation, "phantom_drugs")}
    tax = {row["facility_code"]: row["tax_code"] for row in rows(nation, "facility")}
    claimed: Counter[tuple[object, object]] = Counter()
    bought: Counter[tuple[object, object]] = Counter()
    for line in rows(nation, "hi_claim_drug"):
        claimed[tax[line["facility_code"]], line["registration_no"]] += int(line["quantity"])
    for line in rows(nation, "ext_einvoice"):
        bought[line["buyer_tax_code"], line["registration_no"]] += int(line["quantity"])
    for facility in facilities:
        assert any(claimed[key] > 2 * bought[key] for key in claimed if key[0] == tax[facility])


def test_a_house_which_bills_for_collected_cards_types_them_without_a_check_in(nation: Nation) -> None:
    houses = {row["subject_code"] for row in truth(nation, "ghost_patients")}
    scanned = {row["hi_claim_code"] for row in rows(nation, "hi_checkin")}
    typed = [row for row in rows(nation, "hi_claim") if str(row["ma_lk"]).startswith("PTYP")]
    assert {row["facility_code"] for row in typed} <= houses
    assert len(typed) > 20
    assert not {row["hi_claim_code"] for row in typed} & scanned
    # A clerk who sits down once all have left is done before midnight.
    assert all(row["admission_at"].hour >= 7 for row in typed)


def test_an_officer_who_does_all_steps_takes_in_most_of_what_he_decides_while_it_lasts(nation: Nation) -> None:
    told = {row["subject_code"]: row for row in truth(nation, "does_all_steps")}
    received = {row["claim_code"]: row["received_by_officer_code"] for row in rows(nation, "benefit_claim")}
    alone = Counter(
        received[row["claim_code"]] == deed["subject_code"]
        for row in rows(nation, "benefit_decision")
        if (deed := told.get(row["assessed_by_officer_code"]))
        and deed["period_from"] <= row["decided_at"].date() <= deed["period_to"]
    )
    assert alone.total() > 5
    assert alone[True] > alone[False]


def test_one_serial_number_has_two_patients_on_different_days(nation: Nation) -> None:
    facilities = {row["subject_code"] for row in truth(nation, "serial_twice")}
    heads = {row["hi_claim_code"]: row for row in rows(nation, "hi_claim")}
    patients: dict[object, set[object]] = defaultdict(set)
    for line in rows(nation, "hi_claim_service"):
        if line["facility_code"] in facilities and line["product_code"]:
            patients[line["product_code"]].add(heads[line["hi_claim_code"]]["person_code"])
    assert not facilities or any(len(people) > 1 for people in patients.values())


def test_most_outpatients_are_seen_near_home(nation: Nation) -> None:
    places = {row["admin_code"]: row for row in rows(nation, "admin_unit") if row["latitude"] is not None}
    homes = {row["person_code"]: row["current_admin_code"] for row in rows(nation, "person")}
    seen = {row["facility_code"]: row for row in rows(nation, "facility")}
    far = []
    for claim in rows(nation, "hi_claim"):
        if claim["care_type"] == "01" and str(claim["ma_lk"]).startswith("L"):
            home, place = places[homes[claim["person_code"]]], seen[claim["facility_code"]]
            far.append(max(abs(home[k] - place[k]) for k in ("latitude", "longitude")))
    assert sum(degrees < 0.3 for degrees in far) > 0.6 * len(far)


def test_pensions_before_the_age_have_their_assessment(nation: Nation) -> None:
    assessed = {row["person_code"]: row for row in rows(nation, "medical_assessment")}
    unfit = truth(nation, "retired_unfit_for_work")
    assert all(row["innocent"] for row in unfit)
    for row in unfit:
        assert assessed[row["subject_code"]]["total_rate_pct"] >= 61


def test_nobody_is_dead_for_a_funeral_grant_alone(nation: Nation) -> None:
    dead = {row["person_code"] for row in rows(nation, "person") if row["date_of_death"]}
    planted = {row["subject_code"] for row in truth(nation, "funeral_of_the_living")}
    buried = {row["person_code"] for row in rows(nation, "benefit_decision") if row["benefit_type"] == "funeral"}
    lag = {row["subject_code"] for row in truth(nation, "drawn_after_death")}
    unknown = buried - dead - planted - lag
    assert len(unknown) < max(3, len(buried) // 5)


def test_employers_file_from_public_addresses_and_many_share_a_gateway(nation: Nation) -> None:
    addresses = [str(row["ip_address"]) for row in rows(nation, "si_declaration") if row["ip_address"]]
    assert addresses
    assert all(ip_address(address).is_global for address in addresses)
    assert Counter(addresses).most_common(1)[0][1] > 3


def test_part_time_staff_are_insured_from_the_reference_level_on(nation: Nation) -> None:
    employers = {row["subject_code"] for row in truth(nation, "part_time_staff")}
    bases = [
        row["wage_base"]
        for row in rows(nation, "contribution_month")
        if row["employer_code"] in employers and row["month"] >= date(2025, 7, 1)
    ]
    assert bases
    assert min(bases) >= 2_340_000


def test_leave_for_a_birth_counts_as_insured_and_nothing_is_due(nation: Nation) -> None:
    months = [row for row in rows(nation, "contribution_month") if row["month_status"] == "maternity"]
    assert months
    assert all(row["si_flag"] and not row["ui_flag"] for row in months)


def test_debts_unpaid_after_a_demand_are_told_as_evasion(nation: Nation) -> None:
    demanded = {row["employer_code"] for row in rows(nation, "demand_notice")}
    told = {row["subject_code"] for row in truth(nation, "unpaid_after_demand")}
    assert told <= demanded


def test_a_household_renews_together_and_each_member_pays_the_rate_of_his_turn(nation: Nation) -> None:
    joined: dict[tuple[object, int], list[Row]] = defaultdict(list)
    for row in rows(nation, "hi_enrolment"):
        joined[row["household_code"], row["paid_at"].year].append(row)
    assert any(len(members) > 1 for members in joined.values())
    for members in joined.values():
        assert sorted(row["member_rank"] for row in members) == list(range(1, len(members) + 1))
        assert len({row["paid_at"] for row in members}) == 1
        full = next(row["amount"] for row in members if row["member_rank"] == 1)
        assert [row["amount"] * 10 // full for row in sorted(members, key=lambda row: row["member_rank"])] == [
            10,
            7,
            6,
            5,
        ][: len(members)]


def test_a_pension_is_the_average_wage_at_the_rate_of_its_years(nation: Nation) -> None:
    decided = [row for row in rows(nation, "benefit_decision") if row["benefit_type"] == "old_age"]
    assert decided
    for row in decided:
        assert 30 <= row["rate_pct"] <= 75
        assert abs(row["base_wage"] * row["rate_pct"] / 100 - row["amount"]) < row["amount"] / 100


def test_most_who_are_written_off_sick_were_seen_where_it_was_written(nation: Nation) -> None:
    seen = {(row["person_code"], row["facility_code"], row["admission_at"].date()) for row in rows(nation, "hi_claim")}
    months = {row["admission_at"].date().replace(day=1) for row in rows(nation, "hi_claim")}
    papers = [
        row
        for row in rows(nation, "sickness_certificate")
        if row["kind"] == "CT07" and row["serial_no"].startswith("SR") and row["issued_at"].replace(day=1) in months
    ]
    visited = [row for row in papers if (row["person_code"], row["facility_code"], row["issued_at"]) in seen]
    assert len(papers) > 20
    assert 0.8 * len(papers) < len(visited) < len(papers)


def test_tests_of_the_last_month_have_results_but_for_a_few(nation: Nation) -> None:
    results = {(row["hi_claim_code"], row["line_no"]) for row in rows(nation, "hi_claim_lab")}
    tests = [row for row in rows(nation, "hi_claim_service") if row["cost_group"] in (1, 2, 3)]
    last = [row for row in tests if row["admitted_on"] >= date(2026, 10, 1)]
    without = [row for row in last if (row["hi_claim_code"], row["line_no"]) not in results]
    assert 0 < len(without) < len(last) / 50
    assert len(results) == len(last) - len(without)


def test_nearly_every_insured_worker_is_told_his_months(nation: Nation) -> None:
    notices = rows(nation, "monthly_notice")
    told = {row["recipient_person_code"] for row in notices if row["kind"] == "worker_notice"}
    insured = {
        row["person_code"]
        for row in rows(nation, "contribution_month")
        if row["si_flag"] and row["month"] == date(2026, 9, 1)
    }
    assert 0.95 < len(told & insured) / len(insured) < 1


def test_ordinary_administration_leaves_its_traces(nation: Nation) -> None:
    recoveries = rows(nation, "benefit_recovery")
    assert all(0 < row["collected_amount"] <= row["amount"] for row in recoveries)
    looked = rows(nation, "data_access_log")
    assert any(row["case_ref"] is None for row in looked) or len(looked) < 20
    assert looked
    providers = {row["provider_code"] for row in rows(nation, "training_provider")}
    assert {row["provider_code"] for row in rows(nation, "ui_training")} <= providers
    assert rows(nation, "service_exclusion")
    for row in rows(nation, "contribution_suspension"):
        assert row["headcount_at_request"] <= row["headcount_before"]
    wages = rows(nation, "ext_payroll_transfer")
    accounts = {row["bank_account_code"] for row in rows(nation, "employer_bank_account")}
    assert all(row["employer_account_code"] in accounts and row["amount"] > 0 for row in wages)


def test_each_day_in_bed_of_the_last_month_has_its_note(nation: Nation) -> None:
    noted = {(row["hi_claim_code"], row["noted_at"].date()) for row in rows(nation, "hi_claim_note")}
    stays = [
        row
        for row in rows(nation, "hi_claim")
        if row["inpatient_at"] and row["admission_at"].date() >= date(2026, 10, 1)
    ]
    assert stays
    assert all((row["hi_claim_code"], row["admission_at"].date()) in noted for row in stays)
    assert all((row["hi_claim_code"], row["discharge_at"].date()) in noted for row in stays)


def test_whom_a_disaster_struck_sells_less_while_the_fund_is_suspended(nation: Nation) -> None:
    tax = {row["employer_code"]: row["tax_code"] for row in rows(nation, "employer")}
    sold: dict[object, list[Row]] = defaultdict(list)
    for row in rows(nation, "ext_einvoice"):
        sold[row["seller_tax_code"]].append(row)
    struck = rows(nation, "contribution_suspension")
    assert struck
    for row in struck:
        bills = sold[tax[row["employer_code"]]]
        before = [bill["unit_price"] for bill in bills if bill["issued_at"] < row["from_month"]]
        during = [bill["unit_price"] for bill in bills if row["from_month"] <= bill["issued_at"] <= row["to_month"]]
        assert not bills or max(during) < min(before)


def test_a_second_number_is_made_when_an_employer_declares_a_grown_person_anew(nation: Nation) -> None:
    persons = rows(nation, "person")
    made = {row["person_code"]: row["created_at"] for row in persons if row["created_at"]}
    assert all(made[row["person_code"]] < row["recorded_at"] for row in persons if row["merged_into_person_code"])
    grown = {row["person_code"] for row in persons if row["date_of_birth"].year < 2005}
    second = {code: at.date() for code, at in made.items() if code in grown and at.date() >= nation.shape.first_month}
    paid = [row for row in rows(nation, "contribution_month") if row["person_code"] in second]
    assert len({row["person_code"] for row in paid}) > 1
    assert all(row["month"] >= second[row["person_code"]] for row in paid)
