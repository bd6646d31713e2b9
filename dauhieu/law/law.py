"""The law as one value: every parameter, asked by name and day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dauhieu.errors import LawError
from dauhieu.law.parameter import Key, Parameter, Value
from dauhieu.yamlfile import suggestion


@dataclass(frozen=True)
class Law:
    """All parameters by name."""

    parameters: Mapping[str, Parameter]

    def parameter(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise LawError(f"There is no statutory parameter '{name}'.{suggestion(name, self.parameters)}")
        return self.parameters[name]

    def value(self, name: str, day: date, **dimensions: str | int) -> Value:
        """The value in force on a day."""
        parameter = self.parameter(name)
        key = key_of(parameter, dimensions)
        span = parameter.span(day)
        if span is None:
            raise LawError(
                f"Parameter '{name}' has no value in force on {day}.", path=parameter.path, line=parameter.line
            )
        value = span.values[key]
        if value is None:
            raise LawError(f"The value of '{name}' on {day} is not known.", path=parameter.path, line=parameter.line)
        return value

    def number(self, name: str, day: date, **dimensions: str | int) -> int:
        """The value in force on a day, of a parameter which is a number."""
        value = self.value(name, day, **dimensions)
        if not isinstance(value, int):
            raise LawError(f"Parameter '{name}' is a {self.parameter(name).type}, not a number.")
        return value

    def missing(self, name: str, as_of: date) -> str | None:
        """Why a sign which uses the parameter cannot run as of a day; None if it can.

        A repealed parameter is not missing after its end: the older days a sign looks back on keep their value.
        """
        parameter = self.parameter(name)
        begun = [span for span in parameter.spans if span.valid_from <= as_of]
        if not begun:
            return f"'{name}' has no value before {parameter.spans[0].valid_from}"
        last = begun[-1]
        if not last.holds(as_of) and not parameter.repealed:
            return f"'{name}' has no value after {last.valid_to}; the next one is not known"
        if None in last.values.values():
            return f"the value of '{name}' from {last.valid_from} is not known"
        return None

    def begins(self, name: str) -> date:
        """The first day on which the parameter has been law."""
        return self.parameter(name).spans[0].valid_from

    def digest(self, names: Iterable[str]) -> str:
        """The same as long as the named parameters have the same values at the same times."""
        told = [
            f"{name} {span.valid_from} {span.valid_to} {sorted(span.values.items(), key=str)}"
            for name in sorted(names)
            for span in self.parameter(name).spans
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def changes(self, name: str) -> tuple[date, ...]:
        """The first day of every span: the dates which need an example on each side."""
        return tuple(span.valid_from for span in self.parameter(name).spans)


def key_of(parameter: Parameter, asked: Mapping[str, str | int]) -> Key:
    names = [dimension.name for dimension in parameter.dimensions]
    for name in asked:
        if name not in names:
            raise LawError(f"Parameter '{parameter.name}' has no dimension '{name}'.{suggestion(name, names)}")
    key: list[str | int] = []
    for dimension in parameter.dimensions:
        if dimension.name not in asked:
            raise LawError(f"Parameter '{parameter.name}' needs '{dimension.name} => …'.")
        found = dimension.key(asked[dimension.name])
        if found is None:
            known = ", ".join(str(key) for key in dimension.keys)
            raise LawError(f"'{dimension.name}' of '{parameter.name}' has no value for this. It knows: {known}.")
        key.append(found)
    return tuple(key)
