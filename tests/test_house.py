"""What must be true of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    if name and (ROOT / name).is_file()
]

# Each pattern has a bracket, so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(("pypi[.]org", "python[h]osted", "registry[.]npmjs", "deb[.]debian", "[/]simple/", "index[-]url"))
)
MACHINE_PATHS = re.compile(r"(?<![\w.\-/~])/(?:work|home|root|tmp|Users)/(?=\w)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ROOMS = sorted(path.parent.name for path in ROOT.glob("dauhieu/*/__init__.py"))


def texts() -> list[tuple[str, str]]:
    """Every tracked text file: its name and content."""
    found = []
    for path in TRACKED:
        content = path.read_bytes()
        if b"\0" not in content[:8000] and not path.name.endswith(".gz"):
            found.append((str(path.relative_to(ROOT)), content.decode("utf-8")))
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, content in texts()
        for number, line in enumerate(content.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_tracked_file_holds_a_path_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []


@pytest.mark.parametrize("folder", ["work", "home", "tmp"])
def test_machine_path_would_be_noticed(folder: str) -> None:
    assert MACHINE_PATHS.search(f"see /{folder}/somebody")


def test_every_locked_package_has_a_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        for requirement in (ROOT / lock).read_text().replace("\\\n", "").splitlines():
            assert "--hash=sha256:" in requirement, f"{lock}: {requirement[:60]}"


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[^\w-]", line)[0] for line in project["project"]["dependencies"]}
    locked = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert wanted - locked == set()


@pytest.mark.parametrize("room", ROOMS)
def test_room_opens_with_what_it_is_for(room: str) -> None:
    opening = (ROOT / "dauhieu" / room / "__init__.py").read_text(encoding="utf-8").lstrip()
    assert opening.startswith('"""')


@pytest.mark.parametrize("room", ROOMS)
def test_walk_passes_through_the_room(room: str) -> None:
    assert f"`{room}`" in (ROOT / "docs" / "walk.md").read_text(encoding="utf-8")


def test_every_link_of_the_documents_resolves() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in TRACKED
        if page.suffix == ".md"
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not target.startswith(("https://", "http://", "mailto:", "#"))
        and not (page.parent / target.split("#")[0]).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
