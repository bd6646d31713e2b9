"""May a sign run? Silence and 'nothing found' are different answers, so each hindrance is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from dauhieu.catalogue.sign import CLOSED_YEAR, Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.workbench import Workbench
from dauhieu.law.law import Law


@dataclass
class Readiness:
    """Looks at law and tables as the scan sees them; each table is looked at once."""

    bench: Workbench
    _ages: dict[str, tuple[int, date | None]] = field(default_factory=dict)

    def hindrance(self, sign: Sign, compiled: Compiled, ran: Collection[str]) -> str | None:
        """Why the sign cannot run, None if it can; `ran` are the signs whose findings are there."""
        as_of = self.bench.sight.as_of
        if sign.applies_from and as_of < sign.applies_from:
            return f"it applies from {sign.applies_from}"
        if sign.applies_to and as_of > sign.applies_to:
            return f"it applied until {sign.applies_to}"
        missing = missing_law(self.bench.law, compiled.parameters, as_of)
        if missing:
            return f"parameter missing: {missing}"
        for other in sign.needs.signs:
            if other not in ran:
                return f"sign {other} did not run"
        for table, age in sign.needs.required.items():
            rows, newest = self._age(table)
            if not rows:
                return f"table {table} is empty"
            if age == CLOSED_YEAR and not self._has_year(table, as_of.year - 1):
                return f"table {table} has no rows of {as_of.year - 1}"
            if isinstance(age, int) and newest is not None and _months_between(newest, as_of) > age:
                return f"table {table} is stale: its newest row is of {newest}"
        return None

    def _age(self, table: str) -> tuple[int, date | None]:
        """Rows of a table as the scan sees it, and the day of the newest."""
        if table not in self._ages:
            self.bench.sight.show([table])
            happens = self.bench.sight.contract.table(table).happens
            newest = f'CAST(max("{happens}") AS DATE)' if happens else "CAST(NULL AS DATE)"
            count, day = self.bench.sight.engine.rows(f'SELECT count(*), {newest} FROM "{table}"')[0]
            self._ages[table] = (int(str(count)), day if isinstance(day, date) else None)
        return self._ages[table]

    def _has_year(self, table: str, year: int) -> bool:
        return bool(self.bench.sight.engine.rows(f'SELECT 1 FROM "{table}" WHERE year = {year} LIMIT 1'))


def missing_law(law: Law, parameters: Iterable[str], as_of: date) -> str | None:
    """What a sign needs of the law and does not have as of a day.

    A sign which spans a change of law reads the old values and the new: the new ones are not missing before they begin,
    for no fact is dated after that day. A sign which reads none but values to come has nothing to judge by.
    """
    names = sorted(parameters)
    begun = [name for name in names if law.begins(name) <= as_of]
    return next((missing for name in begun or names if (missing := law.missing(name, as_of))), None)


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
