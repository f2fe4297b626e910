"""SM2 signatures and the SM3 digest, computed by the system's OpenSSL 3 (GB/T 32918, 32905).

The library that this project uses elsewhere knows the digest but not the curve, so the functions
of libcrypto are called directly. Where there is no such library, or it was built without them,
``ALGORITHM_UNAVAILABLE`` is raised: never is a signature called right that nobody computed.

The signer's identifier is the one that GM/T 0009 names for all who have agreed on no other.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from tumen.kernel.errors import VerificationError

IDENTIFIER: Final = b"1234567812345678"
DIGEST_BYTES: Final = 32
RAW_BYTES: Final = 64
_NUMBER_BYTES: Final = RAW_BYTES // 2
_SIGNATURE_BYTES_MAX: Final = 128

KEY_PREFIX: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d034200")
"""How a public key of this curve begins in a certificate: the two names of the algorithm."""

_LIBRARIES: Final = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
_VERSION_SHIFT: Final = 28
_VERSION_MIN: Final = 3

_POINTER: Final = ctypes.c_void_p
_BYTES: Final = ctypes.c_char_p
_SIZE: Final = ctypes.c_size_t
_SIZE_POINTER: Final = ctypes.POINTER(ctypes.c_size_t)
_POINTER_POINTER: Final = ctypes.POINTER(ctypes.c_void_p)

_FUNCTIONS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "EVP_sm3": (_POINTER, ()),
    "EVP_Digest": (
        ctypes.c_int,
        (_BYTES, _SIZE, _BYTES, ctypes.POINTER(ctypes.c_uint), _POINTER, _POINTER),
    ),
    "EVP_MD_CTX_new": (_POINTER, ()),
    "EVP_MD_CTX_free": (None, (_POINTER,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (_POINTER, _POINTER)),
    "EVP_PKEY_CTX_new": (_POINTER, (_POINTER, _POINTER)),
    "EVP_PKEY_CTX_free": (None, (_POINTER,)),
    "EVP_PKEY_CTX_set1_id": (ctypes.c_int, (_POINTER, _BYTES, ctypes.c_int)),
    "EVP_PKEY_is_a": (ctypes.c_int, (_POINTER, _BYTES)),
    "EVP_PKEY_free": (None, (_POINTER,)),
    "EVP_DigestVerifyInit": (ctypes.c_int, (_POINTER, _POINTER, _POINTER, _POINTER, _POINTER)),
    "EVP_DigestVerify": (ctypes.c_int, (_POINTER, _BYTES, _SIZE, _BYTES, _SIZE)),
    "EVP_DigestSignInit": (ctypes.c_int, (_POINTER, _POINTER, _POINTER, _POINTER, _POINTER)),
    "EVP_DigestSign": (ctypes.c_int, (_POINTER, _BYTES, _SIZE_POINTER, _BYTES, _SIZE)),
    "d2i_PUBKEY": (_POINTER, (_POINTER, _POINTER_POINTER, ctypes.c_long)),
    "i2d_PUBKEY": (ctypes.c_int, (_POINTER, _POINTER_POINTER)),
    "d2i_AutoPrivateKey": (_POINTER, (_POINTER, _POINTER_POINTER, ctypes.c_long)),
    "ERR_clear_error": (None, ()),
}
"""What is called of libcrypto: the type of the answer, and those of the arguments."""


@cache
def _library() -> ctypes.CDLL | None:
    """The system's libcrypto of OpenSSL 3, if it has SM2; looked for once."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
            library.OpenSSL_version_num.restype = ctypes.c_ulong
            if library.OpenSSL_version_num() >> _VERSION_SHIFT < _VERSION_MIN:
                continue
            for function, (answer, arguments) in _FUNCTIONS.items():
                getattr(library, function).restype = answer
                getattr(library, function).argtypes = arguments
        except (OSError, AttributeError):
            continue
        return library
    return None


def is_available() -> bool:
    """Whether this system can compute SM2 and SM3."""
    return _library() is not None


def _needed() -> ctypes.CDLL:
    library = _library()
    if library is None:
        raise VerificationError(
            "ALGORITHM_UNAVAILABLE", "This system has no OpenSSL 3 with SM2 and SM3."
        )
    return library


def sm3(data: bytes) -> bytes:
    """The SM3 digest of some bytes.

    Raises:
        VerificationError: it cannot be computed here.
    """
    library = _needed()
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
    library = _needed()
    form = der_of(signature)
    if form is None:
        return False
    with _key(library, library.d2i_PUBKEY, public_key) as key:
        if key is None:
            return False
        with _signing(library, key) as context:
            ready = library.EVP_DigestVerifyInit(context, None, library.EVP_sm3(), None, key)
            if ready != 1:
                raise VerificationError("ALGORITHM_UNAVAILABLE", "SM2 is switched off here.")
            found = library.EVP_DigestVerify(context, form, len(form), message, len(message))
            return bool(found == 1)


def sign(private_key: bytes, message: bytes) -> bytes:
    """The signature over a message, as DER.

    Args:
        private_key: the key as DER (PKCS 8).
        message: what to sign, not its digest.

    Raises:
        VerificationError: it cannot be computed here, or that is no key of this curve.
    """
    library = _needed()
    with _key(library, library.d2i_AutoPrivateKey, private_key) as key:
        if key is None:
            raise VerificationError("KEY_UNREADABLE", "This is no SM2 key.")
        with _signing(library, key) as context:
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
    library = _needed()
    with _key(library, library.d2i_AutoPrivateKey, private_key) as key:
        if key is None:
            return None
        length = library.i2d_PUBKEY(key, None)
        out = ctypes.create_string_buffer(length)
        library.i2d_PUBKEY(key, ctypes.byref(ctypes.c_void_p(ctypes.addressof(out))))
        return out.raw


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


def raw_of(signature: bytes) -> bytes:
    """The 64 bytes r and s of a signature that is DER."""
    return b"".join(each.to_bytes(_NUMBER_BYTES) for each in decode_dss_signature(signature))


@contextmanager
def _key(library: ctypes.CDLL, read: Any, form: bytes) -> Iterator[int | None]:
    """A key read from DER without a byte left over; None if it is not one of this curve."""
    buffer = ctypes.create_string_buffer(form, len(form))
    start = ctypes.addressof(buffer)
    at = ctypes.c_void_p(start)
    key = read(None, ctypes.byref(at), len(form))
    try:
        is_whole = key is not None and at.value == start + len(form)
        yield key if is_whole and library.EVP_PKEY_is_a(key, b"SM2") == 1 else None
    finally:
        library.EVP_PKEY_free(key)
        library.ERR_clear_error()


@contextmanager
def _signing(library: ctypes.CDLL, key: int) -> Iterator[int]:
    """A context that signs or verifies with a key under the identifier all agree on."""
    context = library.EVP_MD_CTX_new()
    options = library.EVP_PKEY_CTX_new(key, None)
    try:
        library.EVP_PKEY_CTX_set1_id(options, IDENTIFIER, len(IDENTIFIER))
        library.EVP_MD_CTX_set_pkey_ctx(context, options)
        yield context
    finally:
        library.EVP_MD_CTX_free(context)
        library.EVP_PKEY_CTX_free(options)
        library.ERR_clear_error()
