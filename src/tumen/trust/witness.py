"""The witness: it cosigns a checkpoint only if that extends all it cosigned before (tlog-witness).

Release one serves ``add-checkpoint`` alone: no retrieval by monitors (still undecided in C2SP), no
``sign-subtree`` and no mirroring. One request is

1. read, strictly: an old size, a consistency proof, an empty line, a checkpoint        else 400
2. of a log that this witness knows                                                     else 404
3. signed by that log                                                                   else 403
4. no smaller than the old size                                                         else 400
5. asked from where this witness stands: the size it cosigned last                      else 409
6. consistent with what it cosigned last                                      else 422, fork 409
   and not one too many new ones of that log in a minute (:mod:`.pace`)                 else 429
7. written down durably, by compare-and-set: of two requests one is first       loser: again at 5
8. and only then cosigned and answered                                                       200

The time of a cosignature is taken after reading where the witness stands and before writing it
down, and never lies before that of the cosignature before. So whoever orders the cosignatures of a
witness by time sees its sizes grow, whichever of its processes gave them.

Nothing here touches a network, a disk or a clock: the state is a port.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, Self

from tumen.kernel.clock import Clock
from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import (
    CONSISTENCY_HASHES_MAX,
    COSIGNATURE_REPEAT_SECONDS,
    HASH_BYTES,
    WITNESS_CHECKPOINTS_A_MINUTE_MAX,
    WITNESS_REQUEST_BYTES_MAX,
    WITNESS_TRIES_MAX,
)
from tumen.trust import note
from tumen.trust.checkpoint import Checkpoint, decimal
from tumen.trust.merkle import EMPTY_ROOT, verify_consistency
from tumen.trust.note import Note, VerifierKey, base64_bytes
from tumen.trust.pace import Pace
from tumen.trust.signer import Cosigner

OK: Final = 200
BAD_REQUEST: Final = 400
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
TOO_MANY: Final = 429
UNAVAILABLE: Final = 503

PLAIN: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"

OLD: Final = "old "
MALFORMED: Final = "WITNESS_REQUEST_MALFORMED"


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """What a log asks of a witness.

    Attributes:
        old_size: the size that the log believes the witness cosigned last.
        proof: the hashes of the consistency proof from there.
        note: the checkpoint with its signatures, exactly as it came.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes

    def to_bytes(self) -> bytes:
        """The body of the request."""
        proof = (b64encode(each).decode() for each in self.proof)
        lines = [f"{OLD}{self.old_size}", *proof, ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read the body of a request; the checkpoint itself is read later.

        Raises:
            VerificationError: it has another form, or exceeds a limit.
        """
        if len(body) > WITNESS_REQUEST_BYTES_MAX:
            raise _malformed(f"it has more than {WITNESS_REQUEST_BYTES_MAX} bytes")
        head, separator, checkpoint = body.partition(b"\n\n")
        first, *lines = head.split(b"\n")
        if not separator or not first.startswith(OLD.encode()):
            raise _malformed("it does not begin with an old size, a proof and an empty line")
        if len(lines) > CONSISTENCY_HASHES_MAX:
            raise _malformed(f"its proof has more than {CONSISTENCY_HASHES_MAX} hashes")
        size = decimal(first[len(OLD) :].decode("latin-1"), MALFORMED)
        return cls(size, tuple(map(_hash, lines)), checkpoint)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that a witness cosigned, or is about to.

    Attributes:
        number: 1 for the first of its log, then without gaps.
        checkpoint: the head of the log.
        seconds: the POSIX time of the cosignature.
        note: the checkpoint as the log sent it, with its signatures.
    """

    number: int
    checkpoint: Checkpoint
    seconds: int
    note: bytes


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A log that a witness knows: its keys, and where the witness stands with it."""

    keys: tuple[VerifierKey, ...]
    latest: Cosigned | None = None

    @property
    def size(self) -> int:
        """The size cosigned last; zero where none was."""
        return 0 if self.latest is None else self.latest.checkpoint.size

    @property
    def root(self) -> bytes:
        """The root cosigned last; that of an empty tree where none was."""
        return EMPTY_ROOT if self.latest is None else self.latest.checkpoint.root


class WitnessState(Protocol):
    """The port: what a witness must remember."""

    def log(self, origin: str) -> Witnessed | None:
        """The log of an origin as it stands now; None where it is not witnessed."""
        ...

    def advance(self, cosigned: Cosigned) -> bool:
        """Write down what is about to be cosigned, if its number is the next one of its log.

        Atomic: of two writers with one number exactly one succeeds. Durable on return.

        Returns:
            Whether it was written down; another was first where not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes
    content_type: str = PLAIN
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, what it remembers, its clock, and how often a log may ask."""

    cosigner: Cosigner
    state: WitnessState
    clock: Clock
    pace: Pace = field(default_factory=partial(Pace, WITNESS_CHECKPOINTS_A_MINUTE_MAX))

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request to ``add-checkpoint``, whatever bytes it has."""
        try:
            request = AddCheckpoint.parse(body)
            signed = note.parse(request.note)
            checkpoint = Checkpoint.parse(signed.text)
        except VerificationError as error:
            return _refusal(BAD_REQUEST, error)
        for _ in range(WITNESS_TRIES_MAX):
            log = self.state.log(checkpoint.origin)
            if log is None:
                return _text(NOT_FOUND, "this witness does not know the log")
            refused = _judged(request, signed, checkpoint, log)
            if refused is not None:
                return refused
            answer = self._cosigned(checkpoint, request.note, signed.text, log.latest)
            if answer is not None:
                return answer
        return _text(UNAVAILABLE, "too many checkpoints of this log at once; try again")

    def _cosigned(
        self, checkpoint: Checkpoint, sent: bytes, text: str, latest: Cosigned | None
    ) -> Answer | None:
        """The cosignature, once it is written down; None where another request was first."""
        seconds = int(self.clock.now().timestamp())
        if latest is not None and seconds < latest.seconds:
            return _text(UNAVAILABLE, "the clock of this witness went back; it waits")
        if latest is not None and _is_repeated(latest, checkpoint, seconds):
            # Said before and still fresh: the same words again, so that repeating costs no row.
            seconds = latest.seconds
        else:
            wait = self.pace.wait_seconds(checkpoint.origin, seconds)
            if wait:
                said = f"too many checkpoints of this log; again in {wait} s\n"
                return Answer(TOO_MANY, said.encode(), wait_seconds=wait)
            number = 1 if latest is None else latest.number + 1
            if not self.state.advance(Cosigned(number, checkpoint, seconds, sent)):
                return None
        return Answer(OK, self.cosigner.cosign(text, seconds).encode())


def _judged(
    request: AddCheckpoint, signed: Note, checkpoint: Checkpoint, log: Witnessed
) -> Answer | None:
    """Why a request is refused; None where nothing stands against it."""
    try:
        signed.verified_by(log.keys)
    except VerificationError as error:
        return _refusal(FORBIDDEN, error)
    if request.old_size > checkpoint.size:
        return _text(BAD_REQUEST, "the old size is larger than the checkpoint")
    if request.old_size != log.size:
        return _stands_at(log.size)
    if checkpoint.size == log.size and not request.proof and checkpoint.root != log.root:
        return _stands_at(log.size)  # a fork: two trees of one size
    try:
        verify_consistency(log.size, checkpoint.size, request.proof, log.root, checkpoint.root)
    except VerificationError as error:
        return _refusal(UNPROCESSABLE, error)
    return None


def _is_repeated(latest: Cosigned, checkpoint: Checkpoint, seconds: int) -> bool:
    return latest.checkpoint == checkpoint and seconds - latest.seconds < COSIGNATURE_REPEAT_SECONDS


def _stands_at(size: int) -> Answer:
    return Answer(CONFLICT, f"{size}\n".encode(), SIZE)


def _refusal(status: int, error: VerificationError) -> Answer:
    return _text(status, f"{error.code}: {error}")


def _text(status: int, message: str) -> Answer:
    return Answer(status, f"{message}\n".encode())


def _hash(line: bytes) -> bytes:
    found = base64_bytes(line.decode("latin-1"), MALFORMED)
    if len(found) != HASH_BYTES:
        raise _malformed("a line of its proof is no hash")
    return found


def _malformed(what: str) -> VerificationError:
    return VerificationError(MALFORMED, f"the request cannot be read: {what}")
