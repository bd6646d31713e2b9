"""What was delivered, what was set aside and noted of it, and what the contract says of each table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from dauhieu.errors import ContractError
from dauhieu.warehouse.contract import Table, contract
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.jobs.models import Job
from dauhieu.web.radar.lake import Lake
from dauhieu.web.sources.models import Sending
from dauhieu.web.sources.tasks import SET_ASIDE
from dauhieu.web.sources.upload import folder_of
from dauhieu.web.ui.words import language

SHOWN_FAULTS = 300
SHOWN_LOADS = 300


def loads(lake: Lake) -> tuple[dict[str, Any], ...]:
    """The newest first."""
    rows = lake.reference(f"SELECT * FROM stored_delivery ORDER BY moment DESC, delivery_no DESC LIMIT {SHOWN_LOADS}")
    return tuple(_load(row) for row in rows)


def load(lake: Lake, number: int) -> dict[str, Any] | None:
    rows = lake.reference(f"SELECT * FROM stored_delivery WHERE delivery_no = {int(number)}")
    return _load(rows[0]) if rows else None


def _load(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "files": json.loads(row["files"]), "moment": row["moment"].replace(tzinfo=UTC)}


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of one kind of a delivery: how often each message, and the first places."""

    messages: tuple[Mapping[str, Any], ...]
    places: tuple[Mapping[str, Any], ...]


def faults(lake: Lake, number: int, table: str) -> Faults:
    """`table` is `set_aside` or `data_fault`. The document's own code is not shown: it may be a person's."""
    words = f"message_{language()}"
    of = f"FROM stored_{table} WHERE delivery_no = {int(number)}"
    return Faults(
        lake.reference(
            f"SELECT code, any_value({words}) AS message, CAST(count(*) AS BIGINT) AS count {of} "
            "GROUP BY code ORDER BY 3 DESC, code"
        ),
        lake.reference(
            f"SELECT file, table_name, row_no, column_name, {words} AS message {of} AND row_no IS NOT NULL "
            f"ORDER BY fault_no LIMIT {SHOWN_FAULTS}"
        ),
    )


def sendings(scope: Scope) -> QuerySet[Sending]:
    """One's own; all for whoever delivers for the whole country."""
    found = Sending.objects.order_by("-moment")
    return found if scope.is_national else found.filter(by=scope.why)


def job_of(sending: Sending) -> Job | None:
    return Job.objects.filter(pk=sending.job).first() if sending.job else None


def sending_of(load: Mapping[str, Any], scope: Scope) -> Sending | None:
    return sendings(scope).filter(digest=load["digest"]).first()


def has_set_aside(sending: Sending) -> bool:
    return not sending.swept and (folder_of(sending.pk) / SET_ASIDE).is_file()


def table_of(name: str) -> Table | None:
    try:
        return contract().table(name)
    except ContractError:
        return None
