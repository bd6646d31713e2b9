"""How the product writes files of a catalogue: whole or not at all, and a folder it may not write is told plainly."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from dauhieu.errors import SignError


@contextmanager
def told(path: Path) -> Iterator[None]:
    """A file or folder which cannot be written is a fault a person can mend."""
    try:
        yield
    except OSError as error:
        raise SignError(f"The file cannot be written: {error.strerror}.", path=path) from error


def write_whole(path: Path, text: str) -> None:
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_text(text, encoding="utf-8")
        half.replace(path)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """A new folder with all its files: under a name with a dot, which nobody reads, and then one renaming."""
    half = folder.with_name(f".{folder.name}.half")
    with told(folder):
        shutil.rmtree(half, ignore_errors=True)
        for name, content in sorted(files.items()):
            path = half / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        half.rename(folder)


class _Text(yaml.SafeDumper):
    """Texts of several lines stand as they are, and a value which comes twice stands twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


_Text.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else "")
)


def yaml_text(body: object) -> str:
    """A file of a catalogue as the product writes it."""
    return yaml.dump(body, Dumper=_Text, allow_unicode=True, sort_keys=False, width=118)
