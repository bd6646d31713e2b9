"""`dauhieu pack key|trust|build|verify|install`: signs handed from one agency to another."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.site import named_site
from dauhieu.catalogue.writing import told
from dauhieu.cli.catalogue import Site, small_engine
from dauhieu.cli.options import AsJson
from dauhieu.cli.terminal import out, print_json
from dauhieu.engines.base import Engine
from dauhieu.errors import PackError
from dauhieu.law.read import law
from dauhieu.packs.build import Place, build
from dauhieu.packs.install import install, misfits
from dauhieu.packs.mapping import TableNames, read_mapping
from dauhieu.packs.pack import believed, open_pack
from dauhieu.packs.signing import make_key, read_public, read_secret
from dauhieu.packs.signing import trust as trust_key
from dauhieu.warehouse.contract import contract

app = typer.Typer(help="Packs: signs handed from one agency to another, signed.", no_args_is_help=True)

Needed = Annotated[Path, typer.Option("--site", help="Folder of the agency's own catalogue, or the store with it.")]
File = Annotated[Path, typer.Argument(help="The pack.")]
Key = Annotated[str, typer.Option(help="Believe this fingerprint once, though the site does not trust it.")]
Names = Annotated[Path | None, typer.Option("--mapping", help="What tables and columns of the pack are called here.")]


def _place(engine: Engine, site: Path | None) -> Place:
    return Place(engine, contract(), law(), read_catalogue(contract(), site))


def _names(file: Path | None) -> TableNames:
    return read_mapping(file, contract()) if file else TableNames({})


@app.command("key")
def key(
    file: Annotated[Path, typer.Argument(help="Where the secret half goes; the public half beside it, .pub.")],
    who: Annotated[str, typer.Option(help="Whose key it is.")],
) -> None:
    """Make a pair of keys to sign packs with. The secret half never leaves your agency."""
    made = make_key(file, who)
    out.print(f"{file}.pub: {made.fingerprint}", markup=False, highlight=False)


@app.command("trust")
def trust(
    file: Annotated[Path, typer.Argument(help="The public half of the other agency, .pub.")],
    site: Needed,
    who: Annotated[str, typer.Option(help="Whose key it is; as the file says if not named.")] = "",
) -> None:
    """Believe packs signed with this key. Compare its fingerprint with the sender first, by another way."""
    found = read_public(file)
    trust_key(named_site(site), found, who)
    out.print(f"{found.fingerprint} is trusted: {who or found.who}", markup=False, highlight=False)


@app.command("build")
def build_(
    file: Annotated[Path, typer.Argument(help="The pack to write.")],
    site: Needed,
    name: Annotated[str, typer.Option(help="Name of the pack: small letters, digits, dashes.")],
    key: Annotated[Path, typer.Option(help="The secret key to sign with.")],
    sign: Annotated[list[str] | None, typer.Option(help="Sign to pack; repeat it. All of the site if none.")] = None,
) -> None:
    """Pack signs of the site with their examples and views. The same signs and key give the same bytes."""
    secret = read_secret(key)
    with small_engine() as engine:
        content, manifest = build(_place(engine, named_site(site)), sign or (), name, secret)
    if file.exists():
        raise PackError("The file is there already. Choose another name.", path=file)
    with told(file):
        file.write_bytes(content)
    signs = ", ".join(f"{one} version {version}" for one, version in manifest.signs.items())
    out.print(f"{file}: {signs}; signed {manifest.fingerprint}", markup=False, highlight=False)


@app.command("verify")
def verify(file: File, site: Site = None, key: Key = "", mapping: Names = None, as_json: AsJson = False) -> None:
    """Say what a pack holds, who signed it and, with --site, whether he is trusted and the pack fits; write nothing."""
    pack = open_pack(file)
    place = named_site(site) if site else None
    who = believed(pack, place, key).who if place or key else ""
    with small_engine() as engine:
        faults = tuple(misfits(pack, _place(engine, place), _names(mapping))) if place else ()
    if as_json:
        print_json(asdict(pack.manifest) | {"signed_by": who, "misfits": [fault.message for fault in faults]})
    else:
        manifest = pack.manifest
        out.print(
            f"{manifest.name}: whole, signed {manifest.fingerprint} {who}".rstrip(), markup=False, highlight=False
        )
        for one, version in manifest.signs.items():
            out.print(f"  {one} version {version}", markup=False, highlight=False)
        for relation, columns in manifest.reads.items():
            out.print(f"  reads {relation}: {', '.join(columns) or 'is needed'}", markup=False, highlight=False)
    if faults:
        raise PackError(faults=faults)


@app.command("install")
def install_(file: File, site: Needed, key: Key = "", mapping: Names = None) -> None:
    """Put a pack into the site, whole or not at all, after its signs have passed their checks here."""
    folder = named_site(site)
    pack = open_pack(file)
    believed(pack, folder, key)
    with small_engine() as engine:
        done = install(pack, _place(engine, folder), folder, _names(mapping), mapping)
    for note in done.notes:
        out.print(f"Note: {note}", markup=False, highlight=False)
    out.print(f"{', '.join(done.signs)}: {done.folder}", markup=False, highlight=False)
    out.print("What ranked elsewhere is on trial here (experimental): 'dauhieu sign promote' asks for proof.")
