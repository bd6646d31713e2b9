from pathlib import Path

import pytest

from dauhieu.deliveries.record_layout import claims_layout, read_layout
from dauhieu.deliveries.record_values import daily_dose, dose_days
from dauhieu.errors import DeliveryError


@pytest.mark.parametrize(
    ("text", "dose", "days"),
    [
        ("2 viên/lần * 2 lần/ngày * 5 ngày [4 viên/ngày]", "4", "5"),
        ("01 viên/lần * 02 lần/ngày * 05 ngày [02 viên/ngày]", "2", "5"),
        ("1/2 viên * 3 lần * 7 ngày", "1.5", "7"),
        ("0,5 viên/lần*2 lần/ngày*10 ngày", "1", "10"),
        ("10 ml * 3 lần * 1 ngày", "30", "1"),
        ("1-2 viên * 2 lần * 3 ngày", None, None),
        ("2 viên * 2 lần * 5 ngày [3 viên/ngày]", None, None),
        ("1/0 viên * 2 lần * 3 ngày", None, None),
        ("uống sáng 1 viên", None, None),
    ],
)
def test_a_dose_is_read_where_its_form_allows_no_doubt(text: str, dose: str | None, days: str | None) -> None:
    assert (daily_dose(text), dose_days(text)) == (dose, days)


def test_every_record_makes_rows() -> None:
    assert all(len(layout.rows) > 0 for layout in claims_layout().records.values())


def test_a_rule_of_no_known_form_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "layout.yaml"
    file.write_text("records:\n  R:\n    roots: [R]\n    rows:\n      t:\n        a: {from: A, as: colour}\n")
    with pytest.raises(DeliveryError) as error:
        read_layout(file)
    assert [(fault.line, fault.message) for fault in error.value.faults] == [(6, "The rule of 'a' has no known form.")]


def test_a_root_of_two_records_is_told(tmp_path: Path) -> None:
    file = tmp_path / "layout.yaml"
    file.write_text("records:\n  R: {roots: [X]}\n  S: {roots: [X]}\n")
    with pytest.raises(DeliveryError, match="Root 'X' belongs to 'R' too"):
        read_layout(file)
