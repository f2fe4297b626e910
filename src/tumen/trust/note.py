"""Signed notes (C2SP signed-note): a text, and the lines of those who signed it.

Reading is strict: UTF-8 without control characters but the newline, a text that ends in a
newline, an empty line, one to ``NOTE_SIGNATURES_MAX`` signature lines, nothing behind. A
signature of an unknown key says nothing and is kept; one of a known key must hold.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import KEY_NAME_LENGTH_MAX, NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX

ED25519: Final = 0x01
COSIGNATURE_V1: Final = 0x04
KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4
SIGNATURE_BYTES: Final = 64

CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
SIGNATURE_LINE: Final = re.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)")
VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


def base64_bytes(text: str, code: str) -> bytes:
    """The bytes of standard base64 in its one canonical form (RFC 4648 §4 and §3.5).

    Raises:
        VerificationError: with the code given, for every other form of the same bytes.
    """
    try:
        plain = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        plain = b""
    if not text or b64encode(plain).decode() != text:
        raise VerificationError(code, "a text is not base64 in its canonical form")
    return plain


def need_key_name(name: str) -> None:
    """Refuse a name that a key cannot have: empty, too long, or with a space or a plus.

    Raises:
        VerificationError: the name is refused.
    """
    is_unfit = (
        not 0 < len(name) <= KEY_NAME_LENGTH_MAX
        or "+" in name
        or any(each.isspace() for each in name)
        or CONTROL.search(name)
    )
    if is_unfit:
        raise VerificationError("KEY_NAME_INVALID", "the name of a key has a form that none has")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and its one purpose, which the key id binds.

    Attributes:
        name: whose key it is, such as ``customs.example/log``.
        algorithm: ``ED25519`` for texts, ``COSIGNATURE_V1`` for witnesses.
        public_key: 32 bytes of Ed25519.
    """

    name: str
    algorithm: int
    public_key: bytes

    def __post_init__(self) -> None:
        need_key_name(self.name)
        if self.algorithm not in (ED25519, COSIGNATURE_V1):
            raise VerificationError("KEY_ALGORITHM_UNKNOWN", "a key has an unknown algorithm")
        if len(self.public_key) != KEY_BYTES:
            raise VerificationError("KEY_LENGTH_WRONG", f"a key has not {KEY_BYTES} bytes")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        named = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public_key
        return sha256(named).digest()[:KEY_ID_BYTES]

    @property
    def vkey(self) -> str:
        """The key as a text: ``name+id+base64``."""
        material = b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a key from its text.

        Raises:
            VerificationError: it is no key, or its id is another key's.
        """
        found = VKEY.fullmatch(vkey)
        if found is None:
            raise VerificationError("KEY_MALFORMED", "a key is not of the form name+id+base64")
        name, key_id, material = found.groups()
        plain = base64_bytes(material, "KEY_MALFORMED")
        key = cls(name, plain[0], plain[1:])
        if key.key_id.hex() != key_id:
            raise VerificationError("KEY_ID_WRONG", f"the id of key {name} does not fit it")
        return key

    def verify(self, message: bytes, signature: bytes) -> None:
        """Check an Ed25519 signature of bytes, whatever they mean.

        Raises:
            VerificationError: the signature is not of this key over these bytes.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise VerificationError(
                "SIGNATURE_INVALID", f"the signature of {self.name} does not hold"
            ) from error


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose, and what the key made of the text."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """The line with its newline."""
        return f"\u2014 {self.name} {b64encode(self.key_id + self.value).decode()}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line without its newline.

        Raises:
            VerificationError: it is no signature line.
        """
        found = SIGNATURE_LINE.fullmatch(line)
        if found is None:
            raise VerificationError("NOTE_MALFORMED", "a line is no signature line")
        need_key_name(found[1])
        plain = base64_bytes(found[2], "NOTE_MALFORMED")
        if len(plain) <= KEY_ID_BYTES:
            raise VerificationError("NOTE_MALFORMED", "a signature is empty")
        return cls(found[1], plain[:KEY_ID_BYTES], plain[KEY_ID_BYTES:])

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line says that it is of this key: by name and id together."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """The note as it is sent and stored."""
        return (self.text + "\n" + "".join(each.line() for each in self.signatures)).encode()

    def verified_by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The keys whose signature of the text holds; cosignatures have a module of their own.

        Raises:
            VerificationError: a signature of a known key does not hold (``SIGNATURE_INVALID``),
                no known key signed (``SIGNATURE_MISSING``), or a key is not for texts.
        """
        message = self.text.encode()
        signers = []
        for key in keys:
            if key.algorithm != ED25519:
                raise VerificationError("KEY_ROLE_WRONG", f"key {key.name} is a witness's key")
            signed = [each for each in self.signatures if each.is_by(key)]
            for each in signed:
                key.verify(message, each.value)
            if signed:
                signers.append(key)
        if not signers:
            raise VerificationError("SIGNATURE_MISSING", "no known key signed the text")
        return tuple(signers)


def parse(data: bytes) -> Note:
    """Read a signed note.

    Raises:
        VerificationError: the bytes are no note, or exceed a limit.
    """
    if len(data) > NOTE_BYTES_MAX:
        raise VerificationError("NOTE_TOO_LARGE", f"a note has more than {NOTE_BYTES_MAX} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise VerificationError("NOTE_MALFORMED", "the note is not UTF-8") from error
    if CONTROL.search(whole):
        raise VerificationError("NOTE_MALFORMED", "the note has a control character")
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise VerificationError("NOTE_MALFORMED", "the note has no text or no signature")
    signed = lines[:-1].split("\n")
    if len(signed) > NOTE_SIGNATURES_MAX:
        raise VerificationError(
            "NOTE_TOO_LARGE", f"a note has more than {NOTE_SIGNATURES_MAX} signatures"
        )
    return Note(text + "\n", tuple(Signature.parse(line) for line in signed))
