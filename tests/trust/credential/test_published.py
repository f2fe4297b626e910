"""Tokens that others published: the inputs of the W3C's test suite for VC-JOSE-COSE.

Re-encoded from github.com/w3c/vc-jose-cose-test-suite, tests/input, read 2026-11-24:
credential-jose-minimal.txt (commit 3438541f), credential-jose-bad-signature.txt (002d7301),
cid-p256.json (54b42f14), vm-did-ed25519.json (f0cfd7d8); W3C test suite licence. Their payload is
the compact JSON of the names below in this order, so that only the signatures are copied.
"""

import pytest

from tumen.kernel.errors import VerificationError
from tumen.trust.bundle_model import Jwk
from tumen.trust.credential.encoding import from_json, to_base64url, to_json
from tumen.trust.credential.envelope import credential_of
from tumen.trust.credential.jose import opened, verify_signature

P256 = Jwk(
    "EC", "P-256", "WfTi93YuhsQxKbD0ftnjOXJndqhnJ5kgDV-ZDGyrhBQ",
    "qUd_55EjX0mjKZ6W6mF4UXVYTQ41K6jfdnYFwN5uPyk",
)  # fmt: skip
P256_ID = "73voMXFNmNlOEpuYCSJlh8eN0dscykoO6gBukgRS1uU"
ED25519 = Jwk("OKP", "Ed25519", "NvUhsjZe7Mdv8Esoc60o3ma1U5j2tFUTDsOQd39xMnI")
ED25519_ID = "2aOHaQxsWVT4mLsUkdtlCnUV-au0BBR-5yPYaPaCc5k"
ISSUER = "https://example.issuer/vc-jose-cose"
NUMBER = "http://university.example/credentials/1872"
SINCE = "2010-01-01T19:23:24Z"
PAYLOAD = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2",
    ],
    "credentialSchema": {"id": "https://example.org/examples/degree.json", "type": "JsonSchema"},
    "credentialSubject": {
        "degree": {"name": "Bachelor of Science and Arts", "type": "BachelorDegree"},
        "id": "did:example:123",
    },
    "iat": SINCE, "id": NUMBER, "iss": ISSUER, "issuer": ISSUER, "jti": NUMBER,
    "type": ["VerifiableCredential", "ExampleAlumniCredential"], "validFrom": SINCE,
}  # fmt: skip
GOOD = "-X6A--TnCgeepna-dXn7j6_q2DfQzjiYdEc-pbaHR38JUIv5ubhjYp2Tb_LJuJInzI7qKfP-JcMlHdd6bDnOLw"
BAD = "CAJ3jlPCjXpZyAr5NiKs71n_mfFSghy-cPjIRu96mF46XnNZ5QaqGvLrtHjI2pwbG055JDSPGFU2j9X0W3Kfuw"


def token(algorithm: str, key_id: str, signature: str, **changes: str) -> bytes:
    header = {"alg": algorithm, "cty": "vc", "kid": key_id, "typ": "vc+jwt"}
    parts = to_base64url(to_json(header)), to_base64url(to_json(PAYLOAD | changes)), signature
    return ".".join(parts).encode()


def test_the_names_of_published_keys_are_our_names_of_them() -> None:
    assert P256.thumbprint == P256_ID
    assert ED25519.thumbprint == ED25519_ID


def test_a_published_credential_has_a_signature_that_holds() -> None:
    found = opened(token("ES256", P256_ID, GOOD))
    verify_signature(found, P256)
    assert from_json(found.payload, 1 << 20) == PAYLOAD


@pytest.mark.parametrize("changes", [{"id": NUMBER + "3"}, {"issuer": "https://example.org"}])
def test_it_no_longer_holds_when_the_payload_was_changed(changes: dict[str, str]) -> None:
    with pytest.raises(VerificationError) as refused:
        verify_signature(opened(token("ES256", P256_ID, GOOD, **changes)), P256)
    assert refused.value.code == "SIGNATURE_INVALID"


def test_a_published_bad_signature_is_refused() -> None:
    with pytest.raises(VerificationError) as refused:
        verify_signature(opened(token("EdDSA", ED25519_ID, BAD)), ED25519)
    assert refused.value.code == "SIGNATURE_INVALID"


def test_what_holds_is_still_no_certificate_of_origin() -> None:
    with pytest.raises(VerificationError) as refused:
        credential_of(PAYLOAD)
    assert refused.value.code == "CREDENTIAL_MALFORMED"
