"""`dauhieu tuning`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dauhieu.cli import tuning
from dauhieu.errors import SignError
from tests.thin import SIGN

WHY, BY = "measured here", "we"


def rows(place: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    tuning.list_(place, as_json=True)
    return list(json.loads(capsys.readouterr().out))


def test_a_threshold_is_set_listed_and_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tuning.set_(tmp_path, SIGN, "hazard_uplift", "7", WHY, BY, None)
    (row,) = rows(tmp_path, capsys)
    assert (row["sign"], row["shipped"], row["local"], row["state"]) == (SIGN, 5, 7, "local")
    tuning.list_(tmp_path, as_json=False)
    assert "hazard_uplift" in capsys.readouterr().out
    tuning.merge_(tmp_path, SIGN, "local")
    assert len(rows(tmp_path, capsys)) == 1


def test_a_store_keeps_its_tuning_in_its_site(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text("{}")
    tuning.set_(tmp_path, SIGN, "floor_change", "2025-08-01", WHY, BY, None)
    assert (tmp_path / "site" / "tuning" / f"{SIGN}.yaml").exists()


@pytest.mark.parametrize(("name", "value"), [("hazard_uplift", "much"), ("floor_change", "7"), ("floor", "7")])
def test_a_value_which_does_not_fit_writes_nothing(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SignError):
        tuning.set_(tmp_path, SIGN, name, value, WHY, BY, None)
    assert not list(tmp_path.rglob("*.yaml"))


def test_a_faulty_file_is_not_written_over(tmp_path: Path) -> None:
    tuning.set_(tmp_path, SIGN, "hazard_uplift", "7", WHY, BY, None)
    (path,) = tmp_path.rglob("*.yaml")
    path.write_text(path.read_text() + "more: words\n")
    with pytest.raises(SignError, match="Unknown word 'more'"):
        tuning.set_(tmp_path, SIGN, "hazard_uplift", "8", WHY, BY, None)
