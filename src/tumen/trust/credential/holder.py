"""A holder named by a key: ``did:jwk``, the key itself in base64url, so that nothing is fetched.

A credential is bound to a holder by the identifier of its subject (VC Data Model 2.0 §4.5); who
presents it signs with the key that the identifier is made of.
"""

from typing import Final

import msgspec

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import KEY_FILE_BYTES_MAX
from tumen.trust.bundle_model import Jwk
from tumen.trust.credential.encoding import from_base64url, from_json, to_base64url, to_json

METHOD: Final = "did:jwk:"
KEY_OF: Final = "#0"
"""What stands behind the identifier where its one key is named."""

_COORDINATES: Final = {("OKP", "Ed25519"): ("x",), ("EC", "P-256"): ("x", "y")}
_COORDINATE_BYTES: Final = 32


def holder_id(key: Jwk) -> str:
    """The identifier of who holds a key; one key has one."""
    return METHOD + to_base64url(to_json(msgspec.to_builtins(key)))


def holder_key(identifier: str) -> Jwk:
    """The key of an identifier, in the one form that we write.

    Raises:
        VerificationError: it is another identifier, or its key is of no kind that we take.
    """
    if not identifier.startswith(METHOD):
        raise VerificationError("HOLDER_UNKNOWN", "the holder is not named by a did:jwk")
    text = from_base64url(identifier.removeprefix(METHOD), "did:jwk")
    told = from_json(text, KEY_FILE_BYTES_MAX, "did:jwk")
    try:
        key = msgspec.convert(told, Jwk)
    except msgspec.ValidationError as error:
        raise VerificationError("HOLDER_UNKNOWN", "the did:jwk holds no public key") from error
    names = _COORDINATES.get((key.kty, key.crv), ())
    values = [from_base64url(getattr(key, each) or "", "key") for each in names]
    is_form = bool(names) and (len(names) > 1) is (key.y is not None)
    if not is_form or any(len(each) != _COORDINATE_BYTES for each in values):
        raise VerificationError("HOLDER_UNKNOWN", "the holder's key is of a kind we do not take")
    if holder_id(key) != identifier:
        raise VerificationError("HOLDER_UNKNOWN", "the did:jwk is not in its one form")
    return key
