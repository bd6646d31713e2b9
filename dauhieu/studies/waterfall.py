"""A difference split into parts which add up to it: measures after each step, and the steps between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MEASURES = ("findings", "subjects", "money")

# The causes, in the order in which they are taken away from the difference. Each is measured on what the earlier ones
# have left, so another order would share out differently what two causes do together; the sum is the same.
CAUSES: Mapping[str, tuple[str, str]] = {
    "scope": (
        "dấu hiệu chỉ chạy hoặc chỉ được tính ở một trong hai tháng",
        "signs which ran or ranked in one of the two months only",
    ),
    "sign": ("dấu hiệu được sửa", "changed signs"),
    "law_written": ("tham số pháp lý được sửa trong danh mục", "statutory values written otherwise"),
    "corrected": ("dữ liệu của các tháng trước bổ sung, sửa về sau", "corrected and late data of earlier months"),
    "new_data": ("dữ liệu mới và thời gian trôi qua", "new data, and time which passed"),
    "thresholds": ("đơn vị đặt ngưỡng khác", "thresholds which the agency set"),
    "law": ("quy định mới có hiệu lực", "law which came into force"),
    "unseparated": ("không tách được", "what cannot be separated"),
    "excepted": ("ngoại lệ của đơn vị", "exceptions of the agency"),
    "geography": ("đổi địa bàn", "changed geography"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """How much there is: findings, subjects with at least one, and the plain sum of their amounts in đồng."""

    findings: int = 0
    subjects: int = 0
    money: int = 0

    def __sub__(self, other: Measure) -> Measure:
        return Measure(self.findings - other.findings, self.subjects - other.subjects, self.money - other.money)

    def __add__(self, other: Measure) -> Measure:
        return Measure(self.findings + other.findings, self.subjects + other.subjects, self.money + other.money)

    def __bool__(self) -> bool:
        return any((self.findings, self.subjects, self.money))


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From the first measure to the last; `parts` are by cause and add up to the difference."""

    start: Measure
    parts: Mapping[str, Measure]
    end: Measure

    @classmethod
    def over(cls, steps: Sequence[Measure]) -> Waterfall:
        """`steps` are the first measure and the one after each cause, in the order of `CAUSES`."""
        parts = dict(zip(CAUSES, _differences(steps), strict=True))
        return cls(steps[0], parts, steps[-1])

    @property
    def difference(self) -> Measure:
        return self.end - self.start

    def as_json(self) -> dict[str, object]:
        return {
            name: {word: getattr(measure, word) for word in MEASURES}
            for name, measure in {
                "from": self.start,
                **self.parts,
                "to": self.end,
                "difference": self.difference,
            }.items()
        }


def _differences(steps: Sequence[Measure]) -> Iterator[Measure]:
    for before, after in pairwise(steps):
        yield after - before
