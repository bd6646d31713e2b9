"""The rows of the warehouse which show one finding, and the law they were judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from dauhieu.catalogue.sign import LegalBasis, Sign
from dauhieu.compiler.workbench import Workbench
from dauhieu.findings.coded import coded
from dauhieu.findings.explain import FORMATS, MISSING
from dauhieu.law.law import Law
from dauhieu.law.parameter import Parameter, Value


@dataclass(frozen=True, slots=True)
class LawInForce:
    """A statutory value which the sign used, as it stood at the end of the finding's period."""

    parameter: Parameter
    values: Mapping[str, Value | None]
    source: str

    def shown(self, language: str) -> str:
        """The values as people write them, each with its dimension before it."""
        return "; ".join(
            f"{key}: {self._written(value, language)}" if key else self._written(value, language)
            for key, value in self.values.items()
        )

    def _written(self, value: Value | None, language: str) -> str:
        if value is None:
            return MISSING[language]
        form = {"vnd": "vnd", "ppm": "ppm", "count": "count", "days": "count", "date": "date"}
        return FORMATS[form.get(self.parameter.type, "text")](value, language)


def evidence(bench: Workbench, sign: Sign, finding: Mapping[str, Any]) -> pa.Table:
    """The rows behind a finding, with codes for ids."""
    item = finding["item"]
    if sign.item_kind and item is not None:
        item = _id_of(bench, sign.item_kind, str(item))
    names = ("subject_id", "subject_code", "period_from", "period_to")
    compiled = bench.compile_evidence(sign, {name: finding[name] for name in names} | {"item": item})
    bench.ready(compiled)
    engine = bench.sight.engine
    sql, kinds = coded(compiled.sql, engine.columns(compiled.sql), bench.sight.contract)
    bench.sight.show(keys=kinds)
    return engine.table(sql)


def _id_of(bench: Workbench, kind: str, code: str) -> int | None:
    bench.sight.show(keys=[kind])
    written = "'" + code.replace("'", "''") + "'"
    rows = bench.sight.engine.rows(f"SELECT id FROM keys__{kind} WHERE code = {written}")
    return int(str(rows[0][0])) if rows else None


def articles(sign: Sign, period_from: date, period_to: date) -> tuple[LegalBasis, ...]:
    """The articles in force at some time of the period."""
    return tuple(
        basis
        for basis in sign.legal_basis
        if basis.valid_from <= period_to and (basis.valid_to is None or basis.valid_to >= period_from)
    )


def law_in_force(bench: Workbench, sign: Sign, law: Law, day: date) -> tuple[LawInForce, ...]:
    """Every statutory value the sign reads, as of a day; those not yet or no longer in force are left out."""
    found = []
    for name in sorted(bench.compile(sign).parameters):
        parameter = law.parameter(name)
        span = parameter.span(day)
        if span is None:
            continue
        values = {", ".join(str(part) for part in key): value for key, value in span.values.items()}
        found.append(LawInForce(parameter, values, span.source))
    return tuple(found)
