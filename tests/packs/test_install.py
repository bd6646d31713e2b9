"""A sign goes from one agency to another: whole or not at all, and it finds there what it found here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dauhieu.catalogue.catalogue import catalogue_in_force, read_catalogue
from dauhieu.errors import DauhieuError, PackError
from dauhieu.findings.report import ScanRequest
from dauhieu.findings.stored import finding_files
from dauhieu.law.read import law
from dauhieu.packs.build import build
from dauhieu.packs.install import install, misfits
from dauhieu.packs.mapping import TableNames, read_mapping
from dauhieu.packs.pack import open_pack
from dauhieu.scan import scan
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.store import Store
from tests.packs.agencies import (
    CHAPTER,
    ELSEWHERE,
    OWN,
    STEM,
    contract_elsewhere,
    engine,
    files,
    named_elsewhere,
    packed,
    place,
    write,
)
from tests.packs.sealed import CONTENT, KEY, members
from tests.packs.sealed import put as put_pack
from tests.site import OWN_SIGN, put
from tests.thin import OCTOBER, SCANNED, deliver

SAME = TableNames({})
MAPPING = "tables:\n  giay_nghi_om:\n    table: sickness_certificate\n    columns:\n" + "".join(
    f"      {there}: {here}\n" for here, there in ELSEWHERE.items() if here != "sickness_certificate"
)


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sender"), files())


@pytest.fixture(scope="module")
def pack(sender: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(sender, tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = write(tmp_path_factory.mktemp("elsewhere"), {name: named_elsewhere(text) for name, text in files().items()})
    return packed(site, tmp_path_factory.mktemp("foreign"), contract_elsewhere())


def installed(pack: Path, site: Path, names: TableNames = SAME, mapping: Path | None = None) -> Path:
    with engine() as opened:
        return install(open_pack(pack), place(site, opened), site, names, mapping).folder


def refused(pack: Path, site: Path, names: TableNames = SAME) -> str:
    """The message, when nothing was written."""
    before = sorted(site.rglob("*"))
    with pytest.raises(PackError) as told:
        installed(pack, site, names)
    assert sorted(site.rglob("*")) == before
    return str(told.value)


def mapping(folder: Path, text: str = MAPPING) -> TableNames:
    return read_mapping(put(folder, "names.yaml", text), contract())


def findings(folder: Path) -> list[dict[str, object]]:
    """What the sign finds in a store whose site is there already."""
    store = Store.open(folder / "store")
    saved = CHAPTER.read_text(encoding="utf-8").split("```")[1].strip() + "\n"
    deliver(store, folder / "delivery", sickness_certificate=saved)
    request = ScanRequest(OCTOBER, (OWN,), memory="500MB")
    scan(store, catalogue_in_force(store), law(), request, now=lambda: SCANNED, tell=lambda what, done: None)
    rows = [row for file in finding_files(store, store.version(), OCTOBER) for row in pq.read_table(file).to_pylist()]
    told = ("finding_id", "item", "period_from", "period_to", "amount", "facts")
    return [{name: row[name] for name in told} for row in rows]


def test_what_is_packed_says_what_it_reads(pack: Path, sender: Path, tmp_path: Path) -> None:
    manifest = open_pack(pack).manifest
    assert (dict(manifest.signs), manifest.views) == ({OWN: 1}, ("own_note",))
    assert {name: set(columns) for name, columns in manifest.reads.items()} == {
        "sickness_certificate": {"cert_id", "facility_id", "from_date", "issued_at", "kind", "person_id", "to_date"},
        "own_note": {"facility_id", "issued_at", "person_id"},
    }
    assert packed(sender, tmp_path).read_bytes() == pack.read_bytes()


@pytest.mark.slow
def test_a_sign_finds_elsewhere_what_it_found_here(pack: Path, sender: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    Store.create(here / "store")
    shutil.copytree(sender, here / "store" / "site")
    Store.create(there / "store")
    folder = installed(pack, there / "store" / "site")
    assert (folder / f"{STEM}.examples.yaml").read_bytes() == (sender / f"{STEM}.examples.yaml").read_bytes()
    found = findings(here)
    assert len(found) == 1
    assert findings(there) == found
    sign = read_catalogue(contract(), there / "store" / "site").signs[OWN]
    assert (sign.site, sign.status, sign.branch) == (True, "experimental", "social")
    assert "already" in refused(pack, there / "store" / "site")


@pytest.mark.slow
def test_a_pack_with_other_names_runs_with_a_mapping_file_alone(foreign: Path, pack: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    told = refused(foreign, site)
    assert "It reads table 'giay_nghi_om', which is not here." in told
    assert "Name its place in a mapping file." in told
    less = mapping(tmp_path, MAPPING.replace("      ngay_cap: issued_at\n", ""))
    assert "'giay_nghi_om.ngay_cap', and 'sickness_certificate' has no column 'ngay_cap'" in refused(
        foreign, site, less
    )
    other = mapping(tmp_path, MAPPING.replace("ngay_cap: issued_at", "ngay_cap: cert_no"))
    assert "It reads 'giay_nghi_om.ngay_cap' as DATE; 'sickness_certificate.cert_no' is VARCHAR." in refused(
        foreign, site, other
    )
    folder = installed(foreign, site, mapping(tmp_path), tmp_path / "names.yaml")
    sql = read_catalogue(contract(), site).signs[OWN].evidence
    assert "SELECT c.person_id, c.facility_id, c.cert_id, c.from_date, c.to_date, c.issued_at" in sql
    assert "SELECT person_id AS benh_nhan_person_id" in (folder / "views/own_note.sql").read_text(encoding="utf-8")
    assert (folder / "mapping.yaml").read_text(encoding="utf-8") == MAPPING
    stores = [tmp_path / "mapped", tmp_path / "own"]
    for one in stores:
        Store.create(one / "store")
    shutil.copytree(site, stores[0] / "store" / "site")
    installed(pack, stores[1] / "store" / "site")
    found = findings(stores[0])
    assert len(found) == 1
    assert findings(stores[1]) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tables: {giay: {table: sickness_certificat}}", "Did you mean 'sickness_certificate'"),
        ("tables: {giay: {table: employer, columns: {a: wage_regio}}}", "Did you mean 'wage_region'"),
        ("tables: {giay: {colums: {}}}", "is a mapping of 'table' and 'columns'"),
        ("table: {}", "one word 'tables'"),
    ],
)
def test_a_faulty_mapping_file_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        mapping(tmp_path, text)


def test_ids_and_views_which_are_taken_are_told(pack: Path, tmp_path: Path) -> None:
    put(tmp_path, "signs/social/mine.yaml", OWN_SIGN.replace("SI-EMP-05-S9", OWN))
    put(tmp_path, "views/own_note.sql", files()["views/own_note.sql"])
    told = refused(pack, tmp_path)
    assert f"There is a sign '{OWN}' here already" in told
    assert "There is a view or table 'own_note' here already" in told


@pytest.mark.slow
def test_a_pack_whose_signs_do_not_pass_their_checks_is_not_written(pack: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    content = dict(open_pack(pack).content)
    stricter = content[f"{STEM}.yaml"].replace(b"value: 3, unit: facilities", b"value: 4, unit: facilities")
    wrong = {**content, f"{STEM}.yaml": stricter}
    told = refused(put_pack(tmp_path, members(wrong, name="own", signs={OWN: 1}, views=("own_note",))), site)
    assert f"own.zip/{STEM}.examples.yaml" in told
    assert "Example 'three facilities in one month are found" in told
    other = put_pack(tmp_path, members(content, signs={"SI-BEN-01-S52": 1}, views=("own_note",)))
    assert "names other signs than it holds" in refused(other, site)
    strange = put_pack(tmp_path, members(CONTENT, reads={}))
    assert "own.zip/signs/social/own.yaml" in refused(strange, site)


def test_a_statutory_value_which_is_not_known_here_is_told(pack: Path, tmp_path: Path) -> None:
    sealed = members(dict(open_pack(pack).content), signs={OWN: 1}, views=("own_note",), parameters={"no_such": "0"})
    with engine() as opened:
        (fault,) = misfits(open_pack(put_pack(tmp_path, sealed)), place(tmp_path, opened), SAME)
    assert "the statutory value 'no_such'" in fault.message


def test_signs_which_are_shipped_are_not_packed(tmp_path: Path) -> None:
    with engine() as opened:
        here = place(tmp_path, opened)
        with pytest.raises(DauhieuError, match="is shipped with the product"):
            build(here, ["SI-EMP-05-S1"], "own", KEY)
        with pytest.raises(DauhieuError, match="no signs to pack"):
            build(here, [], "own", KEY)
        with pytest.raises(PackError, match="no name of a pack"):
            build(here, [], "../own", KEY)


KILL = """
import os, sys
from pathlib import Path
from dauhieu.packs.build import build
from dauhieu.catalogue.writing import write_folder
folder, at = Path(sys.argv[1]), int(sys.argv[2])
seen = 0

def watch(event, words):
    global seen
    ours = any(str(folder.parent) in str(word) for word in words)
    if ours and event in ("open", "os.mkdir", "os.rename", "os.rmdir", "os.remove"):
        seen += 1
        if seen == at:
            os._exit(9)

sys.addaudithook(watch)
write_folder(folder, {"signs/social/a.yaml": b"a", "signs/social/b.yaml": b"b", "views/v.sql": b"v"})
"""


@pytest.mark.slow
def test_a_kill_between_any_two_steps_leaves_all_or_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "own"
    kills = 0
    for at in range(1, 100):
        words = [sys.executable, "-c", KILL, str(folder), str(at)]
        code = subprocess.run(words, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, check=False).returncode
        if code == 0:
            break
        assert code == 9
        kills += 1
        assert not folder.exists()
        assert all(path.name.startswith(".") for path in (tmp_path / "packs").glob("*"))
    assert kills >= 6
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["a.yaml", "b.yaml", "v.sql"]
    assert [path.name for path in folder.parent.iterdir()] == ["own"]
