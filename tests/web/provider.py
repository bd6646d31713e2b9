"""An identity provider which really runs: discovery, keys, letting somebody in, tokens, what is known of a person.

What it answers can be bent, for tests of what the site refuses.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "dauhieu", "a secret of the test"


@dataclass
class Provider:
    """`person` is who signs in; `token` changes what is said of him, `key` who signs it."""

    base: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "p-1", "preferred_username": "an", "name": "An"})
    token: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    published: rsa.RSAPrivateKey | None = None
    # What it calls itself, if otherwise than it is reached.
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer or self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "userinfo_endpoint": f"{self.base}/userinfo",
            "jwks_uri": f"{self.base}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = (self.published or self.key).public_key()
        return {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public)) | {"kid": "one", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The person agrees at once; back to the site with a code."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def exchange(self, asked: dict[str, str]) -> dict[str, Any] | None:
        """A code holds once, for who knows the secret and the verifier of the challenge."""
        kept = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if kept is None or asked.get("client_secret") != SECRET or kept.get("code_challenge") != proof:
            return None
        now = int(time.time())
        claims = {"iss": self.base, "aud": CLIENT, "iat": now, "exp": now + 60, **self.person, **self.token}
        signed = jwt.encode(claims, self.key, "RS256", headers={"kid": "one"})
        return {"access_token": "let me in", "token_type": "Bearer", "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def log_message(self, *words: Any) -> None:
        """Nothing is written on the test's output."""

    def do_GET(self) -> None:
        provider, parts = self.server.provider, urlsplit(self.path)
        provider.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            self._answer(provider.configuration())
        elif parts.path == "/keys":
            self._answer(provider.keys())
        elif parts.path == "/userinfo" and self.headers["Authorization"] == "Bearer let me in":
            self._answer(provider.person)
        else:
            self._answer({}, 404)

    def do_POST(self) -> None:
        provider = self.server.provider
        provider.asked.append(self.path)
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = provider.exchange({name: values[0] for name, values in body.items()})
        self._answer(given or {"error": "invalid_grant"}, 200 if given else 400)

    def _answer(self, told: Any, status: int = 200) -> None:
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(base=f"http://127.0.0.1:{server.server_port}")
    server.provider = provider  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
