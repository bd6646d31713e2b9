"""Active units: how many there are of a kind in a month, the denominator of every flag rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dauhieu.warehouse.sight import Sight

# A unit is active in a month in which a row of one of these tables names it: (table, its id, what dates the row).
ACTIVE_IN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "employer": (("contribution_month", "employer_id", "month"), ("contribution_due", "employer_id", "month")),
    "person": (
        ("contribution_month", "person_id", "month"),
        ("benefit_payment", "beneficiary_person_id", "pay_month"),
        ("hi_claim", "person_id", "admission_at"),
    ),
    "facility": (("hi_claim", "facility_id", "admission_at"),),
    "practitioner": (
        ("hi_claim_performer", "practitioner_id", "admitted_on"),
        ("hi_claim_drug", "practitioner_id", "admitted_on"),
        ("hi_claim_service", "practitioner_id", "admitted_on"),
    ),
    "officer": (("audit_log", "officer_id", "happened_at"), ("data_access_log", "officer_id", "happened_at")),
    "agent": (("collection_receipt", "agent_id", "issued_at"), ("agent_commission", "agent_id", "month")),
    "bank_account": (("benefit_payment", "bank_account_id", "pay_month"),),
}


@dataclass(frozen=True, slots=True)
class Active:
    """The ids of the active units of a kind stand in `relation`; `tables` say what active means."""

    kind: str
    relation: str
    tables: tuple[str, ...]
    units: int


def active(sight: Sight, kind: str) -> Active | None:
    """The active units of the sight's month; None for kinds of which nothing tells whether they are active."""
    sources = ACTIVE_IN.get(kind)
    if sources is None:
        return None
    tables = tuple(table for table, _, _ in sources)
    sight.show(tables)
    named = " UNION ".join(
        f'SELECT "{column}" AS id FROM "{table}" WHERE "{column}" IS NOT NULL AND {_in_month(dated, sight.as_of)}'
        for table, column, dated in sources
    )
    relation = f"active__{kind}"
    return Active(kind, relation, tables, sight.engine.materialise(relation, named))


def _in_month(column: str, as_of: date) -> str:
    return f"\"{column}\" >= DATE '{as_of.replace(day=1)}' AND \"{column}\" < DATE '{as_of}' + 1"
