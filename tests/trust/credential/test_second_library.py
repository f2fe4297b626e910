"""Another library says the same of our credentials: openvc-core, and PyJWT below it.

openvc-core 1.37 reads credentials in the claim ``vc`` of the older data model, which VC-JOSE-COSE
(§1.1.2.1) forbids. So it is asked for what does not depend on that: signatures and status lists.
"""

import json

import jwt
import pytest
from certified import ADDRESS, INDEX, chamber
from jwt.algorithms import OKPAlgorithm
from openvc.keys import verify_signature
from openvc.status.bitstring import decode_bitstring, encode_bitstring, get_status_bit
from openvc.status.status_list import check_credential_status

from tumen.trust.credential import status
from tumen.trust.credential.encoding import from_base64url, to_base64url
from tumen.trust.credential.jose import ALGORITHMS, opened
from tumen.trust.credential.secure import SecretKey


def public(key: SecretKey) -> dict[str, str]:
    found = {"kty": key.public.kty, "crv": key.public.crv, "x": key.public.x}
    return found if key.public.y is None else found | {"y": key.public.y}


def other_opinion(token: bytes, key: SecretKey) -> dict[str, object]:
    """The claims as PyJWT believes them."""
    reader = jwt.PyJWT()
    reader._jws.register_algorithm("Ed25519", OKPAlgorithm())
    algorithm = ALGORITHMS[key.public.kty, key.public.crv][0]
    found: dict[str, object] = reader.decode(
        token, jwt.PyJWK(public(key) | {"alg": "EdDSA" if key.public.y is None else algorithm}).key,
        algorithms=[algorithm],
    )  # fmt: skip
    return found


@pytest.mark.parametrize("kind", ["Ed25519", "P-256"])
def test_another_library_believes_our_signatures_and_reads_the_same(kind: str) -> None:
    body = chamber(kind)
    token = body.credential()
    found = opened(token)
    algorithm = found.header["alg"]
    assert verify_signature(
        alg=algorithm,
        public_jwk=public(body.key),
        signing_input=found.signed,
        signature=found.signature,
    )
    assert other_opinion(token, body.key) == body.claims()


@pytest.mark.parametrize("kind", ["Ed25519", "P-256"])
def test_another_library_refuses_what_was_tampered_with(kind: str) -> None:
    body = chamber(kind)
    head, payload, end = body.credential().decode().split(".")
    told = json.loads(from_base64url(payload))
    told["credentialSubject"]["goods"][0]["quantity"] = "5000"
    tampered = ".".join([head, to_base64url(json.dumps(told).encode()), end])
    with pytest.raises(jwt.InvalidSignatureError):
        other_opinion(tampered.encode(), body.key)


@pytest.mark.parametrize("revoked", [frozenset(), frozenset({INDEX}), frozenset({INDEX + 1})])
def test_another_library_reads_the_same_status(revoked: frozenset[int]) -> None:
    body = chamber()
    listed = json.loads(opened(body.status(revoked=revoked)).payload)
    asked: list[str] = []

    def resolve(address: str) -> dict[str, object]:
        asked.append(address)
        found: dict[str, object] = listed
        return found

    found = check_credential_status(body.claims(), resolve_status_list=resolve)
    assert found.revoked is (INDEX in revoked)
    assert asked == [f"{ADDRESS}/status/1"]


def test_lists_of_either_library_are_read_by_the_other() -> None:
    bits = status.with_revoked(frozenset({0, 7, 8, INDEX, 131_071}))
    assert status.decode(encode_bitstring(bits)) == bits
    theirs = decode_bitstring(status.encode(bits))
    assert [place for place in range(131_072) if get_status_bit(theirs, place)] == [
        0, 7, 8, INDEX, 131_071,
    ]  # fmt: skip


def test_the_published_empty_list_of_the_standard_is_read() -> None:
    """Bitstring Status List v1.0, example 3 (W3C Software and Document License): all zero."""
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert status.decode(text) == bytes(16_384)
