"""Legal bases in Vietnamese: every one of the catalogue, and none which says more than was written."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.citation import citation
from dauhieu.catalogue.sign import LegalBasis
from dauhieu.warehouse.contract import contract

ENGLISH = re.compile(r"\b(Art|Law|Decree|Circular|Decision|Resolution|Code|as amended|Table|and|on|of)\b")


def basis(instrument: str, article: str) -> LegalBasis:
    return LegalBasis(instrument, article, date(2025, 7, 1), None)


@pytest.mark.parametrize(
    ("instrument", "article", "shown"),
    [
        ("SI Law 41/2024/QH15", "Art. 34(2)", "khoản 2 Điều 34, Luật Bảo hiểm xã hội 41/2024/QH15"),
        ("SI Law 41/2024/QH15", "Art. 39(1)(dd)-(e)", "điểm đ–e khoản 1 Điều 39, Luật Bảo hiểm xã hội 41/2024/QH15"),
        ("SI Law 41/2024/QH15", "Art. 17(2)-(3), 21", "khoản 2–3 Điều 17, Điều 21, Luật Bảo hiểm xã hội 41/2024/QH15"),
        ("Decree 158/2025/ND-CP", "Art. 24-25, 48a", "Điều 24–25, Điều 48a, Nghị định 158/2025/NĐ-CP"),
        (
            "HI Law 25/2008/QH12 as amended by 51/2024/QH15",
            "Art. 30 to 36",
            "Điều 30–36, Luật Bảo hiểm y tế 25/2008/QH12 (sửa đổi, bổ sung bởi 51/2024/QH15)",
        ),
        ("Decision 595/QD-BHXH", "whole", "toàn văn bản, Quyết định 595/QĐ-BHXH"),
        ("Decision 130/QD-BYT", "tables 7 and 11", "bảng 7 và 11, Quyết định 130/QĐ-BYT"),
    ],
)
def test_a_basis_is_cited_as_vietnamese_law_is(instrument: str, article: str, shown: str) -> None:
    assert citation(basis(instrument, article), "vi") == shown


def test_what_is_not_understood_stays_as_it_stands() -> None:
    assert citation(basis("Treaty of Somewhere", "Part IX"), "vi") == "Part IX, Treaty of Somewhere"


def test_no_basis_of_the_catalogue_stays_english() -> None:
    found = {citation(one, "vi") for sign in read_catalogue(contract()).signs.values() for one in sign.legal_basis}
    assert {text for text in found if ENGLISH.search(text)} == set()
    assert len(found) > 100
