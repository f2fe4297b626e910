"""Trust bundles for tests: five economies, each with a key of every role."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tumen.kernel.errors import VerificationError
from tumen.trust.bundle_issue import Dates, issued
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Policy, Role, TrustBundle
from tumen.trust.signer import KeySigner, KeyType, MemorySecret, public_key

ECONOMIES = ("CN", "JP", "KR", "MN", "RU")
START = datetime(2026, 11, 24, tzinfo=UTC)
DATES = Dates(date(2026, 11, 24), date(2027, 11, 24))
POLICIES = (
    Policy("any", ECONOMIES, 4, 2),
    Policy("trust_bundle", ECONOMIES, 3, 0),
)


def secret(economy: str, role: Role, number: int = 1) -> MemorySecret:
    """A secret key that follows from whose it is."""
    return MemorySecret.from_seed(hashlib.sha256(f"{economy} {role} {number}".encode()).digest())


def signer(economy: str, number: int = 1) -> KeySigner:
    """Who signs bundles for an economy."""
    return KeySigner(f"{economy.lower()}.example/bundle", secret(economy, Role.BUNDLE, number))


def member_key(
    economy: str,
    role: Role,
    number: int = 1,
    start: datetime = START,
    until: datetime | None = None,
) -> MemberKey:
    """The public key of an economy for a role."""
    held = secret(economy, role, number)
    if role is Role.ISSUER:
        return MemberKey(role, Jwk.of_ed25519(held.public_key), start, until, None)
    kind = KeyType.COSIGNATURE if role is Role.WITNESS else KeyType.NOTE
    key = public_key(f"{economy.lower()}.example/{role}", kind, held)
    return MemberKey(role, key.vkey, start, until, None)


def member(economy: str) -> Member:
    """A member with a key of every role."""
    return Member(economy, f"Customs of {economy}", tuple(member_key(economy, r) for r in Role))


def bundle(**changed: object) -> TrustBundle:
    """A first version, with some fields changed."""
    fields: dict[str, object] = {
        "version": 1,
        "issued_on": DATES.issued_on,
        "expires_on": DATES.expires_on,
        "previous": None,
        "members": tuple(map(member, ECONOMIES)),
        "policies": POLICIES,
    }
    return TrustBundle(**{**fields, **changed})  # type: ignore[arg-type]


def signed(version: TrustBundle, *economies: str) -> bytes:
    """A version with the signatures of some economies."""
    return issued(version, [signer(each) for each in economies])


def fingerprints(version: TrustBundle, *economies: str) -> list[str]:
    """The fingerprints of the bundle keys of some economies."""
    return [
        key.fingerprint for owner, key in version.keys(Role.BUNDLE) if owner.economy in economies
    ]


def refused(code: str, act: Callable[[], object]) -> None:
    """What must be refused is, with this code."""
    with pytest.raises(VerificationError) as told:
        act()
    assert told.value.code == code, told.value
