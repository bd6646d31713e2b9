"""Sentences: every format in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from dauhieu.findings.explain import named_facts, sentence


@pytest.mark.parametrize(
    ("form", "value", "vi", "en"),
    [
        ("vnd", 4959999, "4.959.999 đồng", "VND 4,959,999"),
        ("month", "2026-09-01", "09/2026", "2026-09"),
        ("month", date(2026, 9, 1), "09/2026", "2026-09"),
        ("date", "2026-09-05", "05/09/2026", "2026-09-05"),
        ("count", 12345, "12.345", "12,345"),
        ("decimal", 3.5, "3,50", "3.50"),
        ("ppm", 255000, "25,5%", "25.5%"),
        ("ppm", 100000, "10%", "10%"),
        ("text", "E1", "E1", "E1"),
    ],
)
def test_a_fact_is_written_as_its_language_writes_it(form: str, value: object, vi: str, en: str) -> None:
    assert sentence(f"{{x:{form}}}", {"x": value}, "vi") == vi
    assert sentence(f"{{x:{form}}}", {"x": value}, "en") == en


def test_a_fact_without_value_is_said_to_be_unknown() -> None:
    assert sentence("lương {x:vnd}", {"x": None}, "vi") == "lương không rõ"


def test_a_sentence_tells_which_facts_it_names() -> None:
    assert named_facts("{month:month}: {wage:vnd} by {who}") == (("month", "month"), ("wage", "vnd"), ("who", "text"))
