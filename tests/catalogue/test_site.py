"""The site catalogue: what an agency adds, read after what is shipped and never in its way."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.example import read_examples
from dauhieu.catalogue.read import REQUIRED_WORDS, read_sign
from dauhieu.catalogue.site import named_site
from dauhieu.catalogue.view import TAKEN
from dauhieu.catalogue.violation import violations
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import SignError
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.warehouse.contract import contract
from tests.site import MODEL, OWN, OWN_SIGN, VIEW, put
from tests.thin import SIGN, catalogue

PLACE = "signs/social/own.yaml"


@pytest.fixture(scope="module")
def runner() -> Iterator[ExampleRunner]:
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as engine:
        yield ExampleRunner(engine, contract(), catalogue(), law())


def faults(site: Path) -> list[str]:
    return [str(fault) for fault in read_catalogue(contract(), site).faults]


def compiled(runner: ExampleRunner, found: Catalogue, sign: str) -> str:
    here = ExampleRunner(runner.engine, contract(), found, law())
    return here.empty_bench(date(2026, 10, 31)).compile(found.signs[sign]).sql


def test_signs_of_the_site_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    put(tmp_path, PLACE, OWN_SIGN)
    found = read_catalogue(contract(), tmp_path)
    assert set(found.signs) == {*catalogue().signs, OWN}
    assert (found.signs[OWN].site, found.signs[SIGN].site) == (True, False)


def test_the_digest_of_the_catalogue_tells_what_the_site_holds(tmp_path: Path) -> None:
    empty = read_catalogue(contract(), tmp_path).digest
    put(tmp_path, PLACE, OWN_SIGN)
    assert empty == catalogue().digest != read_catalogue(contract(), tmp_path).digest


def test_a_broken_file_of_the_site_is_told_and_hides_no_other(tmp_path: Path) -> None:
    put(tmp_path, PLACE, OWN_SIGN)
    put(tmp_path, "signs/social/broken.yaml", OWN_SIGN.replace("severity: 4", "severity: 9"))
    put(tmp_path, "signs/social/no.yaml", "{ no yaml")
    put(tmp_path, "views/headless.sql", "SELECT 1 AS x")
    (tmp_path / "views" / "latin.sql").write_bytes(b"-- vi: \xe3\xff")
    found = read_catalogue(contract(), tmp_path)
    assert OWN in found.signs
    assert found.signs.keys() > catalogue().signs.keys()
    assert {fault.path.name for fault in found.faults if fault.path} == {
        "broken.yaml",
        "no.yaml",
        "headless.sql",
        "latin.sql",
    }


def test_a_site_sign_may_not_take_a_shipped_id(tmp_path: Path) -> None:
    put(tmp_path, PLACE, MODEL.replace("severity: 4", "severity: 1"))
    found = read_catalogue(contract(), tmp_path)
    assert found.signs[SIGN].severity == 4
    assert f"tuning/{SIGN}.yaml" in found.faults[0].message


def test_a_site_view_may_not_take_the_name_of_a_view_or_table(tmp_path: Path) -> None:
    for name in ("open_due", "employer", "raw__employer"):
        put(tmp_path, f"views/{name}.sql", VIEW)
    told = "\n".join(faults(tmp_path))
    assert "There is a view 'open_due' already" in told
    assert "There is a table of the contract 'employer' already" in told
    assert "'raw__employer' is not a name" in told


def test_a_site_sign_reads_a_site_view(tmp_path: Path, runner: ExampleRunner) -> None:
    put(tmp_path, "views/payer.sql", VIEW)
    put(tmp_path, PLACE, OWN_SIGN.replace("JOIN employer AS e", "JOIN payer AS y ON TRUE JOIN employer AS e"))
    assert '"payer"' in compiled(runner, read_catalogue(contract(), tmp_path), OWN)


def test_a_site_view_called_as_a_step_of_a_shipped_sign_does_not_break_it(
    tmp_path: Path, runner: ExampleRunner
) -> None:
    put(tmp_path, "views/low.sql", VIEW)
    put(tmp_path, "views/wage_base.sql", VIEW.replace("person_id FROM", "nothing FROM"))
    found = read_catalogue(contract(), tmp_path)
    assert compiled(runner, found, SIGN) == compiled(runner, catalogue(), SIGN)


def test_a_faulty_view_fails_only_the_signs_which_read_it(tmp_path: Path, runner: ExampleRunner) -> None:
    put(tmp_path, "views/wage_base.sql", VIEW.replace("person_id FROM", "nothing FROM"))
    put(tmp_path, PLACE, OWN_SIGN)
    reads = OWN_SIGN.replace(OWN, "SI-EMP-05-S8").replace(
        "JOIN employer AS e", "JOIN wage_base AS y ON TRUE JOIN employer AS e"
    )
    put(tmp_path, "signs/social/reads.yaml", reads)
    found = read_catalogue(contract(), tmp_path)
    assert compiled(runner, found, OWN)
    with pytest.raises(SignError, match=r"The view is faulty: .*wage_base\.sql"):
        compiled(runner, found, "SI-EMP-05-S8")


def test_a_sign_which_needs_a_sign_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, PLACE, OWN_SIGN.replace("  helpful: [labour_contract]", "  signs: [SI-EMP-05-S77]"))
    found = read_catalogue(contract(), tmp_path)
    assert OWN not in found.signs
    assert "needs sign 'SI-EMP-05-S77'" in found.faults[0].message


def test_signs_which_need_each_other_in_a_ring_are_left_out_with_what_hangs_on_them(tmp_path: Path) -> None:
    for number, other in (("S7", "S8"), ("S8", "S7"), ("S9", "S8")):
        text = MODEL.replace("SI-EMP-05-S1", f"SI-EMP-05-{number}")
        put(
            tmp_path,
            f"signs/social/{number}.yaml",
            text.replace("helpful: [labour_contract]", f"signs: [SI-EMP-05-{other}]"),
        )
    found = read_catalogue(contract(), tmp_path)
    assert found.signs.keys() == catalogue().signs.keys()
    assert len(found.faults) == 3


def test_misspelt_folders_and_endings_are_told(tmp_path: Path) -> None:
    put(tmp_path, "sign/social/own.yaml", OWN_SIGN)
    put(tmp_path, "exceptions/known.yml", "id: x")
    told = "\n".join(faults(tmp_path))
    assert "no folder 'sign'. Did you mean 'signs'?" in told
    assert "known.yml" in told


def test_a_site_is_named_by_its_folder_or_by_its_store(tmp_path: Path) -> None:
    site = tmp_path / "store" / "site"
    site.mkdir(parents=True)
    assert named_site(site) == site
    put(tmp_path, "store/store.json", "{}")
    assert named_site(tmp_path / "store") == site
    with pytest.raises(SignError, match="no such folder"):
        named_site(tmp_path / "nowhere")


ODD: list[Any] = [5, "x", True, [], [1], [[]], {}, {"a": 1}, {"a": {}}, {1: None}, {"vi": 1, "en": []}, None]


def read_or_told(path: Path) -> None:
    """Nothing but a fault may come of a file."""
    with contextlib.suppress(SignError):
        read_sign(path, contract(), violations())


@pytest.mark.parametrize("word", [*REQUIRED_WORDS, "applies", "tuning", "item_kind", "reading"])
def test_whatever_stands_in_a_sign_file_it_is_told_as_a_fault(tmp_path: Path, word: str) -> None:
    body = yaml.safe_load(MODEL) | {"sql": "SELECT 1", "evidence": "SELECT 1"}
    for odd in ODD:
        read_or_told(put(tmp_path, PLACE, yaml.safe_dump(body | {word: odd})))


@pytest.mark.parametrize(
    ("word", "inner"),
    [("needs", "required"), ("needs", "helpful"), ("needs", "signs"), ("applies", "from"), ("tuning", "floor_change")],
)
def test_so_it_is_one_step_further_in(tmp_path: Path, word: str, inner: str) -> None:
    body = yaml.safe_load(MODEL)
    for odd in ODD:
        read_or_told(put(tmp_path, PLACE, yaml.safe_dump(body | {word: {inner: odd}})))


ROOMS = ("scan.py", "findings", "scoring", "studies", "compiler", "proof", "cli", "warehouse/sight.py")
MADE = re.compile(r"""(?:register|materialise|register_view|show_ranking)\((?:self\.)?(?:engine, )?"([a-z_]+)\"""")


def test_no_view_takes_the_name_of_a_relation_which_the_product_makes() -> None:
    root = Path(__file__).parents[2] / "dauhieu"
    files = [file for room in ROOMS for file in ([root / room] if room.endswith(".py") else (root / room).glob("*.py"))]
    made = {name for file in files for name in MADE.findall(file.read_text(encoding="utf-8"))}
    assert "found" in made
    assert {name for name in made if "__" not in name} - TAKEN - contract().tables.keys() == set()


@pytest.mark.parametrize("odd", ODD)
def test_whatever_stands_in_a_file_of_examples_it_is_told_as_a_fault(tmp_path: Path, odd: Any) -> None:
    whole = {"example": "x", "as_of": date(2026, 10, 31), "finds": []}
    for body in (
        odd,
        [odd],
        {"given": odd, "examples": [whole]},
        [whole | {"employer": odd}],
        [whole | {"finds": odd}],
    ):
        with contextlib.suppress(SignError):
            read_examples(put(tmp_path, "x.examples.yaml", yaml.safe_dump(body)), contract())
