"""The addresses of the site as OpenAPI describes them, made from the addresses themselves.

The site answers with pages and files; JSON is told by one address alone, that by which a browser asks for a passkey.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import URLPattern
from django.urls.converters import IntConverter, UUIDConverter

from dauhieu.web.accounts.gate import OPEN, SIGNED_IN
from dauhieu.web.urls import urlpatterns

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "maxLength": 200}
MONTH: Schema = {"type": "string", "pattern": r"^20[0-3][0-9]-(0[1-9]|1[0-2])$"}
DAY: Schema = {"type": "string", "format": "date"}
SWITCH: Schema = {"enum": ["0", "1"]}
# What the pages read of an address.
ASKED: dict[str, Schema] = {
    "q": TEXT,
    "month": MONTH,
    "now": TEXT,
    "before": TEXT,
    "page": {"type": "integer"},
    "branch": {"enum": ["social", "unemployment", "health", "cross"]},
    "block": {"enum": ["state", "private", "foreign"]},
    "kind": {"enum": ["employer", "facility", "dry_run"]},
    "provinces": {"enum": ["34", "63"]},
    "place": {"enum": ["01", "79", "74", "00"]},
    "office": TEXT,
    "order": {"enum": ["points", "recoverable", "name", "amount", "newest"]},
    "state": {"enum": ["waiting", "all", "dismissed", "missing", "stable", "active"]},
    "holder": {"enum": ["me", "nobody"]},
    "sign": TEXT,
    "unit": TEXT,
    "fresh": SWITCH,
    "each": SWITCH,
    "role": {"enum": ["inspector", "leader"]},
    "act": {"enum": ["unit_read", "person_read", "exported"]},
    "actor": TEXT,
    "since": DAY,
    "until": DAY,
    "table": TEXT,
    "mode": {"enum": ["adds", "replaces"]},
    "encoding": {"enum": ["tcvn3", "vni"]},
}
PAGE, WORKBOOK, PAPER, ANY = (
    "text/html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/pdf",
    "*/*",
)
NOT_DONE = ("400", "403", "404", "405", "429")
ARGUMENT = re.compile(r"<(\w+):(\w+)>")
PASSKEY_ADDRESS = "/account/2fa/webauthn/login/"
PASSKEY: Schema = {
    "type": "object",
    "required": ["request_options"],
    "properties": {
        "request_options": {
            "type": "object",
            "required": ["publicKey"],
            "properties": {
                "publicKey": {
                    "type": "object",
                    "required": ["challenge"],
                    "properties": {"challenge": {"type": "string", "minLength": 20}},
                }
            },
        }
    },
}


def of_pages(known: dict[str, Sequence[object]]) -> Schema:
    """`known` are values of arguments which there are."""
    return _document({path: {"get": _operation(pattern, known)} for path, pattern in _pages()})


def of_passkeys() -> Schema:
    return _document({PASSKEY_ADDRESS: {"get": {"responses": {"200": _content({"application/json": PASSKEY})}}}})


def _document(paths: Schema) -> Schema:
    return {"openapi": "3.1.0", "info": {"title": "Dauhieu", "version": "1"}, "paths": paths}


def _pages() -> Iterator[tuple[str, URLPattern]]:
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.callback.access not in (OPEN, SIGNED_IN):
            yield "/" + ARGUMENT.sub(r"{\2}", str(pattern.pattern)), pattern


def _operation(pattern: URLPattern, known: dict[str, Sequence[object]]) -> Schema:
    arguments = [
        {"name": name, "in": "path", "required": True, "schema": _argument(converter, known.get(name, ()))}
        for name, converter in pattern.pattern.converters.items()
    ]
    asked = [{"name": name, "in": "query", "schema": schema} for name, schema in ASKED.items()]
    kinds = {PAGE: {}, WORKBOOK: {}, PAPER: {}}
    answers = {"200": _content(kinds), "302": {"description": "elsewhere"}}
    return {
        "operationId": pattern.name,
        "parameters": [*arguments, *asked],
        "responses": answers | {status: _content({PAGE: {}, ANY: {}}) for status in NOT_DONE},
    }


def _content(kinds: dict[str, Schema]) -> Schema:
    return {"description": "an answer", "content": {kind: {"schema": schema} for kind, schema in kinds.items()}}


def _argument(converter: object, known: Sequence[object]) -> Schema:
    if known:
        return {"enum": list(known)}
    if isinstance(converter, IntConverter):
        made_up: Schema = {"type": "integer", "minimum": 0, "maximum": 10**30}
    elif isinstance(converter, UUIDConverter):
        made_up = {"type": "string", "format": "uuid"}
    else:
        made_up = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[^/?#]+$"}
    return made_up
