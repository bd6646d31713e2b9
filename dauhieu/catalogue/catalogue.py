"""The whole catalogue in memory: signs, views and violations, with every fault of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dauhieu.catalogue.example import Example, read_examples
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.view import View, read_view
from dauhieu.catalogue.violation import Violation, violations
from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Contract
from dauhieu.yamlfile import suggestion

SIGNS_FOLDER = Path(__file__).parent / "signs"
VIEWS_FOLDER = Path(__file__).parent / "views"
EXAMPLES = ".examples.yaml"


@dataclass(frozen=True)
class Catalogue:
    """Signs by id, views by name, violations by id; `faults` are those of files which could not be read."""

    signs: Mapping[str, Sign]
    views: Mapping[str, View]
    violations: Mapping[str, Violation]
    faults: tuple[Fault, ...] = ()

    def chosen(self, ids: Iterable[str] = ()) -> tuple[Sign, ...]:
        """The named signs, or all which are not retired or draft; an unknown id is an error."""
        wanted = list(ids)
        for identifier in wanted:
            if identifier not in self.signs:
                raise SignError(f"There is no sign '{identifier}'.{suggestion(identifier, self.signs)}")
        if wanted:
            return tuple(self.signs[identifier] for identifier in wanted)
        return tuple(sign for sign in self.signs.values() if sign.status not in ("draft", "retired"))

    @property
    def digest(self) -> str:
        parts = [sign.digest for _, sign in sorted(self.signs.items())]
        parts += [view.digest for _, view in sorted(self.views.items())]
        return hashlib.sha256("".join(parts).encode()).hexdigest()


def sign_files(folder: Path = SIGNS_FOLDER) -> tuple[Path, ...]:
    return tuple(path for path in sorted(folder.rglob("*.yaml")) if not path.name.endswith(EXAMPLES))


def examples_path(sign_path: Path) -> Path:
    return sign_path.with_name(sign_path.stem + EXAMPLES)


def read_catalogue(
    contract: Contract, signs_folder: Path = SIGNS_FOLDER, views_folder: Path = VIEWS_FOLDER
) -> Catalogue:
    """Read every file; a broken file becomes faults and does not hide the others."""
    faults: list[Fault] = []
    known = violations()
    views: dict[str, View] = {}
    for path in sorted(views_folder.glob("*.sql")):
        try:
            views[path.stem] = read_view(path)
        except SignError as error:
            faults += error.faults
    signs: dict[str, Sign] = {}
    for path in sign_files(signs_folder):
        try:
            sign = read_sign(path, contract, known)
        except SignError as error:
            faults += error.faults
            continue
        if sign.id in signs:
            faults.append(Fault(path, 1, f"The id '{sign.id}' is also in {signs[sign.id].path.name}. Choose another."))
        signs[sign.id] = sign
    return Catalogue(dict(sorted(signs.items())), views, known, tuple(faults))


def read_sign_examples(sign: Sign, contract: Contract) -> tuple[Example, ...]:
    """The examples of a sign; none when it has no file."""
    path = examples_path(sign.path)
    return read_examples(path, contract) if path.exists() else ()
