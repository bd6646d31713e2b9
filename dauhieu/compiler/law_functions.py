"""`law.name(date, dimension => value)` becomes a CASE over the times of force: readable, and faster than a join."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlglot import exp

from dauhieu.compiler.bind import known_date, literal
from dauhieu.compiler.work import Work
from dauhieu.law.parameter import Choice, Dimension, Key, Parameter, Span, Value
from dauhieu.yamlfile import suggestion

# Days are INTEGER, so that they can be added to a date; other numbers may grow in sums and products.
RESULT = {"date": "DATE", "code": "VARCHAR", "days": "INTEGER"}


def law_functions(work: Work) -> None:
    for call, name in work.own_calls("law"):
        if name not in work.law.parameters:
            work.fault(call, f"There is no statutory parameter '{name}'.{suggestion(name, work.law.parameters)}")
            continue
        parameter = work.law.parameters[name]
        given = _arguments(work, call, parameter)
        if given is None:
            continue
        work.parameters.add(name)
        case = _over_spans(parameter, call.expressions[0], given)
        work.replace(call, exp.cast(case, RESULT.get(parameter.type, "BIGINT")))


def _arguments(work: Work, call: exp.Anonymous, parameter: Parameter) -> Mapping[str, exp.Expr] | None:
    """Dimension -> the expression given for it; None if anything is wrong."""
    name, before = parameter.name, len(work.faults)
    names = [dimension.name for dimension in parameter.dimensions]
    positional = [node for node in call.expressions if not isinstance(node, exp.Kwarg)]
    form = f"law.{name}({', '.join(['date', *(f'{word} => …' for word in names)])})"
    if len(positional) != 1 or isinstance(call.expressions[0], exp.Kwarg):
        work.fault(call, f"'law.{name}' takes one date, then its dimensions by name. Write {form}.")
    given = {node.this.name: node.expression for node in call.expressions if isinstance(node, exp.Kwarg)}
    for word in given:
        if word not in names:
            work.fault(call, f"'law.{name}' has no dimension '{word}'.{suggestion(word, names)} Write {form}.")
    for dimension in parameter.dimensions:
        if dimension.name not in given:
            work.fault(call, f"'law.{name}' needs '{dimension.name}'. Write {form}.")
            continue
        asked = given[dimension.name]
        if isinstance(asked, exp.Literal) and dimension.key(asked.name) is None:
            known = ", ".join(str(key) for key in dimension.keys)
            work.fault(call, f"'{asked.name}' is no {dimension.name} of 'law.{name}'. It knows: {known}.")
    return given if len(work.faults) == before else None


def _over_spans(parameter: Parameter, day: exp.Expr, given: Mapping[str, exp.Expr]) -> exp.Expr:
    """Newest first, as most rows are recent; a day is compared with first days only, so a moment works as well."""
    fixed = known_date(day)
    if fixed is not None:
        span = parameter.span(fixed)
        return _over_dimensions(span.values, parameter.dimensions, given) if span else exp.Null()
    case = exp.Case()
    last = parameter.spans[-1]
    if last.valid_to is not None:
        case = case.when(day >= literal(last.valid_to + timedelta(days=1)), exp.Null())
    for span in reversed(_merged(parameter.spans)):
        value = _over_dimensions(span.values, parameter.dimensions, given)
        case = case.when(day.copy() >= literal(span.valid_from), value)
    return case


def _merged(spans: tuple[Span, ...]) -> list[Span]:
    """Neighbouring spans of the same values as one."""
    found: list[Span] = []
    for span in spans:
        if not found or found[-1].values != span.values:
            found.append(span)
    return found


def _over_dimensions(
    values: Mapping[Key, Value | None], dimensions: tuple[Dimension, ...], given: Mapping[str, exp.Expr]
) -> exp.Expr:
    if not dimensions:
        return literal(values[()])
    first, rest = dimensions[0], dimensions[1:]
    asked = given[first.name]
    parts = {key: {full[1:]: value for full, value in values.items() if full[0] == key} for key in first.keys}
    if isinstance(asked, exp.Literal):
        fixed = first.key(asked.name)
        assert fixed is not None, "_arguments has refused it"
        return _over_dimensions(parts[fixed], rest, given)
    case = exp.Case()
    if isinstance(first, Choice):
        for key in first.keys:
            case = case.when(asked.copy().eq(literal(key)), _over_dimensions(parts[key], rest, given))
    else:
        for bound in reversed(first.keys):
            case = case.when(asked.copy() >= literal(bound), _over_dimensions(parts[bound], rest, given))
    return case
