"""The whole catalogue in memory: signs, views and violations, with every fault of every file."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dauhieu.catalogue.example import Example, read_examples
from dauhieu.catalogue.exception import FindingException, read_exception
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.sign import RUNNING, Sign
from dauhieu.catalogue.site import pack_folders, site_of, stray_files
from dauhieu.catalogue.tuning import Merged, merge, read_overlay
from dauhieu.catalogue.view import View, read_view
from dauhieu.catalogue.violation import Violation, violations
from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Contract
from dauhieu.warehouse.store import Store
from dauhieu.yamlfile import suggestion

SIGNS_FOLDER = Path(__file__).parent / "signs"
VIEWS_FOLDER = Path(__file__).parent / "views"
EXAMPLES = ".examples.yaml"
ID_LINE = re.compile(rb"^id:[ ]*([A-Z0-9-]+)[ ]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A sign file which cannot be used; `name` is its id as far as it can be read, else the name of the file."""

    name: str
    path: Path
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Catalogue:
    """Signs by id, views by name, violations by id, as they are in force.

    `faults` are those of files which could not be read, `broken` the sign files among these; `notes` is what waits for
    a decision of the agency. It sets thresholds (`overlays`, by sign) and knows findings to be in order (`exceptions`);
    `site` is the folder of its own files.
    """

    signs: Mapping[str, Sign]
    views: Mapping[str, View]
    violations: Mapping[str, Violation]
    faults: tuple[Fault, ...] = ()
    broken: tuple[BrokenFile, ...] = ()
    site: Path | None = None
    notes: tuple[Fault, ...] = ()
    overlays: Mapping[str, Merged] = field(default_factory=dict)
    exceptions: tuple[FindingException, ...] = ()

    def chosen(self, ids: Iterable[str] = ()) -> tuple[Sign, ...]:
        """The named signs, or all which scans run; an id which is unknown or cannot be read is an error."""
        wanted = list(ids)
        for identifier in wanted:
            for file in self.broken:
                if file.name == identifier and identifier not in self.signs:
                    raise SignError(faults=file.faults)
            if identifier not in self.signs:
                raise SignError(f"There is no sign '{identifier}'.{suggestion(identifier, self.signs)}")
        if wanted:
            return tuple(self.signs[identifier] for identifier in wanted)
        return tuple(sign for sign in self.signs.values() if sign.status in RUNNING)

    def with_sign(self, sign: Sign) -> Catalogue:
        """The same with this sign in the place of the one of its id, or beside the others."""
        return replace(self, signs=dict(sorted({**self.signs, sign.id: sign}.items())))

    @property
    def digest(self) -> str:
        parts = [sign.digest for _, sign in sorted(self.signs.items())]
        parts += [view.digest for _, view in sorted(self.views.items())]
        parts += [one.digest for one in self.exceptions]
        return hashlib.sha256("".join(parts).encode()).hexdigest()


def _written_id(path: Path) -> str:
    """The id a file claims, as far as it can be read at all."""
    with contextlib.suppress(OSError):
        match = ID_LINE.search(path.read_bytes())
        if match:
            return match.group(1).decode("ascii")
    return path.name


def sign_files(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in sorted(folder.rglob("*.yaml")) if not path.name.endswith(EXAMPLES))


def examples_path(sign_path: Path) -> Path:
    return sign_path.with_name(sign_path.stem + EXAMPLES)


def catalogue_in_force(store: Store) -> Catalogue:
    """The catalogue over a store: the shipped one, and what the agency has added beside its data."""
    return read_catalogue(store.contract, site_of(store.path))


def read_catalogue(contract: Contract, site: Path | None = None, *, signs_folder: Path = SIGNS_FOLDER) -> Catalogue:
    """Read every file of the shipped catalogue and of a site; a broken file becomes faults and hides no other.

    `signs_folder` is another copy of the shipped signs, with changes not yet made.
    """
    reading = _Reading(contract, violations())
    reading.views_in(VIEWS_FOLDER)
    reading.signs_in(signs_folder)
    if site and site.is_dir():
        reading.faults += stray_files(site)
        for folder in (site, *pack_folders(site)):
            reading.views_in(folder / "views", site=True)
            reading.signs_in(folder / "signs", site=True)
        reading.tuning_in(site / "tuning")
    reading.leave_out_lost()
    if site and site.is_dir():
        reading.exceptions_in(site / "exceptions")
    return Catalogue(
        signs=dict(sorted(reading.signs.items())),
        views=reading.views,
        violations=reading.violations,
        faults=tuple(reading.faults),
        broken=tuple(reading.broken),
        site=site,
        notes=tuple(reading.notes),
        overlays=reading.overlays,
        exceptions=tuple(one for _, one in sorted(reading.exceptions.items())),
    )


@dataclass
class _Reading:
    """What has been read so far; of two of one name the first stays, so that a site never displaces what is shipped."""

    contract: Contract
    violations: Mapping[str, Violation]
    signs: dict[str, Sign] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    overlays: dict[str, Merged] = field(default_factory=dict)
    exceptions: dict[str, FindingException] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    broken: list[BrokenFile] = field(default_factory=list)

    def _break(self, path: Path, faults: Iterable[Fault], name: str | None = None) -> None:
        told = tuple(faults)
        self.faults += told
        self.broken.append(BrokenFile(name or _written_id(path), path, told))

    def views_in(self, folder: Path, *, site: bool = False) -> None:
        for path in sorted(folder.glob("*.sql")):
            try:
                view = replace(read_view(path), site=site)
            except SignError as error:
                self.faults += error.faults
                continue
            if view.name in self.views or view.name in self.contract.tables:
                what = "view" if view.name in self.views else "table of the contract"
                self.faults.append(Fault(path, 1, f"There is a {what} '{view.name}' already. Choose another name."))
            else:
                self.views[view.name] = view

    def signs_in(self, folder: Path, *, site: bool = False) -> None:
        for path in sign_files(folder):
            try:
                sign = replace(read_sign(path, self.contract, self.violations), site=site)
            except SignError as error:
                self._break(path, error.faults)
                continue
            other = self.signs.get(sign.id)
            if other is None:
                self.signs[sign.id] = sign
            elif site and not other.site:
                message = f"The id '{sign.id}' is that of a shipped sign. Choose another; its thresholds are changed in"
                self._break(path, [Fault(path, 1, f"{message} tuning/{sign.id}.yaml.")], path.name)
            else:
                message = f"The id '{sign.id}' is also in {other.path.name}. Choose another."
                self._break(path, [Fault(path, 1, message)], path.name)

    def tuning_in(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.yaml")):
            try:
                overlay = read_overlay(path)
                sign = self.signs.get(overlay.sign)
                if sign is None:
                    hint = suggestion(overlay.sign, self.signs)
                    raise SignError(f"There is no sign '{overlay.sign}'.{hint}", path=path, line=1)
                if sign.site:
                    raise SignError(f"'{sign.id}' is a sign of the site. Change its own file.", path=path, line=1)
                merged = merge(sign, overlay)
            except SignError as error:
                self.faults += error.faults
                continue
            self.signs[sign.id] = merged.sign
            self.overlays[sign.id] = merged
            self.notes += merged.notes

    def exceptions_in(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.yaml")):
            try:
                one = read_exception(path, self.contract, self.signs, self.violations)
                if one.id in self.exceptions:
                    other = self.exceptions[one.id].path.name
                    raise SignError(f"The id '{one.id}' is also in {other}. Choose another.", path=path, line=1)
            except SignError as error:
                self.faults += error.faults
                continue
            self.exceptions[one.id] = one

    def leave_out_lost(self) -> None:
        """A sign which reads the findings of one that is not there, or of itself in the end, can never run."""
        while lost := [sign for sign in self.signs.values() if self._lost(sign)]:
            for sign in lost:
                self._break(sign.path, [Fault(sign.path, 1, self._lost(sign) or "")])
            for sign in lost:
                del self.signs[sign.id]

    def _lost(self, sign: Sign) -> str | None:
        for other in sign.needs.signs:
            if other not in self.signs:
                return f"It needs sign '{other}', which does not exist.{suggestion(other, self.signs)}"
        if sign.id in self._needed(sign, set()):
            return f"Sign '{sign.id}' needs its own findings, by way of {', '.join(sign.needs.signs)}. Break the ring."
        return None

    def _needed(self, sign: Sign, seen: set[str]) -> set[str]:
        for other in sign.needs.signs:
            if other not in seen:
                seen.add(other)
                if other in self.signs:
                    self._needed(self.signs[other], seen)
        return seen


def read_sign_examples(sign: Sign, contract: Contract) -> tuple[Example, ...]:
    """The examples of a sign; none when it has no file."""
    path = examples_path(sign.path)
    return read_examples(path, contract) if path.exists() else ()
