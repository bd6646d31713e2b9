"""A law which is not in force: held as it stood on a day, or changed by values to come. For studies alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from dauhieu.errors import LawError
from dauhieu.law.law import Law, key_of
from dauhieu.law.parameter import Key, Parameter, Span, Value
from dauhieu.yamlfile import suggestion

WRITTEN = re.compile(r"^\s*(?P<name>\w+)\s*(?:\[(?P<keys>[^\]]*)\])?\s*=\s*(?P<value>[^@]+?)\s*@\s*(?P<day>\S+)\s*$")
FORM = "Write NAME=VALUE@DATE, such as base_salary=2700000@2027-01-01 or min_wage[region=I]=5700000@2027-01-01."
PPM = 1_000_000
# A value so many times greater or less than the one before it is more likely a slip of the unit than a new law.
SLIP = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One value to come into force on `day`; `before` is what is in force there as far as is known now."""

    name: str
    key: Key
    value: Value
    day: date
    before: Value | None

    @property
    def slip(self) -> bool:
        """Whether the unit looks wrong."""
        if not isinstance(self.value, int) or not isinstance(self.before, int) or not self.before:
            return False
        return not self.before <= self.value * SLIP <= self.before * SLIP * SLIP


def read_change(law: Law, text: str) -> Change:
    """A change as a person writes it; LawError says what is wrong with it."""
    found = WRITTEN.match(text)
    if not found:
        raise LawError(f"'{text}' is no change of the law. {FORM}")
    parameter = law.parameter(found["name"])
    try:
        day = date.fromisoformat(found["day"])
    except ValueError as error:
        raise LawError(f"'{found['day']}' is not a date. {FORM}") from error
    asked: dict[str, str | int] = {}
    for part in (found["keys"] or "").split(","):
        name, _, key = (word.strip() for word in part.partition("="))
        if name:
            asked[name] = key
    key = key_of(parameter, asked)
    base = _base(parameter, day)
    return Change(parameter.name, key, _value(parameter, found["value"]), day, base.values[key])


def changed(law: Law, changes: Iterable[Change], at: date) -> Law:
    """The law with the changes. One which begins after `at` is taken to begin on `at`."""
    parameters = dict(law.parameters)
    for change in changes:
        parameters[change.name] = _changed(parameters[change.name], change, min(at, change.day))
    return Law(parameters)


def held(law: Law, day: date) -> Law:
    """The law had nothing come into force after a day."""
    return Law({name: _held(parameter, day) for name, parameter in law.parameters.items()})


def came_into_force(law: Law, names: Iterable[str], after: date, until: date) -> Mapping[str, tuple[Span, Span | None]]:
    """The parameters whose value changed after a day and up to another: what was in force, and what is."""
    found = {}
    for name in sorted(names):
        before, now = law.parameter(name).span(after), law.parameter(name).span(until)
        between = [span for span in law.parameter(name).spans if after < span.valid_from <= until]
        if before and (now is None or any(span.values != before.values for span in between)):
            found[name] = (before, now)
    return found


def _base(parameter: Parameter, day: date) -> Span:
    """The span of a day, else the last before it, else the first."""
    begun = [span for span in parameter.spans if span.valid_from <= day]
    return begun[-1] if begun else parameter.spans[0]


def _changed(parameter: Parameter, change: Change, start: date) -> Parameter:
    base = _base(parameter, change.day)
    values = {**base.values, change.key: change.value}
    end = base.valid_to if base.holds(change.day) else None
    if change.day < base.valid_from:
        end = base.valid_from - timedelta(days=1)
    new = Span(start, end, values, "assumed", "low", "memory")
    earlier = [_ended(span, start) for span in parameter.spans if span.valid_from < start]
    if earlier and earlier[-1].valid_to != start - timedelta(days=1):
        # Between the end of a law and its new beginning nothing is in force.
        last = earlier[-1].valid_to or start
        unknown = dict.fromkeys(base.values)
        earlier.append(replace(new, valid_from=last + timedelta(days=1), valid_to=_eve(start), values=unknown))
    later = [span for span in parameter.spans if end is not None and span.valid_from > end]
    return replace(parameter, spans=(*earlier, new, *later))


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def _ended(span: Span, start: date) -> Span:
    """The part of a span before a day."""
    return replace(span, valid_to=_eve(start)) if span.valid_to is None or span.valid_to >= start else span


def _held(parameter: Parameter, day: date) -> Parameter:
    begun = [span for span in parameter.spans if span.valid_from <= day]
    if not begun or not begun[-1].holds(day):
        return parameter
    return replace(parameter, spans=(*begun[:-1], replace(begun[-1], valid_to=None)))


def _value(parameter: Parameter, text: str) -> Value:
    if parameter.type == "date":
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise LawError(f"'{text}' is not a date, which '{parameter.name}' is. Write it as 2027-01-01.") from error
    if parameter.type == "code":
        known = {str(value) for span in parameter.spans for value in span.values.values() if value is not None}
        if text not in known:
            listed = ", ".join(sorted(known))
            raise LawError(f"'{text}' is no rule of '{parameter.name}'.{suggestion(text, known)} It knows: {listed}.")
        return text
    if parameter.type == "ppm" and text.endswith("%"):
        return _percent(parameter, text)
    if not (text.isascii() and text.isdigit()):
        unit = {"vnd": "whole đồng", "ppm": "parts per million, or a percentage such as 8%"}
        raise LawError(
            f"'{text}' is no value of '{parameter.name}', which is {unit.get(parameter.type, 'a whole number')}. "
            "Write digits without separators."
        )
    return int(text)


def _percent(parameter: Parameter, text: str) -> int:
    try:
        share = Decimal(text[:-1].strip()) * PPM / 100
    except InvalidOperation as error:
        raise LawError(f"'{text}' is not a percentage, which '{parameter.name}' is. Write 8% or 17.5%.") from error
    if share != int(share) or share < 0:
        raise LawError(f"'{text}' has more than four decimals or is negative. Write 8% or 17.5%.")
    return int(share)
