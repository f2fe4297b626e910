"""What a leaf says: one of five statements, and the salted commitment that stands in the log.

A statement is compact JSON in ASCII with its keys in one order (ADR 6), so that it has one form:
reading accepts exactly the bytes that writing gives. Hashes are 32 bytes here and hexadecimal
there.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, ClassVar, Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES

SALT_BYTES: Final = 32
DOMAIN: Final = b"tumen.leaf.v1\n"
NUMBER_MAX: Final = (1 << 63) - 1
STATUS_MAX: Final = (1 << 31) - 1

WORD_FORM: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def _refused(what: str) -> VerificationError:
    return VerificationError("STATEMENT_INVALID", f"a statement cannot hold {what}")


def _number(value: int) -> str:
    if not 0 < value <= NUMBER_MAX:
        raise _refused(f"the number {value}")
    return str(value)


def _status(value: int) -> str:
    if not -STATUS_MAX <= value <= STATUS_MAX:
        raise _refused(f"the status {value}")
    return str(value)


def _word(value: str) -> str:
    if not WORD_FORM.fullmatch(value):
        raise _refused("a word with other signs than small letters, digits and underscores")
    return f'"{value}"'


def _hash(value: bytes) -> str:
    if len(value) != HASH_BYTES:
        raise _refused(f"a hash of {len(value)} bytes")
    return f'"{value.hex()}"'


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


@dataclass(frozen=True, slots=True)
class _Field:
    """What a value looks like, how it is written, and how it is read."""

    pattern: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    is_repeated: bool = False
    is_nullable: bool = False

    def or_null(self) -> "_Field":
        """The same, where nothing may be known."""
        return replace(self, pattern=f"(?:null|{self.pattern})", is_nullable=True)

    def written(self, column: Iterable[Any]) -> Iterable[str]:
        """A column as it stands in the statements; what is repeated is written once."""
        write = self.write
        if self.is_repeated:
            values = list(column)
            texts = {value: self._one(value) for value in set(values)}
            return map(texts.__getitem__, values)
        if not self.is_nullable:
            return map(write, column)
        return ["null" if value is None else write(value) for value in column]

    def _one(self, value: Any) -> str:
        return "null" if value is None and self.is_nullable else self.write(value)


NUMBER: Final = _Field("([1-9][0-9]{0,18})", _number, int)
STATUS: Final = _Field("(0|-?[1-9][0-9]{0,9})", _status, int, is_repeated=True)
WORD: Final = _Field(f'"({WORD_FORM.pattern})"', _word, str, is_repeated=True)
HASH: Final = _Field('"([0-9a-f]{64})"', _hash, bytes.fromhex)
DAY: Final = _Field('"([0-9]{4}-[0-9]{2}-[0-9]{2})"', _day, date.fromisoformat, is_repeated=True)


@dataclass(frozen=True, slots=True)
class DocumentStatement:
    """A document was answered."""

    id: int
    kind: str | None
    content: bytes | None
    answer: str
    status: int | None
    receipt: bytes | None
    facts: bytes

    TYPE: ClassVar[str] = "document"
    FORM: ClassVar[tuple[_Field, ...]] = (
        *(NUMBER, WORD.or_null(), HASH.or_null(), WORD),
        *(STATUS.or_null(), HASH.or_null(), HASH),
    )


@dataclass(frozen=True, slots=True)
class EventStatement:
    """A declaration took a step in its life."""

    id: int
    document: int
    status: str
    lane: str | None
    day: date
    receipt: bytes | None
    facts: bytes

    TYPE: ClassVar[str] = "event"
    FORM: ClassVar[tuple[_Field, ...]] = (
        *(NUMBER, NUMBER, WORD, WORD.or_null(), DAY, HASH.or_null(), HASH),
    )


@dataclass(frozen=True, slots=True)
class BatchStatement:
    """A batch was recorded."""

    id: int
    facts: bytes

    TYPE: ClassVar[str] = "batch"
    FORM: ClassVar[tuple[_Field, ...]] = (NUMBER, HASH)


@dataclass(frozen=True, slots=True)
class ListStatement:
    """A list was imported."""

    id: int
    facts: bytes

    TYPE: ClassVar[str] = "list"
    FORM: ClassVar[tuple[_Field, ...]] = (NUMBER, HASH)


@dataclass(frozen=True, slots=True)
class ArtefactStatement:
    """Something else was worth witnessing by the hash of its bytes."""

    id: int
    kind: str
    content: bytes
    facts: bytes

    TYPE: ClassVar[str] = "artefact"
    FORM: ClassVar[tuple[_Field, ...]] = (NUMBER, WORD, HASH, HASH)


Statement = DocumentStatement | EventStatement | BatchStatement | ListStatement | ArtefactStatement

FORMS: Final[tuple[type[Statement], ...]] = (
    DocumentStatement,
    EventStatement,
    BatchStatement,
    ListStatement,
    ArtefactStatement,
)


def _layout(form: type[Statement], values: Sequence[str]) -> str:
    names = form.__match_args__
    parts = ",".join(f'"{name}":{value}' for name, value in zip(names, values, strict=True))
    return f'{{"type":"{form.TYPE}",{parts}}}'


def _pattern(form: type[Statement]) -> re.Pattern[bytes]:
    layout = _layout(form, [each.pattern for each in form.FORM])
    return re.compile(rb"\{" + layout[1:-1].encode() + rb"\}")


TEMPLATES: Final = {form: _layout(form, ["%s"] * len(form.FORM)) for form in FORMS}
PATTERNS: Final = {form: _pattern(form) for form in FORMS}


def encode(form: type[Statement], *columns: Iterable[Any]) -> list[bytes]:
    """The statements of many rows at once, from columns in the order of the form's fields.

    Args:
        form: which of the five.
        columns: its values: numbers, words, hashes as 32 bytes, days.

    Raises:
        VerificationError: a value is none that a statement can have (``STATEMENT_INVALID``).
    """
    template = TEMPLATES[form]
    written = [each.written(column) for each, column in zip(form.FORM, columns, strict=True)]
    return [(template % row).encode("ascii") for row in zip(*written, strict=True)]


def to_bytes(statement: Statement) -> bytes:
    """One statement in its one form.

    Raises:
        VerificationError: a value is none that a statement can have.
    """
    return encode(type(statement), *([value] for value in astuple(statement)))[0]


def parse(data: bytes) -> Statement:
    """Read a statement.

    Raises:
        VerificationError: the bytes are not the one form of a statement.
    """
    for form, pattern in PATTERNS.items():
        found = pattern.fullmatch(data)
        if found is not None:
            return _read(form, found.groups(), data)
    raise VerificationError("STATEMENT_MALFORMED", "the bytes are none of the five statements")


def _read(form: type[Statement], found: Sequence[bytes | None], data: bytes) -> Statement:
    try:
        values: list[Any] = [
            None if text is None else each.read(text.decode())
            for each, text in zip(form.FORM, found, strict=True)
        ]
        statement = form(*values)
        is_same = to_bytes(statement) == data
    except (ValueError, VerificationError) as error:  # no such day; a number too large
        raise VerificationError(
            "STATEMENT_MALFORMED", "a value of the statement is none"
        ) from error
    if not is_same:
        raise VerificationError("STATEMENT_MALFORMED", "the statement has another form")
    return statement


def commitment(salt: bytes, statement: bytes) -> bytes:
    """The entry of the log: it tells nothing to whoever lacks the salt.

    Raises:
        VerificationError: the salt has not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise VerificationError("SALT_LENGTH_WRONG", f"a salt has not {SALT_BYTES} bytes")
    return sha256(DOMAIN + salt + statement).digest()


def commitments(salts: bytes, statements: Sequence[bytes]) -> list[bytes]:
    """The entries of many leaves, from their salts one behind the other.

    Raises:
        VerificationError: there is not one salt of 32 bytes for each statement.
    """
    if len(salts) != SALT_BYTES * len(statements):
        raise VerificationError("SALT_LENGTH_WRONG", "there is not one salt for each statement")
    return [
        sha256(DOMAIN + salts[start : start + SALT_BYTES] + statement).digest()
        for start, statement in zip(range(0, len(salts), SALT_BYTES), statements, strict=True)
    ]
