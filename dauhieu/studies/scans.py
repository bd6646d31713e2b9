"""What scans of a month have left behind: what came of each sign, over which data, and what it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dauhieu.engines.base import Engine
from dauhieu.errors import StoreError
from dauhieu.studies.running import Moment
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version


@dataclass(frozen=True, slots=True)
class SignScanned:
    """The last scan of one sign for a month. Digests are None where a scan has not kept them."""

    state: str
    reason: str
    moment: Moment
    made_digest: str | None
    law_digest: str | None

    @property
    def ran(self) -> bool:
        return self.state == "run"


@dataclass(frozen=True, slots=True)
class MonthScanned:
    """Every sign of a month; `moment` is the data of the latest scan."""

    moment: Moment
    signs: dict[str, SignScanned]


def month_scanned(engine: Engine, store: Store, version: Version, as_of: date) -> MonthScanned:
    """StoreError if the month was never scanned."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    rows = engine.table(
        "SELECT r.sign_id, r.state, r.reason, r.made_digest, r.law_digest, s.store_version, s.known_at, "
        "s.finished_at FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of = DATE '{as_of}' QUALIFY row_number() OVER "
        "(PARTITION BY r.sign_id ORDER BY s.finished_at DESC, s.scan_id) = 1 ORDER BY s.finished_at, r.sign_id"
    ).to_pylist()
    if not rows:
        raise StoreError(f"{as_of:%Y-%m} has not been scanned. Scan it: dauhieu scan STORE --as-of {as_of:%Y-%m}.")
    return MonthScanned(
        _moment(as_of, rows[-1]["store_version"], rows[-1]["known_at"]),
        {
            row["sign_id"]: SignScanned(
                row["state"],
                row["reason"] or "",
                _moment(as_of, row["store_version"], row["known_at"]),
                row["made_digest"],
                row["law_digest"],
            )
            for row in sorted(rows, key=lambda row: str(row["sign_id"]))
        },
    )


def _moment(as_of: date, version: int, known_at: datetime | None) -> Moment:
    return Moment(as_of, version, known_at)
