"""What became of a delivery, in numbers which add up: accepted + set aside = delivered, in rows and in documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dauhieu.deliveries.messages import message
from dauhieu.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Count:
    """Delivered things of one kind."""

    delivered: int = 0
    accepted: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one table: rows new or changed, rows closed, rows that were there already."""

    added: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands; never the value itself."""

    file: str
    sheet: str
    row: int
    column: str
    code: str
    allowed: tuple[str, ...] = ()

    def words(self, language: str = "en") -> str:
        words = {"vi": ("trang", "dòng", "cột"), "en": ("sheet", "row", "column")}[language]
        sheet = f", {words[0]} '{self.sheet}'" if self.sheet else ""
        column = f", {words[2]} '{self.column}'" if self.column else ""
        return f"{self.file}{sheet}, {words[1]} {self.row}{column}: {message(self.code, language, self.allowed)}"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """`version` is the one which holds the delivery; `landed` is false where it was there before."""

    version: int | None
    landed: bool
    documents: Count = field(default_factory=Count)
    rows: Count = field(default_factory=Count)
    tables: Mapping[str, Change] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    noted: Mapping[str, int] = field(default_factory=dict)
    first: tuple[Place, ...] = ()
    extra_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class SetAsideError(DeliveryError):
    """Nothing landed, because too much would have been set aside; `report` tells what and where."""

    def __init__(self, text: str, report: LoadReport):
        super().__init__(text)
        self.report = report
