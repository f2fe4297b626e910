"""By when a credential is proven to have been in a log, by its proofs (ADR 6).

The moment of issue is the issuer's own word, and a thief's as well. The time of a quorum of
witnesses is not: what a checkpoint holds that they cosigned was there by then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.trust.credential.artefact import CREDENTIAL, artefact_of
from tumen.trust.statement import ArtefactStatement
from tumen.trust.verdict import Outcome, Verdict
from tumen.trust.verifier import Verifier

MOMENT_MAX: Final = 253_402_300_799
"""The last second that a calendar has; a later one says nothing."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What the proofs of one credential come to.

    Attributes:
        at: the earliest moment by which one of them proves it; None where none does.
        verdicts: of each proof.
    """

    at: datetime | None
    verdicts: tuple[Verdict, ...]

    @property
    def is_well(self) -> bool:
        """Whether every proof proves it, or there is none."""
        return all(_moment(each) is not None for each in self.verdicts)


def logged(token: bytes, proofs: Iterable[bytes], verifier: Verifier) -> Logged:
    """Judge the proofs of a credential; any bytes have an answer.

    Args:
        token: the credential.
        proofs: those at hand, as ``tlog-proof``.
        verifier: with the bundle that the credential is judged by.
    """
    try:
        payload = artefact_of(token).payload
    except VerificationError:
        payload = token  # the hash of nothing that a log holds
    verdicts = tuple(verifier.verify(payload, each) for each in proofs)
    moments = [moment for each in verdicts if (moment := _moment(each)) is not None]
    return Logged(min(moments, default=None), verdicts)


def _moment(verdict: Verdict) -> datetime | None:
    """The time of the quorum.

    The statement must call it a credential: what the log calls it decides which policy is asked,
    and a log could name one with a smaller quorum.
    """
    told, counted = verdict.statement, verdict.quorum
    is_credential = isinstance(told, ArtefactStatement) and told.kind == CREDENTIAL
    if verdict.outcome is not Outcome.VALID or counted is None or not is_credential:
        return None
    time = counted.time
    return None if time is None or time > MOMENT_MAX else datetime.fromtimestamp(time, UTC)
