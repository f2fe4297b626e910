"""A presentation counts for one verifier, one request and five minutes, shown by its holder."""

from datetime import timedelta
from typing import Any

import pytest
from certified import NOW, chamber, later, reheaded
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.trust.credential.check import Answer
from tumen.trust.credential.encoding import to_base64url, to_json
from tumen.trust.credential.holder import KEY_OF, holder_id, holder_key
from tumen.trust.credential.jose import PRESENTATION_TYPE, opened
from tumen.trust.credential.presentation import Request, check_presentation, claims_of
from tumen.trust.credential.secure import SecretKey, made_key

BODY = chamber()
HOLDER = made_key()
ASKED = Request("https://customs.example.kr", "n-4711")


def bound(holder: str = holder_id(HOLDER.public)) -> bytes:
    """A credential that is bound to a holder."""
    subject = BODY.claims()["credentialSubject"]
    return BODY.credential(credentialSubject={"id": holder, **subject})


CREDENTIAL = bound()
SITUATION = BODY.situation()


def payload(credential: bytes = CREDENTIAL, **changes: Any) -> dict[str, Any]:
    return claims_of(credential, holder_id(HOLDER.public), ASKED, NOW) | changes


def presented(key: SecretKey = HOLDER, name: str = "", **changes: Any) -> bytes:
    named = name or holder_id(key.public) + KEY_OF
    return key.token(to_json(payload(**changes)), PRESENTATION_TYPE, named)


def code(token: bytes, request: Request = ASKED, **changes: Any) -> str:
    verdict = check_presentation(token, request, BODY.situation(**changes))
    assert verdict.answer is Answer.INVALID
    return verdict.code


@pytest.mark.parametrize("kind", ["Ed25519", "P-256"])
def test_what_the_holder_shows_to_who_asked_is_valid(kind: str) -> None:
    holder = made_key(kind)
    name = holder_id(holder.public)
    claims = claims_of(bound(name), name, ASKED, NOW)
    token = holder.token(to_json(claims), PRESENTATION_TYPE, name + KEY_OF)
    verdict = check_presentation(token, ASKED, SITUATION)
    assert (verdict.answer, verdict.code) == (Answer.VALID, "")
    assert verdict.credential is not None
    assert verdict.credential.holder == name


def test_it_counts_for_no_other_verifier_and_no_other_request() -> None:
    token = presented()
    assert code(token, Request("https://customs.example.jp", ASKED.nonce)) == "AUDIENCE_WRONG"
    assert code(token, Request(ASKED.audience, "n-4712")) == "NONCE_WRONG"


def test_it_counts_for_five_minutes() -> None:
    token = presented()
    soon, over = NOW + timedelta(seconds=299), NOW + timedelta(seconds=300)
    assert check_presentation(token, ASKED, BODY.situation(now=soon)).answer is Answer.VALID
    assert code(token, now=over) == "PRESENTATION_EXPIRED"
    assert code(token, now=NOW - timedelta(seconds=301)) == "FROM_THE_FUTURE"
    long = presented(exp=payload()["iat"] + 301)
    assert code(long) == "LIFE_TOO_LONG"
    assert code(presented(exp=payload()["iat"])) == "LIFE_TOO_LONG"


def test_whoever_has_the_file_alone_cannot_show_it() -> None:
    thief = made_key()
    assert code(presented(thief, holder_id(HOLDER.public) + KEY_OF)) == "SIGNATURE_INVALID"
    assert code(presented(thief)) == "HOLDER_WRONG"
    own = holder_id(thief.public)
    assert code(presented(thief, holder=own)) == "HOLDER_WRONG"
    assert code(CREDENTIAL) == "TOKEN_TYPE"


def test_a_credential_bound_to_nobody_cannot_be_presented() -> None:
    assert code(presented(credential=BODY.credential())) == "HOLDER_NOT_BOUND"


def test_the_credential_in_it_is_judged_as_ever() -> None:
    stranger = chamber()
    claims = BODY.claims()
    claims["credentialSubject"] = {"id": holder_id(HOLDER.public), **claims["credentialSubject"]}
    assert code(presented(credential=stranger.key.token(to_json(claims)))) == "KEY_UNKNOWN"
    assert code(presented(), bundle=BODY.bundle(distrusted_after=later(-1))) == "KEY_DISTRUSTED"
    old = check_presentation(presented(), ASKED, BODY.situation(statuses=()))
    assert (old.answer, old.code) == (Answer.STATUS_OLD, "STATUS_ABSENT")


@pytest.mark.parametrize(
    "change",
    [
        {"type": ["VerifiableCredential"]},
        {"verifiableCredential": []},
        {"verifiableCredential": payload()["verifiableCredential"] * 2},
        {"verifiableCredential": [CREDENTIAL.decode()]},
        {"aud": [ASKED.audience]},
        {"nonce": None},
        {"vp": {}},
        {"iat": "1"},
        {"holder": "did:example:1"},
    ],
)
def test_a_payload_of_another_form_is_refused(change: dict[str, Any]) -> None:
    assert code(presented(**change)) in {
        "PRESENTATION_MALFORMED", "CREDENTIAL_MALFORMED", "HOLDER_WRONG",
    }  # fmt: skip


def test_the_token_does_not_choose_its_algorithm_or_bring_its_key() -> None:
    token = presented()
    header = dict(opened(token, PRESENTATION_TYPE).header)
    assert code(reheaded(token, header | {"alg": "none"})) == "ALGORITHM_REFUSED"
    assert code(reheaded(token, header | {"alg": "ES256"})) == "ALGORITHM_REFUSED"
    assert code(reheaded(token, header | {"jwk": {}})) == "HEADER_REFUSED"


def test_every_flipped_bit_of_the_signed_part_is_refused() -> None:
    token = presented()
    for place in range(0, len(token), 7):
        for bit in (1, 64):
            flipped = bytearray(token)
            flipped[place] ^= bit
            assert check_presentation(bytes(flipped), ASKED, SITUATION).answer is Answer.INVALID


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert code(data)


@pytest.mark.parametrize(
    "told",
    [
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        {"kty": "OKP", "crv": "X25519", "x": HOLDER.public.x},
        {"kty": "EC", "crv": "P-256", "x": HOLDER.public.x},
        {"kty": "OKP", "crv": "Ed25519", "x": HOLDER.public.x, "y": HOLDER.public.x},
        {"kty": "OKP", "crv": "Ed25519", "x": HOLDER.public.x, "d": HOLDER.public.x},
        {"crv": "Ed25519", "kty": "OKP", "x": HOLDER.public.x},
    ],
    ids=["too short", "for agreement", "half", "too much", "secret", "another order"],
)
def test_a_holder_has_one_name(told: dict[str, str]) -> None:
    name = "did:jwk:" + to_base64url(to_json(told))
    with pytest.raises(VerificationError, match=r"holder's key|did:jwk"):
        holder_key(name)
    assert holder_key(holder_id(HOLDER.public)) == HOLDER.public
