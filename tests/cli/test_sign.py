"""The life of a sign as a person types it, in one sitting over a site folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner, Result

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.parts import binding_digest
from dauhieu.cli.main import app
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import contract
from tests.site import OWN, OWN_SIGN, put
from tests.thin import SIGN, thin_store

EXAMPLES = Path(__file__).parents[2] / "dauhieu/catalogue/signs/social/wage_below_floor.examples.yaml"
ANSWERS = {
    "--violation": "SI-BEN-05",
    "--subject": "person",
    "--title": "Nhiều giấy nghỉ ốm",
    "--title-en": "Many sick notes",
    "--rule": "Một người có nhiều giấy nghỉ ốm.",
    "--rule-en": "A person has many sick notes.",
    "--tables": "sickness_certificate",
    "--law": "SI Law 41/2024/QH15; Art. 43; 2025-07-01",
    "--threshold": "least_notes = 5 notes: more than nearly all",
    "--severity": "3",
    "--amount-kind": "undue_benefit",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one sign of its own, as good as the shipped one it was copied from."""
    put(tmp_path, "signs/social/own.yaml", OWN_SIGN)
    put(tmp_path, "signs/social/own.examples.yaml", EXAMPLES.read_text(encoding="utf-8"))
    return tmp_path


def typed(*words: object, answers: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=answers)


def run(*words: object) -> str:
    result = typed(*words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(*words: object) -> str:
    """The message of a fault which a person can mend."""
    result = typed(*words)
    assert isinstance(result.exception, SignError), result.output
    return str(result.exception)


def own(site: Path) -> Any:
    return read_catalogue(contract(), site).signs[OWN]


def proof(site: Path, hits: int = 5) -> Path:
    path = site.parent / f"{site.name}.json"
    one = {"sign_id": OWN, "text": binding_digest(own(site)), "findings": 9, "recall": {"hits": hits, "of": 5}}
    path.write_text(json.dumps({"as_of": "2026-10-31", "signs": [one]}), encoding="utf-8")
    return path


def backtest(site: Path) -> Path:
    path = site.parent / f"{site.name}-months.json"
    judged = {"findings": 40, "confirmed": {"hits": 38, "of": 40}}
    months = [{"state": "run", "findings": 3}] * 6
    text = binding_digest(own(site))
    body = {"sign_id": OWN, "text": text, "to": "2026-10-31", "months": months, "findings": 40, "judged": judged}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def test_an_interview_given_as_options_leaves_a_pair_which_passes_the_check(tmp_path: Path) -> None:
    words = [word for pair in ANSWERS.items() for word in pair]
    told = run("sign", "new", *words, "--site", tmp_path)
    name = told.split(":")[0]
    report = json.loads(run("check", name, "--site", tmp_path, "--json"))
    assert (report["failures"], report["status"]) == (0, {"draft": 1})
    assert "least_notes" in (tmp_path / "signs/social/many_sick_notes.yaml").read_text(encoding="utf-8")
    assert f"dauhieu check {name} --site {tmp_path}" in told


def test_what_is_not_given_is_asked(tmp_path: Path) -> None:
    answers = "social\nSI-BEN-05\nperson\nTiêu đề\nTitle\nMột câu.\nA sentence.\n2\nexposure\n"
    answers += "SI Law 41/2024/QH15; Art. 43; 2025-07-01\nsickness_certificate\nleast_notes = 5 notes: why not\n\n"
    result = typed("sign", "new", "--site", tmp_path, answers=answers)
    assert result.exit_code == 0, (result.output, result.exception)
    body = yaml.safe_load((tmp_path / "signs/social/title.yaml").read_text(encoding="utf-8"))
    assert (body["severity"], body["tuning"]["least_notes"]["value"], body["status"]) == (2, 5, "draft")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--violation", "SI-BEN-99", "There is no violation"),
        ("--subject", "persn", "Did you mean 'person'"),
        ("--law", "SI Law", "is no legal basis"),
        ("--threshold", "share: 5", "is no threshold"),
        ("--tables", "sickness_certificat", "Did you mean 'sickness_certificate'"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(tmp_path: Path, option: str, value: str, message: str) -> None:
    words = [word for pair in (ANSWERS | {option: value}).items() for word in pair]
    result = typed("sign", "new", *words, "--site", tmp_path)
    assert message in str(result.exception)
    assert not list(tmp_path.rglob("*.yaml"))


def test_show_tells_all_and_what_is_missing(site: Path) -> None:
    told = json.loads(run("sign", "show", OWN, "--site", site, "--json"))
    assert (told["status"], told["broken"], told["promotion"]["to"]) == ("test", None, "stable")
    assert [one["name"] for one in told["promotion"]["conditions"] if not one["met"]] == [
        "shown",
        "outcomes",
        "signers",
    ]
    text = run("sign", "show", OWN, "--site", site)
    for part in ("hazard_uplift", "SI Law 41/2024/QH15", "Hợp đồng lao động", "im lặng / silent", "4959999"):
        assert part in text


def test_a_sign_rises_when_it_has_shown_enough_and_says_who_signed(site: Path) -> None:
    assert typed("sign", "promote", OWN, "--to", "stable", "--site", site).exit_code == SignError.exit_code
    assert own(site).status == "test"
    words = ("--proof", proof(site), "--proof", backtest(site), "--signer", "An", "--signer", "Bình")
    told = json.loads(run("sign", "promote", OWN, "--to", "stable", *words, "--site", site, "--json"))
    assert told["granted"]
    assert own(site).status == "stable"
    record = json.loads((site / "signs/social/own.proof.json").read_text(encoding="utf-8"))
    assert record["promotions"][0]["signers"] == ["An", "Bình"]
    assert json.loads((site / "lock.json").read_text(encoding="utf-8"))[OWN]["status"] == "stable"
    assert json.loads(run("check", OWN, "--site", site, "--json"))["failures"] == 0


def test_a_proof_which_is_not_enough_is_kept_and_what_is_missing_is_told(site: Path) -> None:
    result = typed("sign", "promote", OWN, "--to", "stable", "--proof", proof(site, hits=1), "--site", site)
    assert result.exit_code == SignError.exit_code
    assert "found 1 of 5 planted subjects" in result.output
    assert "found 1 of 5" in typed("sign", "promote", OWN, "--to", "stable", "--site", site).output


def test_going_down_needs_no_proof(site: Path) -> None:
    run("sign", "promote", OWN, "--to", "experimental", "--site", site)
    assert own(site).status == "experimental"


def test_a_stable_sign_without_a_record_is_a_fault(site: Path) -> None:
    put(site, "signs/social/own.yaml", OWN_SIGN.replace("status: test", "status: stable"))
    result = typed("check", OWN, "--site", site, "--json")
    assert "Nothing shows why the sign is stable" in json.loads(result.stdout)["faults"][0]["message"]


def test_a_released_sign_may_not_change_its_subject(site: Path) -> None:
    run("sign", "lock", "--site", site)
    put(site, "signs/social/own.yaml", OWN_SIGN.replace("amount_kind: arrears", "amount_kind: exposure"))
    told = json.loads(typed("check", OWN, "--site", site, "--json").stdout)
    assert "'amount_kind' of a released sign was 'arrears' and is now 'exposure'" in told["faults"][0]["message"]
    assert "Older findings bear the id" in refused("sign", "lock", "--site", site)


def test_diff_with_the_lock_shows_thresholds_side_by_side_and_which_parts_changed(site: Path) -> None:
    assert "never released" in refused("sign", "diff", OWN, "--site", site)
    run("sign", "lock", "--site", site)
    assert "nothing changed" in run("sign", "diff", OWN, "--site", site)
    text = OWN_SIGN.replace("hazard_uplift: {value: 5", "hazard_uplift: {value: 6").replace("< floor", "<= floor")
    put(site, "signs/social/own.yaml", text)
    told = json.loads(run("sign", "diff", OWN, "--against", "1", "--site", site, "--json"))
    assert [(one["part"], one["name"], one["before"], one["now"]) for one in told] == [
        ("thresholds", "hazard_uplift", 5, 6),
        ("logic", "changed since it was released", None, None),
    ]
    assert "The lock holds version 1" in refused("sign", "diff", OWN, "--against", "3", "--site", site)


def test_diff_with_another_file_shows_the_conditions(site: Path, tmp_path: Path) -> None:
    other = put(tmp_path, "elsewhere/old.txt", OWN_SIGN.replace("< floor", "<= floor"))
    told = run("sign", "diff", OWN, "--against", other, "--site", site)
    assert "low: - wage_base <= floor" in told
    assert "low: + wage_base < floor" in told


def test_a_retired_sign_is_moved_frozen_and_still_read(site: Path) -> None:
    words = ("--reason", "Đã có dấu hiệu tốt hơn.", "--reason-en", "There is a better one.", "--replaced-by", SIGN)
    run("sign", "retire", OWN, *words, "--site", site)
    found = own(site)
    assert found.path == site / "signs/retired/social/own.yaml"
    assert found.path.with_name("own.examples.yaml").exists()
    assert not list((site / "signs/social").iterdir())
    assert (found.status, found.branch, found.retired.replaced_by) == ("retired", "social", (SIGN,))
    report = json.loads(run("check", OWN, "--site", site, "--json"))
    assert (report["failures"], report["status"]) == (0, {"retired": 1})
    assert "There is a better one." in run("sign", "show", OWN, "--site", site)
    assert "was retired on" in refused("sign", "retire", OWN, *words, "--site", site)
    found.path.write_text(found.path.read_text(encoding="utf-8") + "# note\n", encoding="utf-8")
    assert "frozen" in json.loads(typed("check", OWN, "--site", site, "--json").stdout)["faults"][0]["message"]


def test_a_sign_on_which_another_rests_is_not_retired(site: Path) -> None:
    needs = "  required: {contribution_month: 2 months, employer: any}\n"
    text = OWN_SIGN.replace(OWN, "SI-EMP-05-S8").replace(needs, f"{needs}  signs: [{OWN}]\n")
    put(site, "signs/social/other.yaml", text)
    told = refused("sign", "retire", OWN, "--reason", "cũ", "--reason-en", "old", "--site", site)
    assert f"'SI-EMP-05-S8' needs the findings of '{OWN}'" in told


def test_a_file_which_cannot_be_read_or_compiled_is_broken(site: Path) -> None:
    put(site, "signs/social/worse.yaml", OWN_SIGN.replace(OWN, "SI-EMP-05-S8").replace("severity: 4", "severity: 9"))
    put(site, "signs/social/own.yaml", OWN_SIGN.replace("wage_base < floor", "wages < floor"))
    report = json.loads(typed("check", "--site", site, "--json", OWN).stdout)
    assert (report["status"], set(report["broken"])) == ({"broken": 1}, {OWN})
    assert "severity" in refused("sign", "show", "SI-EMP-05-S8", "--site", site)
    found = read_catalogue(contract(), site)
    assert [file.name for file in found.broken] == ["SI-EMP-05-S8"]


def test_a_sign_whose_last_run_failed_is_broken_until_it_is_changed(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    failing = OWN_SIGN.replace("WHERE c.scheme =", "WHERE CAST(c.scheme AS BIGINT) > 0 AND c.scheme =")
    put(store.path, "site/signs/social/own.yaml", failing)
    told = json.loads(run("scan", store.path, "--as-of", "2026-10", "--signs", OWN, "--json"))
    assert told["broken"] == [OWN], told
    report = json.loads(typed("check", OWN, "--site", store.path, "--json").stdout)
    assert "its last run failed" in report["broken"][OWN]
    assert json.loads(run("sign", "show", OWN, "--site", store.path, "--json"))["status"] == "broken"
    put(store.path, "site/signs/social/own.yaml", OWN_SIGN)
    assert json.loads(typed("check", OWN, "--site", store.path, "--json").stdout)["broken"] == {}


def test_findings_of_a_retired_sign_are_still_explained(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    put(store.path, "site/signs/social/own.yaml", OWN_SIGN.replace("status: test", "status: experimental"))
    run("scan", store.path, "--as-of", "2026-10", "--signs", OWN)
    assert f"{OWN} (experimental)" in run("findings", store.path)
    run("findings", store.path, "--out", tmp_path / "f.parquet")
    finding = pq.read_table(tmp_path / "f.parquet").to_pylist()[0]["finding_id"]
    assert "on trial" in json.loads(run("explain", store.path, finding, "--json"))["note"]["en"]
    run("sign", "retire", OWN, "--reason", "Đã cũ.", "--reason-en", "Outdated.", "--site", store.path)
    told = json.loads(run("explain", store.path, finding, "--json"))
    assert (told["status"], len(told["evidence"])) == ({"found": "experimental", "now": "retired"}, 2)
    assert "Outdated." in told["note"]["en"]
