"""Gather the texts of the site into dauhieu/web/locale/vi, and compile them: `python scripts/texts.py`.

New texts arrive empty, for somebody to translate; texts which are gone are dropped. Pages of allauth which people see
are gathered too, for allauth has no Vietnamese. A test holds the catalogue complete and its compiled form current.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import allauth
import polib
from django.utils.translation.template import templatize

WEB = Path(__file__).parent.parent / "dauhieu" / "web"
CATALOGUE = WEB / "locale" / "vi" / "LC_MESSAGES" / "django.po"
ALLAUTH = Path(allauth.__file__).parent
# What people see of allauth: signing in, second factors, sessions. Not signing up, nor mails and other providers.
PAGES = "logout reauthenticate base_reauthenticate password_change account_inactive".split()
FOREIGN = [
    ALLAUTH / "templates" / "mfa",
    *(ALLAUTH / "templates" / "account" / f"{name}.html" for name in PAGES),
    *(ALLAUTH / "templates" / "account" / "messages" / f"{name}.txt" for name in ("logged_in", "logged_out")),
    ALLAUTH / "templates" / "account" / "messages" / "password_changed.txt",
    *(ALLAUTH / "account" / f"{name}.py" for name in ("adapter", "forms", "fields")),
    ALLAUTH / "mfa",
    ALLAUTH / "usersessions",
]
GETTEXT = {"_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "pgettext": 1, "pgettext_lazy": 1}
CALL = re.compile(r"\b(?:n?p?gettext|_)\(")


class Message(NamedTuple):
    text: str
    plural: str = ""
    context: str | None = None


def of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in GETTEXT and len(words) > GETTEXT[name]:
            yield _message(name, words)


def _message(name: str, words: list[str]) -> Message:
    if name.startswith("pgettext"):
        return Message(words[1], context=words[0])
    return Message(words[0], words[1] if name.startswith("ngettext") and len(words) > 1 else "")


def of_template(source: str) -> Iterator[Message]:
    """Django turns a template into something like Python for gettext; what is not a call is blanked out."""
    text = templatize(source)
    for start in CALL.finditer(text):
        yield from _called(text[start.start() :])


def _called(text: str) -> Iterator[Message]:
    """The call at the beginning of a text: the shortest piece which is Python."""
    for end in re.finditer(r"\)", text):
        try:
            yield from of_python(text[: end.end()])
        except SyntaxError:
            continue
        return


def gathered() -> set[Message]:
    found: set[Message] = set()
    for place in (WEB, *FOREIGN):
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix == ".py" and "migrations" not in path.parts:
                found.update(of_python(path.read_text(encoding="utf-8")))
            elif path.suffix == ".html" or (path.suffix == ".txt" and "messages" in path.parts):
                found.update(of_template(path.read_text(encoding="utf-8")))
    return {message for message in found if message.text.strip()}


def merged() -> polib.POFile:
    """The catalogue with what is new, without what is gone, in the order of the texts."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    known = {(entry.msgid, entry.msgctxt): entry for entry in old}
    new = polib.POFile(wrapwidth=110)
    new.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "vi",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for message in sorted(gathered(), key=lambda one: (one.text.lower(), one)):
        entry = known.get((message.text, message.context))
        if entry is None:
            entry = polib.POEntry(msgid=message.text, msgctxt=message.context, msgstr="")
            if message.plural:
                entry.msgid_plural, entry.msgstr_plural = message.plural, {0: ""}
        new.append(entry)
    return new


def main() -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new = merged()
    new.save(str(CATALOGUE))
    new.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    empty = [entry.msgid for entry in new if not entry.translated()]
    print(f"{len(new)} texts, {len(empty)} to translate")


if __name__ == "__main__":
    main()
