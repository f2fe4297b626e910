"""Bitstring Status List v1.0: is a credential revoked, and as of when do we know.

A list is a credential of its own, signed by the same member. One bit stands for one credential;
the first is the left-most (§2.2). It is gzip, then base64url behind the multibase letter ``u``.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import STATUS_BYTES_MAX, STATUS_ENTRIES_MIN
from tumen.trust.credential.artefact import STATUS_TYPES
from tumen.trust.credential.encoding import from_base64url, to_base64url
from tumen.trust.credential.envelope import (
    REVOCATION,
    W3C_CONTEXT,
    Issuer,
    need_address,
    read_claims,
    time_of,
    time_text,
)

SUBJECT_TYPE: Final = "BitstringStatusList"
BYTE: Final = 8

_MULTIBASE: Final = "u"
_GZIP: Final = 16 + zlib.MAX_WBITS
_GZIP_LEVEL: Final = 9


class _Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    id: str
    type: Literal["BitstringStatusList"]
    status_purpose: Literal["revocation"]
    encoded_list: str


class _Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    context: list[str] = msgspec.field(name="@context")
    id: str
    type: list[str]
    issuer: Issuer
    valid_from: str
    credential_subject: _Subject


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list of revocations.

    Attributes:
        id: its identifier, which the credentials name.
        issuer: who says that it issued it.
        issued_at: as of when it says what it says.
        bits: one bit for each credential.
    """

    id: str
    issuer: Issuer
    issued_at: datetime
    bits: bytes

    def is_revoked(self, index: int) -> bool:
        """Whether the bit of a credential is set.

        Raises:
            VerificationError: the list has no such bit.
        """
        if not 0 <= index < len(self.bits) * BYTE:
            raise VerificationError("STATUS_INDEX", f"the status list has no entry {index}")
        return bool(self.bits[index // BYTE] >> (BYTE - 1 - index % BYTE) & 1)


def with_revoked(indexes: frozenset[int], entries: int = STATUS_ENTRIES_MIN) -> bytes:
    """The bits of a list in which some entries are revoked.

    >>> with_revoked(frozenset({0, 9}))[:2].hex()
    '8040'
    """
    bits = bytearray(entries // BYTE)
    for index in indexes:
        bits[index // BYTE] |= 1 << (BYTE - 1 - index % BYTE)
    return bytes(bits)


def encode(bits: bytes) -> str:
    """Bits as ``encodedList``: the same bits give the same text."""
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP)
    return _MULTIBASE + to_base64url(packer.compress(bits) + packer.flush())


def decode(text: str) -> bytes:
    """The bits of an ``encodedList``.

    Raises:
        VerificationError: it is none, or has too few entries, or too many.
    """
    if not text.startswith(_MULTIBASE):
        raise VerificationError("STATUS_MALFORMED", "the list is not in multibase base64url")
    packed = from_base64url(text.removeprefix(_MULTIBASE), "status list")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        bits = unpacker.decompress(packed, STATUS_BYTES_MAX + 1)
    except zlib.error as error:
        raise VerificationError("STATUS_MALFORMED", "the list is not compressed by gzip") from error
    if len(bits) > STATUS_BYTES_MAX:
        raise VerificationError("TOO_LARGE", f"the list has more than {STATUS_BYTES_MAX:,} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise VerificationError("STATUS_MALFORMED", "the list is cut off, or something follows it")
    if len(bits) * BYTE < STATUS_ENTRIES_MIN:
        least = f"{STATUS_ENTRIES_MIN:,}"
        raise VerificationError("STATUS_TOO_SHORT", f"the list has fewer than {least} entries")
    return bits


def claims_of(found: StatusList) -> dict[str, Any]:
    """The payload of a status list."""
    return {
        "@context": [W3C_CONTEXT],
        "id": found.id,
        "type": STATUS_TYPES,
        "issuer": msgspec.to_builtins(found.issuer),
        "validFrom": time_text(found.issued_at),
        "credentialSubject": {
            "id": f"{found.id}#list",
            "type": SUBJECT_TYPE,
            "statusPurpose": REVOCATION,
            "encodedList": encode(found.bits),
        },
    }


def status_list_of(claims: Mapping[str, Any]) -> StatusList:
    """The status list of a payload.

    Raises:
        VerificationError: it has another form.
    """
    found = read_claims(claims, _Claims)
    if found.context != [W3C_CONTEXT] or found.type != STATUS_TYPES:
        raise VerificationError("STATUS_MALFORMED", "it is no bitstring status list")
    need_address(found.issuer.id)
    subject = found.credential_subject
    return StatusList(
        found.id, found.issuer, time_of(found.valid_from), decode(subject.encoded_list)
    )
