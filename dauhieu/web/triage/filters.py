"""What the queue is asked to show: read from its address. What is not known is as if not asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from dauhieu.web.accounts.scope import BRANCH_TITLES
from dauhieu.web.radar.filters import BLOCKS, known, month_asked, page_asked
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, text
from dauhieu.web.triage.models import STATES, WAITING

ORDERS = ("points", "amount", "new")
ALL = "all"


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """An empty value means all. `unit` is one unit, `each` shows every finding by itself."""

    month: date
    state: str = WAITING
    holder: str = ""
    branch: str = ""
    block: str = ""
    kind: str = ""
    place: str = ""
    sign: str = ""
    unit: str = ""
    fresh: bool = False
    each: bool = False
    search: str = ""
    order: str = "points"
    page: int = 1

    @property
    def has_more(self) -> bool:
        """Whether one of the filters is set which are shown on demand."""
        return any((self.holder, self.branch, self.block, self.kind, self.place, self.fresh, self.each))

    @property
    def conditions(self) -> str:
        """SQL over `finding`."""
        kind, _colon, code = self.unit.partition(":")
        wanted = [
            f"as_of = {text(self.month)}",
            f"unit_kind = {text(self.kind)}" if self.kind else "",
            f"branch = {text(self.branch)}" if self.branch else "",
            f"block_code = {text(self.block)}" if self.block else "",
            f"province = {text(self.place)}" if self.place else "",
            f"sign_id = {text(self.sign)}" if self.sign else "",
            f"unit_kind = {text(kind)} AND unit_code = {text(code)}" if self.unit else "",
            "state = 'new'" if self.fresh else "",
        ]
        return " AND ".join(one for one in wanted if one)


def read_queue(query: QueryDict, lake: Lake) -> QueueFilters:
    return QueueFilters(
        month=month_asked(query, lake.months),
        state=known(query.get("state"), (*STATES, ALL)) or WAITING,
        holder=known(query.get("holder"), ("me", "nobody")),
        branch=known(query.get("branch"), BRANCH_TITLES),
        block=known(query.get("block"), BLOCKS),
        kind=known(query.get("kind"), UNIT_KINDS),
        place=query.get("place", "")[:10],
        sign=query.get("sign", "")[:60],
        unit=query.get("unit", "")[:90],
        fresh=query.get("fresh") == "1",
        each=query.get("each") == "1",
        search=query.get("q", "").strip()[:60],
        order=known(query.get("order"), ORDERS) or "points",
        page=page_asked(query),
    )
