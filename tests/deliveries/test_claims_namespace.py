"""Claims whose namespace has a blank, as some programs write it: mended and noted, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliveries.claims_files import (
    BLANK,
    DRUG,
    SERVICE,
    documents,
    envelope,
    inline,
    ordinary,
    packed,
    read_text,
    record,
    visit,
)

SEVEN = {"MA_LK": "LK1", "NGAY_VAO": "202405010830", "NGAY_RA": "202405051000", "NGAY_CT": "20240505"}


@pytest.mark.parametrize("kind", ["XML1", "XML2", "XML7"])
def test_the_namespace_with_a_blank_is_mended_and_noted_at_its_claim(tmp_path: Path, kind: str) -> None:
    rows = {"XML1": visit(), "XML2": DRUG, "XML7": SEVEN}
    parts = [packed(name, record(name, row, namespace=BLANK if name == kind else "")) for name, row in rows.items()]
    reading = read_text(tmp_path, envelope([*parts, packed("XML3", record("XML3", SERVICE))]))
    assert [(fault.code, fault.place, fault.document) for fault in reading.faults] == [
        ("namespace_mended", kind, "01001/LK1")
    ]
    assert set(reading.tables) >= {"hi_claim", "hi_claim_drug", "sickness_certificate"}


def test_the_namespace_is_mended_in_records_sent_as_plain_elements_too(tmp_path: Path) -> None:
    parts = [inline("XML1", record("XML1", visit(), namespace=BLANK)), *ordinary()[1:]]
    reading = read_text(tmp_path, envelope(parts))
    assert reading.codes() == [("namespace_mended", "")]
    assert documents(reading, "hi_claim") == ["01001/LK1"]


def test_the_namespace_is_mended_wherever_a_chunk_of_the_file_ends(tmp_path: Path) -> None:
    for blanks in range(32_400, 32_800, 20):
        text = envelope([inline("XML1", record("XML1", visit(), namespace=BLANK)), *ordinary()[1:]])
        reading = read_text(tmp_path, text.replace("<DANHSACHHOSO>", "<DANHSACHHOSO>" + " " * blanks))
        assert reading.codes() == [("namespace_mended", "")]


def test_the_namespace_on_the_envelope_is_noted_once(tmp_path: Path) -> None:
    text = envelope(ordinary(), ordinary(MA_LK="LK2")).replace("<GIAMDINHHS>", f"<GIAMDINHHS{BLANK}>")
    assert [fault.code for fault in read_text(tmp_path, text).faults] == ["namespace_mended"]
