"""What goes into a log besides documents: recognised by its form (ADR 6)."""

from typing import Final

from tumen.trust import bundle
from tumen.trust.credential.artefact import Artefact, artefact_of

TRUST_BUNDLE: Final = "trust_bundle"
_BRACE_ALONE: Final = b"{\n"


def artefact_in(data: bytes) -> Artefact:
    """The artefact of a file: a trust bundle, a credential or a status list.

    A bundle is known by the hash of its text, as the next version knows it: signatures may join.

    Raises:
        VerificationError: it is none of these.
    """
    if not data.startswith(_BRACE_ALONE):
        return artefact_of(data)
    found = bundle.parse(data).bundle
    return Artefact(TRUST_BUNDLE, found.digest, found.text.encode(), f"version {found.version}")
