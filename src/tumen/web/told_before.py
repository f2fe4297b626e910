"""Answers that were given before, for whoever asks the very same again.

Shops ask for the quotes of what they sell over and over. An answer follows from the shipment, the
day, and the law and tables of the process, which stay the same while it lives; so equal questions
have equal answers, byte for byte. A question is known by a hash of all that it says, so that who
buys is not kept.
"""

from collections import OrderedDict
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import msgspec

from tumen.kernel.service_limits import (
    QUOTE_REMEMBERED_BYTES_MAX,
    QUOTES_REMEMBERED_BYTES_MAX,
)
from tumen.law.parameters import law_version

_SORTED: Final = msgspec.json.Encoder(order="sorted")
_DIGEST_BYTES: Final = 16


class ToldBefore:
    """The answers asked for last, as many as fit.

    Args:
        most: bytes of all of them together.
    """

    def __init__(self, most: int = QUOTES_REMEMBERED_BYTES_MAX) -> None:
        self._most = most
        self._bytes = 0
        self._answers: OrderedDict[bytes, msgspec.Raw] = OrderedDict()
        self._law = law_version().encode()

    def mark(self, shipment: dict[str, Any], today: date, is_explained: bool = True) -> bytes:
        """By what a question is known; the order of its fields says nothing."""
        asked = (
            self._law,
            today.isoformat().encode(),
            b"%d" % is_explained,
            _SORTED.encode(shipment),
        )
        return blake2b(b"\0".join(asked), digest_size=_DIGEST_BYTES).digest()

    def answer(self, mark: bytes) -> msgspec.Raw | None:
        """The answer that was given; None where it was none, or long ago."""
        found = self._answers.get(mark)
        if found is not None:
            self._answers.move_to_end(mark)
        return found

    def keep(self, mark: bytes, answer: msgspec.Raw) -> None:
        """Remember an answer, and forget the oldest where there is no more room."""
        size = len(memoryview(answer))
        if size > QUOTE_REMEMBERED_BYTES_MAX or mark in self._answers:
            return
        self._answers[mark] = answer
        self._bytes += size
        while self._bytes > self._most:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(memoryview(oldest))
