"""An issuer of identities (OpenID Connect): where it is, what it answers, and what is believed.

1. Its description is read at ``/.well-known/openid-configuration`` and must name the issuer that
   was configured (OpenID Connect Discovery 1.0, §4.3).
2. The code is exchanged with the verifier of its challenge (RFC 7636) by the one address that the
   description names; no redirect is followed and no proxy is asked.
3. An ID token is believed if a key of the issuer signed it by an algorithm of ours, and issuer,
   audience, time and nonce are as they must be (OpenID Connect Core 1.0, §3.1.3.7).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tumen.kernel.access_limits import IDENTITY_ANSWER_BYTES_MAX, IDENTITY_SECONDS_MAX
from tumen.kernel.errors import CallerUnknown, OutsideError, UsageError

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
"""None by which a public key could be taken for a secret."""

SUBJECT_LENGTH_MAX: Final = 255
LEEWAY_SECONDS: Final = 60
FORM: Final = "application/x-www-form-urlencoded"
Read = TypeVar("Read")
_CONNECTIONS: Final = {"http": HTTPConnection, "https": HTTPSConnection}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Description(msgspec.Struct, frozen=True):
    """What an issuer says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the issuer, to be known again in its answer.

    Attributes:
        state: that the answer is to this browser's question.
        nonce: that the token was made for it.
        verifier: that who exchanges the code is who asked for it.
    """

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer that this node's people sign in by.

    Attributes:
        url: what it is called: ``https://…``.
        client: as what it knows this node.
        secret: shared with it.
        back: the address of this node to which it sends people back.
    """

    url: str
    client: str
    secret: str
    back: str

    def __post_init__(self) -> None:
        _need_safe(self.url)
        _need_safe(self.back)

    def described(self) -> Description:
        """What the issuer says of itself.

        Raises:
            OutsideError: it cannot be reached, or speaks of another issuer.
        """
        answer = _asked(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        found = _read(answer, Description)
        if found.issuer != self.url:
            raise OutsideError("The issuer of identities speaks of another issuer.")
        return found

    def address(self, description: Description, asked: Asked) -> str:
        """Where a browser is sent to sign in."""
        address: str = prepare_grant_uri(
            description.authorization_endpoint,
            self.client,
            "code",
            redirect_uri=self.back,
            scope="openid",
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return address

    def subject(self, code: str, asked: Asked, at: datetime) -> str:
        """Who the issuer says has signed in.

        Raises:
            CallerUnknown: what it says is not believed.
            OutsideError: it cannot be reached.
        """
        description = self.described()
        body = prepare_token_request(
            "authorization_code", redirect_uri=self.back, code=code, code_verifier=asked.verifier
        )
        named = f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}"
        basic = base64.b64encode(named.encode()).decode()
        answer = _asked(description.token_endpoint, body, {"Authorization": f"Basic {basic}"})
        keys = _read(_asked(description.jwks_uri), dict[str, Any])
        return self.believed(_read(answer, _Tokens).id_token, keys, asked.nonce, at)

    def believed(self, token: str, keys: Mapping[str, Any], nonce: str, at: datetime) -> str:
        """The subject of an ID token.

        Raises:
            CallerUnknown: it is not signed by the issuer, for another, too old, or not asked for.
        """
        registry = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.url},
            aud={"essential": True, "value": self.client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            key_set = KeySet.import_key_set({"keys": keys["keys"]})
            claims = jwt.decode(token, key_set, algorithms=[*ALGORITHMS]).claims
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise CallerUnknown("The identity is not believed.") from error
        return self._subject_of(claims)

    def _subject_of(self, claims: Mapping[str, Any]) -> str:
        subject, audience = claims["sub"], claims["aud"]
        is_for_others = isinstance(audience, list) and audience != [self.client]
        if is_for_others and claims.get("azp") != self.client:
            raise CallerUnknown("The identity was given to another.")
        if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH_MAX:
            raise CallerUnknown("The identity names nobody.")
        return subject


def _need_safe(url: str) -> None:
    """Refuse an address without TLS, but on this machine.

    Raises:
        UsageError: it is one.
    """
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname:
        raise UsageError(
            "An issuer of identities, and the way back from it, are https:// addresses.",
            next_step="See docs/access.md for the settings.",
        )


def _asked(url: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """What an address answers, up to a limit.

    Raises:
        OutsideError: it does not answer, or not well.
    """
    _need_safe(url)
    parts = urlsplit(url)
    connection = _CONNECTIONS[parts.scheme](
        parts.hostname or "", parts.port, timeout=IDENTITY_SECONDS_MAX
    )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Accept": "application/json", "User-Agent": "tumen", **(headers or {})}
    try:
        if body is None:
            connection.request("GET", path, headers=sent)
        else:
            connection.request("POST", path, body, {**sent, "Content-Type": FORM})
        response = connection.getresponse()
        content: bytes = response.read(IDENTITY_ANSWER_BYTES_MAX + 1)
    except (OSError, HTTPException) as error:
        raise OutsideError("The issuer of identities cannot be reached.") from error
    finally:
        connection.close()
    if body is not None and response.status in {400, 401}:
        raise CallerUnknown("The issuer of identities does not know this sign-in.")
    if response.status != 200 or len(content) > IDENTITY_ANSWER_BYTES_MAX:
        raise OutsideError("The issuer of identities does not answer as it should.")
    return content


def _read(content: bytes, kind: type[Read]) -> Read:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise OutsideError("The issuer of identities does not answer as it should.") from error
