"""Text -> tree: exactly one SELECT, names in lower case, calls of `law.` and `calc.` as calls."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.tokenizer_core import TokenType

from dauhieu.compiler.work import OWN_ROOMS, Work

READ_AS = "duckdb"
FIRST = (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN)


def one_select(work: Work) -> None:
    """The first wall, on the bare words: no statement but a SELECT ever reaches the parser."""
    try:
        tokens = sqlglot.tokenize(work.text, read=READ_AS)
    except TokenError as error:
        work.fault(1, f"The SQL cannot be read: {str(error).splitlines()[0]}")
        return
    if not tokens:
        work.fault(1, "The SQL is empty. Write one SELECT.")
        return
    if tokens[0].token_type not in FIRST:
        work.fault(
            tokens[0].line,
            f"Only one SELECT is allowed, this starts with '{tokens[0].text}'. Start with SELECT or WITH.",
        )
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            work.fault(token.line, "Only one SELECT is allowed. Take the semicolon away.")


def parse(work: Work) -> None:
    try:
        tree = sqlglot.parse_one(work.text, read=READ_AS)
    except ParseError as error:
        for detail in error.errors:
            work.fault(int(detail["line"] or 1), f"The SQL cannot be read: {detail['description']}")
        return
    except RecursionError:
        work.fault(1, "The SQL is nested too deeply. Split it into WITH queries.")
        return
    work.tree = tree
    if not isinstance(tree, exp.Query):
        work.fault(1, "Only one SELECT is allowed.")
        return
    for node in list(tree.walk()):
        _own_call(work, node)
    work.tree = normalize_identifiers(work.tree, dialect=READ_AS)


def _own_call(work: Work, node: exp.Expr) -> None:
    """`law.x(…)` comes as a Dot, or with FILTER as a Column; both become one call named 'law.x'."""
    if isinstance(node, exp.Dot) and node.this.name.lower() in OWN_ROOMS:
        room, call = node.this.name.lower(), node.expression
    elif isinstance(node, exp.Column) and node.table.lower() in OWN_ROOMS and not isinstance(node.this, exp.Identifier):
        room, call = node.table.lower(), node.this
    else:
        return
    named = call.find(exp.Anonymous)
    if named is None or not isinstance(named.this, str):
        work.fault(node, f"Write a call such as {room}.name(…).")
        return
    named.set("this", f"{room}.{named.this.lower()}")
    work.replace(node, call)
