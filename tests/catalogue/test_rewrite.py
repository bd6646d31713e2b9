"""Files written by hand keep what is theirs when one value changes."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.catalogue.catalogue import SIGNS_FOLDER
from dauhieu.catalogue.rewrite import rewritten
from dauhieu.catalogue.writing import yaml_text

HAND = """\
# written by hand
id: SI-BEN-01-S51   # never changes
title:
  # the short one
  vi: Giấy nghỉ ốm
  en: Sick notes

# two thresholds
tuning:
  least: {value: 3, unit: facilities, why: {vi: hai nơi, en: two}}   # asked of the doctors
  window:
    value: 3
    unit: months
legal_basis:
  - {instrument: SI Law 41/2024/QH15, article: "Art. 9(4), 42", from: 2025-07-01}   # new law
  # older
  - {instrument: SI Law 58/2014/QH13, article: Art. 17, from: 2016-01-01, to: 2025-06-30}
sql: |
  SELECT 1 -- note
  FROM t
# the end
evidence: |
  SELECT 2
"""


def changed(change: Any) -> str:
    data = yaml.safe_load(HAND)
    change(data)
    text = rewritten(HAND, data)
    assert yaml.safe_load(text) == data
    return text


def lines_lost(text: str) -> list[str]:
    now = text.splitlines()
    return [line for line in HAND.splitlines() if line not in now]


def test_nothing_changed_is_the_same_text() -> None:
    assert rewritten(HAND, yaml.safe_load(HAND)) == HAND


def test_a_text_changes_its_line_alone() -> None:
    text = changed(lambda data: data["title"].update(en="Many notes"))
    assert lines_lost(text) == ["  en: Sick notes"]


def test_a_value_inside_braces_keeps_the_note_beside_it() -> None:
    text = changed(lambda data: data["tuning"]["least"].update(value=4))
    assert "  least: {value: 4, unit: facilities, why: {vi: hai nơi, en: two}}   # asked of the doctors" in text
    assert len(lines_lost(text)) == 1


def test_sql_is_a_block_and_the_note_behind_it_stays() -> None:
    text = changed(lambda data: data.update(sql="SELECT 3\nFROM u\n"))
    assert "sql: |\n  SELECT 3\n  FROM u\n# the end\nevidence: |\n" in text


def test_a_threshold_comes_and_another_goes() -> None:
    def change(data: Any) -> None:
        data["tuning"]["share"] = {"value": 30, "unit": "percent", "why": {"vi": "a", "en": "b"}}
        del data["tuning"]["window"]

    text = changed(change)
    assert lines_lost(text) == ["  window:", "    value: 3", "    unit: months"]
    assert text.index("  share:") < text.index("legal_basis:")


def test_items_of_a_list_come_go_and_change() -> None:
    new = {"instrument": "Decree 158/2025/ND-CP", "article": "Art. 4", "from": date(2025, 7, 1)}
    text = changed(lambda data: data["legal_basis"].insert(1, new))
    assert lines_lost(text) == []
    text = changed(lambda data: data["legal_basis"].pop())
    assert len(lines_lost(text)) == 1
    text = changed(lambda data: data["legal_basis"][0].update(article="Art. 43"))
    assert "article: Art. 43, from: 2025-07-01}   # new law" in text


def test_a_word_comes_at_its_place() -> None:
    def change(data: Any) -> None:
        items = list(data.items())
        items.insert(1, ("item_kind", "facility"))
        data.clear()
        data.update(items)

    text = changed(change)
    assert lines_lost(text) == []
    assert text.index("item_kind: facility") < text.index("title:")


def test_a_file_which_ends_without_a_line_break_takes_another_word() -> None:
    assert yaml.safe_load(rewritten("a: 1", {"a": 1, "b": [1, 2]})) == {"a": 1, "b": [1, 2]}


def leaves(data: Any, key: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(data, dict):
        return [leaf for name, value in data.items() for leaf in leaves(value, (*key, name))]
    if isinstance(data, list):
        return [leaf for place, value in enumerate(data) for leaf in leaves(value, (*key, place))]
    return [key]


@pytest.mark.parametrize("ending", [".yaml", ".examples.yaml"])
def test_every_leaf_of_shipped_files_can_be_changed_by_itself(ending: str) -> None:
    """All other lines stay; a text over several lines may be written in another layout."""
    files = [path for path in sorted(SIGNS_FOLDER.rglob(f"*{ending}")) if path.name.count(".") == ending.count(".")]
    for path in files[::60]:
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        found = leaves(data)
        for key in found[:: max(1, len(found) // 8)]:
            now = copy.deepcopy(data)
            at = now
            for part in key[:-1]:
                at = at[part]
            at[key[-1]] = "đổi: khác\nhai dòng\n" if isinstance(at[key[-1]], str) else 7
            after = rewritten(text, now)
            assert yaml.safe_load(after) == now
            assert sum(line not in after.splitlines() for line in text.splitlines()) <= _lines_of(data, key) + 1, key


def _lines_of(data: Any, key: tuple[Any, ...]) -> int:
    for part in key:
        data = data[part]
    return max(1, len(str(data)) // 60 + str(data).count("\n"))


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.dates() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcde", min_size=1, max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
BODIES = st.dictionaries(st.text("abcde", min_size=1, max_size=3), TREES, min_size=1, max_size=5)


@given(BODIES, BODIES)
def test_whatever_is_asked_for_is_what_the_text_says(before: Any, now: Any) -> None:
    assert yaml.safe_load(rewritten(yaml_text(before), now)) == yaml.safe_load(yaml_text(now))
