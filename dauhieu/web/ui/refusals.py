"""What the core says when it refuses, in the reader's language. The core speaks English.

What is often said is known here word by word. Anything else stands behind a sentence which says what to do, in its own
words as a detail.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from dauhieu.web.ui.words import language

# What is filled in and speaks English itself.
SENTENCES = ("hint", "fault")
# As the core says them; a test looks each up there.
KNOWN: tuple[str | Promise, ...] = (
    _("The delivery holds no rows. Nothing has landed."),
    _(
        "There is no table '%(table)s'.%(hint)s Name the table with --table, or name the file after it.",
    ),
    _(
        "The columns do not fit table '%(table)s'%(place)s. Rename them as the contract does, "
        "or give a mapping file.%(hint)s"
    ),
    _("Column '%(column)s' is delivered twice%(place)s. Keep one of the two."),
    _("Column '%(column)s' is missing; it is part of the key of '%(table)s'."),
    _("The file is empty. Send it with a header and rows."),
    _("The file is UTF-16 or no text at all. Save it as CSV UTF-8."),
    _("The header names %(names)s twice. Keep one of each."),
    _("The header is not UTF-8. Save the file as UTF-8, or name its encoding (tcvn3, vni)."),
    _("The line holds bytes which are not UTF-8. Save the file as UTF-8, or name its encoding (tcvn3, vni)."),
    _("The line holds a byte which %(encoding)s does not use. Name the encoding the file is really in."),
    _("The file cannot be read as CSV: a row is longer than 4 MB, or a quotation mark is never closed."),
    _("The workbook is damaged or cut short. Send it again."),
    _("The workbook is damaged or not an XLSX file. Save it again as XLSX."),
    _("Sheet '%(sheet)s' is empty. Send it with a header and rows."),
    _("The archive is damaged or cut short. Send it again."),
    _("The archive has a password. Send it without one."),
    _("The archive holds another archive. Unpack it once and send the inner one."),
    _("The archive unpacks to more than %(size)s MB. Split it."),
    _(
        "The archive of %(packed)s KB has already unpacked to %(size)s MB, more than %(ratio)s times its size. "
        "Real deliveries do not pack like this; it is refused. Send the files unpacked."
    ),
    _("The Parquet file is damaged or cut short. Send it again."),
    _("The file declares a document type. Entities and document types are never read; send it without."),
    _("The file is not XML in UTF-8: no element stands at its start."),
    _(
        "%(rows)s rows of '%(table)s' belong to other months than those replaced (%(months)s). Nothing has landed. "
        "Name these months too, or deliver the rows with mode 'adds'."
    ),
    _("The sender may no longer deliver."),
    _("%(count)s examples fire. At least %(least)s must."),
    _("%(count)s examples stay silent. At least %(least)s must."),
    _("Two examples are called '%(title)s'."),
    _("Example '%(title)s': %(fault)s"),
    _("The two sentences of explain name different facts."),
    _("explain (%(language)s) names '%(name)s', no fact.%(hint)s"),
    _("explain (%(language)s): unknown format '%(form)s'.%(hint)s"),
    _("The SELECT reads '%(table)s', which is not named in needs."),
    _("The threshold '%(name)s' is not used."),
    _("It needs sign '%(sign)s', which does not exist.%(hint)s"),
    _("The text says '%(word)s'. A sign is a reason to look, no verdict."),
    _("The Vietnamese and the English text are the same: '%(text)s'."),
    _("The condition cannot be read. A text begins and ends with '."),
    _("The condition is not one whole expression. Look at its brackets."),
    _(" Did you mean '%(word)s'?"),
)
TODO = {
    "delivery": _(
        "The file is not taken. Mend it by the words below and send it again, or show them to whoever helps."
    ),
    "sign": _("A check does not let this pass. Mend the sign by the words below, or ask who knows the catalogue."),
}


def refusal(message: str, about: str) -> SafeString:
    """One message of the core as a page shows it; `about` is a word of `TODO`."""
    if language() == "en":
        return format_html('<span class="refusal">{}</span>', message)
    known, whole = _known(message)
    if known and whole:
        return format_html('<span class="refusal">{}</span>', known)
    return format_html(
        '<span class="refusal">{}</span> <details><summary>{}</summary><span lang="en">{}</span></details>',
        known or TODO[about],
        _("In the words of the check (English)"),
        message,
    )


def refusals(messages: str, about: str) -> SafeString:
    """Several, each on a line; what goes on stands further in."""
    found = (one for one in re.split(r"\n(?!\s)", messages) if one)
    return format_html_join("", "<li>{}</li>", ((refusal(one, about),) for one in found))


def _known(message: str) -> tuple[str, bool]:
    """The sentence in the language of the page, with what is filled in, '' for none; and whether it says all.

    A part which is a sentence of the core again, a hint or the fault of an example, is looked up as well.
    """
    for pattern, text in _patterns():
        found = pattern.fullmatch(message)
        if found:
            parts = found.groupdict()
            told = {name: _known(parts[name])[0] for name in SENTENCES if parts.get(name)}
            if "fault" in told and not told["fault"]:
                return "", False
            return str(text) % (parts | told), all(told.values())
    return "", False


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str | Promise], ...]:
    return tuple((_pattern(source(text)), text) for text in KNOWN)


def source(text: str | Promise) -> str:
    """As it stands in the code."""
    with override("en"):
        return str(text)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*?)", re.escape(text)), re.DOTALL)
