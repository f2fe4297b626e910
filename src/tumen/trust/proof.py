"""What a holder keeps: a ``tlog-proof`` (C2SP), whose extra data are our salt and statement.

c2sp.org/tlog-proof@v1
extra <base64 of salt and statement>
index <decimal>
<base64 of a hash> …

<checkpoint, verbatim>
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES, PROOF_BYTES_MAX, TREE_SIZE_MAX
from tumen.trust.checkpoint import decimal
from tumen.trust.note import base64_bytes
from tumen.trust.statement import SALT_BYTES

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
EXTRA: Final = "extra "
INDEX: Final = "index "
HASHES_MAX: Final = TREE_SIZE_MAX.bit_length()
MALFORMED: Final = "PROOF_MALFORMED"


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is at an index of a log, beside what makes the entry.

    Attributes:
        extra: our salt and statement; None where the proof has no such line.
        index: the place of the leaf.
        hashes: the inclusion proof, from the leaf upwards.
        checkpoint: the signed note, as it stands in the file.
    """

    extra: bytes | None
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes

    @property
    def salt(self) -> bytes:
        """What hides the statement from whoever has only the log."""
        return self._extra()[:SALT_BYTES]

    @property
    def statement(self) -> bytes:
        """The bytes of the statement."""
        return self._extra()[SALT_BYTES:]

    def _extra(self) -> bytes:
        if self.extra is None or len(self.extra) <= SALT_BYTES:
            raise VerificationError("EXTRA_MISSING", "the proof holds no salt and statement")
        return self.extra

    def to_bytes(self) -> bytes:
        """The proof as a file.

        Raises:
            VerificationError: it has no such form, or exceeds a limit.
        """
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(EXTRA + b64encode(self.extra).decode())
        lines.append(f"{INDEX}{self.index}")
        lines += [b64encode(each).decode() for each in self.hashes]
        data = "\n".join(lines).encode() + b"\n\n" + self.checkpoint
        if parse(data) != self:
            raise VerificationError(MALFORMED, "the parts make no proof")
        return data


def parse(data: bytes) -> Proof:
    """Read a proof.

    Raises:
        VerificationError: the bytes are no proof, or exceed a limit.
    """
    if len(data) > PROOF_BYTES_MAX:
        raise VerificationError("PROOF_TOO_LARGE", f"a proof has over {PROOF_BYTES_MAX} bytes")
    head, separator, checkpoint = data.partition(b"\n\n")
    if not separator or not checkpoint or not head.isascii():
        raise VerificationError(MALFORMED, "the proof has no checkpoint")
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != FIRST_LINE:
        raise VerificationError(MALFORMED, f"the first line is not {FIRST_LINE}")
    extra = None
    if lines and lines[0].startswith(EXTRA):
        extra = base64_bytes(lines.pop(0).removeprefix(EXTRA), MALFORMED)
    if not lines or not lines[0].startswith(INDEX):
        raise VerificationError(MALFORMED, "the proof names no index")
    index = decimal(lines.pop(0).removeprefix(INDEX), MALFORMED)
    return Proof(extra, index, _hashes(lines), checkpoint)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > HASHES_MAX:
        raise VerificationError("PROOF_LENGTH_WRONG", "the proof has more hashes than any tree")
    hashes = tuple(base64_bytes(line, MALFORMED) for line in lines)
    if any(len(each) != HASH_BYTES for each in hashes):
        raise VerificationError("HASH_LENGTH_WRONG", f"a hash has not {HASH_BYTES} bytes")
    return hashes
