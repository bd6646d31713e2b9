from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from small import OPTIONS, day, deliver, query, wage

from dauhieu.warehouse.records import write_records
from dauhieu.warehouse.store import Store

PART = "2026-01/SI-EMP-05-S1"


def findings(folder: Path, *ids: str) -> Path:
    path = folder / f"{'-'.join(ids)}.parquet"
    rows = [{"finding_id": one, "as_of": date(2026, 1, 31), "subject_id": 1} for one in ids]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_a_scan_replaces_its_part_and_no_other(store: Store, tmp_path: Path) -> None:
    other = {"2026-01/SI-EMP-06-S1": findings(tmp_path, "c")}
    write_records(store, day(1), replace={"finding": {PART: findings(tmp_path, "a", "b"), **other}}, options=OPTIONS)
    write_records(store, day(2), replace={"finding": {PART: findings(tmp_path, "b", "d")}}, options=OPTIONS)
    assert query(store, "SELECT finding_id FROM finding ORDER BY 1") == [("b",), ("c",), ("d",)]
    assert query(store, "SELECT count(*) FROM finding", store.version(1)) == [(3,)]


def test_a_part_replaced_by_nothing_is_gone(store: Store, tmp_path: Path) -> None:
    write_records(store, day(1), replace={"finding": {PART: findings(tmp_path, "a")}}, options=OPTIONS)
    version = write_records(store, day(2), replace={"finding": {PART: None}}, options=OPTIONS)
    assert (version.tables["finding"].rows, store.files(version, "finding")) == (0, ())


def test_several_tables_change_in_one_version_which_cites_what_it_read(store: Store, tmp_path: Path) -> None:
    deliver(store, day(1), {"wage": [wage("P1", 1, 10)]})
    rows = pa.table({"delivery_no": [7], "source": ["scan"]})
    version = write_records(
        store,
        day(2),
        replace={"finding": {PART: findings(tmp_path, "a")}},
        append={"delivery": rows},
        cites=(1,),
        options=OPTIONS,
    )
    assert (version.number, version.cause, version.cites) == (2, "scan", (1,))
    assert query(store, "SELECT delivery_no, source FROM delivery") == [(7, "scan")]
