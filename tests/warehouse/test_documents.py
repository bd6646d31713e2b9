"""A document is delivered with all its rows: what a new version of it lacks has ended."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from dauhieu.warehouse.store import Store
from tests.warehouse.small import deliver, query

FIRST, SECOND, LATER = datetime(2026, 2, 1), datetime(2026, 2, 10), datetime(2026, 2, 20)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def head(declaration: str, status: str = "accepted") -> dict[str, object]:
    return {"declaration_code": declaration, "form_code": "D02-LT", "status": status}


def line(declaration: str, number: int, **more: object) -> dict[str, object]:
    return {"declaration_code": declaration, "line_no": number, "person_code": f"P{number}", **more}


def current(store: Store) -> list[tuple[object, ...]]:
    return query(
        store,
        "SELECT k.code, l.line_no FROM si_declaration_line AS l JOIN key_declaration AS k ON k.id = l.declaration_id "
        "WHERE l.superseded_at IS NULL ORDER BY ALL",
    )


def first(store: Store) -> None:
    lines = [line("D1", 1), line("D1", 2), line("D2", 1)]
    deliver(store, FIRST, {"si_declaration": [head("D1"), head("D2")], "si_declaration_line": lines})


def test_a_line_which_a_resent_document_lacks_ends_with_it(store: Store) -> None:
    first(store)
    deliver(store, SECOND, {"si_declaration": [head("D1", "corrected")], "si_declaration_line": [line("D1", 1)]})
    assert current(store) == [("D1", 1), ("D2", 1)]
    assert query(store, "SELECT superseded_at FROM si_declaration_line WHERE line_no = 2") == [(SECOND,)]


def test_a_document_sent_again_unchanged_but_for_a_line_is_a_new_version_too(store: Store) -> None:
    first(store)
    deliver(store, SECOND, {"si_declaration": [head("D1")], "si_declaration_line": [line("D1", 2)]})
    assert current(store) == [("D1", 2), ("D2", 1)]


def test_heads_alone_leave_the_lines_as_they_are(store: Store) -> None:
    first(store)
    deliver(store, SECOND, {"si_declaration": [head("D1", "corrected")]})
    assert len(current(store)) == 3


def test_lines_alone_are_added(store: Store) -> None:
    first(store)
    deliver(store, SECOND, {"si_declaration_line": [line("D1", 3)]})
    assert len(current(store)) == 4


def test_a_late_older_version_ends_no_newer_line(store: Store) -> None:
    first(store)
    old = {"recorded_at": datetime(2026, 1, 1)}
    deliver(store, LATER, {"si_declaration": [head("D1") | old], "si_declaration_line": [line("D1", 1) | old]})
    assert ("D1", 2) in current(store)
