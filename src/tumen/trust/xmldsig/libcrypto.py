"""The system's libcrypto of OpenSSL 3, for what the library used elsewhere does not know.

Its functions are called directly. Where there is no such library, or it was built without SM2,
``ALGORITHM_UNAVAILABLE`` is raised: never is a signature called right that nobody computed.
"""

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from tumen.kernel.errors import VerificationError

IDENTIFIER: Final = b"1234567812345678"
"""The signer's identifier that GM/T 0009 names for all who have agreed on no other."""

_LIBRARIES: Final = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
_VERSION_SHIFT: Final = 28
_VERSION_MIN: Final = 3

POINTER: Final = ctypes.c_void_p
BYTES: Final = ctypes.c_char_p
SIZE: Final = ctypes.c_size_t
POINTER_POINTER: Final = ctypes.POINTER(ctypes.c_void_p)

Functions = Mapping[str, tuple[Any, tuple[Any, ...]]]
"""What is called: the type of the answer, and those of the arguments."""

_VERIFYING: Final[Functions] = {
    "EVP_sm3": (POINTER, ()),
    "EVP_Digest": (
        ctypes.c_int,
        (BYTES, SIZE, BYTES, ctypes.POINTER(ctypes.c_uint), POINTER, POINTER),
    ),
    "EVP_MD_CTX_new": (POINTER, ()),
    "EVP_MD_CTX_free": (None, (POINTER,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (POINTER, POINTER)),
    "EVP_PKEY_CTX_new": (POINTER, (POINTER, POINTER)),
    "EVP_PKEY_CTX_free": (None, (POINTER,)),
    "EVP_PKEY_CTX_set1_id": (ctypes.c_int, (POINTER, BYTES, ctypes.c_int)),
    "EVP_PKEY_is_a": (ctypes.c_int, (POINTER, BYTES)),
    "EVP_PKEY_free": (None, (POINTER,)),
    "EVP_DigestVerifyInit": (ctypes.c_int, (POINTER, POINTER, POINTER, POINTER, POINTER)),
    "EVP_DigestVerify": (ctypes.c_int, (POINTER, BYTES, SIZE, BYTES, SIZE)),
    "d2i_PUBKEY": (POINTER, (POINTER, POINTER_POINTER, ctypes.c_long)),
    "ERR_clear_error": (None, ()),
}


@cache
def found() -> ctypes.CDLL | None:
    """The library, if there is one that can verify; looked for once."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
            library.OpenSSL_version_num.restype = ctypes.c_ulong
            if library.OpenSSL_version_num() >> _VERSION_SHIFT < _VERSION_MIN:
                continue
            _declare(library, _VERIFYING)
        except (OSError, AttributeError):
            continue
        return library
    return None


def needed(functions: Functions | None = None) -> ctypes.CDLL:
    """The library, with more functions than those that verify where some are named.

    Raises:
        VerificationError: there is none that has them.
    """
    library = found()
    try:
        if library is not None:
            _declare(library, functions or {})
            return library
    except AttributeError:
        pass
    raise VerificationError(
        "ALGORITHM_UNAVAILABLE", "This system has no OpenSSL 3 with SM2 and SM3."
    )


def _declare(library: ctypes.CDLL, functions: Functions) -> None:
    for name, (answer, arguments) in functions.items():
        getattr(library, name).restype = answer
        getattr(library, name).argtypes = arguments


@contextmanager
def sm2_key(library: ctypes.CDLL, read: Any, form: bytes) -> Iterator[int | None]:
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
def sm2_context(library: ctypes.CDLL, key: int) -> Iterator[int]:
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
