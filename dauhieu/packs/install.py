"""Install a pack into a site: it must be believed, fit, and climb the ladder; only then is anything written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.edit import set_status
from dauhieu.catalogue.site import PACKS, TRUST
from dauhieu.catalogue.writing import write_folder
from dauhieu.errors import Fault, PackError
from dauhieu.packs.build import Place
from dauhieu.packs.manifest import contract_digest
from dauhieu.packs.mapping import TableNames, Translation
from dauhieu.packs.pack import Pack
from dauhieu.yamlfile import suggestion

MAPPING = "mapping.yaml"
# What a sign has shown elsewhere, on other data, is no proof here: it begins on trial.
ARRIVES = "experimental"


@dataclass(frozen=True, slots=True)
class Installed:
    """Where a pack stands, its signs, and what one should know."""

    folder: Path
    signs: tuple[str, ...]
    notes: tuple[str, ...]


def misfits(pack: Pack, place: Place, names: TableNames) -> Iterator[Fault]:
    """What stands in the way of the pack here, all of it."""
    manifest, catalogue, contract = pack.manifest, place.catalogue, place.contract

    def fault(message: str) -> Fault:
        return Fault(pack.path, 0, message)

    taken = {*catalogue.signs, *(broken.name for broken in catalogue.broken)}
    for sign in sorted(taken & manifest.signs.keys()):
        yield fault(f"There is a sign '{sign}' here already. One of the two must be given another id, by its author.")
    for view in manifest.views:
        if view in catalogue.views or view in contract.tables:
            yield fault(f"There is a view or table '{view}' here already. Its author must give it another name.")
    for relation, columns in manifest.reads.items():
        if relation in manifest.views:
            continue
        if relation in catalogue.views and not catalogue.views[relation].site:
            continue
        table = names.table(relation)
        if table not in contract.tables:
            hint = suggestion(relation, contract.tables)
            yield fault(f"It reads table '{relation}', which is not here.{hint} Name its place in a mapping file.")
            continue
        known = contract.tables[table].sql_columns()
        for column, kind in columns.items():
            here = names.column(relation, column)
            if here not in known:
                hint = suggestion(here, known)
                yield fault(f"It reads column '{relation}.{column}', and '{table}' has no column '{here}'.{hint}")
            elif known[here] != kind:
                yield fault(f"It reads '{relation}.{column}' as {kind}; '{table}.{here}' is {known[here]}.")
    for parameter in manifest.parameters:
        if parameter not in place.law.parameters:
            yield fault(f"It reads the statutory value '{parameter}', which is not known here.")


def install(pack: Pack, place: Place, site: Path, names: TableNames, mapping_file: Path | None = None) -> Installed:
    """Whole or not at all; PackError tells everything which stands in the way."""
    folder = site / PACKS / pack.manifest.name
    if folder.exists():
        raise PackError("A pack of this name is here already. Retire its signs, or take its folder away.", path=folder)
    faults = tuple(misfits(pack, place, names))
    if faults:
        raise PackError(faults=faults)
    with tempfile.TemporaryDirectory(prefix="dauhieu-") as name:
        trial = Path(name) / "site"
        if site.is_dir():
            shutil.copytree(site, trial, ignore=shutil.ignore_patterns(".*", TRUST))
        tried = trial / PACKS / pack.manifest.name
        _lay_out(pack, tried)
        if names.names:
            Translation(pack.manifest, names, place.law, place.contract.kinds).files(tried)
        _climb(pack, place, trial, tried)
        files = {str(path.relative_to(tried)): path.read_bytes() for path in sorted(tried.rglob("*")) if path.is_file()}
    if mapping_file:
        files[MAPPING] = mapping_file.read_bytes()
    write_folder(folder, {**files, **pack.seal})
    return Installed(folder, tuple(sorted(pack.manifest.signs)), tuple(_notes(pack, place)))


def _lay_out(pack: Pack, folder: Path) -> None:
    for name, content in pack.content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _climb(pack: Pack, place: Place, trial: Path, folder: Path) -> None:
    """The ladder over the site as it would be; faults name the member of the pack."""
    catalogue = read_catalogue(place.contract, trial)
    own = {sign.id: sign for sign in catalogue.signs.values() if sign.path.is_relative_to(folder)}
    faults = [fault for fault in catalogue.faults if fault.path and fault.path.is_relative_to(folder)]
    if not faults and {name: sign.version for name, sign in own.items()} != dict(pack.manifest.signs):
        faults = [Fault(None, 0, "Its manifest names other signs than it holds.")]
    if not faults:
        for sign in own.values():
            if sign.status not in ("draft", ARRIVES):
                set_status(sign, ARRIVES)
        arriving = {name: replace(sign, status=ARRIVES) for name, sign in own.items() if sign.status != "draft"}
        catalogue = replace(catalogue, signs={**catalogue.signs, **arriving})
        faults = list(Place(place.engine, place.contract, place.law, catalogue).faults(pack.manifest.signs))
    if faults:
        raise PackError(faults=[_placed(fault, pack, folder) for fault in faults])


def _placed(fault: Fault, pack: Pack, folder: Path) -> Fault:
    inside = fault.path and fault.path.is_relative_to(folder)
    path = Path(pack.path.name) / fault.path.relative_to(folder) if inside and fault.path else pack.path
    return Fault(path, fault.line if inside else 0, fault.message)


def _notes(pack: Pack, place: Place) -> Iterator[str]:
    for parameter, digest in pack.manifest.parameters.items():
        if place.law.digest([parameter]) != digest:
            yield f"The statutory value '{parameter}' is another here than where the pack was made; that of here holds."
    if pack.manifest.contract.get("digest") != contract_digest(place.contract):
        version = pack.manifest.contract.get("version", "?")
        yield f"The pack was made for another data contract (product {version}); all it reads is here."
