"""What a machine is set up with, tried as it is written: the backup, and putting it back where nothing is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from dauhieu.warehouse.store import Store
from dauhieu.web.administration.doctor.machine import STAMP
from tests.thin import thin_store
from tests.web.conftest import database_apart, ended

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
MODULES = {"dauhieu": "dauhieu.cli", "dauhieu-web": "dauhieu.web"}


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """The programs as they stand in a virtual environment."""
    folder = tmp_path / "bin"
    folder.mkdir()
    lines = {"python": f'exec "{sys.executable}" "$@"'}
    lines |= {name: f'exec "{sys.executable}" -m {module} "$@"' for name, module in MODULES.items()}
    for name, line in lines.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def machine(folder: Path, programs: Path, database: str) -> dict[str, str]:
    """The variables of a machine which keeps everything in one folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAUHIEU_")}
    own = {
        "DAUHIEU_STORE": str(folder / "store"),
        "DAUHIEU_DATA": str(folder / "site"),
        "DAUHIEU_DATABASE": database,
        "DAUHIEU_PROGRAMS": str(programs),
        "PYTHONPATH": str(DEPLOY.parent),
    }
    return kept | own


def done(words: list[str | Path], variables: dict[str, str]) -> str:
    return ended(subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, text=True, cwd=DEPLOY.parent))


ACCOUNTS = "from dauhieu.web.accounts.models import User; print([user.username for user in User.objects.all()])"


@pytest.mark.slow
def test_what_was_backed_up_is_put_back_on_a_machine_where_nothing_is(tmp_path: Path, programs: Path) -> None:
    with database_apart() as old_database, database_apart() as new_database:
        old = machine(tmp_path / "old", programs, old_database)
        web = programs / "dauhieu-web"
        store = thin_store(tmp_path / "old")
        done([web, "migrate", "-v", "0"], old)
        done([web, "administrator", "linh", "Linh"], old)
        (tmp_path / "old" / "site" / "delivered.csv").write_text("a,b\n", encoding="utf-8")
        (tmp_path / "old" / "site" / "practice.sqlite3").write_bytes(b"of another site")
        done([DEPLOY / "backup.sh", tmp_path / "kept"], old)
        assert not [*(tmp_path / "kept" / "data").glob("*.sqlite3*")]
        assert (tmp_path / "old" / "site" / STAMP).is_file()
        # What comes after the backup is not in it.
        done([web, "administrator", "late", "Late"], old)

        new = machine(tmp_path / "new", programs, new_database)
        told = done([DEPLOY / "restore.sh", tmp_path / "kept"], new)
        assert "The store is whole." in told
        assert "unbroken" in told
        assert done([web, "shell", "-v", "0", "-c", ACCOUNTS], new) == "['linh']\n"
        assert (tmp_path / "new" / "site" / "delivered.csv").is_file()
        assert Store.open(tmp_path / "new" / "store").version() == store.version()

        again = subprocess.run([DEPLOY / "restore.sh", tmp_path / "kept"], env=new, capture_output=True, text=True)
        assert again.returncode == 1
        assert "nothing is overwritten" in again.stderr


def test_the_services_name_programs_and_files_which_are_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file()]
    files = {name.rstrip("/*") for text in texts for name in re.findall(r"/opt/dauhieu/deploy/([\w./*]+)", text)}
    assert {"backup.sh", "site", "systemd"} <= files
    assert [name for name in files if not (DEPLOY / name).exists()] == []


# An answer which is closed looks after the connections to the database.
@pytest.mark.django_db
def test_scripts_packed_beside_themselves_are_served_packed(tmp_path: Path, settings: Any) -> None:
    """As the line after the two of pip does it."""
    (tmp_path / "packed.js").write_text("// much the same\n" * 500)
    done([sys.executable, "-m", "whitenoise.compress", "-q", tmp_path], dict(os.environ))
    settings.STATICFILES_DIRS = [tmp_path]
    served = WhiteNoiseMiddleware(lambda _: HttpResponse(status=404))
    for accepted, given in (("br", "br"), ("gzip", "gzip"), ("", "")):
        answer = served(RequestFactory().get("/static/packed.js", headers={"accept-encoding": accepted}))
        with closing(answer):
            assert (answer.status_code, answer.headers.get("Content-Encoding", "")) == (200, given)
    line = "python -m whitenoise.compress"
    assert line in (DEPLOY / "README.md").read_text()
    assert line in (DEPLOY / "Containerfile").read_text()
