"""A pack as it was received: whole, unaltered, and signed by whoever it names; whether he is believed comes after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dauhieu.errors import Fault, PackError
from dauhieu.packs.archive import MANIFEST, SIGNATURE, read_members
from dauhieu.packs.manifest import Manifest, digest_of, read_manifest
from dauhieu.packs.signing import PublicKey, trusted


@dataclass(frozen=True)
class Pack:
    """`content` are the files of the catalogue by their names, `seal` the manifest and its signature."""

    path: Path
    manifest: Manifest
    key: PublicKey
    content: Mapping[str, bytes]
    seal: Mapping[str, bytes]


def open_pack(path: Path) -> Pack:
    """Read a pack; PackError when anything in it is not what was signed."""
    members = read_members(path)
    for name in (MANIFEST, SIGNATURE):
        if name not in members:
            raise PackError(f"The pack is not signed: it has no {name}.", path=path)
    seal = {name: members.pop(name) for name in (MANIFEST, SIGNATURE)}
    try:
        manifest = read_manifest(seal[MANIFEST])
        key = PublicKey(bytes.fromhex(manifest.public_key))
        signature = bytes.fromhex(seal[SIGNATURE].decode("ascii").strip())
    except PackError as error:
        raise PackError(faults=[Fault(path, 0, fault.message) for fault in error.faults]) from error
    except ValueError as error:
        raise PackError("The signature cannot be read: the pack is damaged.", path=path) from error
    if not key.signed(seal[MANIFEST], signature) or key.fingerprint != manifest.fingerprint:
        raise PackError("The signature is not that of this manifest: the pack was altered.", path=path)
    faults = [
        Fault(path, 0, f"'{name}' is not what was signed.")
        for name in sorted({*members, *manifest.members})
        if name not in members or digest_of(members[name]) != manifest.members.get(name)
    ]
    if faults:
        raise PackError(faults=faults)
    return Pack(path, manifest, key, members, seal)


def believed(pack: Pack, site: Path | None, named: str = "") -> PublicKey:
    """Whose key it is, when the site trusts it or a person named this very fingerprint; else PackError."""
    known = trusted(site) if site else {}
    fingerprint = pack.key.fingerprint
    if fingerprint in known:
        return known[fingerprint]
    if "".join(named.split()).lower() == fingerprint:
        return pack.key
    raise PackError(
        f"The pack is signed by the key {fingerprint}, which this site does not trust. Ask the sender for the "
        "fingerprint of his key by another way; if it is the same, 'dauhieu pack trust', or name it with --key.",
        path=pack.path,
    )
