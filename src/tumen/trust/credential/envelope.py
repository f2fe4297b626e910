"""What stands around a certificate in a credential (W3C VC Data Model 2.0), made and read.

The context is the W3C's and one object of our own, so that nothing is ever fetched: a signature
over the bytes needs no processing of linked data. The identifier of a credential follows from the
issuer and the certificate's number, so that no number is given twice.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime
from typing import Any, Final, TypeVar

import msgspec

from tumen.kernel.errors import VerificationError
from tumen.trust.credential.agreements import agreements
from tumen.trust.credential.origin import Certificate, certificate_of, fields_of

W3C_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
CONTEXT: Final = [W3C_CONTEXT, {"@vocab": "urn:tumen:certificate-of-origin:1:"}]
TYPES: Final = ["VerifiableCredential", "CertificateOfOriginCredential"]
SUBJECT_TYPE: Final = "CertificateOfOrigin"
ENTRY_TYPE: Final = "BitstringStatusListEntry"
REVOCATION: Final = "revocation"

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_TIME_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]{1,200}(?:/[A-Za-z0-9._/-]{0,200})?")
MONTHS: Final = 12

Form = TypeVar("Form")


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who issues: an address as its identifier, and the name of the member in the trust bundle."""

    id: str
    name: str


class StatusEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Where the status of a credential is found (Bitstring Status List v1.0 §2.1)."""

    type: str
    status_purpose: str
    status_list_index: str
    status_list_credential: str

    @property
    def index(self) -> int:
        """The place of its bit."""
        return int(self.status_list_index)


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential of origin as it was read.

    Attributes:
        id: its identifier.
        issuer: who says that it issued it.
        valid_from: the moment of issue, as the issuer tells it.
        valid_until: the first moment at which it is no longer valid.
        status: where its status is found.
        holder: whom it was issued to, as a ``did:jwk``; empty where it is bound to nobody.
        certificate: what it certifies.
    """

    id: str
    issuer: Issuer
    valid_from: datetime
    valid_until: datetime
    status: StatusEntry
    holder: str
    certificate: Certificate


class _Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The names of the payload; there are no others."""

    context: list[Any] = msgspec.field(name="@context")
    id: str
    type: list[str]
    issuer: Issuer
    valid_from: str
    valid_until: str
    credential_status: StatusEntry
    credential_subject: dict[str, Any]


def claims_of(credential: Credential) -> dict[str, Any]:
    """The payload of a credential."""
    return {
        "@context": CONTEXT,
        "id": credential.id,
        "type": TYPES,
        "issuer": msgspec.to_builtins(credential.issuer),
        "validFrom": time_text(credential.valid_from),
        "validUntil": time_text(credential.valid_until),
        "credentialStatus": msgspec.to_builtins(credential.status),
        "credentialSubject": {
            **({"id": credential.holder} if credential.holder else {}),
            "type": SUBJECT_TYPE,
            **fields_of(credential.certificate),
        },
    }


def credential_of(claims: Mapping[str, Any]) -> Credential:
    """The credential of a payload; the rules of the certificate are not checked yet.

    Raises:
        VerificationError: it has another form.
    """
    found = read_claims(claims, _Claims)
    _need(found.context == CONTEXT, "the context is another one")
    _need(found.type == TYPES, "it is no credential of origin")
    subject = dict(found.credential_subject)
    holder = subject.pop("id", "")
    _need(isinstance(holder, str), "the subject's id is no text")
    _need(subject.pop("type", None) == SUBJECT_TYPE, "its subject is no certificate of origin")
    entry = found.credential_status
    _need(
        entry.type == ENTRY_TYPE
        and entry.status_purpose == REVOCATION
        and _INDEX.fullmatch(entry.status_list_index) is not None,
        "its status is in no bitstring list of revocations",
    )
    need_address(found.issuer.id)
    certificate = certificate_of(subject)
    _need(found.id == credential_id(found.issuer.id, certificate.number), "its id is not its own")
    valid_from, valid_until = time_of(found.valid_from), time_of(found.valid_until)
    _need(valid_from < valid_until, "its life ends before it begins")
    return Credential(
        id=found.id,
        issuer=found.issuer,
        valid_from=valid_from,
        valid_until=valid_until,
        status=entry,
        holder=holder,
        certificate=certificate,
    )


def read_claims(claims: Mapping[str, Any], form: type[Form]) -> Form:
    """A payload in a form of its own.

    Raises:
        VerificationError: a name is missing or too many, or a value has another type.
    """
    try:
        return msgspec.convert(claims, form)
    except msgspec.ValidationError as error:
        raise VerificationError("CREDENTIAL_MALFORMED", str(error)) from error


def credential_id(issuer: str, number: str) -> str:
    """The identifier of the credential of a certificate."""
    return f"{issuer}/certificate/{number}"


def end_of_life(agreement: str, issued: date) -> datetime:
    """The first moment at which a certificate is no longer valid.

    The agreements say one year from the day of issue. We let it end as the day of the same date
    begins, in UTC: nobody confirmed that this day still counts.

    >>> end_of_life("RCEP", date(2028, 2, 29))
    datetime.datetime(2029, 2, 28, 0, 0, tzinfo=datetime.timezone.utc)
    """
    ahead = issued.month - 1 + agreements()[agreement].valid_months
    year, month = issued.year + ahead // MONTHS, ahead % MONTHS + 1
    _need(year <= MAXYEAR, "its day of issue is beyond every calendar")
    day = min(issued.day, calendar.monthrange(year, month)[1])
    return datetime(year, month, day, tzinfo=UTC)


def time_text(moment: datetime) -> str:
    """A moment in the one form that we write: whole seconds in UTC."""
    return moment.astimezone(UTC).strftime(_TIME)


def time_of(text: str) -> datetime:
    """The moment of a text in the one form that we read.

    Raises:
        VerificationError: it has another form.
    """
    try:
        if _TIME_FORM.fullmatch(text):
            return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        pass
    raise VerificationError(
        "CREDENTIAL_MALFORMED", f"{text[:40]!r} is no time in whole seconds UTC"
    )


def need_address(address: str) -> None:
    """Refuse an issuer's identifier that is no plain https address; it is never visited.

    Raises:
        VerificationError: it is none.
    """
    _need(
        _ADDRESS.fullmatch(address) is not None and not address.endswith("/"),
        "an issuer is named by a plain https address, without a slash at its end",
    )


def _need(is_so: bool, message: str) -> None:
    if not is_so:
        raise VerificationError("CREDENTIAL_MALFORMED", message)
