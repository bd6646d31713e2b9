"""What the store keeps of a delivery beside its rows: the delivery itself, its noted faults and what it set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from dauhieu.deliveries.messages import message
from dauhieu.deliveries.report import LoadReport
from dauhieu.deliveries.taking import Faults, Taking
from dauhieu.warehouse.contract import Contract
from dauhieu.warehouse.intake import Intake


def records(
    contract: Contract, intake: Intake, files: Sequence[Path], report: LoadReport, taking: Taking
) -> Mapping[str, pa.Table]:
    """Rows of the tables the product writes; those a contract does not have are left out."""
    found = {
        "delivery": _delivery(intake, files, report),
        "data_fault": _faults(contract, taking.noted, document=False),
        "set_aside": _faults(contract, taking.aside, document=True),
    }
    return {name: table for name, table in found.items() if name in contract.tables and table.num_rows}


def _delivery(intake: Intake, files: Sequence[Path], report: LoadReport) -> pa.Table:
    row = {
        "digest": intake.digest,
        "source": intake.source,
        "mode": intake.mode,
        "moment": intake.moment.replace(tzinfo=None),
        "files": json.dumps([file.name for file in files], ensure_ascii=False),
        "documents": report.documents.delivered,
        "rows": report.rows.delivered,
        "accepted": report.documents.accepted,
        "set_aside": report.documents.set_aside,
        "faults": sum(report.noted.values()),
    }
    return pa.Table.from_pylist([row])


def _faults(contract: Contract, faults: Faults, *, document: bool) -> pa.Table:
    """The faults kept with their places; those beyond are one row a code, without a place."""
    rows: list[dict[str, object]] = []
    over = faults.counts.copy()
    for place in faults.kept:
        over[place.fault.code] -= 1
        allowed = place.allowed(contract)
        row: dict[str, object] = {
            "file": place.file.name or None,
            "table_name": place.table,
            "row_no": place.fault.row_no or None,
            "column_name": place.fault.column or None,
            "code": place.fault.code,
            "message_vi": message(place.fault.code, "vi", allowed),
            "message_en": message(place.fault.code, "en", allowed),
        }
        if document:
            row["document"] = place.fault.document
        rows.append(row)
    rows += [
        {
            "code": code,
            "message_vi": f"{count} × {message(code, 'vi')}",
            "message_en": f"{count} × {message(code, 'en')}",
        }
        for code, count in sorted(over.items())
        if count > 0
    ]
    numbered = [row | {"fault_no": number} for number, row in enumerate(rows, 1)]
    schema = pa.schema(
        [("fault_no", pa.int64()), ("file", pa.string()), ("table_name", pa.string()), ("row_no", pa.int64())]
        + [(name, pa.string()) for name in ("column_name", "code", "message_vi", "message_en")]
        + ([("document", pa.string())] if document else [])
    )
    return pa.Table.from_pylist(numbered, schema=schema)
