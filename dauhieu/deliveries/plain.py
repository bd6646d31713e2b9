"""What of a batch needs no checking: a look at whole columns before any SQL is written.

To plan the checks of a wide table takes the engine longer than to run them on some thousand rows, and most columns
of most deliveries are in order. What is seen here is left out of the SQL; what is not stays to be judged there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dauhieu.deliveries.values import NULL_WORDS, is_text

# Space at either end, or a word which means nothing.
_UNCLEAN = r"^(?:[ \t\r\n]|(?:" + "|".join(NULL_WORDS) + r")$)|[ \t\r\n]$"


@dataclass(frozen=True, slots=True)
class Seen:
    """Columns of one batch: `plain` ones need no cleaning, `filled` ones have no NULL."""

    plain: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()


# What is known before anybody has looked.
NOTHING = Seen()


def look(batch: pa.Table, names: Iterable[str]) -> Seen:
    """Look at these columns of a batch."""
    columns = {name: batch.column(name) for name in names}
    return Seen(
        frozenset(name for name, column in columns.items() if _plain(column)),
        frozenset(name for name, column in columns.items() if column.null_count == 0),
    )


def _plain(column: pa.ChunkedArray) -> bool:
    if not is_text(column.type):
        # A number which is none is a word of its own.
        return not pa.types.is_floating(column.type)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if (pc.min(pc.binary_length(column)).as_py() or 0) < 1:
        # Empty text, or no text at all.
        return bool(column.null_count == len(column))
    if not pc.all(pc.string_is_ascii(column)).as_py():
        return False
    return not pc.any(pc.match_substring_regex(column, _UNCLEAN)).as_py()
