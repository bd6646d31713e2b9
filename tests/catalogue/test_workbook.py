"""The catalogue as a workbook: what goes out comes back the same, and an edit touches nothing but its place."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.edit import put
from dauhieu.catalogue.workbook import Change, read_changes, write_workbook
from dauhieu.errors import SignError
from dauhieu.law.read import law
from dauhieu.warehouse.contract import contract
from dauhieu.yamlfile import read_yaml

SIGN = "SI-EMP-05-S1"
COMPOUND = "SI-EMP-11-S9"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(contract())


@pytest.fixture
def book(catalogue: Catalogue, tmp_path: Path) -> Path:
    write_workbook(tmp_path / "catalogue.xlsx", catalogue, law())
    return tmp_path / "catalogue.xlsx"


def edit(book: Path, sheet: str, match: dict[str, object], column: str, value: object) -> None:
    """Change one cell as a person would."""
    opened = openpyxl.load_workbook(book)
    rows = opened[sheet].iter_rows()
    names = [cell.value for cell in next(rows)]
    row = next(row for row in rows if all(row[names.index(name)].value == wanted for name, wanted in match.items()))
    row[names.index(column)].value = value
    opened.save(book)


def test_a_workbook_nobody_edited_changes_nothing(catalogue: Catalogue, book: Path) -> None:
    assert read_changes(book, catalogue) == ()


def test_every_sheet_holds_what_experts_exchange(catalogue: Catalogue, book: Path) -> None:
    opened = openpyxl.load_workbook(book, read_only=True)
    rows = {sheet.title: sum(1 for _ in sheet.iter_rows()) - 1 for sheet in opened}
    assert rows["signs"] == len(catalogue.signs)
    assert rows["violations"] == len(catalogue.violations)
    assert rows["thresholds"] == sum(len(sign.tuning) for sign in catalogue.signs.values())
    assert rows["parameters"] >= len(law().parameters)


def test_an_edited_text_threshold_and_explanation_are_told(catalogue: Catalogue, book: Path) -> None:
    edit(book, "signs", {"sign": SIGN}, "title_en", "Wage below the floor")
    edit(book, "thresholds", {"sign": SIGN, "name": "hazard_uplift"}, "value", 6)
    edit(book, "lists", {"sign": SIGN, "list": "ask_for", "number": 1}, "vi", "Hợp đồng lao động.")
    changes = {change.key: (change.old, change.new) for change in read_changes(book, catalogue)}
    asked = catalogue.signs[SIGN].ask_for.vi[0]
    assert changes == {
        ("title", "en"): (catalogue.signs[SIGN].title.en, "Wage below the floor"),
        ("tuning", "hazard_uplift", "value"): (5, 6),
        ("ask_for", "vi", 0): (asked, "Hợp đồng lao động."),
    }


def test_the_numbers_of_a_compound_sign_are_changed_where_they_stand(catalogue: Catalogue, book: Path) -> None:
    edit(book, "thresholds", {"sign": COMPOUND, "name": "at_least"}, "value", 4)
    (change,) = read_changes(book, catalogue)
    assert (change.key, change.old, change.new) == (("compound", "at_least"), 3, 4)
    text = put(change.sign.path, {change.key: change.new})
    assert text == change.sign.path.read_text(encoding="utf-8").replace("at_least: 3", "at_least: 4")


@pytest.mark.parametrize(
    ("sheet", "match", "column", "value", "told"),
    [
        ("signs", {"sign": SIGN}, "sign", "SI-EMP-05-S9", "there is no sign 'SI-EMP-05-S9'"),
        ("signs", {"sign": SIGN}, "title_vi", None, "holds None"),
        ("thresholds", {"sign": SIGN, "name": "hazard_uplift"}, "value", "five", "is no int"),
        ("thresholds", {"sign": SIGN, "name": "hazard_uplift"}, "name", "uplift", "has no such row"),
        ("thresholds", {"sign": COMPOUND, "name": "at_least"}, "why_en", "as the law says", "is not changed here"),
    ],
)
def test_a_cell_which_cannot_be_meant_is_told_with_its_row(
    catalogue: Catalogue, book: Path, sheet: str, match: dict[str, object], column: str, value: object, told: str
) -> None:
    edit(book, sheet, match, column, value)
    with pytest.raises(SignError, match=told) as caught:
        read_changes(book, catalogue)
    assert caught.value.faults[0].line > 1


def test_no_workbook_is_told_plainly(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(SignError, match="no Excel workbook"):
        read_changes(tmp_path / "a.xlsx", catalogue)


def test_putting_a_value_touches_nothing_else(catalogue: Catalogue, tmp_path: Path) -> None:
    for sign in catalogue.signs.values():
        new = {("title", "vi"): "Tên: khác # thử", ("rule", "en"): 'A "new" rule.', ("ask_for", "vi", 0): "Giấy tờ"}
        changed = tmp_path / sign.path.name
        changed.write_text(put(sign.path, new), encoding="utf-8")
        before, after = read_yaml(sign.path, SignError).data, read_yaml(changed, SignError).data
        before["title"]["vi"], before["rule"]["en"], before["ask_for"]["vi"][0] = new.values()
        assert after == before


def test_a_place_which_is_not_there_is_an_error(catalogue: Catalogue) -> None:
    with pytest.raises(SignError, match=r"has no 'tuning\.nothing\.value'"):
        put(catalogue.signs[SIGN].path, {("tuning", "nothing", "value"): 1})


def test_a_change_tells_its_place_and_both_values(catalogue: Catalogue) -> None:
    change = Change(catalogue.signs[SIGN], ("tuning", "hazard_uplift", "value"), 5, 6)
    assert change.told() == "SI-EMP-05-S1 tuning.hazard_uplift.value: 5 -> 6"
