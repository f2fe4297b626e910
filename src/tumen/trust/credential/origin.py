"""A certificate of origin, typed: what the forms of RCEP and of the China-Korea FTA ask for.

The names are the boxes' own, in whole words. Amounts and quantities are decimal texts. Which
element stands in which box, and how we know, is a table in docs/certificate-of-origin.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import msgspec

from tumen.kernel.errors import VerificationError

ProducersTold = Literal["named", "same_as_exporter", "confidential", "unknown"]
"""Who produced: the parties are named, or the exporter did, or it is kept back, or not known."""

_PATH: Final = re.compile(r" - at `\$\.?([^`]*)`$")


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a certificate: it has the fields below and no others."""


class Party(_Strict, frozen=True):
    """A party with its address; the economy is an ISO 3166 code."""

    name: str
    address: str
    economy: str


class Transport(_Strict, frozen=True):
    """How the goods travel, as far as it is known when the certificate is issued."""

    departs: date | None = None
    means: str | None = None
    route: str | None = None
    port_of_loading: str | None = None
    port_of_discharge: str | None = None


class Invoice(_Strict, frozen=True):
    """An invoice that the goods are sold under."""

    number: str
    day: date


class Price(_Strict, frozen=True):
    """An amount as a decimal text, and its currency."""

    amount: str
    currency: str


class GoodsLine(_Strict, frozen=True):
    """One goods line.

    Attributes:
        item: its number, from 1.
        description: enough to find the goods by, with number and kind of packages.
        hs: the six digits of the Harmonized System.
        criterion: the origin criterion, by the code of the agreement.
        origin: the economy of origin.
        quantity: a decimal text.
        unit: what it counts, such as ``kg``, ``piece``, ``pair``.
        additions: rules that helped to fulfil the criterion, such as ``ACU``.
        marks: marks and numbers on the packages.
        gross_weight_kg: a decimal text.
        fob: the value free on board, where the criterion is one of value.
        rvc_percent: the regional value content in percent, where the criterion is one of value.
    """

    item: int
    description: str
    hs: str
    criterion: str
    origin: str
    quantity: str
    unit: str
    additions: tuple[str, ...] = ()
    marks: str | None = None
    gross_weight_kg: str | None = None
    fob: Price | None = None
    rvc_percent: str | None = None


class Certificate(_Strict, frozen=True):
    """A certificate of origin.

    Attributes:
        agreement: under which agreement: ``RCEP`` or ``CKFTA``.
        number: unique at the issuing body.
        issued: the day of issue; the certificate's life begins with it.
        importing_economy: where the goods go.
        exporter: who exports.
        consignee: the importer or consignee.
        goods: the goods lines.
        producers: who produced, where they are named.
        producers_told: whether they are, and else why not.
        transport: how the goods travel.
        invoices: what they are sold under.
        remarks: what the forms ask to be said there: third-party invoice, issued retroactively.
    """

    agreement: str
    number: str
    issued: date
    importing_economy: str
    exporter: Party
    consignee: Party
    goods: tuple[GoodsLine, ...]
    producers: tuple[Party, ...] = ()
    producers_told: ProducersTold = "named"
    transport: Transport = Transport()
    invoices: tuple[Invoice, ...] = ()
    remarks: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a certificate.

    Attributes:
        code: a key of ``codelist/data/violations.d``.
        path: the field, such as ``goods[0].hs``; empty for the whole.
        value: what stood there, where that is no party's name or address.
        expected: what would have been right.
    """

    code: str
    path: str
    value: str = ""
    expected: str = ""


class CertificateInvalid(VerificationError):
    """A certificate of origin breaks the rules of its agreement, or has another form."""

    title = "The certificate of origin is not as its agreement asks."
    next_step = "Mend each finding (docs/violations.md tells what each code means)."

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        told = "; ".join(f"{each.code} at {each.path or 'the whole'}" for each in findings)
        super().__init__("CERTIFICATE_INVALID", told)


def certificate_of(fields: Mapping[str, Any]) -> Certificate:
    """The certificate that a JSON object tells; its rules are not checked yet.

    Raises:
        CertificateInvalid: a field is missing, unknown, or of another type.
    """
    try:
        return msgspec.convert(fields, Certificate)
    except msgspec.ValidationError as error:
        told = str(error)
        found = _PATH.search(told)
        path = "" if found is None else found[1]
        expected = _PATH.sub("", told)
        raise CertificateInvalid((Finding("CERTIFICATE_FORM", path, "", expected),)) from None


def fields_of(certificate: Certificate) -> dict[str, Any]:
    """The JSON object of a certificate, without the fields that say nothing."""
    return {
        name: value
        for name, value in _told(msgspec.to_builtins(certificate)).items()
        if value not in ([], {})
    }


def _told(value: Any) -> Any:
    """A value without what is null or an empty list, at every depth."""
    if isinstance(value, dict):
        return {name: _told(each) for name, each in value.items() if each not in (None, [], ())}
    if isinstance(value, list | tuple):
        return [_told(each) for each in value]
    return value
