"""Run the examples of a sign: the findings must be those drawn, no more and no fewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.example import Example
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.schema import Columns
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.errors import DauhieuError, EngineError, Fault
from dauhieu.findings.explain import sentence
from dauhieu.law.law import Law
from dauhieu.proof.drawn import StoredExample, empty_table, store_example
from dauhieu.warehouse.contract import Contract
from dauhieu.warehouse.sight import Sight, law_tables

# The findings of one example are alike: the rows behind the first few show that the evidence works.
EVIDENCE_SHOWN = 3


@dataclass
class ExampleRunner:
    """Runs examples one after another in one engine."""

    engine: Engine
    contract: Contract
    catalogue: Catalogue
    law: Law
    _view_columns: dict[str, Columns] = field(default_factory=dict)
    _compiled: dict[tuple[str, date], Compiled] = field(default_factory=dict)

    @cached_property
    def _reference(self) -> dict[str, pa.Table]:
        return law_tables(self.law)

    def faults(self, sign: Sign, example: Example) -> tuple[Fault, ...]:
        """What the example shows to be wrong; nothing when it holds."""
        try:
            stored = store_example(example, self.contract)
            bench = self.bench(example, stored)
            found = self._findings(sign, bench, stored)
            messages = [*_differences(example, found), *_doubled(found), *self._evidence(sign, bench, stored, found)]
        except DauhieuError as error:
            messages = [str(error)]
        return tuple(Fault(example.path, example.line, f"Example '{example.title}': {text}") for text in messages)

    def differs(self, sign: Sign, compiled: Compiled, sql: str, example: Example, stored: StoredExample) -> bool:
        """Whether another text in the place of the compiled one finds anything but what the example draws."""
        try:
            rows = self._rows(compiled, sql)
        except EngineError:
            return True
        return bool(_differences(example, [_labelled(row, sign, stored, self.contract) for row in rows]))

    def found(self, sign: Sign, compiled: Compiled, stored: StoredExample) -> list[str]:
        """The labels of the subjects which a sign made ready finds."""
        rows = self._rows(compiled, compiled.sql)
        return [str(_labelled(row, sign, stored, self.contract)["subject"]) for row in rows]

    def bench(self, example: Example, stored: StoredExample) -> Workbench:
        """A workbench over the example's tables; tables it does not draw are empty."""
        return self._bench(example.as_of, example.known_at, stored)

    def empty_bench(self, as_of: date) -> Workbench:
        """A workbench over empty tables: enough to compile."""
        return self._bench(as_of, None, StoredExample({}, {}))

    def _bench(self, as_of: date, known_at: datetime | None, stored: StoredExample) -> Workbench:
        reference = self._reference

        def source(name: str) -> pa.Table:
            if name in stored.tables:
                return stored.tables[name]
            if name in reference:
                return reference[name]
            if name.startswith("key_"):
                return pa.table({"id": pa.array([], pa.int64()), "code": pa.array([], pa.string())})
            return empty_table(self.contract.table(name))

        sight = Sight(self.engine, self.contract, source, as_of, known_at)
        bench = Workbench(sight, self.catalogue, self.law, self._view_columns, self._compiled)
        self._view_columns = bench.view_columns
        return bench

    def _findings(self, sign: Sign, bench: Workbench, stored: StoredExample) -> list[dict[str, Any]]:
        compiled = bench.compile(sign)
        bench.ready(compiled)
        return [_labelled(row, sign, stored, self.contract) for row in self._rows(compiled, compiled.sql)]

    def _rows(self, compiled: Compiled, sql: str) -> list[dict[str, Any]]:
        # A few rows of a long text: a table of Arrow would have it planned twice.
        return [dict(zip(compiled.columns, row, strict=True)) for row in self.engine.rows(sql)]

    def _evidence(self, sign: Sign, bench: Workbench, stored: StoredExample, found: list[dict[str, Any]]) -> list[str]:
        """Every finding has rows behind it and a sentence in both languages."""
        messages = []
        for row in found[:EVIDENCE_SHOWN]:
            compiled = bench.compile_evidence(sign, row["__bindings"])
            bench.ready(compiled)
            if not self.engine.rows(compiled.sql):
                messages.append(f"the evidence of {row['subject']} from {row['period_from']} has no rows.")
            for language, template in (("vi", sign.explain.vi), ("en", sign.explain.en)):
                sentence(template, row, language)
        return messages


def _labelled(row: Mapping[str, Any], sign: Sign, stored: StoredExample, contract: Contract) -> dict[str, Any]:
    """A row of the sign with labels in place of ids."""
    shown: dict[str, Any] = {}
    for name, value in row.items():
        kind = contract.kind_of(name)
        shown[name.removesuffix("_id") if kind else name] = stored.label(kind, value) if kind else value
    subject = stored.label(sign.subject, row.get("subject_id")) or row.get("subject_code")
    item = row.get("item")
    shown |= {"subject": subject, "subject_code": subject}
    shown["item"] = stored.label(sign.item_kind, item) if sign.item_kind else item
    names = ("subject_id", "subject_code", "item", "period_from", "period_to")
    shown["__bindings"] = {name: row.get(name) for name in names} | {"subject_code": row.get("subject_code") or subject}
    return shown


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, date) or isinstance(actual, date):
        return str(expected) == str(actual)
    if isinstance(expected, str) or isinstance(actual, str):
        return str(expected) == str(actual)
    return bool(expected == actual)


def _differences(example: Example, found: list[dict[str, Any]]) -> list[str]:
    """Pair each drawn finding with one found; tell what is left on either side."""
    left = list(found)
    messages = []
    for expected in example.finds:
        unknown = [name for row in found[:1] for name in expected if name not in row]
        if unknown:
            messages.append(f"a finding has no '{unknown[0]}'.")
            continue
        match = next((row for row in left if all(_same(value, row[name]) for name, value in expected.items())), None)
        if match is None:
            messages.append(
                f"expected {_shown(expected)}, found {', '.join(_shown(row) for row in left) or 'nothing'}."
            )
        else:
            left.remove(match)
    if not messages and left:
        messages.append(f"found {', '.join(_shown(row) for row in left)} which it does not expect.")
    return messages


def _doubled(found: list[dict[str, Any]]) -> list[str]:
    keys = [(row["subject"], row["item"], row["period_from"]) for row in found]
    return [
        f"two findings have the same subject, item and period {key}." for key in {k for k in keys if keys.count(k) > 1}
    ]


def _shown(row: Mapping[str, Any]) -> str:
    pairs = (
        f"{name}={value}" for name, value in row.items() if name not in ("__bindings", "subject_id", "subject_code")
    )
    return "{" + ", ".join(pairs) + "}"
