"""A submission: what a request brings, checked only so far that the road can take it.

The road judges documents; here is judged whether there is anything to put on it: a form of
content that is read, a body within the limits, as many documents as one submission may have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from tumen.codelist.spoken import explained
from tumen.documents.formats.sources import Broken, Source, opened
from tumen.kernel.limits import DOCUMENTS_PER_MESSAGE_MAX, GZIP_RATIO_MAX
from tumen.kernel.service_limits import SUBMISSION_BYTES_MAX, SUBMISSION_DOCUMENTS_MAX
from tumen.web.problem import Refusal

JSON: Final = "json"
FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "application/json": JSON,
        "application/x-ndjson": "ndjson",
        "application/jsonl": "ndjson",
        "application/xml": "ceb",
        "text/xml": "ceb",
        "text/csv": "csv",
    }
)
"""The content types of a submission, and the reader that takes each."""

GZIP: Final = "gzip"
_GZIP_FAULTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "GZIP_TRUNCATED": ("SUBMISSION_UNREADABLE", "The gzip ends in the middle."),
        "GZIP_CORRUPT": ("SUBMISSION_UNREADABLE", "The body is no gzip, or it is damaged."),
        "GZIP_BOMB": (
            "TOO_LARGE", f"The gzip expands more than {GZIP_RATIO_MAX} times: send it uncompressed."
        ),
    }
)  # fmt: skip
_IDENTITY: Final = frozenset({"", "identity"})


@dataclass(frozen=True, slots=True)
class Submission:
    """Documents that one request lodges.

    Attributes:
        name: by which its receipts name it, unlike that of any other.
        sender: who lodges.
        format: ceb, ndjson or csv.
        content: the documents.
        documents: how many rows it has; of a CEB message the most that one may have.
    """

    name: str
    sender: str
    format: str
    content: bytes
    documents: int

    @property
    def source(self) -> Source:
        """As the readers take it."""
        return Source.in_memory(self.name, self.format, self.content)


def submission_of(
    body: bytes, *, content_type: str, encoding: str, name: str, sender: str
) -> Submission:
    """The submission in the body of a request.

    Args:
        body: as it came over the wire.
        content_type: the header; what stands behind ``;`` does not count.
        encoding: the header ``Content-Encoding``.
        name: the submission's name.
        sender: who lodges.

    Raises:
        Refusal: it cannot be taken.
    """
    form = FORMATS.get(content_type.partition(";")[0].strip().lower())
    if form is None:
        raise Refusal("MEDIA_TYPE_UNSUPPORTED", f"Send one of {', '.join(FORMATS)}.")
    content = _decompressed(body, encoding.strip().lower())
    if not content.strip():
        raise Refusal("SUBMISSION_EMPTY")
    if form == JSON:
        form, content = "ndjson", _lines(content)
    documents = _count(form, content)
    if documents > SUBMISSION_DOCUMENTS_MAX:
        raise Refusal(
            "TOO_LARGE", f"A submission has at most {SUBMISSION_DOCUMENTS_MAX:,} documents."
        )
    return Submission(name, sender, form, content, documents)


def _decompressed(body: bytes, encoding: str) -> bytes:
    """The body without its compression, read only as far as a submission may go."""
    if encoding in _IDENTITY:
        return _bounded(body)
    if encoding != GZIP:
        raise Refusal("MEDIA_TYPE_UNSUPPORTED", "Send Content-Encoding: gzip, or none.")
    blocks, size = [], 0
    try:
        with opened(Source("body", Path("body"), None, compressed=True, content=body)) as stream:
            while block := stream.read():
                blocks.append(block)
                size += len(block)
                if size > SUBMISSION_BYTES_MAX:
                    break
    except Broken as broken:
        raise _refused(broken) from broken
    return _bounded(b"".join(blocks))


def _refused(broken: Broken) -> Refusal:
    """What is wrong with a compressed body; nothing of it is taken, whatever could be read."""
    if broken.code in _GZIP_FAULTS:
        return Refusal(*_GZIP_FAULTS[broken.code])
    message, fix = explained(broken.code, None, None, broken.expected)
    return Refusal("SUBMISSION_UNREADABLE", f"{message} {fix}")


def _bounded(content: bytes) -> bytes:
    if len(content) > SUBMISSION_BYTES_MAX:
        raise Refusal(
            "TOO_LARGE", f"A submission has at most {SUBMISSION_BYTES_MAX >> 20} MB uncompressed."
        )
    return content


def _lines(content: bytes) -> bytes:
    """A JSON array of documents, or one document, as lines: each keeps its own bytes.

    A line end can stand in JSON only between values: within a text it would be an error.
    """
    try:
        is_list = content.lstrip()[:1] == b"["
        listed = (
            msgspec.json.decode(content, type=list[msgspec.Raw])
            if is_list
            else [msgspec.json.decode(content, type=msgspec.Raw)]
        )
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        told = f": {error}" if isinstance(error, msgspec.DecodeError) else ""
        raise Refusal("SUBMISSION_UNREADABLE", f"The body is no JSON{told}.") from error
    if not listed:
        raise Refusal("SUBMISSION_EMPTY")
    return b"\n".join(bytes(each).replace(b"\n", b" ").replace(b"\r", b" ") for each in listed)


def _count(form: str, content: bytes) -> int:
    """How many documents at most."""
    if form == "ceb":
        return DOCUMENTS_PER_MESSAGE_MAX
    return content.count(b"\n") + (not content.endswith(b"\n"))
