"""An issuer of identities of our own on this machine, for tests: it speaks OpenID Connect."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT = "tumen-tests"
SECRET = "shared with the issuer"
CODE = "a code of the issuer"


@dataclass
class Issuing:
    """What it will say.

    Attributes:
        url: its address.
        now: the time of its tokens, in seconds.
        claims: what it says otherwise than it should; None leaves a claim out.
        header: of its tokens.
        key: what it signs with.
        published: the keys that it publishes; its own where none.
        challenge: of the verifier that it was told; any where empty.
    """

    url: str
    now: int
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "ES256", "kid": "one"})
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    published: Any = None
    challenge: str = ""

    def answer(self, path: str, body: str, authorization: str) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/keys":
            return 200, {"keys": [(self.published or self.key).as_dict(private=False)]}
        return self._exchanged(parse_qs(body), authorization)

    def _exchanged(self, form: dict[str, list[str]], authorization: str) -> tuple[int, Any]:
        named = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
        verifier = form["code_verifier"][0]
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_asked = self.challenge in {"", challenge}
        if form["code"] != [CODE] or authorization != f"Basic {named}" or not is_asked:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token(), "token_type": "Bearer", "access_token": "unused"}

    def token(self) -> str:
        """An ID token."""
        said = {
            "iss": self.url, "aud": CLIENT, "sub": "4711", "nonce": self.nonce,
            "iat": self.now, "exp": self.now + 300, **self.claims,
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(self.header, kept, self.key)


@contextmanager
def issuing(now: int) -> Iterator[Issuing]:
    """An issuer that listens on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str) -> None:
            status, told = issuer.answer(self.path, body, self.headers.get("Authorization", ""))
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = Issuing(f"http://127.0.0.1:{server.server_address[1]}", now)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield issuer
        finally:
            server.shutdown()
