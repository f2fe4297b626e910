"""SM2 signatures made, by the system's OpenSSL 3 (GB/T 32918)."""

import ctypes
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tumen.kernel.errors import VerificationError
from tumen.trust.xmldsig import libcrypto
from tumen.trust.xmldsig.libcrypto import BYTES, POINTER, POINTER_POINTER, SIZE
from tumen.trust.xmldsig.sm2 import RAW_BYTES

_NUMBER_BYTES: Final = RAW_BYTES // 2
_SIGNATURE_BYTES_MAX: Final = 128

_SIGNING: Final[libcrypto.Functions] = {
    "EVP_DigestSignInit": (ctypes.c_int, (POINTER, POINTER, POINTER, POINTER, POINTER)),
    "EVP_DigestSign": (ctypes.c_int, (POINTER, BYTES, ctypes.POINTER(SIZE), BYTES, SIZE)),
    "i2d_PUBKEY": (ctypes.c_int, (POINTER, POINTER_POINTER)),
    "d2i_AutoPrivateKey": (POINTER, (POINTER, POINTER_POINTER, ctypes.c_long)),
}


def sign(private_key: bytes, message: bytes) -> bytes:
    """The signature over a message, as DER.

    Args:
        private_key: the key as DER (PKCS 8).
        message: what to sign, not its digest.

    Raises:
        VerificationError: it cannot be computed here, or that is no key of this curve.
    """
    library = libcrypto.needed(_SIGNING)
    with libcrypto.sm2_key(library, library.d2i_AutoPrivateKey, private_key) as key:
        if key is None:
            raise VerificationError("KEY_UNREADABLE", "This is no SM2 key.")
        with libcrypto.sm2_context(library, key) as context:
            out = ctypes.create_string_buffer(_SIGNATURE_BYTES_MAX)
            length = ctypes.c_size_t(_SIGNATURE_BYTES_MAX)
            ready = library.EVP_DigestSignInit(context, None, library.EVP_sm3(), None, key)
            done = ready == 1 and library.EVP_DigestSign(
                context, out, ctypes.byref(length), message, len(message)
            )
            if done != 1:
                raise VerificationError("ALGORITHM_UNAVAILABLE", "SM2 is switched off here.")
            return out.raw[: length.value]


def public_key_of(private_key: bytes) -> bytes | None:
    """The public half of a private key, as DER; None if that is no key of this curve.

    Raises:
        VerificationError: it cannot be computed here.
    """
    library = libcrypto.needed(_SIGNING)
    with libcrypto.sm2_key(library, library.d2i_AutoPrivateKey, private_key) as key:
        if key is None:
            return None
        length = library.i2d_PUBKEY(key, None)
        out = ctypes.create_string_buffer(length)
        library.i2d_PUBKEY(key, ctypes.byref(ctypes.c_void_p(ctypes.addressof(out))))
        return out.raw


def raw_of(signature: bytes) -> bytes:
    """The 64 bytes r and s of a signature that is DER."""
    return b"".join(each.to_bytes(_NUMBER_BYTES) for each in decode_dss_signature(signature))
