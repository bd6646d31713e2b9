"""Another version of a sign, from a file: an earlier one kept somewhere, or one being written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.sign import Sign
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Contract


def read_other_version(path: Path, sign: Sign, catalogue: Catalogue, contract: Contract) -> Sign:
    """The sign of `path`, read as standing where `sign` stands: the same branch, the same views, the same id."""
    other = read_sign(path, contract, catalogue.violations, sign.branch)
    if other.id != sign.id:
        message = f"The file holds the sign {other.id}. Findings of {sign.id} compare with those of its own id alone."
        raise SignError(message, path=path)
    return replace(other, site=sign.site)
