"""The signatures of messages on intake: judged, told in coded violations, refused by policy.

A placeholder, as in the official samples, is recorded as not checked without a word; a node that
requires signatures refuses it. A message is judged by its own bytes, at the times that it states.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from tumen.documents.formats.envelope import CEB
from tumen.documents.formats.gathering import Fault
from tumen.documents.formats.signed import NOT_CHECKED, Signed
from tumen.kernel.errors import VerificationError
from tumen.trust.xmldsig.block import Block
from tumen.trust.xmldsig.chain import TrustAnchors
from tumen.trust.xmldsig.verify import Outcome, Part, Result, State, Step, verify

CHINA_AHEAD_OF_UTC: Final = timedelta(hours=8)
_TIME_FORM: Final = "%Y%m%d%H%M%S"
_TIME_DIGITS: Final = 14
_DETAIL_LENGTH_MAX: Final = 200

WARNINGS: Final[Mapping[Part, str]] = {
    Part.BLOCK: "SIGNATURE_BLOCK_FAULTY",
    Part.ALGORITHM: "SIGNATURE_ALGORITHM_REFUSED",
    Part.CANONICAL_FORM: "SIGNATURE_FORM_OTHER",
    Part.DIGEST: "SIGNATURE_DIGEST_WRONG",
    Part.CERTIFICATE: "SIGNATURE_CERTIFICATE_REFUSED",
    Part.SIGNATURE: "SIGNATURE_VALUE_WRONG",
}
"""The violation that tells of each part that is wrong."""


class SignaturePolicy(StrEnum):
    """What a node does with a signature that is not valid."""

    RECORD = "record"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class MessageSignatures:
    """Judges the signatures of messages for one node.

    Attributes:
        policy: what to do with one that is not valid.
        trusted: who vouches for signers; None where nobody is named.
    """

    policy: SignaturePolicy = SignaturePolicy.RECORD
    trusted: TrustAnchors | None = None

    def placeholder(self, signature: Any) -> Signed | None:
        """The judgement of a block that nobody ever signed; None for a real one."""
        try:
            is_placeholder = Block.read(signature).is_placeholder
        except VerificationError:
            return None
        return self._signed(NOT_CHECKED, ()) if is_placeholder else None

    def judge(self, message: bytes) -> Signed:
        """What the signature of a message is worth, and what its filer is told."""
        result = explain(message, self.trusted)
        return self._signed(result.outcome, tuple(_told(result)))

    def _signed(self, state: str, told: tuple[Fault, ...]) -> Signed:
        if self.policy is SignaturePolicy.REQUIRE and state != Outcome.VALID:
            told = (*told, Fault("SIGNATURE_REFUSED", "Signature", state, Outcome.VALID))
        return Signed(str(state), told)


def explain(message: bytes, trusted: TrustAnchors | None) -> Result:
    """Everything that can be found out about a message's signature."""
    return verify(message, times_of, trusted)


def times_of(root: Any) -> list[datetime]:
    """When the documents of a message say that they were written; Chinese time, as UTC."""
    # Comments are not signed, and intake reads past them: so does this.
    texts = (element.xpath("string()") for element in root.iter(f"{CEB}appTime"))
    return [time for text in texts if (time := _time(text)) is not None]


def _time(text: str) -> datetime | None:
    if len(text) != _TIME_DIGITS or not (text.isascii() and text.isdigit()):
        return None  # the format check tells of it
    try:
        return datetime.strptime(text, _TIME_FORM).replace(tzinfo=UTC) - CHINA_AHEAD_OF_UTC
    except (ValueError, OverflowError):
        return None


def _told(result: Result) -> Iterator[Fault]:
    for step in result.failed:
        yield Fault(WARNINGS[step.part], "Signature", _reason(step))
    if not result.failed and result.outcome is Outcome.NOT_CHECKED:
        for step in result.steps:
            if step.state is State.OPEN:
                yield Fault("SIGNATURE_NOT_CHECKED", "Signature", _reason(step))


def _reason(step: Step) -> str:
    return f"{step.code}: {step.detail}"[:_DETAIL_LENGTH_MAX] if step.detail else step.code
