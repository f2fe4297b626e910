"""Reads a trust bundle and says whether it is to be believed, offline and without any secret.

1. The bytes are a signed note (C2SP signed-note).
2. Its text is a bundle in its one form, and contradicts itself nowhere.
3. Somebody who is trusted signed it. Who that is, is told in one of two ways:
   a. by fingerprints that came by another way, such as a letter: every one of them is of a
      bundle key in this very version, and signed it; or
   b. by the version before, which is believed already: it is named by its hash, and enough
      of its economies signed with the bundle keys that it lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import TRUST_BUNDLE_BYTES_MAX
from tumen.trust import note
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Policy, Role, TrustBundle, seconds
from tumen.trust.bundle_rules import check
from tumen.trust.note import Note, VerifierKey

__all__ = [
    "Jwk", "Member", "MemberKey", "Policy", "Role", "SignedBundle", "TrustBundle", "chained",
    "parse", "parse_text", "pinned", "seconds", "signers_needed", "succeeding",
]  # fmt: skip

BUNDLE_POLICY: Final = "trust_bundle"
"""The policy that says how many economies must sign the next version."""

INSTANT: Final = timedelta(seconds=1)
"""The days of keys are whole seconds."""


@dataclass(frozen=True, slots=True)
class SignedBundle:
    """A bundle with its signatures, well-formed and not yet believed."""

    bundle: TrustBundle
    note: Note


def parse(data: bytes) -> SignedBundle:
    """Read a signed bundle; nothing is said yet of who signed it (steps 1 and 2).

    Raises:
        VerificationError: the bytes are none.
    """
    if len(data) > TRUST_BUNDLE_BYTES_MAX:
        raise VerificationError(
            "BUNDLE_TOO_LARGE", f"a trust bundle has more than {TRUST_BUNDLE_BYTES_MAX} bytes"
        )
    found = note.parse(data)
    return SignedBundle(parse_text(found.text), found)


def parse_text(text: str) -> TrustBundle:
    """Read the text of a bundle, in its one form.

    Raises:
        VerificationError: it is none.
    """
    try:
        bundle = msgspec.json.decode(text.encode(), type=TrustBundle)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise VerificationError("BUNDLE_MALFORMED", f"this is no trust bundle: {error}") from error
    if bundle.text != text:
        raise VerificationError(
            "BUNDLE_MALFORMED",
            "the trust bundle is not in its one form: sorted keys, every field once, two blanks",
        )
    check(bundle)
    return bundle


def pinned(signed: SignedBundle, fingerprints: Iterable[str]) -> TrustBundle:
    """Believe a version whose bundle keys were told by another way (step 3a).

    Args:
        signed: the version.
        fingerprints: those of bundle keys; a key's own text does as well.

    Raises:
        VerificationError: a key is not in it, did not sign it, or is not to be trusted.
    """
    keys = {key.fingerprint: key for _, key in signed.bundle.keys(Role.BUNDLE)}
    keys |= {str(key.key): key for key in keys.values()}
    wanted = [each.strip() for each in fingerprints]
    if not wanted:
        raise VerificationError("BUNDLE_STRANGER", "no key was told by which to believe the bundle")
    unknown = [each for each in wanted if each not in keys]
    if unknown:
        raise VerificationError(
            "BUNDLE_STRANGER",
            f"the trust bundle has no bundle key with the fingerprint {unknown[0]}",
        )
    for each in wanted:
        _need_usable(keys[each], signed.bundle)
        signed.note.verified_by([keys[each].verifier_key])
    return signed.bundle


def succeeding(signed: SignedBundle, previous: TrustBundle) -> TrustBundle:
    """Believe a version because of the one before it (step 3b).

    Args:
        signed: the version.
        previous: the one before, which is believed.

    Raises:
        VerificationError: it is no newer version, follows another one, or too few signed it.
    """
    bundle = signed.bundle
    if bundle.version <= previous.version:
        raise VerificationError(
            "BUNDLE_DOWNGRADE",
            f"version {bundle.version} is no newer than version {previous.version}, which is held",
        )
    is_next = bundle.version == previous.version + 1 and bundle.issued_on >= previous.issued_on
    if not is_next or bundle.previous != previous.digest:
        raise VerificationError(
            "BUNDLE_CHAIN_BROKEN",
            f"version {bundle.version} does not follow the version {previous.version} that is held",
        )
    usable = usable_keys(previous, bundle)
    signers = _signers(signed.note, list(usable))
    economies = {usable[each] for each in signers}
    counted, k = signers_needed(previous, bundle)
    if len(economies & counted) < k:
        raise VerificationError(
            "BUNDLE_STRANGER",
            f"version {bundle.version} is signed by {len(economies & counted)} of the economies "
            f"{', '.join(sorted(counted))}; version {previous.version} asks for {k}",
        )
    return bundle


def chained(versions: Sequence[bytes], fingerprints: Iterable[str]) -> TrustBundle:
    """Believe the last of several versions: the first by fingerprints, each by the one before.

    Raises:
        VerificationError: a link does not hold, or there is none.
    """
    if not versions:
        raise VerificationError("BUNDLE_CHAIN_BROKEN", "there is no version to begin with")
    bundle = pinned(parse(versions[0]), fingerprints)
    for data in versions[1:]:
        bundle = succeeding(parse(data), bundle)
    return bundle


def signers_needed(previous: TrustBundle, bundle: TrustBundle) -> tuple[set[str], int]:
    """Which economies count for the next version, and how many of them must have signed it.

    The policy ``trust_bundle`` says it; without one, every economy that has a usable bundle
    key must sign, so that none is overruled by a rule that it did not agree to.
    """
    named = [each for each in previous.policies if each.document_type == BUNDLE_POLICY]
    if named:
        return set(named[0].economies), named[0].k
    holders = set(usable_keys(previous, bundle).values())
    return holders, max(1, len(holders))


def usable_keys(previous: TrustBundle, bundle: TrustBundle) -> dict[VerifierKey, str]:
    """The bundle keys of a version that may sign the next one, with their economies."""
    return {
        key.verifier_key: member.economy
        for member, key in previous.keys(Role.BUNDLE)
        if _is_usable(key, bundle)
    }


def _is_usable(key: MemberKey, bundle: TrustBundle) -> bool:
    try:
        _need_usable(key, bundle)
    except VerificationError:
        return False
    return True


def _need_usable(key: MemberKey, bundle: TrustBundle) -> None:
    """Refuse a bundle key that may not sign this version.

    The day of issue is told by who signs. So a distrusted key signs nothing at all: whoever
    stole it could write an earlier day.
    """
    if key.distrusted_after is not None:
        raise VerificationError("KEY_DISTRUSTED", f"the key {key.key_id} is distrusted")
    if key.valid_from.date() > bundle.issued_on:
        raise VerificationError("KEY_NOT_YET_VALID", f"the key {key.key_id} is not valid yet")
    if key.valid_until is not None and (key.valid_until - INSTANT).date() < bundle.issued_on:
        raise VerificationError("KEY_EXPIRED", f"the key {key.key_id} was not valid any more")


def _signers(signed: Note, keys: list[VerifierKey]) -> tuple[VerifierKey, ...]:
    try:
        return signed.verified_by(keys)
    except VerificationError as error:
        if error.code == "SIGNATURE_MISSING":
            return ()
        raise
