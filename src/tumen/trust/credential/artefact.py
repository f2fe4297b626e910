"""What of a credential or a status list goes into a log: its kind and one hash, no word of it."""

from dataclasses import dataclass
from typing import Final

from tumen.kernel.limits import TEXT_LENGTH_MAX
from tumen.trust.credential.encoding import from_json
from tumen.trust.credential.jose import opened

CREDENTIAL: Final = "credential"
STATUS_LIST: Final = "status_list"
STATUS_TYPES: Final = ["VerifiableCredential", "BitstringStatusListCredential"]
"""The types of a status list."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something worth witnessing by its hash (ADR 6).

    Attributes:
        kind: ``credential`` or ``status_list``.
        content: SHA-256 of the signed payload, in hexadecimal.
        payload: the bytes that have this hash; they stay with the holder.
        name: what it calls itself, where that is plain text.
    """

    kind: str
    content: str
    payload: bytes
    name: str = ""


def artefact_of(token: bytes) -> Artefact:
    """The artefact of a compact token.

    Its hash is that of the payload, not of the token: a signature can be made anew over the same
    payload, and is then no other credential.

    Raises:
        VerificationError: the bytes are no credential.
    """
    found = opened(token)
    payload = from_json(found.payload, len(found.payload), "payload")
    kind = STATUS_LIST if payload.get("type") == STATUS_TYPES else CREDENTIAL
    name = str(payload.get("id", ""))
    is_plain = name.isprintable() and len(name) <= TEXT_LENGTH_MAX
    return Artefact(kind, found.content_hash, found.payload, name if is_plain else "")
