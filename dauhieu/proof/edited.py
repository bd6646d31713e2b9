"""Changes of sign files tried before they are made: the ladder climbs a copy of the catalogue which has them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from dauhieu.catalogue.catalogue import SIGNS_FOLDER, read_catalogue
from dauhieu.catalogue.edit import put
from dauhieu.catalogue.workbook import Change
from dauhieu.engines.base import Engine
from dauhieu.law.law import Law
from dauhieu.proof.ladder import Ladder, Report
from dauhieu.warehouse.contract import Contract
from dauhieu.yamlfile import Key


def edited_texts(changes: Iterable[Change]) -> dict[Path, str]:
    """File -> its text with all its changes."""
    of_file: dict[Path, dict[Key, object]] = {}
    for change in changes:
        of_file.setdefault(change.sign.path, {})[change.key] = change.new
    return {path: put(path, values) for path, values in of_file.items()}


def try_texts(
    texts: Mapping[Path, str], ids: Iterable[str], work: Path, engine: Engine, contract: Contract, law: Law
) -> Report:
    """What the ladder says of these signs once their files have these texts; the files themselves stay."""
    copy = work / "signs"
    shutil.copytree(SIGNS_FOLDER, copy)
    for path, text in texts.items():
        (copy / path.relative_to(SIGNS_FOLDER)).write_text(text, encoding="utf-8")
    return Ladder(engine, contract, read_catalogue(contract, signs_folder=copy), law).climb(ids)
