"""A condition on a finding: one boolean expression of the restricted dialect over its columns and facts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import TokenError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.tokenizer_core import TokenType

from dauhieu.compiler.compile import compile_select
from dauhieu.compiler.parse import READ_AS
from dauhieu.compiler.schema import Columns, Schema
from dauhieu.errors import SignError
from dauhieu.law.law import Law

CODE = re.compile(r"\w*\d{5}\w*")
FINDING = "this_finding"


def compile_condition(text: str, *, columns: Columns, law: Law, as_of: date, path: Path, line: int) -> str:
    """The SELECT of the ids of those rows of `this_finding` for which it is true; `line` is where the text starts."""
    _closed(text, path, line)
    try:
        sql = _compiled(text, columns, law, as_of, path, line)
    except SignError as error:
        # A code written between "double quotes" is taken for a name; codes of persons are not repeated.
        faults = [replace(fault, message=CODE.sub("…", fault.message)) for fault in error.faults]
        raise SignError(faults=faults) from None
    typed = annotate_types(sqlglot.parse_one(sql, read=READ_AS), schema={FINDING: dict(columns)}, dialect=READ_AS)
    condition = typed.args["where"].this
    if not condition.is_type(exp.DataType.Type.BOOLEAN, exp.DataType.Type.UNKNOWN):
        raise SignError("The condition does not say yes or no. Compare it with something.", path=path, line=line)
    return sql


def _compiled(text: str, columns: Columns, law: Law, as_of: date, path: Path, line: int) -> str:
    return compile_select(
        # The text has lines of its own, so that a comment in it ends and a fault is told at its line.
        f"SELECT finding_id FROM {FINDING} WHERE (\n{text}\n)",
        schema=Schema({FINDING: columns}),
        law=law,
        as_of=as_of,
        tuning={},
        path=path,
        line=line - 1,
    ).sql


def _closed(text: str, path: Path, line: int) -> None:
    """It closes no bracket which it has not opened: what it says stays one expression."""
    open_brackets = 0
    try:
        tokens = sqlglot.tokenize(text, read=READ_AS)
    except TokenError as error:
        raise SignError("The condition cannot be read. A text begins and ends with '.", path=path, line=line) from error
    for token in tokens:
        open_brackets += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if open_brackets < 0:
            break
    if open_brackets or not tokens:
        raise SignError("The condition is not one whole expression. Look at its brackets.", path=path, line=line)
