"""The manual of the data follows the contract."""

from pathlib import Path

import pytest

from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.manual import AREAS, render
from dauhieu.warehouse.markdown import write_pages

PAGES = Path(__file__).parents[2] / "docs" / "data"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return render(contract())


def test_the_committed_pages_are_current(pages: dict[str, str]) -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert committed == pages, "Run: python -m dauhieu.warehouse.manual docs/data"


def test_every_area_has_a_title_in_both_languages() -> None:
    assert {table.area for table in contract().tables.values()} == set(AREAS)


def test_every_column_stands_on_the_page_of_its_area(pages: dict[str, str]) -> None:
    for table in contract().tables.values():
        section = pages[f"{table.area}.md"].split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` |" in section
            assert column.meaning.vi in section


def test_the_index_leads_to_every_table(pages: dict[str, str]) -> None:
    for table in contract().tables.values():
        assert f"({table.area}.md#{table.name})" in pages["index.md"]


def test_writing_removes_pages_of_areas_which_are_gone(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    write_pages(tmp_path, {"index.md": "new\n"})
    assert [path.name for path in tmp_path.iterdir()] == ["index.md"]
