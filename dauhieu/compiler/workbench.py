"""A workbench: one engine, one sight, one month. It makes ready what a sign reads, then runs the sign.

Examples and scans use the same workbench, so that what is proven is what runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import REQUIRED_OUTPUT, Sign
from dauhieu.catalogue.view import PROCEDURES, View
from dauhieu.compiler.compile import Compiled, compile_select
from dauhieu.compiler.procedures import components
from dauhieu.compiler.schema import Columns, Schema, schema_of
from dauhieu.errors import DauhieuError, Fault, SignError
from dauhieu.law.law import Law
from dauhieu.warehouse.contract import Contract
from dauhieu.warehouse.sight import Sight

# What an evidence SELECT may ask of the finding it shows.
Binding = int | str | date | None


def compile_sign(sign: Sign, schema: Schema, law: Law, as_of: date) -> Compiled:
    """The sign's own SELECT for one month; SignError when a column every sign must give is missing."""
    tuning = {name: threshold.value for name, threshold in sign.tuning.items()}
    compiled = compile_select(
        sign.sql, schema=schema, law=law, as_of=as_of, tuning=tuning, path=sign.path, line=sign.sql_line
    )
    required = [name for name in REQUIRED_OUTPUT if name != "subject_id" or "subject_code" not in compiled.columns]
    missing = [name for name in required if name not in compiled.columns]
    if missing:
        message = f"The SELECT gives no column {', '.join(missing)}. Every sign gives {', '.join(REQUIRED_OUTPUT)}."
        raise SignError(faults=[Fault(sign.path, sign.sql_line, message)])
    return compiled


def compile_evidence(sign: Sign, schema: Schema, law: Law, as_of: date, bindings: Mapping[str, Binding]) -> Compiled:
    """The SELECT of the rows behind one finding."""
    tuning = {name: threshold.value for name, threshold in sign.tuning.items()}
    return compile_select(
        sign.evidence,
        schema=schema,
        law=law,
        as_of=as_of,
        tuning=tuning,
        bindings=bindings,
        path=sign.path,
        line=sign.evidence_line,
    )


def sign_schema(contract: Contract, views: Mapping[str, Columns], sign: Sign) -> Schema:
    return schema_of(contract, views, identity=sign.needs.identity, findings=bool(sign.needs.signs))


def in_order(views: Mapping[str, View]) -> tuple[View, ...]:
    """Views such that each comes after those it reads; SignError on a ring."""
    reads = {
        name: {word for word in re.findall(r"\w+", view.sql) if word in views and word != name}
        for name, view in views.items()
    }
    done: list[str] = []
    while len(done) < len(views):
        ready = [name for name in views if name not in done and reads[name] <= set(done)]
        if not ready:
            ring = [views[name] for name in views if name not in done]
            raise SignError(
                faults=[Fault(view.path, view.line, "The views read each other in a ring.") for view in ring]
            )
        done += ready
    return tuple(views[name] for name in done)


@dataclass
class Workbench:
    """Compiles and runs for the `as_of` of its sight; views are computed when first needed and then shared.

    `view_columns` and `compiled` may be handed over from an earlier workbench with the same catalogue and law; else
    columns are found by asking the engine.
    """

    sight: Sight
    catalogue: Catalogue
    law: Law
    view_columns: dict[str, Columns] = field(default_factory=dict)
    compiled: dict[tuple[str, date], Compiled] = field(default_factory=dict)
    view_faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    _computed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.view_columns:
            for view in in_order(self.catalogue.views):
                try:
                    self._describe(view)
                except DauhieuError as error:
                    # The signs which read it fail; all others go on.
                    self.view_faults[view.name] = error.faults

    def compile(self, sign: Sign) -> Compiled:
        # The text decides what is compiled: a sign changed in memory is another sign.
        key = (f"{sign.id} {sign.sql}", self.sight.as_of)
        if key not in self.compiled:
            self.compiled[key] = compile_sign(sign, self._schema(sign), self.law, self.sight.as_of)
        return self.compiled[key]

    def compile_evidence(self, sign: Sign, bindings: Mapping[str, Binding]) -> Compiled:
        return compile_evidence(sign, self._schema(sign), self.law, self.sight.as_of, bindings)

    def ready(self, compiled: Compiled) -> None:
        """Make readable everything a compiled SELECT names."""
        self.sight.show(compiled.tables, compiled.history, compiled.keys)
        self.compute(compiled.views)

    def compute(self, names: Iterable[str]) -> None:
        """Materialise views, those they read first."""
        for name in sorted(names):
            if name in self._computed:
                continue
            view = self.catalogue.views[name]
            compiled = self._compile_view(view)
            self.ready(compiled)
            if view.procedure == "components":
                components(self.sight.engine, name, compiled.sql)
            else:
                self.sight.engine.materialise(name, compiled.sql)
            self._computed.add(name)

    def views_of(self, compiled: Compiled) -> frozenset[str]:
        """Views a SELECT reads, also through other views."""
        found: set[str] = set()
        waiting = list(compiled.views)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._compile_view(self.catalogue.views[name]).views
        return frozenset(found)

    def _schema(self, sign: Sign) -> Schema:
        return sign_schema(self.sight.contract, self.view_columns, sign)

    def _compile_view(self, view: View) -> Compiled:
        key = (view.name, self.sight.as_of)
        if key not in self.compiled:
            self.compiled[key] = compile_select(
                view.sql,
                schema=schema_of(self.sight.contract, self.view_columns),
                law=self.law,
                as_of=self.sight.as_of,
                tuning={},
                path=view.path,
                line=view.line,
            )
        return self.compiled[key]

    def _describe(self, view: View) -> None:
        compiled = self._compile_view(view)
        self.sight.show(compiled.tables, compiled.history, compiled.keys)
        engine = self.sight.engine
        columns = engine.columns(compiled.sql)
        if view.procedure:
            columns = dict.fromkeys(PROCEDURES[view.procedure], next(iter(columns.values())))
        self.view_columns[view.name] = columns
        # Views which read this one are described against its empty shape; `compute` puts the rows there.
        shape = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns.items())
        engine.materialise(view.name, f"SELECT {shape} WHERE false")
