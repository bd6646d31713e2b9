"""What codes on a person's page are called."""

from __future__ import annotations

from django.utils.translation import gettext as _


def fund_name(fund: str) -> str:
    return {
        "retirement": _("Social insurance"),
        "oad": _("Work accident and disease"),
        "ui": _("Unemployment insurance"),
        "hi": _("Health insurance"),
    }[fund]


def state_name(state: str) -> str:
    return {"paid": _("paid"), "due": _("due, not yet late"), "unpaid": _("not paid"), "none": _("not insured")}[state]


def number_name(column: str) -> str:
    return {
        "si_number": _("Social insurance number"),
        "national_number": _("Personal number"),
        "old_id_number": _("Old identity card"),
        "passport_number": _("Passport"),
    }[column]


def sex_name(sex: str) -> str:
    return {"male": _("male"), "female": _("female")}.get(sex, "")


def benefit_name(kind: str) -> str:
    names = {
        "sickness": _("Sickness"),
        "long_sickness": _("Long sickness"),
        "child_sick": _("Care of a sick child"),
        "prenatal": _("Prenatal examination"),
        "miscarriage": _("Miscarriage"),
        "birth": _("Birth"),
        "adoption": _("Adoption"),
        "paternity": _("Paternity"),
        "contraception": _("Contraception"),
        "recuperation_sick": _("Recuperation after sickness"),
        "recuperation_birth": _("Recuperation after birth"),
        "recuperation_oad": _("Recuperation after a work accident"),
        "work_injury": _("Work accident"),
        "occ_disease": _("Occupational disease"),
        "old_age": _("Old-age pension"),
        "early_pension": _("Early pension"),
        "lump_sum": _("Lump sum"),
        "survivors_monthly": _("Monthly survivors' allowance"),
        "survivors_lump": _("Survivors' lump sum"),
        "funeral": _("Funeral allowance"),
        "monthly_own_contrib": _("Monthly allowance of own contributions"),
        "ui_allowance": _("Unemployment allowance"),
        "ui_training": _("Support for training"),
        "ui_employer_training": _("Training paid to the employer"),
    }
    return names.get(kind, kind)


def care_name(kind: str) -> str:
    names = {
        "01": _("Examination"),
        "02": _("Outpatient treatment"),
        "03": _("Inpatient treatment"),
        "04": _("Inpatient treatment by day"),
        "05": _("Outpatient, chronic disease"),
        "06": _("Stay at a commune station"),
        "07": _("Drugs on appointment"),
        "08": _("Outpatient, chronic disease, with services"),
        "09": _("Inpatient under four hours"),
    }
    return names.get(kind, kind)


def month_status_name(status: str) -> str:
    names = {
        "working": _("working"),
        "sick": _("sick leave"),
        "maternity": _("maternity leave"),
        "unpaid": _("unpaid leave"),
        "suspended": _("suspended"),
    }
    return names.get(status, status)
