"""The keys of a node, one for each role: where they lie, and who signs with them.

Each is a file beside the node's other keys, ``<node>.log-key``, ``.witness-key``, ``.issuer-key``
and ``.bundle-key``, unless a setting names another file or a token: ``TUMEN_LOG_KEY`` and so on,
a path or a ``pkcs11:`` address (:mod:`.pkcs11`).
"""

import glob
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tumen.kernel.errors import UsageError, VerificationError
from tumen.trust.bundle_model import Jwk, Role
from tumen.trust.key_files import load_key, make_key
from tumen.trust.note import VerifierKey
from tumen.trust.pkcs11 import SCHEME, KeyPlace, make_token_key, open_key
from tumen.trust.signer import KeyCosigner, KeySigner, KeyType, SecretKey

NODE_KEYS: Final = "node-keys"
"""What the file of the node's other keys is called among those of a ring."""

NEXT: Final = ".next"
KEPT_ASIDE: Final = re.compile(r"\.[0-9a-f]{8}")
"""Behind the name of a key file: the id of a key that was rotated out."""


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A secret key and the name that stands before its signatures."""

    name: str
    secret: SecretKey


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Where the keys of a node lie.

    Attributes:
        node_keys: the file of the node's other keys.
        settings: those of the environment.
    """

    node_keys: Path
    settings: Mapping[str, str]

    def place(self, role: Role) -> str:
        """The path or address of a key."""
        stated = self.settings.get(f"TUMEN_{role.upper()}_KEY")
        return stated or str(self.node_keys.with_suffix(f".{role}-key"))

    def has(self, role: Role) -> bool:
        """Whether there is a key of a role; one in a token is taken to be there."""
        place = self.place(role)
        return place.startswith(SCHEME) or Path(place).exists()

    def make(self, role: Role, name: str) -> NamedSecret:
        """Make the key of a role, or take the one that is there under this name.

        Raises:
            OutsideError: the file or the token cannot be written.
            UsageError: there is another key already.
        """
        place = self.place(role)
        if not place.startswith(SCHEME):
            return NamedSecret(name, make_key(Path(place), name, _kind(role)).secret)
        held = KeyPlace.parse(place)
        if held.name != name:
            raise UsageError(
                f"The key in the token is named {held.name}, not {name}",
                next_step=f"Write object={name} in TUMEN_{role.upper()}_KEY, with / as %2F.",
            )
        return NamedSecret(name, make_token_key(held))

    def make_next(self, role: Role, name: str) -> NamedSecret:
        """Make the key that shall follow the one of a role; one begun before is taken again."""
        return NamedSecret(name, make_key(self._next(role), name, _kind(role)).secret)

    def turn(self, role: Role, old_id: str) -> Path:
        """Put the next key in the place of the old one, which is kept aside; where it is now."""
        current = Path(self.place(role))
        aside = current.with_name(f"{current.name}.{old_id.rpartition('+')[2]}")
        if not aside.exists():
            aside.hardlink_to(current)
        self._next(role).replace(current)
        return aside

    def held(self, role: Role) -> NamedSecret:
        """The key of a role.

        Raises:
            PathAbsent: there is none.
            OutsideError: it cannot be read.
            UsageError: it is another key, or others can read it.
        """
        place = self.place(role)
        if place.startswith(SCHEME):
            held = KeyPlace.parse(place)
            return NamedSecret(held.name, open_key(held))
        found = load_key(Path(place))
        if found.kind is not _kind(role):
            raise UsageError(
                f"{place} is no key of a {role}", next_step="Each key has one role; name another."
            )
        return NamedSecret(found.name, found.secret)

    def retired(self, role: Role) -> tuple[bytes, ...]:
        """The public keys of a role that were rotated out: what they signed is still ours.

        They are those of the files kept aside, and those that ``TUMEN_<ROLE>_KEYS_RETIRED`` tells
        as ``name+id+key``, with blanks between: a token is not looked through, and of an old key
        its public half is enough.

        Raises:
            OutsideError: a file cannot be read.
            UsageError: it is no key, or others can read it; what is told is none.
        """
        told = self.settings.get(f"TUMEN_{role.upper()}_KEYS_RETIRED", "")
        return (*self._kept_aside(self.place(role)), *map(_public_key, told.split()))

    def _kept_aside(self, place: str) -> Iterator[bytes]:
        if place.startswith(SCHEME):
            return
        current = Path(place)
        for each in sorted(current.parent.glob(f"{glob.escape(current.name)}.*")):
            if KEPT_ASIDE.fullmatch(each.name.removeprefix(current.name)):
                yield load_key(each).secret.public_key

    def files(self) -> dict[str, Path]:
        """The key files that there are, also of keys rotated out or begun, by what they are for.

        A key in a token is in no file.
        """
        found = {NODE_KEYS: self.node_keys} if self.node_keys.exists() else {}
        for role in Role:
            place = self.place(role)
            if place.startswith(SCHEME):
                continue
            current = Path(place)
            for each in sorted(current.parent.glob(f"{glob.escape(current.name)}*")):
                ending = each.name.removeprefix(current.name)
                if ending in {"", NEXT} or KEPT_ASIDE.fullmatch(ending):
                    found[f"{role}-key{ending}"] = each
        return found

    def file_for(self, name: str) -> Path:
        """Where the key file of a name that :meth:`files` gave belongs.

        Raises:
            UsageError: no key is named so, or that key is in a token here.
        """
        if name == NODE_KEYS:
            return self.node_keys
        role, _, ending = name.partition("-key")
        is_ours = role in set(Role) and (ending in {"", NEXT} or KEPT_ASIDE.fullmatch(ending))
        if not is_ours or self.place(Role(role)).startswith(SCHEME):
            raise UsageError(f"No key file of this node is for {name}")
        return Path(f"{self.place(Role(role))}{ending}")

    def signer(self, role: Role) -> KeySigner:
        """Who signs notes in a role: the log or the bundle."""
        held = self.held(role)
        return KeySigner(held.name, held.secret)

    def cosigner(self) -> KeyCosigner:
        """The node's witness."""
        held = self.held(Role.WITNESS)
        return KeyCosigner(held.name, held.secret)

    def _next(self, role: Role) -> Path:
        place = self.place(role)
        if place.startswith(SCHEME):
            raise UsageError(
                "A key in a token is not rotated in its place",
                next_step="Make the new key in the token, and write it into a description for "
                "`tumen trust bundle`.",
            )
        return Path(f"{place}{NEXT}")


def _public_key(text: str) -> bytes:
    try:
        return VerifierKey.parse(text).public_key
    except VerificationError as error:
        raise UsageError(
            f"{text} is no public key of a log or witness: {error}",
            next_step="Write each retired key as name+id+key, with a blank between two.",
        ) from error


def public_text(role: Role, held: NamedSecret) -> str | Jwk:
    """The public key of a role, as the trust bundle lists it."""
    if role is Role.ISSUER:
        return Jwk.of_ed25519(held.secret.public_key)
    if role is Role.WITNESS:
        return KeyCosigner(held.name, held.secret).verifier_key
    return KeySigner(held.name, held.secret).verifier_key


def _kind(role: Role) -> KeyType:
    return KeyType.COSIGNATURE if role is Role.WITNESS else KeyType.NOTE
