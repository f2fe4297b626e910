"""The feeder: brings a log's checkpoint to a witness, and takes a verified cosignature home.

A dialogue with one witness about one checkpoint; whoever drives it sends, waits and asks again:

1. Ask from the size that the witness is known to have cosigned last, zero where none is known.
2. A 409 names another size: ask once more from there. A reply that was lost ends here too, since
   the witness then stands at the checkpoint itself and is asked from its own size, with no proof.
3. No answer, or a 5xx or 429: wait, twice as long each time, at most ``FEED_TRIES_MAX`` requests.
4. A 200 counts for what it carries: the line of the expected key over exactly this checkpoint, its
   signature checked, its time not in the future. All else in it is ignored.

What a 409 can also mean is told as a fault, because one of the two parties went back or lied:

| the witness says | it means |
|---|---|
| a smaller size than we hold its cosignature of | the witness was restored from an old copy |
| a larger size than the checkpoint | ours is not the newest: fed meanwhile, or restored |
| the very size of the checkpoint, asked from there | it cosigned another tree: a fork |

So does a 422, as our proofs are right: its tree of that size is another.

A witness that went back is asked from where it stands, which mends it; the fault stays in the
report, because meanwhile it could have cosigned something else.

Nothing here touches a network or a clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import (
    CLOCK_SKEW_SECONDS_MAX,
    FEED_ANSWER_BYTES_MAX,
    FEED_TRIES_MAX,
    FEED_WAIT_SECONDS_MAX,
)
from tumen.trust import cosignature, note
from tumen.trust.checkpoint import Checkpoint, decimal
from tumen.trust.note import Signature, VerifierKey
from tumen.trust.witness import (
    CONFLICT,
    NOT_FOUND,
    OK,
    SIZE,
    UNPROCESSABLE,
    AddCheckpoint,
    Answer,
)

TOO_MANY_REQUESTS: Final = 429
SERVER_ERRORS: Final = range(500, 600)

Prove = Callable[[int, int], Sequence[bytes]]
"""The consistency proof of the log from one size to another."""


@dataclass(frozen=True, slots=True)
class Known:
    """The largest cosignature that we verified of a witness earlier."""

    size: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What the operator must know: a code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Send:
    """Post this body to ``add-checkpoint``, after waiting so many seconds."""

    body: bytes
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Fed:
    """How it ended.

    Attributes:
        key: the witness.
        signature: its verified signature line; None where there is none.
        seconds: the POSIX time of the cosignature.
        faults: what went wrong on the way; not empty where there is no signature.
    """

    key: VerifierKey
    signature: Signature | None = None
    seconds: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Feeding:
    """The dialogue: call :meth:`begin`, then :meth:`answered` until it gives :class:`Fed`.

    Attributes:
        signed: the checkpoint to be cosigned, signed by the log.
        key: the witness's key, of type 0x04.
        prove: the log's consistency proofs.
        known: its latest cosignature that we hold.
    """

    signed: bytes
    key: VerifierKey
    prove: Prove
    known: Known | None = None
    _checkpoint: Checkpoint = field(init=False)
    _from: int = 0
    _tries: int = 0
    _wait: int = 1
    _faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._checkpoint = Checkpoint.parse(note.parse(self.signed).text)
        if self.known is not None:
            self._from = min(self.known.size, self._checkpoint.size)

    def begin(self) -> Send:
        """The first request."""
        return self._ask()

    def answered(self, answer: Answer | None, now_seconds: int) -> Send | Fed:
        """What to do after an answer.

        Args:
            answer: what the witness answered; None where nothing came.
            now_seconds: the POSIX time now, against which the cosignature's is held.
        """
        if answer is None or answer.status == TOO_MANY_REQUESTS or answer.status in SERVER_ERRORS:
            return self._again(answer)
        if answer.status == OK:
            return self._taken(answer.body, now_seconds)
        if answer.status == CONFLICT and _media_type(answer) == SIZE:
            return self._moved(answer.body)
        return self._end(_refused(answer))

    def _ask(self, wait_seconds: int = 0) -> Send:
        self._tries += 1
        size = self._checkpoint.size
        proof = self.prove(self._from, size) if 0 < self._from < size else ()
        return Send(AddCheckpoint(self._from, tuple(proof), self.signed).to_bytes(), wait_seconds)

    def _again(self, answer: Answer | None) -> Send | Fed:
        if self._tries < FEED_TRIES_MAX:
            wait, self._wait = self._wait, min(2 * self._wait, FEED_WAIT_SECONDS_MAX)
            return self._ask(wait)
        said = "it did not answer" if answer is None else f"it answers {answer.status}"
        return self._end(Fault("WITNESS_UNREACHABLE", f"{said}, asked {self._tries} times"))

    def _moved(self, body: bytes) -> Send | Fed:
        """A 409: the witness stands at another size than we asked from."""
        try:
            stands = decimal(body.removesuffix(b"\n").decode("latin-1"), "SIZE_MALFORMED")
        except VerificationError:
            return self._end(Fault("WITNESS_NONSENSE", "its 409 names no size"))
        if stands > self._checkpoint.size:
            return self._end(_ahead(stands, self._checkpoint.size))
        if stands == self._from:
            return self._end(_forked(stands, self._checkpoint.size))
        if self.known is not None and stands < self.known.size:
            self._note(_went_back(stands, self.known.size))
        if self._tries >= FEED_TRIES_MAX:
            return self._end(Fault("WITNESS_BUSY", "its size changed at every request"))
        self._from = stands
        return self._ask()

    def _taken(self, body: bytes, now_seconds: int) -> Fed:
        """A 200: the line of the witness's key, if it holds; lines of other keys are ignored."""
        try:
            signature, seconds = self._verified(body)
        except VerificationError as error:
            return self._end(Fault(error.code, str(error)))
        if seconds > now_seconds + CLOCK_SKEW_SECONDS_MAX:
            return self._end(_from_the_future(seconds - now_seconds))
        if self.known is not None and seconds < self.known.seconds:
            self._note(Fault("WITNESS_CLOCK_WENT_BACK", "its time lies before its last one"))
        return Fed(self.key, signature, seconds, tuple(self._faults))

    def _verified(self, body: bytes) -> tuple[Signature, int]:
        if len(body) > FEED_ANSWER_BYTES_MAX:
            raise VerificationError("WITNESS_NONSENSE", "its answer is too long")
        text = self._checkpoint.text()
        answered = note.parse(text.encode() + b"\n" + body)
        for line in answered.signatures:
            if line.is_by(self.key):
                return line, cosignature.verify(self.key, text, line)
        raise VerificationError("COSIGNATURE_MISSING", "its answer has no signature of its key")

    def _note(self, fault: Fault) -> None:
        if fault.code not in {each.code for each in self._faults}:
            self._faults.append(fault)

    def _end(self, fault: Fault) -> Fed:
        return Fed(self.key, faults=(*self._faults, fault))


def _media_type(answer: Answer) -> str:
    """What it is, without a charset that the server may have added."""
    return answer.content_type.partition(";")[0].strip().lower()


def _refused(answer: Answer) -> Fault:
    if answer.status == NOT_FOUND:
        return Fault("LOG_NOT_WITNESSED", "it does not witness this log")
    if answer.status == UNPROCESSABLE:
        return Fault("LOG_FORKED", "our tree does not extend the one that it cosigned")
    return Fault("WITNESS_REFUSED", f"it answers {answer.status}: {_first_line(answer.body)}")


def _first_line(body: bytes) -> str:
    """What a stranger wrote, fit for a terminal: printable ASCII, not too long."""
    line = body[:200].decode("ascii", "replace").split("\n")[0]
    return "".join(each if " " <= each <= "~" else "?" for each in line)


def _ahead(stands: int, size: int) -> Fault:
    return Fault(
        "WITNESS_AHEAD",
        f"it cosigned {stands} leaves of this log, and this checkpoint has {size}: a newer one was"
        " fed meanwhile, or this log was restored from an old copy, or another holds its key",
    )


def _forked(stands: int, size: int) -> Fault:
    if stands == size:
        return Fault("LOG_FORKED", f"it cosigned another tree of {stands} leaves of this log")
    return Fault("WITNESS_NONSENSE", f"it wants to be asked from {stands}, from where it was asked")


def _went_back(stands: int, known: int) -> Fault:
    return Fault(
        "WITNESS_WENT_BACK",
        f"it says that it cosigned {stands} leaves, and we hold its cosignature of {known}: it was"
        " restored from an old copy; what it cosigned meanwhile may contradict what it had",
    )


def _from_the_future(seconds: int) -> Fault:
    return Fault("COSIGNATURE_FROM_FUTURE", f"its clock is {seconds} s ahead of ours")
