"""Says offline whether a credential of origin is to be relied on, and as of when.

1. The compact JWS is opened strictly and its signature holds (:mod:`.jose`), under a key that the
   trust bundle lists for an issuer.
2. Payload, life and rules of the certificate (:mod:`.envelope`, :mod:`.origin_rules`). The issuer
   is named as the member that has the key, and the goods leave that member's economy.
3. The key was believed when it signed. That moment is the issuer's own word, so of a distrusted
   key nothing counts but what a log is proven to have held before the distrust.
4. It is neither expired nor from the future.
5. Its bit in the member's status lists. What was revoked once stays revoked; how old the newest
   list is decides between *valid* and *valid, but its status is old*.

What is not said: that the statement is true, or that a court must accept it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import (
    CLOCK_SKEW_SECONDS_MAX,
    CREDENTIAL_BYTES_MAX,
    STATUS_AGE_DAYS_MAX,
    STATUS_LISTS_MAX,
)
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Role, TrustBundle, seconds
from tumen.trust.credential.encoding import from_json
from tumen.trust.credential.envelope import Credential, credential_of, end_of_life
from tumen.trust.credential.jose import Opened, opened, verify_signature
from tumen.trust.credential.origin import CertificateInvalid
from tumen.trust.credential.origin_rules import exporting_economy, findings
from tumen.trust.credential.status import StatusList, status_list_of

SKEW: Final = timedelta(seconds=CLOCK_SKEW_SECONDS_MAX)
STATUS_AGE_MAX: Final = timedelta(days=STATUS_AGE_DAYS_MAX)


class Answer(StrEnum):
    """The three answers."""

    VALID = "valid"
    STATUS_OLD = "valid_status_old"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known where the question is asked.

    Attributes:
        bundle: who is believed; the caller has found it believable and current.
        now: the moment of the question.
        statuses: status lists at hand, as compact tokens.
        status_age_max: how old the newest list may be.
        logged_at: by when a witnessed log is proven to have held this credential; None if unknown.
    """

    bundle: TrustBundle
    now: datetime
    statuses: Sequence[bytes] = ()
    status_age_max: timedelta = STATUS_AGE_MAX
    logged_at: datetime | None = None

    def with_statuses(self, *tokens: bytes) -> "Situation":
        """With more status lists at hand."""
        return replace(self, statuses=(*self.statuses, *tokens))

    def logged_by(self, moment: datetime | None) -> "Situation":
        """With the moment by which a log is proven to have held the credential."""
        return replace(self, logged_at=moment)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a credential.

    Attributes:
        answer: one of three.
        code: why it is not simply valid; empty where it is.
        reason: the same in words.
        credential: what it says; None where it could not be read or its signature fails.
        member: who issued it.
        content_hash: SHA-256 of what is signed. A credential is known by its issuer, its
            identifier and this, never by its text.
        status_as_of: the moment of the newest status list; None where there is none.
        notes: why a status list at hand was not counted.
    """

    answer: Answer
    code: str = ""
    reason: str = ""
    credential: Credential | None = None
    member: Member | None = None
    content_hash: str = ""
    status_as_of: datetime | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def identity(self) -> tuple[str, str, str]:
        """By what it is known: issuer, identifier, hash of what is signed."""
        issuer = "" if self.member is None else self.member.name
        return issuer, "" if self.credential is None else self.credential.id, self.content_hash


def check(token: bytes, situation: Situation) -> Verdict:
    """Say whether a credential is to be relied on; any bytes have an answer."""
    try:
        found = _signed(token, situation.bundle)
    except VerificationError as error:
        return Verdict(Answer.INVALID, error.code, str(error))
    try:
        credential = _believed(found, situation)
    except VerificationError as error:
        told = None if isinstance(error, CertificateInvalid) else _readable(found)
        return Verdict(
            Answer.INVALID, error.code, str(error), told, found.member, found.token.content_hash
        )
    return _with_status(credential, found, situation)


def read_status(token: bytes, situation: Situation) -> tuple[StatusList, Member]:
    """A status list, and whose it is; its signature holds and it is not from the future.

    Raises:
        VerificationError: it is not to be believed.
    """
    found = _signed(token, situation.bundle)
    listed = status_list_of(found.payload)
    _need_issuer(listed.issuer.name, found.member)
    _need_past(listed.issued_at, situation)
    _need_key(found.key, listed.issued_at, None)
    return listed, found.member


@dataclass(frozen=True, slots=True)
class _Signed:
    """A token whose signature holds: by whom, with which key."""

    token: Opened
    payload: dict[str, object]
    member: Member
    key: MemberKey


def _signed(token: bytes, bundle: TrustBundle) -> _Signed:
    """1. The signature, under a key that the bundle lists for an issuer."""
    found = opened(token)
    member, key, jwk = _key_of(found.key_id, bundle)
    verify_signature(found, jwk)
    return _Signed(found, from_json(found.payload, CREDENTIAL_BYTES_MAX, "payload"), member, key)


def _key_of(key_id: str, bundle: TrustBundle) -> tuple[Member, MemberKey, Jwk]:
    for member, key in bundle.keys(Role.ISSUER):
        if isinstance(key.key, Jwk) and key.key_id == key_id:
            return member, key, key.key
    told = key_id[:64]
    raise VerificationError("KEY_UNKNOWN", f"no issuer of the trust bundle has the key {told!r}")


def _readable(found: _Signed) -> Credential | None:
    try:
        return credential_of(found.payload)
    except VerificationError:
        return None


def _believed(found: _Signed, situation: Situation) -> Credential:
    credential = credential_of(found.payload)
    # 2. The certificate, and who may certify it.
    wrong = findings(credential.certificate)
    if wrong:
        raise CertificateInvalid(wrong)
    _need_issuer(credential.issuer.name, found.member)
    exporting = exporting_economy(credential.certificate)
    if exporting != found.member.economy:
        raise VerificationError(
            "ISSUER_ECONOMY", f"a body of {found.member.economy} certifies goods from {exporting}"
        )
    # 3. The key when it signed.
    _need_key(found.key, credential.valid_from, situation.logged_at)
    # 4. Its life.
    _need_past(credential.valid_from, situation)
    latest = end_of_life(credential.certificate.agreement, credential.certificate.issued)
    if credential.valid_until > latest:
        raise VerificationError(
            "LIFE_TOO_LONG", f"the agreement lets it live until {latest:%Y-%m-%d}"
        )
    if situation.now >= credential.valid_until:
        ended = f"it was valid until {credential.valid_until:%Y-%m-%d %H:%M} UTC"
        raise VerificationError("CREDENTIAL_EXPIRED", ended)
    return credential


def _need_issuer(name: str, member: Member) -> None:
    if name != member.name:
        raise VerificationError("ISSUER_WRONG", "it names another issuer than the key's owner")


def _need_past(moment: datetime, situation: Situation) -> None:
    if moment > situation.now + SKEW:
        raise VerificationError("FROM_THE_FUTURE", f"it begins only at {moment:%Y-%m-%d %H:%M} UTC")


def _need_key(key: MemberKey, moment: datetime, logged_at: datetime | None) -> None:
    """Refuse a key that was not believed when it signed.

    The moment is told by whoever signs; a thief would tell an earlier one. So a distrusted key
    counts only by a log's word.
    """
    if key.distrusted_after is not None:
        if logged_at is None:
            told = f"the key is distrusted after {key.distrusted_after:%Y-%m-%d %H:%M} UTC, and no "
            raise VerificationError("KEY_DISTRUSTED", told + "log proves that it signed before")
        moment = max(moment, logged_at)
    key.need_valid(seconds(moment.astimezone(UTC)))


def _with_status(credential: Credential, found: _Signed, situation: Situation) -> Verdict:
    """5. Revoked for ever, or known as of the newest list."""
    lists, notes = _lists(credential, found.member, situation)
    newest: datetime | None = max((each.issued_at for each in lists), default=None)
    answer, code, reason = _answer(credential, lists, newest, situation)
    return Verdict(
        answer, code, reason, credential, found.member, found.token.content_hash, newest, notes
    )


def _answer(
    credential: Credential,
    lists: Sequence[StatusList],
    newest: datetime | None,
    situation: Situation,
) -> tuple[Answer, str, str]:
    try:
        revoked = [each for each in lists if each.is_revoked(credential.status.index)]
    except VerificationError as error:
        return Answer.INVALID, error.code, str(error)
    if revoked:
        since = min(each.issued_at for each in revoked)
        told = f"the issuer revoked it: it stands in its list of {since:%Y-%m-%d %H:%M} UTC"
        return Answer.INVALID, "CREDENTIAL_REVOKED", told
    if newest is None:
        return Answer.STATUS_OLD, "STATUS_ABSENT", "no status list of its issuer is at hand"
    if situation.now - newest > situation.status_age_max:
        told = f"the newest status list is of {newest:%Y-%m-%d %H:%M} UTC"
        return Answer.STATUS_OLD, "STATUS_OLD", told
    return Answer.VALID, "", ""


def _lists(
    credential: Credential, member: Member, situation: Situation
) -> tuple[list[StatusList], tuple[str, ...]]:
    """The lists at hand that are this credential's, and why the others are not counted."""
    found: list[StatusList] = []
    notes: list[str] = []
    for token in _first(situation.statuses):
        try:
            listed, owner = read_status(token, situation)
        except VerificationError as error:
            notes.append(f"{error.code}: {error}")
            continue
        if (owner.name, listed.id) == (member.name, credential.status.status_list_credential):
            found.append(listed)
        else:
            notes.append("STATUS_OTHER: a status list at hand is another one")
    return found, tuple(notes)


def _first(statuses: Iterable[bytes]) -> list[bytes]:
    return list(statuses)[:STATUS_LISTS_MAX]
