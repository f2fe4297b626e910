"""A presentation: the holder shows a credential to one verifier, once (VC-JOSE-COSE §3.1.2).

A compact JWS of type ``vp+jwt`` over a Verifiable Presentation with one credential in an envelope.
The holder's key, which the credential names, signs whom it is for (``aud``), what that verifier
asked it to repeat (``nonce``), and when (``iat``, ``exp``). So whoever has the file alone cannot
show it, and what was shown to one cannot be shown to another, or again.

The verifier must choose a nonce of its own for each request and never take one twice: a nonce
that it does not remember makes a replay within the life of the presentation possible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import (
    CLOCK_SKEW_SECONDS_MAX,
    CREDENTIAL_BYTES_MAX,
    PRESENTATION_SECONDS_MAX,
    TEXT_LENGTH_MAX,
)
from tumen.trust.bundle_model import seconds
from tumen.trust.credential.check import Answer, Situation, Verdict, check
from tumen.trust.credential.encoding import from_json
from tumen.trust.credential.envelope import W3C_CONTEXT, credential_of, read_claims
from tumen.trust.credential.holder import KEY_OF, holder_key
from tumen.trust.credential.jose import PRESENTATION_TYPE, opened, verify_signature

TYPES: Final = ["VerifiablePresentation"]
ENVELOPED: Final = ["EnvelopedVerifiableCredential"]
DATA: Final = "data:application/vc+jwt,"


class _Enveloped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    context: list[str] = msgspec.field(name="@context")
    id: str
    type: list[str]


class _Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The names of the payload; there are no others."""

    context: list[str] = msgspec.field(name="@context")
    type: list[str]
    verifiable_credential: list[_Enveloped]
    holder: str
    aud: str
    nonce: str
    iat: int
    exp: int


@dataclass(frozen=True, slots=True)
class Request:
    """What a verifier asked for.

    Attributes:
        audience: the verifier, as it calls itself.
        nonce: what the holder was asked to repeat.
    """

    audience: str
    nonce: str

    def __post_init__(self) -> None:
        for each in (self.audience, self.nonce):
            if not each or len(each) > TEXT_LENGTH_MAX or not each.isprintable():
                raise VerificationError("REQUEST_MALFORMED", "audience and nonce are plain texts")


def claims_of(credential: bytes, holder: str, request: Request, at: datetime) -> dict[str, Any]:
    """The payload of a presentation of one credential.

    Args:
        credential: the compact token.
        holder: who presents it, as a ``did:jwk``.
        request: for whom, and what was asked to be repeated.
        at: the moment of presenting.
    """
    issued = seconds(at)
    return {
        "@context": [W3C_CONTEXT],
        "type": TYPES,
        "verifiableCredential": [
            {
                "@context": [W3C_CONTEXT],
                "id": DATA + credential.removesuffix(b"\n").decode(),
                "type": ENVELOPED,
            }
        ],
        "holder": holder,
        "aud": request.audience,
        "nonce": request.nonce,
        "iat": issued,
        "exp": issued + PRESENTATION_SECONDS_MAX,
    }


def check_presentation(token: bytes, request: Request, situation: Situation) -> Verdict:
    """Say whether a presentation answers a request, and its credential is to be relied on.

    Any bytes have an answer. The credential's own answer is given only where its holder showed it.
    """
    try:
        credential = _shown(token, request, situation.now)
    except VerificationError as error:
        return Verdict(Answer.INVALID, error.code, str(error))
    return check(credential, situation)


def is_presentation(token: bytes) -> bool:
    """Whether a token calls itself a presentation."""
    try:
        opened(token, PRESENTATION_TYPE)
    except VerificationError:
        return False
    return True


def _shown(token: bytes, request: Request, now: datetime) -> bytes:
    """The credential that the holder signed for this request."""
    found = opened(token, PRESENTATION_TYPE)
    claims = _read(from_json(found.payload, CREDENTIAL_BYTES_MAX, "payload"))
    if found.header["kid"] != claims.holder + KEY_OF:
        raise VerificationError("HOLDER_WRONG", "the key named is not the holder's")
    verify_signature(found, holder_key(claims.holder))
    _need_asked(claims, request)
    _need_now(claims, now)
    credential = _credential(claims)
    payload = from_json(opened(credential).payload, CREDENTIAL_BYTES_MAX, "payload")
    bound = credential_of(payload).holder
    if not bound:
        raise VerificationError("HOLDER_NOT_BOUND", "the credential is bound to no holder")
    if bound != claims.holder:
        raise VerificationError("HOLDER_WRONG", "the credential is bound to another holder")
    return credential


def _need_asked(claims: _Claims, request: Request) -> None:
    if claims.aud != request.audience:
        raise VerificationError("AUDIENCE_WRONG", "it was made for another verifier")
    if claims.nonce != request.nonce:
        raise VerificationError("NONCE_WRONG", "it answers another request: it may be a replay")


def _need_now(claims: _Claims, now: datetime) -> None:
    at = seconds(now)
    if not 0 < claims.exp - claims.iat <= PRESENTATION_SECONDS_MAX:
        most = f"{PRESENTATION_SECONDS_MAX} seconds"
        raise VerificationError("LIFE_TOO_LONG", f"a presentation lives at most {most}")
    if claims.iat > at + CLOCK_SKEW_SECONDS_MAX:
        raise VerificationError("FROM_THE_FUTURE", "it was made later than now")
    if at >= claims.exp:
        raise VerificationError("PRESENTATION_EXPIRED", "it is no longer to be taken")


def _read(payload: Mapping[str, Any]) -> _Claims:
    claims = read_claims(payload, _Claims)
    if claims.context != [W3C_CONTEXT] or claims.type != TYPES:
        raise VerificationError("PRESENTATION_MALFORMED", "it is no verifiable presentation")
    return claims


def _credential(claims: _Claims) -> bytes:
    if len(claims.verifiable_credential) != 1:
        raise VerificationError("PRESENTATION_MALFORMED", "it does not hold one credential")
    held = claims.verifiable_credential[0]
    is_form = held.context == [W3C_CONTEXT] and held.type == ENVELOPED
    if not is_form or not held.id.startswith(DATA) or not held.id.isascii():
        raise VerificationError("PRESENTATION_MALFORMED", "its credential is in no envelope")
    return held.id.removeprefix(DATA).encode()
