"""The trust bundle as data: members, their keys with validity, the policies; and its one text.

The text is JSON with sorted keys and two blanks of indent, every field present, absent is
``null``. There is one text for a bundle and one bundle for a text, so that its SHA-256 names it.
"""

import calendar
import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

import msgspec

from tumen.kernel.errors import VerificationError
from tumen.trust import quorum
from tumen.trust.note import VerifierKey

BUNDLE_TYPE: Final = "tumen.trust.v1"


class Role(StrEnum):
    """What a key is for; a key has one role for all its life."""

    LOG = "log"
    WITNESS = "witness"
    ISSUER = "issuer"
    BUNDLE = "bundle"


class Jwk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The public key of an issuer of credentials, as JOSE writes it (RFC 7517, RFC 8037)."""

    kty: str
    crv: str
    x: str
    y: str | None = None

    @classmethod
    def of_ed25519(cls, public_key: bytes) -> "Jwk":
        """The JWK of a public key of Ed25519 (RFC 8037 §2)."""
        return cls("OKP", "Ed25519", urlsafe_b64encode(public_key).decode().rstrip("="))

    @property
    def thumbprint(self) -> str:
        """The name of the key: SHA-256 of its fields in order, base64url (RFC 7638)."""
        fields = json.dumps(msgspec.to_builtins(self), sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(fields.encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def public_bytes(self) -> bytes:
        """The coordinates of the key, which :mod:`.bundle_rules` found well-formed."""
        return b"".join(urlsafe_b64decode(each + "=") for each in (self.x, self.y or ""))


class MemberKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public key of a member, and when it is believed.

    Attributes:
        role: what it is for.
        key: C2SP's text ``name+id+base64``; for an issuer a JWK.
        valid_from: the first second at which it counts.
        valid_until: the first second at which it does not; None while no end is set.
        distrusted_after: what it signed later counts for nothing; None while it is trusted.
    """

    role: Role
    key: str | Jwk
    valid_from: datetime
    valid_until: datetime | None
    distrusted_after: datetime | None

    @property
    def key_id(self) -> str:
        """By what it is named: ``name+id`` of a C2SP key, the thumbprint of a JWK."""
        if isinstance(self.key, Jwk):
            return self.key.thumbprint
        name, identity, _ = self.key.split("+", 2)
        return f"{name}+{identity}"

    @property
    def verifier_key(self) -> VerifierKey:
        """The key that verifies notes or cosignatures.

        Raises:
            VerificationError: it is the JWK of an issuer.
        """
        if isinstance(self.key, Jwk):
            raise VerificationError("KEY_ROLE_WRONG", "the key of an issuer signs no notes")
        return VerifierKey.parse(self.key)

    @property
    def fingerprint(self) -> str:
        """What is told by telephone or on paper: SHA-256 of the key's text, or its thumbprint."""
        if isinstance(self.key, Jwk):
            return self.key.thumbprint
        return hashlib.sha256(self.key.encode()).hexdigest()

    def need_valid(self, at: int) -> None:
        """Refuse the key at a POSIX time: too early, too late, or no longer trusted.

        The time must be told by somebody else than the holder of this key, who could write
        any time: a log's by its witnesses, an issuer's by the log.

        Raises:
            VerificationError: with the reason and the days.
        """
        if at < seconds(self.valid_from):
            reason = ("KEY_NOT_YET_VALID", f"is valid only from {self.valid_from:%Y-%m-%d %H:%M}")
        elif self.distrusted_after is not None and at > seconds(self.distrusted_after):
            reason = (
                "KEY_DISTRUSTED",
                f"is distrusted after {self.distrusted_after:%Y-%m-%d %H:%M}",
            )
        elif self.valid_until is not None and at >= seconds(self.valid_until):
            reason = ("KEY_EXPIRED", f"was valid until {self.valid_until:%Y-%m-%d %H:%M}")
        else:
            return
        raise VerificationError(reason[0], f"the key {self.key_id} {reason[1]} UTC")


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An authority or a firm that others rely on, with all the keys that it ever had here."""

    economy: str
    name: str
    keys: tuple[MemberKey, ...]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many economies must have witnessed a log before a type of document is relied on.

    Attributes:
        document_type: what it is about; ``any`` for all that have no policy of their own.
        economies: the *n* economies that count, each once.
        k: how many of them are needed.
        f: how many of them may collude before two views of one log can both reach *k*.
    """

    document_type: str
    economies: tuple[str, ...]
    k: int
    f: int

    @property
    def quorum(self) -> quorum.Policy:
        """The same as the quorum counts it."""
        return quorum.Policy(self.k, self.economies)


class TrustBundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is believed for what, from when to when: one version.

    Attributes:
        version: 1, 2, 3, …
        issued_on: its first day, in UTC.
        expires_on: the last day on which it should be relied on.
        previous: SHA-256 of the text of the version before, in hexadecimal; None for the first.
        members: whose keys they are.
        policies: how many must agree.
        type: what the text is.
    """

    version: int
    issued_on: date
    expires_on: date
    previous: str | None
    members: tuple[Member, ...]
    policies: tuple[Policy, ...]
    type: Literal["tumen.trust.v1"] = BUNDLE_TYPE

    @property
    def text(self) -> str:
        """What is signed, with its last newline."""
        plain = msgspec.to_builtins(self)
        return json.dumps(plain, sort_keys=True, indent=2, ensure_ascii=False) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the text: what the next version names as its previous."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def all_keys(self) -> Iterator[tuple[Member, MemberKey]]:
        """Every key with its member."""
        return ((member, key) for member in self.members for key in member.keys)

    def keys(self, role: Role) -> tuple[tuple[Member, MemberKey], ...]:
        """The keys of a role with their members, whatever their validity."""
        return tuple(each for each in self.all_keys() if each[1].role is role)

    def policy(self, document_type: str) -> Policy:
        """The policy of a type of document, or that of ``any``.

        Raises:
            VerificationError: there is neither.
        """
        found = {each.document_type: each for each in self.policies}
        chosen = found.get(document_type) or found.get("any")
        if chosen is None:
            raise VerificationError(
                "POLICY_MISSING", f"the trust bundle has no policy for {document_type}"
            )
        return chosen

    def need_current(self, day: date) -> None:
        """Refuse a bundle that is not to be relied on on a day.

        Raises:
            VerificationError: ``BUNDLE_NOT_YET_ISSUED`` or ``BUNDLE_EXPIRED``.
        """
        if day < self.issued_on:
            raise VerificationError(
                "BUNDLE_NOT_YET_ISSUED", f"the trust bundle is issued on {self.issued_on}"
            )
        if day > self.expires_on:
            raise VerificationError(
                "BUNDLE_EXPIRED", f"the trust bundle expired on {self.expires_on}"
            )


def seconds(time: datetime) -> int:
    """The POSIX time of a moment in UTC."""
    return calendar.timegm(time.utctimetuple())
