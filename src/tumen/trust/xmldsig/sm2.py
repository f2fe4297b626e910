"""SM2 signatures verified, and the SM3 digest, by the system's OpenSSL 3 (GB/T 32918, 32905).

Nothing here signs; :mod:`.sm2_signing` does.
"""

import ctypes
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from tumen.kernel.errors import VerificationError
from tumen.trust.xmldsig import libcrypto

DIGEST_BYTES: Final = 32
RAW_BYTES: Final = 64
_NUMBER_BYTES: Final = RAW_BYTES // 2

KEY_PREFIX: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d034200")
"""How a public key of this curve begins in a certificate: the two names of the algorithm."""


def is_available() -> bool:
    """Whether this system can compute SM2 and SM3."""
    return libcrypto.found() is not None


def sm3(data: bytes) -> bytes:
    """The SM3 digest of some bytes.

    Raises:
        VerificationError: it cannot be computed here.
    """
    library = libcrypto.needed()
    out = ctypes.create_string_buffer(DIGEST_BYTES)
    done = library.EVP_Digest(data, len(data), out, None, library.EVP_sm3(), None)
    if done != 1:
        raise VerificationError("ALGORITHM_UNAVAILABLE", "SM3 is switched off on this system.")
    return out.raw


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message is that of a key.

    Args:
        public_key: the key as DER (SubjectPublicKeyInfo).
        message: what was signed, not its digest.
        signature: 64 bytes r and s, or both as DER.

    Raises:
        VerificationError: it cannot be computed here.
    """
    library = libcrypto.needed()
    form = der_of(signature)
    if form is None:
        return False
    with libcrypto.sm2_key(library, library.d2i_PUBKEY, public_key) as key:
        if key is None:
            return False
        with libcrypto.sm2_context(library, key) as context:
            ready = library.EVP_DigestVerifyInit(context, None, library.EVP_sm3(), None, key)
            if ready != 1:
                raise VerificationError("ALGORITHM_UNAVAILABLE", "SM2 is switched off here.")
            found = library.EVP_DigestVerify(context, form, len(form), message, len(message))
            return bool(found == 1)


def der_of(signature: bytes) -> bytes | None:
    """A signature as DER, given so or as 64 bytes r and s; None if it is neither.

    >>> der_of(bytes(63) + b"x") is None, der_of(b"0") is None
    (False, True)
    """
    if len(signature) == RAW_BYTES:
        return encode_dss_signature(
            int.from_bytes(signature[:_NUMBER_BYTES]), int.from_bytes(signature[_NUMBER_BYTES:])
        )
    try:
        again = encode_dss_signature(*decode_dss_signature(signature))
    except ValueError:
        return None
    return signature if again == signature else None
