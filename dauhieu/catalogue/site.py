"""The site catalogue: what an agency adds to the shipped one, in a folder of its own which no update touches.

    site/signs/<branch>/*.yaml   signs of its own, each with its examples
    site/views/*.sql             views which only these signs see
    site/exceptions/*.yaml       findings which are known and in order
    site/tuning/<SIGN-ID>.yaml   thresholds over those of a shipped sign
    site/packs/<name>/           signs and views which another agency has packed, in folders as above
    site/trust/*.pub             keys of agencies whose packs are believed

It stands beside the data as `<STORE>/site`, or anywhere else for commands which need no store.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.store import MARK
from dauhieu.yamlfile import suggestion

SITE = "site"
PACKS, TRUST = "packs", "trust"
ENDINGS = {"signs": ".yaml", "views": ".sql", "exceptions": ".yaml", "tuning": ".yaml"}
FOLDERS = (*ENDINGS, PACKS, TRUST)


def site_of(store: Path) -> Path:
    """The site folder beside the data of a store; it is there only if the agency has added something."""
    return store / SITE


def named_site(folder: Path) -> Path:
    """The site folder a person names: itself, or that of a store."""
    if not folder.is_dir():
        raise SignError("There is no such folder. Name a folder with signs, views, exceptions or tuning.", path=folder)
    return site_of(folder) if (folder / MARK).is_file() else folder


def pack_folders(site: Path) -> tuple[Path, ...]:
    """The packs of a site; one which is only half written has a name with a dot."""
    folders = sorted((site / PACKS).iterdir()) if (site / PACKS).is_dir() else ()
    return tuple(path for path in folders if path.is_dir() and not path.name.startswith("."))


def stray_files(site: Path) -> Iterator[Fault]:
    """What stands in the folder and would be passed over in silence: misspelt folders and endings."""
    for path in sorted(site.iterdir()):
        if path.is_dir() and path.name not in FOLDERS and not path.name.startswith("."):
            hint = suggestion(path.name, FOLDERS) or f" Known: {', '.join(FOLDERS)}."
            yield Fault(path, 0, f"A site has no folder '{path.name}'.{hint}")
    for name, ending in ENDINGS.items():
        for path in sorted((site / name).rglob("*")):
            if path.is_file() and path.suffix in (".yml", ".yaml", ".sql") and path.suffix != ending:
                yield Fault(path, 0, f"Files of '{name}' end in {ending}; this one is not read. Rename it.")
