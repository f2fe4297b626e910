"""Finds receipts in the files that hold them, byte for byte, without an XML parser.

A native receipt is a line. A CEB receipt is the return element inside a message, and what is
hashed is that element. So a message is taken only in the one form in which we write it: an XML
declaration of UTF-8, one message element, return elements without attributes, nothing between
or around them. Whatever an XML reader would show of such a file, then, is a receipt or its frame;
nothing can hide in a comment, an entity or another encoding.
"""

import re
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import RECEIPT_FILE_BYTES_MAX

OPENING: Final = re.compile(
    rb'(?:<\?xml version="1\.0" encoding="UTF-8"\?>\n?)?'
    rb'<(CEB[0-9]{3}Message) xmlns="http://www\.chinaport\.gov\.cn/ceb"'
    rb' guid="[0-9A-Za-z-]{1,64}" version="1\.0">'
)
TAG: Final = re.compile(rb"<([A-Z][A-Za-z]{1,40}Return)>")


def lines(data: bytes) -> list[bytes]:
    """The lines of a file of native receipts; empty ones are no receipts.

    Raises:
        VerificationError: the file is larger than a limit.
    """
    _need_small(data)
    return [line for line in data.split(b"\n") if line]


def elements(data: bytes) -> list[bytes]:
    """The return elements of a CEB message.

    Raises:
        VerificationError: the file is no message in our form, or larger than a limit.
    """
    _need_small(data)
    opening = OPENING.match(data)
    if opening is None:
        raise _malformed()
    found, place, closing = [], opening.end(), b"</" + opening[1] + b">"
    while not data.startswith(closing, place):
        tag = TAG.match(data, place)
        if tag is None:
            raise _malformed()
        ending = b"</" + tag[1] + b">"
        end = data.find(ending, tag.end())
        if end < 0:
            raise _malformed()
        found.append(data[place : end + len(ending)])
        place = end + len(ending)
    if data[place + len(closing) :].strip(b"\n") or not found:
        raise _malformed()
    return found


def _malformed() -> VerificationError:
    return VerificationError(
        "RECEIPT_MALFORMED", "the file is no receipt message in the form in which it was written"
    )


def _need_small(data: bytes) -> None:
    if len(data) > RECEIPT_FILE_BYTES_MAX:
        raise VerificationError(
            "RECEIPT_TOO_LARGE", f"the file has more than {RECEIPT_FILE_BYTES_MAX} bytes"
        )
