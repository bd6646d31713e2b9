"""Reads `parameters/*.yaml` into the Law; every fault of every file is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from dauhieu.errors import Fault, LawError
from dauhieu.law.law import Law
from dauhieu.law.parameter import (
    CHECKS,
    CONFIDENCES,
    TYPES,
    Band,
    Choice,
    Dimension,
    Key,
    Parameter,
    Span,
    Value,
    combinations,
)
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

PARAMETERS_FOLDER = Path(__file__).parent / "parameters"
PARAMETER_WORDS = frozenset("vi en type dimensions spans ends".split())
SPAN_WORDS = frozenset("from to value source confidence checked note".split())
DIMENSION_WORDS = frozenset("values from".split())
UNKNOWN = "unknown"


@cache
def law() -> Law:
    """The law this product ships."""
    return read_law()


def read_law(folder: Path = PARAMETERS_FOLDER) -> Law:
    faults: list[Fault] = []
    parameters: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path, LawError)
        if not isinstance(file.data, dict):
            faults.append(
                file.fault("The file holds no parameters. Write 'name: {vi: …, en: …, type: …, spans: […]}'.")
            )
            continue
        for name, body in file.data.items():
            if name in parameters:
                faults.append(file.fault(f"Parameter '{name}' stands in two files. Keep one.", name))
            elif not isinstance(body, dict):
                faults.append(file.fault(f"Parameter '{name}' has no body. Give it vi, en, type and spans.", name))
            else:
                parameters[name] = _parameter(file, name, faults)
    if faults:
        raise LawError(faults=faults)
    return Law(parameters)


def _parameter(file: YamlFile, name: str, faults: list[Fault]) -> Parameter:
    body = file.data[name]
    for word in body.keys() - PARAMETER_WORDS:
        faults.append(
            file.fault(f"Unknown word '{word}' in a parameter.{suggestion(word, PARAMETER_WORDS)}", name, word)
        )
    for language in ("vi", "en"):
        if not body.get(language):
            faults.append(file.fault(f"'{name}' has no text in '{language}'. Add it.", name))
    type_ = str(body.get("type", ""))
    if type_ not in TYPES:
        faults.append(
            file.fault(f"Unknown type '{type_}'.{suggestion(type_, TYPES)} Use one of {TYPES}.", name, "type")
        )
    made = [_dimension(file, name, dimension, faults) for dimension in body.get("dimensions", {})]
    dimensions = tuple(dimension for dimension in made if dimension is not None)
    spans = tuple(_spans(file, name, type_, dimensions, faults))
    repealed = body.get("ends") == "repealed"
    if "ends" in body and not repealed:
        faults.append(
            file.fault(
                "The only word for 'ends' is 'repealed'. Leave it out if the next value is not known.", name, "ends"
            )
        )
    if not body.get("spans"):
        faults.append(file.fault(f"'{name}' has no spans. Give it at least one.", name))
    elif len(spans) == len(body["spans"]):
        _order(file, name, spans, repealed, faults)
    return Parameter(
        name,
        str(body.get("vi")),
        str(body.get("en")),
        type_,
        dimensions,
        spans,
        repealed,
        file.path.stem,
        file.path,
        file.line(name),
    )


def _dimension(file: YamlFile, name: str, dimension: str, faults: list[Fault]) -> Dimension | None:
    body = file.data[name]["dimensions"][dimension]
    key = (name, "dimensions", dimension)
    if not isinstance(body, dict) or len(body) != 1 or not body.keys() <= DIMENSION_WORDS:
        faults.append(file.fault(f"Dimension '{dimension}' needs either 'values: […]' or 'from: […]'.", *key))
        return None
    if "values" in body:
        return Choice(dimension, tuple(str(value) for value in body["values"]))
    bounds = body["from"]
    if not all(type(bound) is int for bound in bounds) or sorted(set(bounds)) != bounds:
        faults.append(file.fault(f"The lower bounds of '{dimension}' must be whole numbers, rising.", *key))
        return None
    return Band(dimension, tuple(bounds))


def _spans(
    file: YamlFile, name: str, type_: str, dimensions: tuple[Dimension, ...], faults: list[Fault]
) -> Iterator[Span]:
    for place in range(len(file.data[name].get("spans") or ())):
        span = _span(file, name, place, type_, dimensions, faults)
        if span is not None:
            yield span


def _span(
    file: YamlFile, name: str, place: int, type_: str, dimensions: tuple[Dimension, ...], faults: list[Fault]
) -> Span | None:
    body = file.data[name]["spans"][place]
    key = (name, "spans", place)
    if not isinstance(body, dict):
        faults.append(file.fault("A span is '{from: …, value: …, source: …, confidence: …, checked: …}'.", *key))
        return None
    before = len(faults)
    for word in body.keys() - SPAN_WORDS:
        faults.append(file.fault(f"Unknown word '{word}' in a span.{suggestion(word, SPAN_WORDS)}", *key, word))
    for word in ("from", "to"):
        if word in body and type(body[word]) is not date:
            faults.append(file.fault(f"'{word}' must be a date such as 2026-01-01.", *key, word))
    for word in ("from", "value", "source", "confidence", "checked"):
        if word not in body:
            faults.append(file.fault(f"The span has no '{word}'. Add it.", *key))
    for word, known in (("confidence", CONFIDENCES), ("checked", CHECKS)):
        if word in body and body[word] not in known:
            faults.append(file.fault(f"Unknown '{word}': {body[word]}. Use one of {known}.", *key, word))
    values = _values(file, key, body.get("value"), type_, dimensions, faults)
    if len(faults) > before:
        return None
    return Span(
        body["from"],
        body.get("to"),
        values,
        str(body["source"]),
        body["confidence"],
        body["checked"],
        str(body.get("note", "")),
    )


def _values(
    file: YamlFile,
    at: tuple[str | int, ...],
    body: Any,
    type_: str,
    dimensions: tuple[Dimension, ...],
    faults: list[Fault],
) -> Mapping[Key, Value | None]:
    """The leaves of the nested mapping; every combination of the dimensions must be there, and nothing else."""
    found: dict[Key, Value | None] = {}
    leaves = _leaves(body, dimensions)
    wanted = set(combinations(dimensions))
    if body == UNKNOWN:
        leaves = dict.fromkeys(wanted, UNKNOWN)
    for key in sorted(wanted - leaves.keys(), key=str):
        faults.append(file.fault(f"There is no value for {_say(key, dimensions)}. Add it.", *at, "value"))
    for key, leaf in leaves.items():
        if key not in wanted:
            faults.append(file.fault(f"'{key}' is not among the values of the dimensions.", *at, "value"))
        elif leaf == UNKNOWN:
            found[key] = None
        elif not _fits(leaf, type_):
            faults.append(file.fault(f"'{leaf}' is not a {type_}.", *at, "value"))
        else:
            found[key] = leaf
    return {key: found[key] for key in combinations(dimensions) if key in found}


def _leaves(body: Any, dimensions: tuple[Dimension, ...], key: Key = ()) -> dict[Key, Any]:
    if not dimensions:
        return {key: body}
    if not isinstance(body, dict):
        return {}
    found: dict[Key, Any] = {}
    for name, inner in body.items():
        part = str(name) if isinstance(dimensions[0], Choice) else name
        found |= _leaves(inner, dimensions[1:], (*key, part))
    return found


def _say(key: Key, dimensions: tuple[Dimension, ...]) -> str:
    return ", ".join(f"{dimension.name} {part}" for dimension, part in zip(dimensions, key, strict=True)) or "the span"


def _fits(value: Any, type_: str) -> bool:
    if type_ == "date":
        return type(value) is date
    if type_ == "code":
        return isinstance(value, str) and value.replace(".", "_").isidentifier()
    return type(value) is int and value >= 0


def _order(file: YamlFile, name: str, spans: tuple[Span, ...], repealed: bool, faults: list[Fault]) -> None:
    for place, span in enumerate(spans):
        if span.valid_to is not None and span.valid_to < span.valid_from:
            faults.append(file.fault("The span ends before it begins.", name, "spans", place))
    for place, (earlier, later) in enumerate(pairwise(spans), start=1):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            faults.append(file.fault(f"The span overlaps the one from {earlier.valid_from}.", name, "spans", place))
        elif later.valid_from != earlier.valid_to + timedelta(days=1):
            faults.append(
                file.fault(
                    f"There is a gap after {earlier.valid_to}. Fill it, with 'unknown' if need be.",
                    name,
                    "spans",
                    place,
                )
            )
    if repealed and spans[-1].valid_to is None:
        faults.append(file.fault(f"'{name}' is repealed, yet its last span has no end.", name, "ends"))
