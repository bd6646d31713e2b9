"""What the checks say of two texts: the very steps of `dauhieu check`, each fault beside the field it belongs to."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from dauhieu.catalogue.catalogue import EXAMPLES, Catalogue
from dauhieu.catalogue.example import Example, read_examples
from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.record import record_path
from dauhieu.catalogue.sign import Sign
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DauhieuError, Fault, SignError
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.scan import in_order
from dauhieu.warehouse.contract import contract
from dauhieu.web.editor.models import Draft
from dauhieu.web.signs.shelf import catalogue
from dauhieu.yamlfile import read_yaml, suggestion

# Which part of the editor shows a word of the file.
PARTS = {
    **dict.fromkeys(("title", "rule", "explain", "reading", "severity", "amount_kind"), "texts"),
    **dict.fromkeys(("innocent_explanations", "ask_for"), "texts"),
    **dict.fromkeys(("legal_basis", "applies", "tuning"), "law"),
    **dict.fromkeys(("sql", "evidence", "needs", "item_kind", "compound"), "logic"),
}
KEPT = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One fault: the part and field it belongs to, and the line of the SQL with what stands there."""

    part: str
    field: str
    message: str
    line: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """`sign` is None while its file cannot be read; `text` names what its findings depend on."""

    sign: Sign | None
    examples: tuple[Example, ...]
    faults: tuple[Told, ...]

    @property
    def text(self) -> str:
        return binding_digest(self.sign) if self.sign else ""

    def of(self, part: str) -> tuple[Told, ...]:
        return tuple(told for told in self.faults if told.part == part)


def check(draft: Draft) -> Checked:
    known = catalogue()
    return _check(draft.sign_id, draft.branch, draft.stem, draft.sign_text, draft.examples_text, known.digest)


@lru_cache(maxsize=KEPT)
def _check(sign_id: str, branch: str, stem: str, sign_text: str, examples_text: str, digest: str) -> Checked:
    """Kept for the texts and the catalogue they stand in: a page is looked at more often than it is changed."""
    with tempfile.TemporaryDirectory() as folder:
        paths = laid_out(Path(folder), branch, stem, sign_text, examples_text)
        return _told(sign_id, branch, paths, catalogue())


def laid_out(folder: Path, branch: str, stem: str, sign_text: str, examples_text: str) -> tuple[Path, Path]:
    """The two files as they will stand."""
    sign = folder / "signs" / branch / f"{stem}.yaml"
    sign.parent.mkdir(parents=True)
    sign.write_text(sign_text, encoding="utf-8")
    examples = sign.with_name(stem + EXAMPLES)
    examples.write_text(examples_text, encoding="utf-8")
    return sign, examples


def read_text(draft_text: str, branch: str, stem: str, folder: Path) -> Sign:
    """The sign of a text; it stands in the site."""
    path, _examples = laid_out(folder, branch, stem, draft_text, "")
    return replace(read_sign(path, contract(), catalogue().violations, branch), site=True)


def _told(sign_id: str, branch: str, paths: tuple[Path, Path], known: Catalogue) -> Checked:
    sign_path, examples_path = paths
    faults: list[Fault] = []
    sign: Sign | None = None
    examples: tuple[Example, ...] = ()
    try:
        sign = replace(read_sign(sign_path, contract(), known.violations, branch), site=True)
        faults += _stands_alone(sign, sign_id, known)
    except SignError as error:
        faults += error.faults
    try:
        examples = read_examples(examples_path, contract())
    except SignError as error:
        faults += error.faults
    if sign and not faults:
        faults += _climbed(sign, known)
    return Checked(sign, examples, tuple(_placed(faults, sign, examples, sign_path)))


def _stands_alone(sign: Sign, sign_id: str, known: Catalogue) -> Iterable[Fault]:
    """What reading the whole catalogue would say of this file."""
    if sign.id != sign_id:
        yield Fault(sign.path, sign.line("id"), f"The id of this sign is '{sign_id}'.")
    lost = [other for other in sign.needs.signs if other not in known.signs]
    for other in lost:
        message = f"It needs sign '{other}', which does not exist.{suggestion(other, known.signs)}"
        yield Fault(sign.path, sign.line("needs"), message)
    if not lost and not sign.retired:
        try:
            in_order(known.with_sign(sign), [sign.id])
        except SignError as error:
            yield Fault(sign.path, sign.line("needs"), error.faults[0].message)


def _climbed(sign: Sign, known: Catalogue) -> Iterable[Fault]:
    """All quick steps of the ladder; faults of other files are not this sign's."""
    now = known.signs.get(sign.id)
    if now and record_path(now.path).exists():
        shutil.copy(record_path(now.path), record_path(sign.path))
    try:
        with DuckDBEngine(EngineOptions(memory="1GB", threads=1)) as engine:
            report = Ladder(engine, contract(), known.with_sign(sign), law()).climb([sign.id])
    except DauhieuError as error:
        return error.faults
    return [fault for fault in report.failures if fault.path and fault.path.parent == sign.path.parent]


def _placed(
    faults: Iterable[Fault], sign: Sign | None, examples: tuple[Example, ...], sign_path: Path
) -> Iterable[Told]:
    lines = _lines(sign_path)
    text = sign_path.read_text(encoding="utf-8").splitlines()
    for fault in dict.fromkeys(faults):
        if fault.path != sign_path:
            yield _of_example(fault, examples)
            continue
        key = _key_at(lines, fault.line)
        word = str(key[0]) if key else ""
        part = PARTS.get(word, "texts")
        field = ".".join(map(str, key[:2])) if word not in ("sql", "evidence") else word
        start = {"sql": sign.sql_line, "evidence": sign.evidence_line}.get(word, 0) if sign else 0
        if start and fault.line >= start:
            shown = text[fault.line - 1].strip() if fault.line <= len(text) else ""
            yield Told(part, field, fault.message, fault.line - start + 1, shown)
        else:
            yield Told(part, field, fault.message)


def _lines(path: Path) -> list[tuple[int, tuple[str | int, ...]]]:
    """Where each word stands, the last first."""
    try:
        found = read_yaml(path, SignError).lines
    except SignError:
        return []
    return sorted(((line, key) for key, line in found.items() if key), key=lambda one: (-one[0], -len(one[1])))


def _key_at(lines: list[tuple[int, tuple[str | int, ...]]], line: int) -> tuple[str | int, ...]:
    """The word which stands at a line, or the last before it."""
    return (
        next((key for start, key in lines if start <= line and (len(key) == 1 or start == line)), ())
        if line > 1
        else ()
    )


def _of_example(fault: Fault, examples: tuple[Example, ...]) -> Told:
    """An example is named by its place among the examples, from 0."""
    place = max((number for number, one in enumerate(examples) if one.line <= fault.line), default=None)
    return Told("examples", "" if place is None or not fault.line else str(place), fault.message)
