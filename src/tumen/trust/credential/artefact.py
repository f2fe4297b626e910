"""What of a credential or a status list goes into a log: its kind and one hash, no word of it."""

from dataclasses import dataclass

from tumen.trust.credential.encoding import from_json
from tumen.trust.credential.jose import opened
from tumen.trust.credential.status import TYPES as STATUS_TYPES


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something worth witnessing by its hash (ADR 6).

    Attributes:
        kind: ``credential`` or ``status_list``.
        content: SHA-256 of the signed payload, in hexadecimal.
        payload: the bytes that have this hash; they stay with the holder.
    """

    kind: str
    content: str
    payload: bytes


def artefact_of(token: bytes) -> Artefact:
    """The artefact of a compact token.

    Its hash is that of the payload, not of the token: a signature can be made anew over the same
    payload, and is then no other credential.

    Raises:
        VerificationError: the bytes are no credential.
    """
    found = opened(token)
    payload = from_json(found.payload, len(found.payload), "payload")
    kind = "status_list" if payload.get("type") == STATUS_TYPES else "credential"
    return Artefact(kind, found.content_hash, found.payload)
