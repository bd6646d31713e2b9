"""The thresholds by which a sign judged a month, those of the agency told from those which are shipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dauhieu.catalogue.sign import Sign, Threshold
from dauhieu.catalogue.tuning import written
from dauhieu.warehouse.contract import Text


@dataclass(frozen=True, slots=True)
class InForce:
    """One threshold; `shipped` and `by` are None unless the agency has set a value of its own."""

    name: str
    value: Threshold
    unit: str
    why: Text
    shipped: Threshold | None = None
    by: str | None = None

    def told(self) -> Text:
        """`share: 12 percent`, and what it would be if the agency had set nothing."""
        plain = f"{self.name}: {written(self.value)} ({self.unit})"
        if self.shipped is None:
            return Text(plain, plain)
        was = written(self.shipped)
        return Text(f"{plain}, đơn vị tự đặt thay cho {was}", f"{plain}, set locally in place of {was}")


def thresholds(sign: Sign, as_of: date) -> tuple[InForce, ...]:
    found = []
    for name, threshold in sign.tuning.items():
        local = threshold.local_at(as_of)
        if local:
            why = Text(local.why, local.why)
            found.append(InForce(name, local.value, threshold.unit, why, threshold.value, local.by))
        else:
            found.append(InForce(name, threshold.value, threshold.unit, threshold.why))
    return tuple(found)
