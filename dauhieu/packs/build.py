"""Pack signs of a site: with their examples, the views they read, and what they ask of the place where they go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dauhieu import __version__
from dauhieu.catalogue.catalogue import Catalogue, examples_path, read_sign_examples
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.errors import Fault, PackError
from dauhieu.law.law import Law
from dauhieu.packs.archive import MANIFEST, SIGNATURE, is_content, pack_bytes
from dauhieu.packs.manifest import NAME, Manifest, contract_digest, digest_of
from dauhieu.packs.signing import Secret
from dauhieu.proof.examples import ExampleRunner
from dauhieu.proof.ladder import EVIDENCE_NAMES, Ladder
from dauhieu.warehouse.contract import Contract


@dataclass(frozen=True)
class Place:
    """What building and installing stand on: an engine for the ladder, the contract, the law, and the catalogue."""

    engine: Engine
    contract: Contract
    law: Law
    catalogue: Catalogue

    def faults(self, ids: Iterable[str]) -> tuple[Fault, ...]:
        """What the ladder says of these signs; broken files of others are not their fault."""
        report = Ladder(self.engine, self.contract, self.catalogue, self.law).climb(ids)
        return tuple(fault for fault in report.failures if fault not in self.catalogue.faults)


def build(place: Place, ids: Iterable[str], name: str, key: Secret) -> tuple[bytes, Manifest]:
    """The archive and what it says of itself; the same signs and the same key give the same bytes."""
    if not NAME.fullmatch(name):
        raise PackError(f"'{name}' is no name of a pack. Use small letters, digits and dashes.")
    signs = sorted(_chosen(place.catalogue, ids), key=lambda sign: sign.id)
    faults = place.faults([sign.id for sign in signs])
    if faults:
        raise PackError(faults=faults)
    reading = _Reading(place)
    for sign in signs:
        reading.sign(sign)
    members = {f"views/{view}.sql": place.catalogue.views[view].path.read_bytes() for view in reading.views}
    for sign in signs:
        for path in (sign.path, examples_path(sign.path)):
            members[f"signs/{sign.branch}/{path.name}"] = path.read_bytes()
    strange = [member for member in members if not is_content(member)]
    if strange:
        raise PackError(f"'{strange[0]}' cannot be packed. Name the file with letters, digits, _ and - alone.")
    manifest = Manifest(
        name=name,
        public_key=key.public.raw.hex(),
        fingerprint=key.public.fingerprint,
        contract={"version": __version__, "digest": contract_digest(place.contract)},
        signs={sign.id: sign.version for sign in signs},
        views=tuple(sorted(reading.views)),
        reads={relation: dict(sorted(columns.items())) for relation, columns in sorted(reading.reads.items())},
        parameters={parameter: place.law.digest([parameter]) for parameter in sorted(reading.parameters)},
        members={member: digest_of(content) for member, content in sorted(members.items())},
    )
    content = manifest.written()
    signature = key.sign(content).hex().encode() + b"\n"
    return pack_bytes({**members, MANIFEST: content, SIGNATURE: signature}), manifest


def _chosen(catalogue: Catalogue, ids: Iterable[str]) -> tuple[Sign, ...]:
    """The named signs of the site, or all which are in use; with each, those of the site which it needs."""
    wanted = list(ids)
    signs = catalogue.chosen(wanted) if wanted else tuple(one for one in catalogue.signs.values() if one.site)
    own = tuple(sign for sign in signs if wanted or sign.status != "retired")
    if not own:
        raise PackError("The site has no signs to pack.", path=catalogue.site)
    for sign in own:
        if not sign.site:
            raise PackError(f"'{sign.id}' is shipped with the product: everybody has it. Pack signs of the site.")
        if sign.status == "retired":
            raise PackError(f"'{sign.id}' is retired.", path=sign.path)
        for other in sign.needs.signs:
            if catalogue.signs[other].site and catalogue.signs[other] not in own:
                raise PackError(f"'{sign.id}' needs the findings of '{other}'. Pack it too.", path=sign.path)
    return own


@dataclass
class _Reading:
    """What the signs of a pack read, themselves and by way of views of the site."""

    place: Place
    views: set[str] = field(default_factory=set)
    reads: dict[str, dict[str, str]] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)

    def sign(self, sign: Sign) -> None:
        place = self.place
        last = max(example.as_of for example in read_sign_examples(sign, place.contract))
        runner = ExampleRunner(place.engine, place.contract, place.catalogue, place.law)
        bench = runner.empty_bench(last)
        shipped = sign.as_shipped()
        self._compiled(bench, bench.compile(shipped))
        self._compiled(bench, bench.compile_evidence(shipped, dict.fromkeys(EVIDENCE_NAMES)))
        for table in (*sign.needs.required, *sign.needs.helpful):
            self.reads.setdefault(table, {})

    def _compiled(self, bench: Workbench, compiled: Compiled) -> None:
        contract, views = self.place.contract, self.place.catalogue.views
        self.parameters |= compiled.parameters
        for relation, used in compiled.used.items():
            name = relation.removeprefix("history__")
            known = contract.tables[name].sql_columns() if name in contract.tables else bench.view_columns.get(name)
            if known is not None:
                self.reads.setdefault(name, {}).update({column: known[column] for column in used})
        for name in sorted(compiled.views - self.views):
            if views[name].site:
                self.views.add(name)
                self._compiled(bench, bench.compile_view(views[name]))
