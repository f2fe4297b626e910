"""Who signed a checkpoint, judged by a trust bundle: its log, and the witnesses of economies.

The log's signature has no time of its own. Its key is judged at the time by which the quorum was
reached, or at the last cosignature while it is pending; without any, at the time of verifying.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import CLOCK_SKEW_SECONDS_MAX
from tumen.trust import cosignature
from tumen.trust.bundle import Member, MemberKey, Role, TrustBundle
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.note import Note
from tumen.trust.quorum import COUNTED, Cosigned, Quorum
from tumen.trust.verdict import Finding, State, Values

ABSENT: Final = "ABSENT"
IN_FUTURE: Final = "COSIGNATURE_IN_FUTURE"


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint whose every known signature holds.

    Attributes:
        checkpoint: the head of the log.
        log_keys: the log's keys that signed it, with their members, whatever their validity.
        cosigned: every witness of the bundle, with why it may or may not count.
    """

    checkpoint: Checkpoint
    log_keys: tuple[tuple[Member, MemberKey], ...]
    cosigned: tuple[Cosigned, ...]


def signatures(note: Note, bundle: TrustBundle, at: int) -> Signed:
    """Check every signature of a checkpoint that is in the name of a key of the bundle.

    Args:
        note: the checkpoint.
        bundle: who is believed.
        at: the time of verifying, in POSIX seconds.

    Raises:
        VerificationError: the text is no checkpoint, a signature of a known key does not hold,
            the log is unknown (``LOG_UNKNOWN``), or it did not sign (``SIGNATURE_MISSING``).
    """
    checkpoint = Checkpoint.parse(note.text)
    known = {
        key.verifier_key: (member, key)
        for member, key in bundle.keys(Role.LOG)
        if key.verifier_key.name == checkpoint.origin
    }
    if not known:
        raise VerificationError("LOG_UNKNOWN", f"the trust bundle knows no log {checkpoint.origin}")
    signers = note.verified_by(known)
    cosigned = tuple(
        each
        for member, key in bundle.keys(Role.WITNESS)
        for each in _cosigned(note, member, key, at)
    )
    return Signed(checkpoint, tuple(known[each] for each in signers), cosigned)


def _cosigned(note: Note, member: Member, key: MemberKey, at: int) -> Iterator[Cosigned]:
    verifier_key = key.verifier_key
    times = cosignature.times(verifier_key, note)
    if not times:
        yield Cosigned(verifier_key.name, member.economy, None, ABSENT)
    for time in times:
        yield Cosigned(verifier_key.name, member.economy, time, _code(key, time, at))


def _code(key: MemberKey, time: int, at: int) -> str:
    if time > at + CLOCK_SKEW_SECONDS_MAX:
        return IN_FUTURE
    try:
        key.need_valid(time)
    except VerificationError as refused:
        return refused.code
    return COUNTED


def log_finding(signed: Signed, quorum: Quorum, at: int) -> Finding:
    """Whether one of the log's keys that signed was believed when it did."""
    time = quorum.time
    refusals = []
    for member, key in signed.log_keys:
        try:
            key.need_valid(at if time is None else time)
        except VerificationError as refused:
            refusals.append((refused.code, key.key_id))
        else:
            values: Values = {
                "log": signed.checkpoint.origin,
                "member": member.name,
                "economy": member.economy,
            }
            return Finding("LOG_SIGNED", State.PROVEN, values)
    # Without a cosignature nobody else tells when the log signed: it may have been in time.
    code, key_id = refusals[0]
    state = State.NOT_PROVEN if time is None else State.FAILED
    return Finding(f"LOG_{code}", state, {"key": key_id, "log": signed.checkpoint.origin})
