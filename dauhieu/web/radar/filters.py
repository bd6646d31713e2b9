"""What a page is asked to show: read from its address, so that a page can be sent to a colleague as it is."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from dauhieu.findings.stored import scanned_months
from dauhieu.web.accounts.scope import BRANCH_TITLES
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, text

BLOCKS = "state foreign_invested private public_unit cooperative household_business commune other".split()
ORDERS = ("points", "recoverable", "rise")
# Which provinces: those since July 2025, or those before.
PROVINCES = {"34": "province", "63": "former_province"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is not known is left out, as if it had not been asked for. An empty value means all."""

    month: date
    before: date | None
    branch: str = ""
    block: str = ""
    kind: str = ""
    provinces: str = "34"
    place: str = ""
    office: str = ""
    search: str = ""
    order: str = "points"
    page: int = 1

    @property
    def column(self) -> str:
        """The column of the provinces chosen."""
        return PROVINCES[self.provinces]

    @property
    def conditions(self) -> str:
        """SQL over `reason`, but for the month."""
        wanted = [
            f"subject_kind = {text(self.kind)}" if self.kind else "",
            f"branch = {text(self.branch)}" if self.branch else "",
            f"block_code = {text(self.block)}" if self.block else "",
            f"{self.column} = {text(self.place)}" if self.place else "",
            f"org_code = {text(self.office)}" if self.office else "",
        ]
        return " AND ".join(["true", *(one for one in wanted if one)])


def read_filters(query: QueryDict, lake: Lake, *, place: str = "") -> Filters:
    months = scanned_months(lake.version)
    month = month_asked(query, months)
    return Filters(
        month=month,
        before=max((one for one in months if one < month), default=None),
        branch=known(query.get("branch"), BRANCH_TITLES),
        block=known(query.get("block"), BLOCKS),
        kind=known(query.get("kind"), UNIT_KINDS),
        provinces=known(query.get("provinces"), PROVINCES) or "34",
        place=place or query.get("place", "")[:10],
        office=query.get("office", "")[:20],
        search=query.get("q", "").strip()[:60],
        order=known(query.get("order"), ORDERS) or "points",
        page=page_asked(query),
    )


def month_asked(query: QueryDict, months: Sequence[date]) -> date:
    """One of these months; the latest if none of them is asked for."""
    asked = query.get("month", "")
    return next((one for one in months if f"{one:%Y-%m}" == asked), months[-1])


def page_asked(query: QueryDict) -> int:
    asked = query.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() else 1


def known(value: str | None, among: Container[str]) -> str:
    return value if value and value in among else ""
