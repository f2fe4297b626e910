"""What a trust bundle must fulfil besides its form; the same rules hold when one is issued."""

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import (
    TRUST_KEYS_MAX,
    TRUST_MEMBERS_MAX,
    TRUST_NAME_LENGTH_MAX,
    TRUST_POLICIES_MAX,
    TRUST_VERSION_MAX,
)
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Policy, Role, TrustBundle
from tumen.trust.note import COSIGNATURE_V1, ED25519

COORDINATE_BYTES: Final = 32
ECONOMY: Final = re.compile(r"[A-Z]{2}")
DOCUMENT_TYPE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Characters that are not seen or that turn the writing around: no name has them."""

ALGORITHM: Final = {Role.LOG: ED25519, Role.BUNDLE: ED25519, Role.WITNESS: COSIGNATURE_V1}


def check(bundle: TrustBundle) -> None:
    """Refuse a bundle that contradicts itself.

    Raises:
        VerificationError: the first rule that it breaks.
    """
    _check_head(bundle)
    _need(0 < len(bundle.members) <= TRUST_MEMBERS_MAX, "BUNDLE_TOO_LARGE", "too many members")
    _need_distinct((each.name for each in bundle.members), "BUNDLE_MEMBER_DUPLICATE", "the member")
    for member in bundle.members:
        _check_member(member)
    keys = [key for _, key in bundle.all_keys()]
    _need_distinct((each.key_id for each in keys), "BUNDLE_KEY_DUPLICATE", "the key")
    _need_distinct(map(_material, keys), "BUNDLE_KEY_DUPLICATE", "the same key under two names:")
    _need(
        any(key.role is Role.BUNDLE and key.distrusted_after is None for key in keys),
        "BUNDLE_KEY_MISSING",
        "no key is left that may sign the next version",
    )
    _check_policies(bundle)


def _check_head(bundle: TrustBundle) -> None:
    _need(
        1 <= bundle.version <= TRUST_VERSION_MAX
        and (bundle.version == 1) is not bool(bundle.previous),
        "BUNDLE_VERSION_WRONG",
        "the first version names none before it, every later one does",
    )
    _need(
        bundle.previous is None or DIGEST.fullmatch(bundle.previous) is not None,
        "BUNDLE_VERSION_WRONG",
        "the version before is not named by 64 hexadecimal digits",
    )
    _need(
        bundle.issued_on <= bundle.expires_on,
        "BUNDLE_DATES_WRONG",
        "it expires before it is issued",
    )


def _check_member(member: Member) -> None:
    _need(
        ECONOMY.fullmatch(member.economy) is not None,
        "BUNDLE_MEMBER_INVALID",
        "an economy has two capital letters",
    )
    _need(is_name(member.name), "BUNDLE_MEMBER_INVALID", "a member has no name that can be shown")
    _need(
        0 < len(member.keys) <= TRUST_KEYS_MAX,
        "BUNDLE_TOO_LARGE",
        f"{member.name} has no keys, or more than {TRUST_KEYS_MAX}",
    )
    for key in member.keys:
        _check_key(key)


def is_name(name: str) -> bool:
    """Whether a name can be shown as it is: seen characters, no blank at its ends."""
    return 0 < len(name) <= TRUST_NAME_LENGTH_MAX and name == name.strip() and not _has_unseen(name)


def _has_unseen(text: str) -> bool:
    return any(unicodedata.category(each) in UNSEEN for each in text)


def _check_key(key: MemberKey) -> None:
    if isinstance(key.key, Jwk):
        _need(key.role is Role.ISSUER, "BUNDLE_KEY_INVALID", "only an issuer's key is a JWK")
        _check_jwk(key.key)
    else:
        found = key.verifier_key
        _need(
            ALGORITHM.get(key.role) == found.algorithm,
            "BUNDLE_KEY_INVALID",
            f"the key {key.key_id} is of another type than a {key.role} has",
        )
        _need(not _has_unseen(found.name), "BUNDLE_KEY_INVALID", "a key's name cannot be shown")
    times = (key.valid_from, key.valid_until, key.distrusted_after)
    _need(
        all(map(_is_second, times)),
        "BUNDLE_KEY_DATES_WRONG",
        "a time is not in whole seconds of UTC",
    )
    _need(
        key.valid_until is None or key.valid_from < key.valid_until,
        "BUNDLE_KEY_DATES_WRONG",
        f"the key {key.key_id} ends before it begins",
    )


def _is_second(time: datetime | None) -> bool:
    return time is None or (time.utcoffset() == timedelta() and time.microsecond == 0)


def _check_jwk(jwk: Jwk) -> None:
    """A key of Ed25519 or P-256, in the one form that it has (RFC 7518 §6.2, RFC 8037 §2)."""
    is_known = (jwk.kty, jwk.crv, jwk.y is None) in {
        ("OKP", "Ed25519", True),
        ("EC", "P-256", False),
    }
    _need(is_known, "BUNDLE_KEY_INVALID", "the JWK is neither of Ed25519 nor of P-256")
    numbers = [_coordinate(each) for each in (jwk.x, jwk.y) if each is not None]
    if jwk.kty == "EC":
        x, y = (int.from_bytes(each, "big") for each in numbers)
        try:
            EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
        except ValueError as error:
            raise VerificationError("BUNDLE_KEY_INVALID", "the JWK is no point of P-256") from error


def _coordinate(text: str) -> bytes:
    """The 32 bytes of a coordinate in base64url without padding, in its canonical form."""
    try:
        plain = urlsafe_b64decode(text.encode("ascii") + b"=")
    except ValueError:
        plain = b""
    is_canonical = urlsafe_b64encode(plain).decode().rstrip("=") == text
    _need(
        len(plain) == COORDINATE_BYTES and is_canonical,
        "BUNDLE_KEY_INVALID",
        "a coordinate of the JWK has not 32 bytes in base64url",
    )
    return plain


def _material(key: MemberKey) -> str:
    """The bytes of a key without its name and role: what no other key may have."""
    found = key.key.public_bytes if isinstance(key.key, Jwk) else key.verifier_key.public_key
    return found.hex()


def _check_policies(bundle: TrustBundle) -> None:
    _need(len(bundle.policies) <= TRUST_POLICIES_MAX, "BUNDLE_TOO_LARGE", "too many policies")
    _need_distinct(
        (each.document_type for each in bundle.policies), "BUNDLE_POLICY_INVALID", "the policy of"
    )
    known = {each.economy for each in bundle.members}
    for policy in bundle.policies:
        _check_policy(policy, known)


def _check_policy(policy: Policy, known: set[str]) -> None:
    code, name, n = "BUNDLE_POLICY_INVALID", policy.document_type, len(policy.economies)
    _need(DOCUMENT_TYPE.fullmatch(name) is not None, code, "a policy has no type of document")
    _need_distinct(policy.economies, code, f"in the policy of {name}, the economy")
    strangers = sorted(set(policy.economies) - known)
    _need(not strangers, code, f"the policy of {name} counts on {strangers}, which have no member")
    _need(0 < policy.k <= n and 0 <= policy.f < n, code, f"the numbers of {name} do not fit")
    _need(
        policy.quorum.withstands(policy.f),
        code,
        f"the policy of {name} cannot bear {policy.f} colluders: k > (n + f) / 2 must hold",
    )


def _need(holds: bool, code: str, message: str) -> None:
    if not holds:
        raise VerificationError(code, message)


def _need_distinct(values: Iterable[str], code: str, what: str) -> None:
    twice = next(_repeated(values), None)
    _need(twice is None, code, f"{what} {twice} stands twice")


def _repeated(values: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for each in values:
        if each in seen:
            yield each
        seen.add(each)
