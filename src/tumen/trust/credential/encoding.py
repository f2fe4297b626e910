"""The strict forms of what a credential is written in: base64url and JSON, one form each.

A lenient reader lets two texts mean one credential, or one text mean two: trailing ``==``, a
changed last character, a name that stands twice, ``NaN``. Here each is refused (RFC 7515 §2 and
appendix C; RFC 8725 §2.4, §3.12; RFC 8259 §4 leaves duplicate names to the reader).
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import NESTING_DEPTH_MAX

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*")

DIGITS_MAX: Final = 15
"""Digits of an integer in a header or payload: what every JSON reader keeps exactly."""


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5).

    >>> to_base64url(b"?>")
    'Pz4'
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str, what: str = "text") -> bytes:
    """The bytes of base64url text in its one form.

    Args:
        text: without padding, blanks, or unused bits that are set.
        what: what it is, for the message.

    Raises:
        VerificationError: it has another form.
    """
    if _ALPHABET.fullmatch(text):
        try:
            data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except binascii.Error:
            data = None
        if data is not None and to_base64url(data) == text:
            return data
    raise VerificationError("BASE64URL_INVALID", f"the {what} is no base64url in its one form")


def to_json(value: object) -> bytes:
    """A value as compact JSON in UTF-8, names in the order in which they are given."""
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()  # fmt: skip


def from_json(data: bytes, bytes_max: int, what: str = "file") -> dict[str, Any]:
    """The object of JSON bytes.

    Args:
        data: UTF-8, without a byte order mark.
        bytes_max: how many bytes it may have.
        what: what it is, for the message.

    Raises:
        VerificationError: it is too large, or no object, or has a name twice, a number that is no
            integer, a lone surrogate, or more nesting than is allowed.
    """
    if len(data) > bytes_max:
        raise VerificationError("TOO_LARGE", f"the {what} has more than {bytes_max:,} bytes")
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_once,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
        _check_texts(value)
    except VerificationError:
        raise
    except (ValueError, RecursionError) as error:
        raise VerificationError("JSON_INVALID", f"the {what} is no JSON") from error
    if not isinstance(value, dict):
        raise VerificationError("JSON_INVALID", f"the {what} is no JSON object")
    return value


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise VerificationError("JSON_NAME_TWICE", f"the name {name[:40]!r} stands twice")
        found[name] = value
    return found


def _integer(text: str) -> int:
    if len(text) > DIGITS_MAX or text == "-0":
        return _no_number(text)
    return int(text)


def _no_number(text: str) -> int:
    raise VerificationError("JSON_NUMBER", f"{text[:20]} is no number that a credential may have")


def _check_texts(value: object, depth: int = 0) -> None:
    """Refuse what cannot be written as UTF-8 again, and what is nested too deeply."""
    if depth > NESTING_DEPTH_MAX:
        raise VerificationError("JSON_TOO_DEEP", f"more than {NESTING_DEPTH_MAX} levels")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, Mapping):
        for name, each in value.items():
            name.encode()
            _check_texts(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check_texts(each, depth + 1)
