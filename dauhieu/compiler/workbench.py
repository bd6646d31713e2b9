"""A workbench: one engine, one sight, one month. It makes ready what a sign reads, then runs the sign.

Examples and scans use the same workbench, so that what is proven is what runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    tuning = sign.thresholds(as_of)
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
    tuning = sign.thresholds(as_of)
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


def sign_schema(
    contract: Contract, views: Mapping[str, Columns], sign: Sign, faulty: Mapping[str, str] | None = None
) -> Schema:
    """What a sign may read; `faulty` views are told when it reads them."""
    schema = schema_of(contract, views, identity=sign.needs.identity, findings=bool(sign.needs.signs))
    return replace(schema, closed={**schema.closed, **faulty}) if faulty else schema


@dataclass
class Workbench:
    """Compiles and runs for the `as_of` of its sight; views are computed when first needed and then shared.

    `view_columns` and `compiled` may be handed over from an earlier workbench with the same catalogue and law; else
    the columns of a view are found by asking the engine, when a SELECT first names it.
    """

    sight: Sight
    catalogue: Catalogue
    law: Law
    view_columns: dict[str, Columns] = field(default_factory=dict)
    compiled: dict[tuple[str, date], Compiled] = field(default_factory=dict)
    _computed: set[str] = field(default_factory=set)
    _shaped: set[str] = field(default_factory=set)

    def compile(self, sign: Sign) -> Compiled:
        # The text and the thresholds decide what is compiled: a sign changed in memory is another sign.
        key = (f"{sign.id} {sign.sql} {sign.thresholds(self.sight.as_of)}", self.sight.as_of)
        if key not in self.compiled:
            self.compiled[key] = compile_sign(sign, self._schema(sign, sign.sql), self.law, self.sight.as_of)
        return self.compiled[key]

    def compile_evidence(self, sign: Sign, bindings: Mapping[str, Binding]) -> Compiled:
        return compile_evidence(sign, self._schema(sign, sign.evidence), self.law, self.sight.as_of, bindings)

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
            self.describe(name)
            compiled = self.compile_view(view)
            self.ready(compiled)
            if view.procedure == "components":
                components(self.sight.engine, name, compiled.sql)
            else:
                self.sight.engine.materialise(name, compiled.sql)
            self._computed.add(name)

    def describe(self, name: str, on_the_way: tuple[str, ...] = ()) -> None:
        """Learn the columns of a view, those it reads first; SignError when it is faulty or reads itself."""
        view = self.catalogue.views[name]
        if name in on_the_way:
            ring = " -> ".join((*on_the_way, name))
            raise SignError(f"The views {ring} read each other in a ring.", path=view.path, line=view.line)
        for other in self._views_in(view.sql, site=view.site) - {name}:
            self.describe(other, (*on_the_way, name))
            self._shape(other)
        if name not in self.view_columns:
            compiled = self.compile_view(view)
            self.sight.show(compiled.tables, compiled.history, compiled.keys)
            columns = self.sight.engine.columns(compiled.sql)
            if view.procedure:
                columns = dict.fromkeys(PROCEDURES[view.procedure], next(iter(columns.values())))
            self.view_columns[name] = columns

    def _views_in(self, sql: str, *, site: bool) -> set[str]:
        """Views a text names. A word which happens to be a view's name costs only a description.

        What is shipped sees no views of the site: their names may stand in it by chance.
        """
        named = set(re.findall(r"\w+", sql)) & self.catalogue.views.keys()
        return {name for name in named if site or not self.catalogue.views[name].site}

    def _shape(self, name: str) -> None:
        """An empty table in the place of a view not yet computed, so that what reads it can be described."""
        if name in self._computed or name in self._shaped:
            return
        columns = self.view_columns[name].items()
        shape = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in columns)
        self.sight.engine.materialise(name, f"SELECT {shape} WHERE false")
        self._shaped.add(name)

    def _schema(self, sign: Sign, sql: str) -> Schema:
        faulty: dict[str, str] = {}
        for name in sorted(self._views_in(sql, site=sign.site)):
            try:
                self.describe(name)
            except DauhieuError as error:
                # Told only if the sign reads it: the word may be the name of a column.
                faulty[name] = f"The view is faulty: {error}"
        return sign_schema(self.sight.contract, self._described(site=sign.site), sign, faulty)

    def _described(self, *, site: bool) -> dict[str, Columns]:
        """Columns of the views a text may read."""
        views = self.catalogue.views
        return {name: columns for name, columns in self.view_columns.items() if site or not views[name].site}

    def compile_view(self, view: View) -> Compiled:
        key = (view.name, self.sight.as_of)
        if key not in self.compiled:
            self.compiled[key] = compile_select(
                view.sql,
                schema=schema_of(self.sight.contract, self._described(site=view.site)),
                law=self.law,
                as_of=self.sight.as_of,
                tuning={},
                path=view.path,
                line=view.line,
            )
        return self.compiled[key]
