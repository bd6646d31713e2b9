"""Which findings of a sign are excepted: known to the agency, in order, and kept out of warnings for a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from dauhieu.catalogue.exception import FindingException
from dauhieu.catalogue.sign import OPTIONAL_OUTPUT, REQUIRED_OUTPUT, Sign
from dauhieu.compiler.condition import FINDING, compile_condition
from dauhieu.compiler.workbench import Workbench
from dauhieu.errors import DauhieuError, EngineError, SignError
from dauhieu.warehouse.contract import Contract

EXCEPTED = "excepted"
# What a condition may ask beside the facts.
OF_EVERY_FINDING = {
    "finding_id": "VARCHAR",
    "subject_kind": "VARCHAR",
    "subject_code": "VARCHAR",
    "item": "VARCHAR",
    "period_from": "DATE",
    "period_to": "DATE",
    "amount": "BIGINT",
    "strength": "INTEGER",
    "area_code": "VARCHAR",
    "org_code": "VARCHAR",
    "block_code": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Excepted:
    """The relation of (finding_id, exception_id), and the exceptions which could not act, with the reason."""

    relation: str
    idle: tuple[str, ...]


def condition_columns(columns: Mapping[str, str], contract: Contract) -> dict[str, str]:
    """Columns and facts of a finding by the names people see, from the output columns of its sign."""
    facts = {
        name.removesuffix("_id") + "_code" if contract.kind_of(name) else name: (
            "VARCHAR" if contract.kind_of(name) else kind
        )
        for name, kind in columns.items()
        if name not in (*REQUIRED_OUTPUT, *OPTIONAL_OUTPUT)
    }
    return facts | OF_EVERY_FINDING


def except_findings(bench: Workbench, sign: Sign, columns: Mapping[str, str], complete: str) -> Excepted | None:
    """Make the relation of the excepted findings among `complete` ones; None if no exception bears on the sign."""
    as_of = bench.sight.as_of
    acting = [one for one in bench.catalogue.exceptions if one.covers(sign) and one.state(as_of) == "in force"]
    if not acting:
        return None
    engine = bench.sight.engine
    offered = condition_columns(columns, bench.sight.contract)
    engine.materialise(FINDING, _offered_sql(offered, complete))
    idle, parts = [], []
    for number, one in enumerate(acting):
        try:
            engine.materialise(f"excepted__{number}", _excepted_sql(bench, sign, one, offered))
            parts.append(f"SELECT finding_id, '{one.id}' AS exception_id FROM excepted__{number}")
        except SignError as error:
            idle.append(f"exception {one.id} does not act: {error}")
        except EngineError:
            # What the engine says may quote the data.
            idle.append(f"exception {one.id} does not act: its condition fails on these findings")
    nothing = "SELECT CAST(NULL AS VARCHAR) AS finding_id, CAST(NULL AS VARCHAR) AS exception_id WHERE false"
    every = " UNION ALL ".join([nothing, *parts])
    engine.materialise(EXCEPTED, f"SELECT finding_id, min(exception_id) AS exception_id FROM ({every}) GROUP BY 1")
    for name in (FINDING, *(f"excepted__{number}" for number in range(len(acting)))):
        engine.drop(name)
    return Excepted(EXCEPTED, tuple(idle))


def _offered_sql(offered: Mapping[str, str], complete: str) -> str:
    shown = ["subject_id"]
    for name, kind in offered.items():
        if name in OF_EVERY_FINDING:
            shown.append(f'"{name}"')
        else:
            shown.append(f'TRY_CAST(json_extract_string(facts, \'$."{name}"\') AS {kind}) AS "{name}"')
    return f"SELECT {', '.join(shown)} FROM ({complete})"


def _excepted_sql(bench: Workbench, sign: Sign, one: FindingException, offered: Mapping[str, str]) -> str:
    wheres = []
    if one.subjects:
        wheres.append(_of_subjects(bench, sign, one))
    if one.where:
        told = compile_condition(
            one.where, columns=offered, law=bench.law, as_of=bench.sight.as_of, path=one.path, line=one.where_line
        )
        wheres.append(f"finding_id IN ({told})")
    return f"SELECT DISTINCT finding_id FROM {FINDING} WHERE {' AND '.join(wheres)}"


def _of_subjects(bench: Workbench, sign: Sign, one: FindingException) -> str:
    """By the code which is named, and by every other code of the same subject."""
    engine, sight = bench.sight.engine, bench.sight
    codes = [code for kind, code in one.subjects if kind == sign.subject]
    engine.register("excepted_subject", pa.table({"code": pa.array(codes, pa.string())}))
    plain = "subject_code IN (SELECT code FROM excepted_subject)"
    if sign.subject not in sight.contract.kinds:
        return plain
    sight.show(keys=[sign.subject])
    ids = f"SELECT k.id FROM keys__{sign.subject} AS k JOIN excepted_subject AS s ON s.code = k.code"
    if sign.subject == "person":
        survivors = sight.survivors()
        ids = f"SELECT coalesce(v.survivor_id, i.id) FROM ({ids}) AS i LEFT JOIN {survivors} AS v ON v.person_id = i.id"
    return f"({plain} OR subject_id IN ({ids}))"


def condition_fault(bench: Workbench, sign: Sign, one: FindingException) -> SignError | None:
    """Why the condition of an exception cannot act on findings of a sign; asked over empty tables."""
    if not one.where:
        return None
    try:
        compiled = bench.compile(sign)
        bench.ready(compiled)
        engine = bench.sight.engine
        offered = condition_columns(engine.columns(compiled.sql), bench.sight.contract)
        shape = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in offered.items())
        engine.materialise(FINDING, f"SELECT {shape} WHERE false")
        engine.rows(
            compile_condition(
                one.where, columns=offered, law=bench.law, as_of=bench.sight.as_of, path=one.path, line=one.where_line
            )
        )
    except EngineError:
        message = f"The engine refuses the condition for '{sign.id}'. Compare values of one type, and say yes or no."
        return SignError(message, path=one.path, line=one.where_line)
    except DauhieuError as error:
        told = "; ".join(fault.message for fault in error.faults)
        return SignError(f"For sign '{sign.id}': {told}", path=one.path, line=one.where_line)
    return None
