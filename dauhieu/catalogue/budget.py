"""Budgets: what each sign may cost and must show on two synthetic nations (`budgets.yaml`).

Noise: findings per 100,000 subjects of its kind where nobody does wrong. Recall: per cent of the planted subjects of
its violation. CPU: seconds of the sign alone. They are measured and proposed by `dauhieu check --nations DIR
--propose`, looked through by people, and changed only where somebody says so: a sign which grows louder, blinder or
slower than its budget fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.writing import write_whole
from dauhieu.errors import Fault, SignError
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

BUDGETS = Path(__file__).parent / "budgets.yaml"
NUMBERS = ("noise", "recall", "cpu")
HEAD = """\
# Measured on two synthetic nations of the same measures, one clean, one planted, and looked through:
#   noise   findings per 100,000 subjects of the sign's kind in the clean nation, at most
#   recall  per cent of the planted subjects of its violation which the sign finds, at least
#   cpu     seconds of its SELECT as recorded; twice as many and more is a fault
#   why     what the noise is, where it is much
# A sign without a line has not been measured: its tables are empty in these nations.
# 'dauhieu check --nations DIR --propose' writes lines which are missing, and those of signs which it is told by name.
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """The line of one sign; `recall` is None where too little of what it can see is planted."""

    noise: int
    cpu: float
    recall: int | None = None
    why: str = ""


def read_budgets(path: Path, catalogue: Catalogue) -> dict[str, Budget]:
    """Lines by sign, none if there is no file; SignError tells every fault."""
    if not path.is_file():
        return {}
    file = read_yaml(path, SignError)
    if not isinstance(file.data, dict):
        raise SignError("The file is a mapping of signs.", path=path)
    faults = [fault for name, line in file.data.items() for fault in _faults(file, catalogue, name, line)]
    if faults:
        raise SignError(faults=faults)
    return {
        name: Budget(int(line["noise"]), float(line["cpu"]), line.get("recall"), line.get("why", ""))
        for name, line in file.data.items()
    }


def _faults(file: YamlFile, catalogue: Catalogue, name: str, line: Any) -> list[Fault]:
    if name not in catalogue.signs:
        return [file.fault(f"There is no sign '{name}'.{suggestion(name, catalogue.signs)}", name)]
    if not isinstance(line, dict) or not {"noise", "cpu"} <= set(line) <= {*NUMBERS, "why"}:
        return [file.fault("A line has 'noise' and 'cpu', and may have 'recall' and 'why'.", name)]
    wrong = [key for key in NUMBERS if not isinstance(line.get(key, 0), int | float) or line.get(key, 0) < 0]
    return [file.fault(f"'{key}' is a number, 0 or more.", name, key) for key in wrong]


def write_budgets(path: Path, lines: Mapping[str, Budget]) -> None:
    """Sorted, a line a sign, so that two changes meet in a merge only where they are of the same sign."""
    write_whole(path, HEAD + "".join(f"{name}: {_line(lines[name])}\n" for name in sorted(lines)))


def _line(budget: Budget) -> str:
    recall = "" if budget.recall is None else f", recall: {budget.recall}"
    why = f', why: "{budget.why}"' if budget.why else ""
    return f"{{noise: {budget.noise}{recall}, cpu: {budget.cpu:.2f}{why}}}"
