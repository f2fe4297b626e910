"""A key that never leaves its token: Ed25519 by PKCS#11 3.0, named by a URI (RFC 7512).

``pkcs11:token=T;object=NAME?module-path=/…/libsofthsm2.so&pin-source=/…/pin`` where the label of
the key, ``object``, is the name that stands before its signatures. The PIN is read from a file
that its owner alone can read, never from the URI, which other users can see in a list of
processes. The library python-pkcs11 is an extra (``pip install tumen[pkcs11]``).

Every signature is checked with the public key before it is given out: tokens exist that sign a
hash instead of the message.
"""

import os
import stat
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tumen.kernel.errors import OutsideError, UsageError

SCHEME: Final = "pkcs11:"
ED25519_PARAMETERS: Final = b"\x13\x0cedwards25519"
"""The curve as PKCS#11 3.0 names it: a PrintableString (§6.3.3)."""
POINT_PREFIX: Final = b"\x04\x20"
"""The head of an OCTET STRING of 32 bytes, in which most tokens wrap a point."""
KEY_BYTES: Final = 32
PIN_BYTES_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a key lies in a token.

    Attributes:
        module: the library of the token's maker.
        token: the label of the token.
        name: the label of the key.
        pin_file: where the PIN is.
    """

    module: str
    token: str
    name: str
    pin_file: Path

    @classmethod
    def parse(cls, uri: str) -> "KeyPlace":
        """Read a PKCS#11 URI.

        Raises:
            UsageError: a part is missing, or the PIN itself is in it.
        """
        path, _, query = uri.removeprefix(SCHEME).partition("?")
        parts = dict(each.partition("=")[::2] for each in path.split(";"))
        options = dict(parse_qsl(query.replace("+", "%2B")))
        if "pin-value" in options:
            raise UsageError(
                "A PIN in an address can be read by others",
                next_step="Write it to a file with mode 600 and name that as pin-source.",
            )
        needed = {**parts, **options}
        missing = [
            each
            for each in ("token", "object", "module-path", "pin-source")
            if not needed.get(each)
        ]
        if missing:
            raise UsageError(
                f"The address of a token's key lacks {', '.join(missing)}",
                next_step="Write pkcs11:token=T;object=NAME?module-path=LIBRARY&pin-source=FILE.",
            )
        pin_file = Path(options["pin-source"].removeprefix("file:"))
        return cls(
            options["module-path"], unquote(parts["token"]), unquote(parts["object"]), pin_file
        )


@dataclass(frozen=True, slots=True)
class TokenSecret:
    """A secret key in a token; it signs there, one message at a time."""

    public_key: bytes
    _key: Any = field(repr=False, compare=False)
    _mechanism: Any = field(repr=False, compare=False)
    _turn: Lock = field(repr=False, compare=False, default_factory=Lock)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature over a message.

        Raises:
            OutsideError: the token did not sign, or signed something else.
        """
        try:
            with self._turn:
                signature = bytes(self._key.sign(message, mechanism=self._mechanism))
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature as error:
            raise OutsideError("The token's signature does not hold under its own key") from error
        except Exception as error:  # a token's library raises what its maker chose
            raise OutsideError(f"The token did not sign: {type(error).__name__}") from error
        return signature


def open_key(place: KeyPlace) -> TokenSecret:
    """Find a key in a token.

    Raises:
        OutsideError: the token cannot be used.
        UsageError: the extra is not installed, or the token has no such key.
    """
    session = _session(place, may_write=False)
    return _secret(session, place)


def make_token_key(place: KeyPlace) -> TokenSecret:
    """Make a key inside a token, which will never give it out; one that is there is taken.

    Raises:
        OutsideError: the token cannot be used, or makes no key of Ed25519.
        UsageError: the extra is not installed.
    """
    library = _library()
    session = _session(place, may_write=True)
    found = _objects(session, place, library.ObjectClass.PRIVATE_KEY)
    if not found:
        attribute, curve = library.Attribute, library.KeyType.EC_EDWARDS
        try:
            parameters = session.create_domain_parameters(
                curve, {attribute.EC_PARAMS: ED25519_PARAMETERS}, local=True
            )
            parameters.generate_keypair(
                mechanism=library.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                store=True,
                label=place.name,
                private_template={attribute.SENSITIVE: True, attribute.EXTRACTABLE: False},
            )
        except library.exceptions.PKCS11Error as error:
            raise OutsideError(
                f"The token {place.token} makes no key of Ed25519: {type(error).__name__}"
            ) from error
    return _secret(session, place)


def _library() -> Any:
    try:
        return import_module("pkcs11")
    except ImportError as error:
        raise UsageError(
            "Keys in tokens need a library that is not installed",
            next_step="Install it with `pip install 'tumen[pkcs11]'`.",
        ) from error


def _session(place: KeyPlace, *, may_write: bool) -> Any:
    library = _library()
    pin = _pin(place.pin_file)
    try:
        token = library.lib(place.module).get_token(token_label=place.token)
        try:
            return token.open(rw=may_write, user_pin=pin)
        except library.exceptions.UserAlreadyLoggedIn:  # a token knows one login a process
            return token.open(rw=may_write)
    except (library.exceptions.PKCS11Error, RuntimeError, OSError) as error:
        raise OutsideError(
            f"The token {place.token} cannot be used: {type(error).__name__}",
            next_step="Check that it is plugged in, its label, its library and its PIN.",
        ) from error


def _pin(file: Path) -> str:
    """The PIN of a file that its owner alone can read."""
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise UsageError(
                    f"The PIN file {file} can be used by others than its owner, so it is not read.",
                    next_step=f"Close it with `chmod 600 {file}`, and change the PIN.",
                )
            return opened.read(PIN_BYTES_MAX).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideError(f"The PIN file {file} cannot be read: {type(error).__name__}") from error


def _objects(session: Any, place: KeyPlace, kind: Any) -> list[Any]:
    attribute = _library().Attribute
    return list(session.get_objects({attribute.CLASS: kind, attribute.LABEL: place.name}))


def _secret(session: Any, place: KeyPlace) -> TokenSecret:
    library = _library()
    private = _objects(session, place, library.ObjectClass.PRIVATE_KEY)
    public = _objects(session, place, library.ObjectClass.PUBLIC_KEY)
    if len(private) != 1 or len(public) != 1:
        raise UsageError(
            f"The token {place.token} has not exactly one key named {place.name}",
            next_step="Make it with `tumen trust init`, or name another one.",
        )
    point = bytes(public[0][library.Attribute.EC_POINT])
    raw = point.removeprefix(POINT_PREFIX) if len(point) > KEY_BYTES else point
    if len(raw) != KEY_BYTES:
        raise OutsideError(f"The key {place.name} in the token is not of Ed25519")
    return TokenSecret(raw, private[0], library.Mechanism.EDDSA)
