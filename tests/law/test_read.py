"""Faults of parameter files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dauhieu.errors import LawError
from dauhieu.law.law import Law
from dauhieu.law.read import read_law

HEAD = "age:\n  vi: Tuổi\n  en: Age\n  type: count\n"
SOURCE = "source: Law, confidence: high, checked: text"


def read(folder: Path, text: str) -> Law:
    (folder / "topic.yaml").write_text(text, encoding="utf-8")
    return read_law(folder)


def spans(*spans: str) -> str:
    return HEAD + "  spans:\n" + "".join(f"    - {{{span}, {SOURCE}}}\n" for span in spans)


def test_well_written_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, spans("from: 2020-01-01, to: 2020-12-31, value: 60", "from: 2021-01-01, value: unknown"))
    assert [span.values[()] for span in found.parameters["age"].spans] == [60, None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (spans("from: 2020-01-01, to: 2021-01-01, value: 1", "from: 2021-01-01, value: 2"), "overlaps"),
        (spans("from: 2020-01-01, value: 1", "from: 2021-01-01, value: 2"), "overlaps"),
        (spans("from: 2021-01-01, to: 2021-12-31, value: 1", "from: 2020-01-01, value: 2"), "overlaps"),
        (spans("from: 2020-01-01, to: 2020-12-30, value: 1", "from: 2021-01-01, value: 2"), "gap after 2020-12-30"),
        (spans("from: 2020-01-02, to: 2020-01-01, value: 1"), "ends before it begins"),
        (spans("from: 2020-01-01, value: sixty"), "'sixty' is not a count"),
        (spans("from: 2020-01-01, value: 1.5"), "'1.5' is not a count"),
        (spans("from: 2020-01-01, value: true"), "'True' is not a count"),
        (spans("from: soon, value: 1"), "must be a date"),
        (spans("from: 2020-01-01, value: 1, sorce: x"), "Did you mean 'source'"),
        (spans("from: 2020-01-01"), "no 'value'"),
        (spans("from: 2020-01-01, value: 1").replace("en: Age", "en:"), "no text in 'en'"),
        (spans("from: 2020-01-01, value: 1").replace("type: count", "type: cuont"), "Did you mean 'count'"),
        (spans("from: 2020-01-01, value: 1").replace("high", "sure"), "Unknown 'confidence'"),
        (spans("from: 2020-01-01, value: 1") + "  ends: repealed\n", "its last span has no end"),
        (spans("from: 2020-01-01, value: 1") + "  ends: later\n", "only word for 'ends'"),
        (HEAD, "has no spans"),
        ("age:\n", "has no body"),
        ("- age\n", "holds no parameters"),
    ],
)
def test_badly_written_parameter_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LawError, match=message):
        read(tmp_path, text)


DIMENSIONS = "  dimensions: {sex: {values: [male, female]}, years: {from: [0, 15]}}\n"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{male: {0: 1, 15: 2}, female: {0: 3}}", "no value for sex female, years 15"),
        ("{male: {0: 1, 15: 2}, female: {0: 3, 15: 4}, other: {0: 1, 15: 1}}", "not among the values"),
        ("7", "no value for sex male, years 0"),
    ],
)
def test_value_must_cover_its_dimensions_exactly(tmp_path: Path, value: str, message: str) -> None:
    text = HEAD + DIMENSIONS + f"  spans:\n    - {{from: 2020-01-01, value: {value}, {SOURCE}}}\n"
    with pytest.raises(LawError, match=message):
        read(tmp_path, text)


def test_falling_lower_bounds_are_refused(tmp_path: Path) -> None:
    text = HEAD + "  dimensions: {years: {from: [15, 0]}}\n  spans: []\n"
    with pytest.raises(LawError, match="whole numbers, rising"):
        read(tmp_path, text)


def test_all_faults_are_told_with_file_and_line(tmp_path: Path) -> None:
    text = spans("from: 2020-01-01, value: x").replace("vi: Tuổi", "vi:")
    with pytest.raises(LawError) as raised:
        read(tmp_path, text)
    assert [(fault.path, fault.line) for fault in raised.value.faults] == [
        (tmp_path / "topic.yaml", 1),
        (tmp_path / "topic.yaml", 6),
    ]


def test_parameter_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "another.yaml").write_text(spans("from: 2020-01-01, value: 1"), encoding="utf-8")
    with pytest.raises(LawError, match="stands in two files"):
        read(tmp_path, spans("from: 2020-01-01, value: 1"))
