"""The envelope of claims, and records in every way they are packed."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from dauhieu.deliveries.record_layout import claims_layout
from dauhieu.deliveries.source import DOCUMENT
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.contract import contract
from tests.deliveries.claims_files import (
    DRUG,
    SERVICE,
    documents,
    envelope,
    inline,
    numbers,
    ordinary,
    packed,
    read_text,
    record,
    visit,
)

BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
MEASURED = """
import sys
from pathlib import Path
from dauhieu.deliveries import claims_xml
from dauhieu.deliveries.source import ReadOptions
claims_xml.HELD_ROWS = 1000
rows = sum(batch.num_rows for rows in claims_xml.read(Path(sys.argv[1]), ReadOptions(print)) for batch in rows.batches)
# Not ru_maxrss: that starts at the size of the process which started this one.
print(rows, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_an_ordinary_claim_is_read_without_a_fault(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary()))
    assert {table: len(rows) for table, rows in reading.tables.items()} == {
        "hi_claim": 1,
        "hi_claim_identity": 1,
        "hi_claim_drug": 1,
        "hi_claim_service": 1,
    }
    assert reading.faults == []


def test_every_column_of_the_layout_is_delivered_to_a_column_of_the_contract() -> None:
    for layout in claims_layout().records.values():
        for row in layout.rows:
            table = contract().table(row.table)
            doors = {column.delivered_as for column in table.columns}
            doors |= {part for column in table.columns for part in column.code_from}
            doors |= {name for split in table.splits for name in split.columns}
            assert set(row.columns) <= doors, row.table


def test_the_summary_becomes_the_head_of_the_claim(tmp_path: Path) -> None:
    row = read_text(tmp_path, envelope(ordinary(NGAY_SINH="199005170000", CAN_NANG="52.5"))).row("hi_claim")
    assert row["admission_at"] == "2024-05-01 08:30:00"
    assert row["date_of_birth"] == "1990-05-17"
    assert row["sex"] == "female"
    assert row["weight_kg"] == "52.5"
    assert row["first_received_at"] == "2024-05-02 00:00:00"
    assert row[DOCUMENT] == "01001/LK1"


def test_all_claims_of_a_file_are_read_not_only_the_first(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(*(ordinary(MA_LK=f"LK{number}") for number in range(1, 6))))
    assert documents(reading, "hi_claim") == [f"01001/LK{number}" for number in range(1, 6)]


def test_rows_of_a_table_are_numbered_through_the_file(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(), ordinary(MA_LK="LK2")))
    assert numbers(reading, "hi_claim_drug") == [1, 2]


def test_another_count_than_declared_is_noted(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope(ordinary(), ordinary(MA_LK="LK2"), count=3))
    assert reading.codes() == [("count_differs", "SOLUONGHOSO")]


@pytest.mark.parametrize("start", ["", "\ufeff", '<?xml version="1.0" encoding="utf-8"?>\n', "\n"])
def test_base64_is_read_with_and_without_mark_and_declaration(tmp_path: Path, start: str) -> None:
    text = start + record("XML1", visit())
    reading = read_text(tmp_path, envelope([packed("XML1", text), *ordinary()[1:]]))
    assert reading.row("hi_claim_identity")["full_name"] == "Nguyễn Thị A"


def test_base64_broken_over_lines_and_without_padding_is_read(tmp_path: Path) -> None:
    code = base64.encodebytes((record("XML1", visit()) + "  ").encode()).decode().rstrip("=\n")
    assert documents(read_text(tmp_path, envelope([inline("XML1", code), *ordinary()[1:]])), "hi_claim")


def test_a_record_as_text_or_as_elements_is_read_like_base64(tmp_path: Path) -> None:
    text = record("XML1", visit())
    as_text = inline("XML1", f"<![CDATA[{text}]]>")
    as_elements = inline("XML1", text)
    readings = [read_text(tmp_path, envelope([part, *ordinary()[1:]])) for part in (as_text, as_elements)]
    assert readings[0].tables == readings[1].tables == read_text(tmp_path, envelope(ordinary())).tables


def test_content_which_is_no_base64_sets_the_whole_claim_aside(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope([*ordinary()[:2], inline("XML3", "%%%")], ordinary(MA_LK="LK2")))
    assert [(fault.code, fault.place, fault.document, fault.whole) for fault in reading.faults] == [
        ("bad_base64", "XML3", "01001/LK1", True)
    ]
    assert documents(reading, "hi_claim") == ["01001/LK2"]


def test_a_record_cut_short_sets_the_whole_claim_aside(tmp_path: Path) -> None:
    cut = packed("XML1", record("XML1", visit())[:-20])
    reading = read_text(tmp_path, envelope([cut, *ordinary()[1:]], ordinary(MA_LK="LK2")))
    assert [(fault.code, fault.whole) for fault in reading.faults] == [("broken_xml", True)]
    assert documents(reading, "hi_claim_drug") == ["01001/LK2"]


def test_a_claim_without_its_number_is_set_aside(tmp_path: Path) -> None:
    reading = read_text(tmp_path, envelope([packed("XML1", record("XML1", visit(MA_LK=None)))]))
    assert [(fault.code, fault.row_no, fault.whole) for fault in reading.faults] == [("no_key", 1, True)]
    assert reading.tables == {}


def test_claims_before_a_break_of_the_file_are_kept(tmp_path: Path) -> None:
    text = envelope(ordinary(), ordinary(MA_LK="LK2"), ordinary(MA_LK="LK3"))
    reading = read_text(tmp_path, text[: text.rindex("<HOSO>") + 200])
    assert documents(reading, "hi_claim") == ["01001/LK1", "01001/LK2"]
    assert [fault.code for fault in reading.faults] == ["broken_xml", "count_differs"]


@pytest.mark.parametrize("before", [BOMB, "<!-- x -->" + BOMB, '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])
def test_a_file_which_declares_a_document_type_is_refused(tmp_path: Path, before: str) -> None:
    with pytest.raises(DeliveryError, match="document type"):
        read_text(tmp_path, envelope(ordinary(), before=before))


def test_a_record_which_declares_a_document_type_is_set_aside(tmp_path: Path) -> None:
    part = packed("XML1", '<?xml version="1.0"?>' + BOMB + record("XML1", visit()))
    reading = read_text(tmp_path, envelope([part, *ordinary()[1:]]))
    assert [(fault.code, fault.document, fault.whole) for fault in reading.faults] == [
        ("document_type", "01001/LK1", True)
    ]


@pytest.mark.parametrize("text", ["", "GIAMDINHHS", envelope(ordinary()).encode("utf-16")])
def test_a_file_which_is_not_xml_in_utf8_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(DeliveryError, match="not XML in UTF-8"):
        read_text(tmp_path, text)


def test_a_claim_of_one_and_a_half_megabytes_is_read(tmp_path: Path) -> None:
    drugs = [DRUG | {"STT": str(number), "THANH_TIEN_BH": "1000"} for number in range(1, 360)]
    services = [SERVICE | {"STT": str(number), "THANH_TIEN_BH": "1000"} for number in range(1, 419)]
    tests = [{"MA_LK": "LK1", "STT": str(number), "MA_CHI_SO": "H", "GIA_TRI": "5"} for number in range(1, 381)]
    notes = [{"MA_LK": "LK1", "STT": str(n), "DIEN_BIEN_LS": "Tỉnh, tiếp xúc tốt. " * 400} for n in range(1, 123)]
    lines = {"XML2": drugs, "XML3": services, "XML4": tests, "XML5": notes}
    head = visit(T_TONGCHI_BH="777000", T_BHTT="717000")
    parts = [packed("XML1", record("XML1", head)), *(packed(kind, record(kind, *rows)) for kind, rows in lines.items())]
    text = envelope(parts)
    assert len(text) > 1_400_000
    reading = read_text(tmp_path, text)
    counts = [len(reading.tables[f"hi_claim_{name}"]) for name in ("drug", "service", "lab", "note")]
    assert (counts, reading.faults) == ([359, 418, 380, 122], [])


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def measured(claims: int) -> tuple[int, int]:
        file = tmp_path / f"{claims}.xml"
        file.write_text(envelope(*([claim] for _ in range(claims))))
        done = subprocess.run([sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, check=True)
        rows, kilobytes = done.stdout.split()
        return int(rows), int(kilobytes)

    claim = "".join(ordinary())
    (few, before), (many, after) = measured(500), measured(8000)
    assert (few, many) == (2000, 32_000)
    # The file itself grew by 20 MB; every element of it in memory would be several times that.
    assert after - before < 10_000
