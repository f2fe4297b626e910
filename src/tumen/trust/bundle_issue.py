"""Writes the next version of a trust bundle: from a description, or by one change.

Nothing here decides who is to be believed: a version that is written is believed by others
only once enough bundle keys of the version before have signed it (:mod:`.bundle`).
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from tumen.kernel.errors import UsageError, VerificationError
from tumen.trust.bundle import parse
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Policy, Role, TrustBundle
from tumen.trust.bundle_rules import check
from tumen.trust.note import Note, Signature
from tumen.trust.signer import NoteSigner


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a version.

    Attributes:
        issued_on: its first day.
        expires_on: its last.
    """

    issued_on: date
    expires_on: date


class _KeyEntry(msgspec.Struct, forbid_unknown_fields=True):
    role: Role
    key: str | Jwk
    valid_from: datetime
    valid_until: datetime | None = None
    distrusted_after: datetime | None = None


class _MemberEntry(msgspec.Struct, forbid_unknown_fields=True):
    economy: str
    name: str
    keys: tuple[_KeyEntry, ...]


class _Description(msgspec.Struct, forbid_unknown_fields=True):
    expires_on: date
    members: tuple[_MemberEntry, ...]
    policies: tuple[Policy, ...] = ()


def described(text: str, issued_on: date, previous: TrustBundle | None) -> TrustBundle:
    """The version that a description in TOML asks for.

    Args:
        text: members with their keys, policies, and the day of expiry.
        issued_on: the first day of the version.
        previous: the version before, or None.

    Raises:
        UsageError: the description is not understood, or contradicts itself.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), type=_Description)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError(
            f"The description is not understood: {error}",
            next_step="docs/trust-bundle.md has a description with everything in it.",
        ) from error
    members = tuple(
        Member(each.economy, each.name, tuple(map(_key_of, each.keys))) for each in found.members
    )
    dates = Dates(issued_on, found.expires_on)
    return _version(previous, dates, members, found.policies)


def _key_of(entry: _KeyEntry) -> MemberKey:
    return MemberKey(**{name: getattr(entry, name) for name in entry.__struct_fields__})


def first(dates: Dates, member: Member, policies: Iterable[Policy]) -> TrustBundle:
    """The first version of one member's own.

    Raises:
        UsageError: it contradicts itself.
    """
    return _version(None, dates, (member,), tuple(policies))


def with_key(previous: TrustBundle, dates: Dates, member: Member) -> TrustBundle:
    """The next version, where a member has further keys; a new member stands at the end.

    Args:
        previous: the version before.
        dates: of the new one.
        member: the economy and name with the keys to add.

    Raises:
        UsageError: a member of that name is of another economy, or a key is there already.
    """
    known = [each for each in previous.members if each.name == member.name]
    if not known:
        return _version(previous, dates, (*previous.members, member), previous.policies)
    if known[0].economy != member.economy:
        raise UsageError(f"{member.name} is a member of {known[0].economy}, not {member.economy}")
    grown = replace(known[0], keys=(*known[0].keys, *member.keys))
    members = tuple(grown if each is known[0] else each for each in previous.members)
    return _version(previous, dates, members, previous.policies)


def rotated(previous: TrustBundle, dates: Dates, key_id: str, new: MemberKey) -> TrustBundle:
    """The next version, where a key ends at the second at which a new one begins.

    Raises:
        UsageError: there is no such key, or the new one has another role.
    """
    old = _find(previous, key_id)
    if old.role is not new.role:
        raise UsageError(f"the key {key_id} is of a {old.role}, the new one of a {new.role}")
    ended = replace(old, valid_until=new.valid_from)
    return _changed(previous, dates, lambda key: (ended, new) if key is old else (key,))


def begun(bundle: TrustBundle, key_id: str) -> datetime:
    """The first second of a key.

    Raises:
        UsageError: there is no such key.
    """
    return _find(bundle, key_id).valid_from


def distrusted(previous: TrustBundle, dates: Dates, key_id: str, after: datetime) -> TrustBundle:
    """The next version, where what a key signed after a time counts for nothing.

    Raises:
        UsageError: there is no such key, or it is distrusted from an earlier time on.
    """
    old = _find(previous, key_id)
    if old.distrusted_after is not None and old.distrusted_after < after:
        raise UsageError(
            f"the key {key_id} is distrusted after {old.distrusted_after:%Y-%m-%d %H:%M} already",
            next_step="Distrust is never made to begin later; an earlier time can be given.",
        )
    marked = replace(old, distrusted_after=after)
    return _changed(previous, dates, lambda key: (marked,) if key is old else (key,))


def issued(bundle: TrustBundle, signers: Iterable[NoteSigner]) -> bytes:
    """The version with signatures; its bytes are read again before they are given out."""
    lines = [Signature.parse(each.sign(bundle.text).removesuffix("\n")) for each in signers]
    data = Note(bundle.text, tuple(lines)).to_bytes()
    parse(data)
    return data


def cosigned(data: bytes, signer: NoteSigner) -> bytes:
    """A signed version with one more signature; one of the same key is not added twice."""
    found = parse(data).note
    line = Signature.parse(signer.sign(found.text).removesuffix("\n"))
    if line in found.signatures:
        return data
    return Note(found.text, (*found.signatures, line)).to_bytes()


def _find(bundle: TrustBundle, key_id: str) -> MemberKey:
    found = [
        key for _, key in bundle.all_keys() if key_id in (key.key_id, key.fingerprint, key.key)
    ]
    if not found:
        raise UsageError(
            f"No member has the key {key_id}",
            next_step="`tumen trust show` lists the keys by name and id.",
        )
    return found[0]


def _changed(
    previous: TrustBundle, dates: Dates, change: Callable[[MemberKey], tuple[MemberKey, ...]]
) -> TrustBundle:
    members = tuple(
        replace(member, keys=tuple(new for key in member.keys for new in change(key)))
        for member in previous.members
    )
    return _version(previous, dates, members, previous.policies)


def _version(
    previous: TrustBundle | None,
    dates: Dates,
    members: tuple[Member, ...],
    policies: tuple[Policy, ...],
) -> TrustBundle:
    bundle = TrustBundle(
        version=previous.version + 1 if previous else 1,
        issued_on=dates.issued_on,
        expires_on=dates.expires_on,
        previous=previous.digest if previous else None,
        members=members,
        policies=policies,
    )
    try:
        check(bundle)
    except VerificationError as error:
        raise UsageError(
            f"The version would contradict itself ({error.code}): {error}",
            next_step="Mend what is named; nothing was written.",
        ) from error
    return bundle
