"""What codes of the store are called on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dauhieu.errors import ContractError
from dauhieu.warehouse.contract import contract
from dauhieu.web.radar.owners import owner_of
from dauhieu.web.ui.words import language, written

NAMED_TABLE = re.compile(r"\btable (\w+)")


def block_options() -> list[tuple[str, str]]:
    return [
        ("state", _("State-owned")),
        ("foreign_invested", _("Foreign-invested")),
        ("private", _("Private")),
        ("public_unit", _("Public service")),
        ("cooperative", _("Cooperative")),
        ("household_business", _("Household business")),
        ("commune", _("Commune")),
        ("other", _("Other")),
    ]


def kind_options() -> list[tuple[str, str]]:
    return [("employer", _("Employers")), ("facility", _("Health facilities"))]


def order_options() -> list[tuple[str, str]]:
    return [("points", _("points")), ("recoverable", _("recoverable")), ("rise", _("rise since last month"))]


def status_name(status: str | None) -> str:
    names = {
        "active": _("active"),
        "suspended": _("suspended"),
        "dissolved": _("dissolved"),
        "bankrupt": _("bankrupt"),
        "absconded": _("left its address"),
        "transferred": _("transferred"),
    }
    return names.get(status or "", status or "")


def hidden_reason(why: str) -> str:
    names = {
        "dissolved": _("It is dissolved or bankrupt."),
        "in_case": _("It is being checked now."),
        "checked": _("It was checked within a year, and nothing new came since."),
    }
    return names[why]


def amount_name(kind: str) -> str:
    names = {
        "arrears": _("arrears"),
        "undue_benefit": _("undue benefit"),
        "refused_cost": _("health cost to refuse"),
        "exposure": _("exposure"),
    }
    return names[kind]


def month_options(months: Iterable[date]) -> list[tuple[str, str]]:
    return [(f"{month:%Y-%m}", written("month", month)) for month in sorted(months, reverse=True)]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, who owes it, and the signs which could not run for it."""

    name: str
    owner: str | Promise
    signs: tuple[str, ...]


def not_run_by_table(rows: Iterable[Mapping[str, Any]]) -> tuple[Missing, ...]:
    """Most signs first; a reason which names no table stands for itself."""
    found: dict[str, list[str]] = {}
    for row in rows:
        named = NAMED_TABLE.search(row["reason"] or "")
        found.setdefault(named.group(1) if named else "", []).append(row["sign_id"])
    missing = [_missing(table, signs) for table, signs in found.items()]
    return tuple(sorted(missing, key=lambda one: (-len(one.signs), one.name)))


def _missing(table: str, signs: list[str]) -> Missing:
    if not table:
        return Missing(_("A fault of the sign itself"), _("Authors of signs"), tuple(signs))
    return Missing(table_name(table), owner_of(table), tuple(signs))


def column_title(column: str, tables: Iterable[str]) -> str:
    """What the contract says of a column of this name in the first of the tables which has it; else the name itself."""
    known = contract()
    if column.endswith("_code"):
        kind = known.kinds.get(column.removesuffix("_code"))
        column_of_id = column.removesuffix("_code") + "_id"
        if kind:
            return str(getattr(kind.meaning, language())).split(" (")[0]
    else:
        column_of_id = column
    for table in tables:
        for one in known.table(table).columns:
            if one.name in (column, column_of_id):
                # What follows the colon lists the values.
                return str(getattr(one.meaning, language())).split(":")[0]
    return column


def table_name(table: str) -> str:
    try:
        return str(getattr(contract().table(table).meaning, language()))
    except ContractError:
        return table


def tie_name(kind: str) -> str:
    return {
        "representative": _("legal representative"),
        "owner": _("owner"),
        "address": _("address"),
        "account": _("bank account"),
        "phone": _("telephone"),
        "agent": _("collection agent"),
    }[kind]


def licence_kind_name(kind: str | None) -> str:
    names = {
        "doctor": _("doctor"),
        "assistant_doctor": _("assistant doctor"),
        "nurse": _("nurse"),
        "midwife": _("midwife"),
        "technician": _("technician"),
        "pharmacist": _("pharmacist"),
    }
    return names.get(kind or "", kind or "")


def licence_state_name(state: str | None) -> str:
    names = {
        "valid": _("valid"),
        "suspended": _("suspended"),
        "revoked": _("revoked"),
        "expired": _("expired"),
    }
    return names.get(state or "", state or "")


def short_name(name: str | None) -> str:
    """The given name stays, the others are letters: enough for who knows the person, too little for who does not."""
    *others, given = (name or "").split() or [""]
    return " ".join([*(f"{one[0]}." for one in others), given])
