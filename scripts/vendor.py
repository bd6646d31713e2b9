"""Fetch the third-party files of the site again, as vendor.toml pins them, and write their sums into it.

For maintainers: needs npm and an environment with the [web] extra. A fresh machine needs neither; the files are
committed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "dauhieu" / "web" / "ui" / "static" / "vendor"
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


def packed(package: str, version: str, path: str) -> bytes:
    """One file of an npm package."""
    with tempfile.TemporaryDirectory() as folder:
        named = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.strip()
        with tarfile.open(Path(folder) / named) as archive:
            member = archive.extractfile(f"package/{path}")
            assert member is not None
            return member.read()


def installed(package: str, version: str, path: str) -> bytes:
    """One file of an installed Python package."""
    found = importlib.metadata.distribution(package)
    assert found.version == version, f"{package} {found.version} is installed, {version} is pinned"
    return Path(str(found.locate_file(path))).read_bytes()


def main() -> None:
    listing = FOLDER / "vendor.toml"
    text = listing.read_text(encoding="utf-8")
    for file in tomllib.loads(text)["file"]:
        package = file["package"]
        if package.startswith("python:"):
            content = installed(package.removeprefix("python:"), file["version"], file["path"])
        else:
            content = packed(package, file["version"], file["path"])
        # A map which is not shipped makes the browser ask for it, and static storage with digests fail.
        content = SOURCE_MAP.sub(b"", content)
        (FOLDER / file["name"]).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        text = re.sub(rf'(name = "{re.escape(file["name"])}".*?sha256 = ")[^"]*', rf"\g<1>{digest}", text, flags=re.S)
    listing.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
