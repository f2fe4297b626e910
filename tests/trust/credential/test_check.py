"""Every attack on a credential has an answer, and it is never "valid"."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from certified import ADDRESS, INDEX, ISSUED_AT, NOW, Chamber, chamber, later, reheaded
from hypothesis import given
from hypothesis import strategies as st

from tumen.trust.credential.artefact import artefact_of
from tumen.trust.credential.check import Answer, check
from tumen.trust.credential.encoding import to_base64url, to_json
from tumen.trust.credential.jose import opened

BODY = chamber()
TOKEN = BODY.credential()
SITUATION = BODY.situation()
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HEADER = {"alg": "Ed25519", "typ": "vc+jwt", "cty": "vc", "kid": BODY.key.public.thumbprint}


def signed(payload: bytes, header: dict[str, Any] | None = None) -> bytes:
    """Bytes under any header, truly signed by the chamber's key, as a careless issuer might."""
    head = to_base64url(to_json(HEADER if header is None else header))
    over = f"{head}.{to_base64url(payload)}".encode()
    return over + b"." + to_base64url(BODY.key._key.private_key.sign(over)).encode()


def code(token: bytes, body: Chamber = BODY, **changes: Any) -> str:
    verdict = check(token, body.situation(**changes))
    assert verdict.answer is not Answer.VALID
    return verdict.code


@pytest.mark.parametrize("kind", ["Ed25519", "P-256"])
def test_a_credential_is_valid_with_a_fresh_status(kind: str) -> None:
    body = chamber(kind)
    verdict = check(body.credential() + b"\n", body.situation())
    assert (verdict.answer, verdict.code, verdict.status_as_of) == (Answer.VALID, "", NOW)
    assert verdict.identity[:2] == (body.name, f"{ADDRESS}/certificate/EX-2026-0001")


def test_the_older_name_of_the_algorithm_is_read() -> None:
    token = signed(to_json(BODY.claims()), HEADER | {"alg": "EdDSA"})
    assert check(token, SITUATION).answer is Answer.VALID


@pytest.mark.parametrize("alg", ["none", "HS256", "ES256", "RS256", "ed25519", "Ed448", ""])
def test_the_token_does_not_choose_its_algorithm(alg: str) -> None:
    assert code(signed(to_json(BODY.claims()), HEADER | {"alg": alg})) == "ALGORITHM_REFUSED"


def test_the_public_key_is_no_secret_of_a_mac() -> None:
    head = to_base64url(to_json(HEADER | {"alg": "HS256"}))
    over = f"{head}.{to_base64url(to_json(BODY.claims()))}".encode()
    secret = base64.urlsafe_b64decode(BODY.key.public.x + "=")
    mac = to_base64url(hmac.new(secret, over, hashlib.sha256).digest())
    assert code(over + b"." + mac.encode()) == "ALGORITHM_REFUSED"


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"jwk": {"kty": "OKP"}},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
        {"x5c": ["AA"]},
        {"kid": 7},
        {"typ": None},
    ],
)
def test_a_header_brings_no_key_and_no_rule_of_its_own(more: dict[str, Any]) -> None:
    assert code(signed(to_json(BODY.claims()), HEADER | more)) == "HEADER_REFUSED"


@pytest.mark.parametrize("more", [{"typ": "JWT"}, {"typ": "vp+jwt"}, {"cty": "vp"}])
def test_a_token_of_another_type_is_no_credential(more: dict[str, Any]) -> None:
    assert code(signed(to_json(BODY.claims()), HEADER | more)) == "TOKEN_TYPE"


@pytest.mark.parametrize("end", ["=", "==", "\n\n", " ", ".", "\r\n"])
def test_what_stands_behind_the_signature_is_refused(end: str) -> None:
    assert code(TOKEN + end.encode()) in {"BASE64URL_INVALID", "TOKEN_MALFORMED"}


def test_no_other_last_character_gives_the_same_bytes() -> None:
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    valid = [
        bytes([each])
        for each in alphabet
        if check(TOKEN[:-1] + bytes([each]), SITUATION).answer is not Answer.INVALID
    ]
    assert valid == [TOKEN[-1:]]


def test_base64_of_another_form_is_refused() -> None:
    head, body, end = TOKEN.split(b".")
    for other in (b"+" + end[1:], b"/" + end[1:], end[:5] + b"\n" + end[5:]):
        assert code(b".".join([head, body, other])) == "BASE64URL_INVALID"


def test_every_flipped_bit_is_refused() -> None:
    for place in range(len(TOKEN)):
        flipped = bytearray(TOKEN)
        flipped[place] ^= 1 << (place % 7)
        assert check(bytes(flipped), SITUATION).answer is Answer.INVALID, place


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'{"id":"a","id":"b"}', "JSON_NAME_TWICE"),
        (b'{"id":NaN}', "JSON_NUMBER"),
        (b'{"id":1.5}', "JSON_NUMBER"),
        (b'{"id":' + b"9" * 5000 + b"}", "JSON_NUMBER"),
        (b"[]", "JSON_INVALID"),
        (b'{"id":"\\ud800"}', "JSON_INVALID"),
        (b"\xef\xbb\xbf{}", "JSON_INVALID"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "JSON_TOO_DEEP"),
        (b'{"a":' * 100_000, "JSON_INVALID"),
        (b"{} {}", "JSON_INVALID"),
        (b"{}", "CREDENTIAL_MALFORMED"),
    ],
)
def test_a_payload_has_one_meaning_or_none(payload: bytes, expected: str) -> None:
    assert code(signed(payload)) == expected


def test_a_header_with_a_name_twice_is_refused() -> None:
    assert code(reheaded(TOKEN, b'{"alg":"Ed25519","alg":"none"}')) == "JSON_NAME_TWICE"


def test_a_token_without_end_is_not_read() -> None:
    assert code(b"a" * (1 << 20) + b".a.a") == "TOO_LARGE"


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert check(data, SITUATION).answer is Answer.INVALID


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
        lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each),
        max_leaves=6,
    ),
    st.sampled_from(sorted(BODY.claims())),
)
def test_any_signed_value_of_any_name_has_an_answer(value: Any, name: str) -> None:
    token = signed(json.dumps(BODY.claims() | {name: value}).encode())
    assert check(token, SITUATION).answer in Answer


def test_an_unknown_key_is_not_believed() -> None:
    assert code(chamber().credential()) == "KEY_UNKNOWN"


def test_a_member_cannot_speak_as_another_one() -> None:
    assert code(TOKEN, replace(BODY, name="Another Body (made up)")) == "ISSUER_WRONG"


def test_a_body_certifies_no_goods_of_another_economy() -> None:
    assert code(TOKEN, replace(BODY, economy="JP")) == "ISSUER_ECONOMY"


def test_a_key_counts_for_its_time_alone() -> None:
    late = BODY.bundle(valid_from=ISSUED_AT + timedelta(seconds=1))
    early = BODY.bundle(valid_until=ISSUED_AT)
    assert code(TOKEN, bundle=late) == "KEY_NOT_YET_VALID"
    assert code(TOKEN, bundle=early) == "KEY_EXPIRED"


def test_of_a_distrusted_key_only_what_a_log_held_before_counts() -> None:
    bundle = BODY.bundle(distrusted_after=datetime(2026, 11, 10, tzinfo=UTC))
    after = datetime(2026, 11, 11, tzinfo=UTC)
    assert code(TOKEN, bundle=bundle) == "KEY_DISTRUSTED"
    assert code(TOKEN, bundle=bundle, logged_at=after) == "KEY_DISTRUSTED"
    before = BODY.situation(bundle=bundle, logged_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert check(TOKEN, before).code == "STATUS_ABSENT"  # its list is under the same key


def test_a_credential_lives_as_long_as_its_agreement_lets_it() -> None:
    assert code(TOKEN, now=datetime(2027, 11, 2, tzinfo=UTC)) == "CREDENTIAL_EXPIRED"
    assert code(TOKEN, now=datetime(2026, 11, 1, tzinfo=UTC)) == "FROM_THE_FUTURE"
    assert code(signed(to_json(BODY.claims(validUntil="2027-11-02T00:00:01Z")))) == "LIFE_TOO_LONG"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "CREDENTIAL_MALFORMED"),
        ({"id": f"{ADDRESS}/certificate/OTHER"}, "CREDENTIAL_MALFORMED"),
        ({"type": ["VerifiableCredential"]}, "CREDENTIAL_MALFORMED"),
        ({"proof": {}}, "CREDENTIAL_MALFORMED"),
        ({"vc": {}}, "CREDENTIAL_MALFORMED"),
        ({"validFrom": "2026-11-02"}, "CREDENTIAL_MALFORMED"),
        ({"credentialStatus": None}, "CREDENTIAL_MALFORMED"),
        ({"credentialSubject": {"type": "CertificateOfOrigin"}}, "CERTIFICATE_INVALID"),
    ],
)
def test_a_payload_of_another_form_is_refused(change: dict[str, Any], expected: str) -> None:
    assert code(signed(to_json(BODY.claims(**change)))) == expected


def test_a_certificate_that_breaks_its_agreement_is_refused_though_signed() -> None:
    claims = BODY.claims()
    claims["credentialSubject"]["goods"][0]["criterion"] = "WP"
    assert code(signed(to_json(claims))) == "CERTIFICATE_INVALID"


def test_what_was_revoked_stays_revoked_whatever_other_list_is_shown() -> None:
    revoked = BODY.status(later(-3), frozenset({INDEX}))
    assert code(TOKEN, statuses=(revoked,)) == "CREDENTIAL_REVOKED"
    assert code(TOKEN, statuses=(revoked, BODY.status())) == "CREDENTIAL_REVOKED"


def test_a_neighbours_revocation_is_not_ours() -> None:
    lists = (BODY.status(revoked=frozenset({INDEX - 1, INDEX + 1})),)
    assert check(TOKEN, BODY.situation(statuses=lists)).answer is Answer.VALID


def test_an_old_list_or_none_gives_the_third_answer() -> None:
    old = BODY.situation(statuses=(BODY.status(later(-8)),))
    assert (check(TOKEN, old).answer, check(TOKEN, old).code) == (Answer.STATUS_OLD, "STATUS_OLD")
    assert check(TOKEN, replace(old, status_age_max=timedelta(days=8))).answer is Answer.VALID
    none = check(TOKEN, BODY.situation(statuses=()))
    assert (none.answer, none.code) == (Answer.STATUS_OLD, "STATUS_ABSENT")


@pytest.mark.parametrize(
    "other", [b"", TOKEN, chamber().status(), BODY.status(later(1)), BODY.status()[:-4] + b"AAAA"]
)
def test_a_list_that_is_not_believed_is_not_counted_and_said(other: bytes) -> None:
    verdict = check(TOKEN, BODY.situation(statuses=(other,)))
    assert (verdict.answer, verdict.code) == (Answer.STATUS_OLD, "STATUS_ABSENT")
    assert len(verdict.notes) == 1


def test_a_credential_is_known_by_what_is_signed_not_by_its_text() -> None:
    body = chamber("P-256")
    token = body.credential()
    found = opened(token)
    r, s = found.signature[:32], int.from_bytes(found.signature[32:], "big")
    mirrored = r + (P256_ORDER - s).to_bytes(32, "big")  # holds as well: ECDSA's own malleability
    other = token.rpartition(b".")[0] + b"." + to_base64url(mirrored).encode()
    verdicts = [check(each, body.situation()) for each in (token, other, body.credential())]
    assert other != token
    assert {each.answer for each in verdicts} == {Answer.VALID}
    assert len({each.identity for each in verdicts}) == 1


def test_what_a_log_gets_of_a_credential_or_a_list_is_its_kind_and_one_hash() -> None:
    for token, kind in ((TOKEN, "credential"), (BODY.status(), "status_list")):
        found = artefact_of(token)
        assert (found.kind, found.content) == (kind, hashlib.sha256(found.payload).hexdigest())
    assert artefact_of(TOKEN).content == check(TOKEN, SITUATION).content_hash
