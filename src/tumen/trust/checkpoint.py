"""Checkpoints (C2SP tlog-checkpoint): which log, how many leaves, which root."""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final, Self

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES, KEY_NAME_LENGTH_MAX, TREE_SIZE_MAX
from tumen.trust.note import CONTROL, base64_bytes

DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
LINES_MIN: Final = 3


def decimal(text: str, code: str) -> int:
    """A number of leaves in ASCII digits without leading zeros.

    Raises:
        VerificationError: with the code given, for every other form and above TREE_SIZE_MAX.
    """
    if not DECIMAL.fullmatch(text) or int(text) > TREE_SIZE_MAX:
        raise VerificationError(code, "a number has a form that none has")
    return int(text)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: what its signature is about.

    Attributes:
        origin: the name of the log.
        size: the number of its leaves.
        root: the root of the tree over them.
        extensions: further lines; our logs write none, those of others are kept.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line or CONTROL.search(line):
                raise VerificationError("CHECKPOINT_MALFORMED", "a line is empty or broken")
        if len(self.origin) > KEY_NAME_LENGTH_MAX:
            raise VerificationError("CHECKPOINT_MALFORMED", "the origin is too long")
        if not 0 <= self.size <= TREE_SIZE_MAX:
            raise VerificationError("CHECKPOINT_MALFORMED", "the size is none that a log has")
        if len(self.root) != HASH_BYTES:
            raise VerificationError("HASH_LENGTH_WRONG", f"the root has not {HASH_BYTES} bytes")

    def text(self) -> str:
        """The text that is signed, with its last newline."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint: that of a note, with its last newline.

        Raises:
            VerificationError: it is none.
        """
        lines = text.split("\n")
        if len(lines) <= LINES_MIN or lines.pop():
            raise VerificationError("CHECKPOINT_MALFORMED", "a checkpoint has three lines or more")
        origin, size, root, *extensions = lines
        return cls(
            origin,
            decimal(size, "CHECKPOINT_MALFORMED"),
            base64_bytes(root, "CHECKPOINT_MALFORMED"),
            tuple(extensions),
        )
