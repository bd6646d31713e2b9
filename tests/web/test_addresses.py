"""Every address is asked for things nobody would ask for: none breaks, and none tells of what lies elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.openapi import from_dict

from dauhieu.web.accounts.actions import give_role
from tests.web.conftest import NORTH, SOUTH, in_file
from tests.web.openapi import PASSKEY_ADDRESS, of_pages, of_passkeys
from tests.web.test_rights import northern_finding, northern_key, northern_person, some_draft, some_trial

ROLES = ("inspector", "auditor", "administrator", "officer", "sign_author")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# The name of the unit in the south.
ELSEWHERE = "May Mặc".encode()
# A few for each address, the same at every run.
FEW = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def answer_of(case: schemathesis.Case, client: Client, **headers: str) -> schemathesis.Response:
    """What the site answers the browser of a test, in the form in which it is judged."""
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    parts = urlsplit(str(asked.url))
    told = client.get(f"{parts.path}?{parts.query}", headers=headers)
    return schemathesis.Response(
        status_code=told.status_code,
        headers={name.lower(): [value] for name, value in told.headers.items()},
        content=b"".join(told.streaming_content) if told.streaming else told.content,
        request=asked,
        elapsed=0.0,
        verify=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
def test_no_address_breaks_or_reaches_over_the_border(mode: GenerationMode, site: Any, account: Any) -> None:
    """Of somebody who has many roles, all of them in the north."""
    user = account(None, name="lan")
    for role in ROLES:
        place = {"territory_kind": "province", "territory_code": "01"}
        give_role(user=user, role=role, valid_from="2025-07-01", by="test", **place)
    client = Client()
    client.force_login(user)
    known = {
        "code": [NORTH, SOUTH, "01"],
        "kind": ["employer", "facility"],
        "provinces": ["34", "63"],
        "finding_id": [northern_finding()],
        "key": [northern_key()],
        "handle": [northern_person()],
        "sign_id": ["SI-EMP-05-S1"],
        "name": ["employer"],
        "part": ["logic", "examples"],
        "number": [some_draft(), user.pk],
        "trial_number": [some_trial()],
    }
    answers: set[tuple[str, int]] = set()
    for operation in from_dict(of_pages(known)).get_all_operations():

        @FEW
        @given(case=operation.ok().as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            answer = answer_of(case, client)
            case.validate_response(answer, checks=CHECKS)
            assert ELSEWHERE not in in_file(answer.content)
            answers.add((case.operation.path, answer.status_code))

        ask()
    # It came in nearly everywhere, else nothing was tried.
    assert len({path for path, status in answers if status == 200}) >= (40 if mode is GenerationMode.POSITIVE else 35)


def test_the_address_by_which_a_passkey_is_asked_for_tells_what_it_says(site: Any) -> None:
    case = from_dict(of_passkeys())[PASSKEY_ADDRESS]["GET"].Case()
    answer = answer_of(case, Client(), **{"X-Requested-With": "XMLHttpRequest"})
    case.validate_response(answer, checks=CHECKS)
    assert answer.status_code == 200
