"""What the slow steps of the ladder were last made with (`tried.yaml`): a digest of each sign, and what mutation saw.

Weakening every condition of a sign, and running it on the silent examples of all others, takes long and shows the same
as long as the sign and its examples stay the same. So `dauhieu check --mutation --cross-fire --record` keeps what it
showed with a digest of what it was shown of, and `--changed` leaves signs out of which the digest is still this one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dauhieu.catalogue.catalogue import Catalogue, examples_path
from dauhieu.catalogue.parts import LENGTH, binding_digest
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.writing import write_whole
from dauhieu.errors import Fault, SignError
from dauhieu.yamlfile import YamlFile, read_yaml

TRIED_NAME = "tried.yaml"
TRIED = Path(__file__).parent / TRIED_NAME
DIGEST = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
HEAD = """\
# What mutation and cross-fire were last made with, and of how many weakened conditions some example took notice:
#   of        digest of the sign and its examples
#   weakened  conditions which were weakened
#   noticed   those of which an example took notice
# 'dauhieu check [SIGN ...] --mutation --cross-fire --record' writes it; nobody else does.
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """The line of one sign."""

    of: str
    weakened: int
    noticed: int


def tried_path(site: Path | None) -> Path:
    """Where it is kept of the shipped catalogue, or of a site."""
    return site / TRIED_NAME if site else TRIED


def digest_of(sign: Sign) -> str:
    """What both steps depend on, of the sign itself: what it finds, and its examples."""
    path = examples_path(sign.path)
    drawn = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(binding_digest(sign.as_shipped()).encode() + drawn).hexdigest()[:LENGTH]


def read_tried(catalogue: Catalogue) -> dict[str, Tried]:
    """Lines by sign, of the shipped catalogue and of the site."""
    lines = _read(TRIED)
    return lines | _read(tried_path(catalogue.site)) if catalogue.site else lines


def write_tried(catalogue: Catalogue, lines: Mapping[str, Tried]) -> None:
    """Each catalogue keeps the lines of its own signs; of signs which are gone none is kept."""
    for site in (None, catalogue.site) if catalogue.site else (None,):
        own = [name for name, sign in catalogue.signs.items() if sign.site == (site is not None)]
        text = HEAD + "".join(f"{name}: {_line(lines[name])}\n" for name in sorted(own) if name in lines)
        path = tried_path(site)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_whole(path, text)


def _line(line: Tried) -> str:
    return f"{{of: {line.of!r}, weakened: {line.weakened}, noticed: {line.noticed}}}"


def _read(path: Path) -> dict[str, Tried]:
    if not path.is_file():
        return {}
    file = read_yaml(path, SignError)
    if not isinstance(file.data, dict):
        raise SignError("The file is a mapping of signs.", path=path)
    faults = [fault for name, line in file.data.items() for fault in _faults(file, name, line)]
    if faults:
        raise SignError(faults=faults)
    return {name: Tried(**line) for name, line in file.data.items()}


def _faults(file: YamlFile, name: str, line: Any) -> list[Fault]:
    if not isinstance(line, dict) or set(line) != {"of", "weakened", "noticed"}:
        return [file.fault("A line has 'of', 'weakened' and 'noticed'.", name)]
    if not DIGEST.fullmatch(str(line["of"])) or not all(isinstance(line[key], int) for key in ("weakened", "noticed")):
        return [file.fault("'of' is a digest, 'weakened' and 'noticed' are whole numbers.", name)]
    return []
