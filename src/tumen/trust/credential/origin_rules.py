"""The rules of a certificate of origin: every fault is found, none hides another.

What a rule rests on stands in ``data/agreements.toml``; what each code means, in
docs/violations.md. A name or an address is never part of a finding.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from tumen.codelist.currencies import currencies
from tumen.codelist.iso_countries import countries
from tumen.kernel.limits import CERTIFICATE_GOODS_MAX, TEXT_LENGTH_MAX
from tumen.trust.credential.agreements import Agreement, agreements
from tumen.trust.credential.origin import Certificate, Finding, GoodsLine, Party

NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,34}")
"""A certificate's number: letters, digits, and signs that a web address may hold."""

_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,5})?")
_UNIT: Final = re.compile(r"[a-z][a-z0-9]{0,11}")
_HS: Final = re.compile(r"[0-9]{6}")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
_JOINERS: Final = frozenset("\u200c\u200d")
_CHAPTERS: Final = frozenset(range(1, 98)) - {77}
_HUNDRED: Final = Fraction(100)


def findings(certificate: Certificate, today: date | None = None) -> tuple[Finding, ...]:
    """What is wrong with a certificate; nothing where all is well.

    Args:
        certificate: as it was read.
        today: the day on which it is issued; without it the day of issue is not judged.
    """
    agreement = agreements().get(certificate.agreement)
    if agreement is None:
        known = ", ".join(agreements())
        told = certificate.agreement[:20]
        return (Finding("CERTIFICATE_AGREEMENT", "agreement", told, known),)
    return tuple(
        found for rule in _RULES for found in rule(certificate, agreement)
    ) + tuple(_day(certificate, today))  # fmt: skip


def exporting_economy(certificate: Certificate) -> str:
    """Where the goods are exported from: its issuing body issues the certificate."""
    return certificate.exporter.economy


def positive(text: str) -> Fraction | None:
    """The number of a decimal text above zero; None for anything else.

    >>> positive("12.50"), positive("012"), positive("0.00")
    (Fraction(25, 2), None, None)
    """
    value = Fraction(text) if _DECIMAL.fullmatch(text) else Fraction(0)
    return value or None


def _number(certificate: Certificate, _: Agreement) -> Iterator[Finding]:
    if not NUMBER.fullmatch(certificate.number):
        yield Finding("CERTIFICATE_NUMBER", "number", certificate.number[:40], NUMBER.pattern)


def _day(certificate: Certificate, today: date | None) -> Iterator[Finding]:
    if today is not None and certificate.issued > today:
        yield Finding("CERTIFICATE_DAY", "issued", str(certificate.issued), f"up to {today}")
    for place, invoice in enumerate(certificate.invoices):
        if today is not None and invoice.day > today:
            path = f"invoices[{place}].day"
            yield Finding("CERTIFICATE_DAY", path, str(invoice.day), f"up to {today}")


def _economies(certificate: Certificate, agreement: Agreement) -> Iterator[Finding]:
    exporting, importing = exporting_economy(certificate), certificate.importing_economy
    parties = ", ".join(sorted(agreement.economies))
    for path, economy in (("exporter.economy", exporting), ("importing_economy", importing)):
        if economy not in agreement.economies:
            yield Finding("CERTIFICATE_ECONOMY", path, economy[:8], parties)
    if exporting == importing:
        yield Finding("CERTIFICATE_ECONOMY", "importing_economy", importing[:8], "another one")


def _parties(certificate: Certificate, _: Agreement) -> Iterator[Finding]:
    named: list[tuple[str, Party]] = [
        ("exporter", certificate.exporter),
        ("consignee", certificate.consignee),
    ]
    named += [(f"producers[{place}]", each) for place, each in enumerate(certificate.producers)]
    for path, party in named:
        yield from _text(f"{path}.name", party.name)
        yield from _text(f"{path}.address", party.address)
        if party.economy not in countries():
            yield Finding("CERTIFICATE_ECONOMY", f"{path}.economy", party.economy[:8], "ISO 3166")
    if (certificate.producers_told == "named") is not bool(certificate.producers):
        told = certificate.producers_told
        yield Finding("CERTIFICATE_PRODUCER", "producers", told, "names, or why there are none")


def _texts(certificate: Certificate, _: Agreement) -> Iterator[Finding]:
    transport = certificate.transport
    told = {
        "remarks": certificate.remarks,
        "transport.means": transport.means,
        "transport.route": transport.route,
        "transport.port_of_loading": transport.port_of_loading,
        "transport.port_of_discharge": transport.port_of_discharge,
    }
    told |= {f"invoices[{place}].number": each.number
             for place, each in enumerate(certificate.invoices)}  # fmt: skip
    for path, text in told.items():
        if text is not None:
            yield from _text(path, text)


def _goods(certificate: Certificate, agreement: Agreement) -> Iterator[Finding]:
    lines, most = certificate.goods, agreement.items_max_on(certificate.issued)
    most = CERTIFICATE_GOODS_MAX if most is None else most
    if not 0 < len(lines) <= most:
        yield Finding("CERTIFICATE_GOODS", "goods", str(len(lines)), f"1 to {most}")
        return
    for place, line in enumerate(lines):
        if line.item != place + 1:
            path = f"goods[{place}].item"
            yield Finding("CERTIFICATE_GOODS", path, str(line.item), str(place + 1))
        for rule in (_line, _criterion, _value):
            yield from rule(f"goods[{place}].", line, agreement)
        if agreement.is_origin_the_exporter and line.origin != exporting_economy(certificate):
            path, exporting = f"goods[{place}].origin", exporting_economy(certificate)
            yield Finding("CERTIFICATE_ORIGIN", path, line.origin[:8], exporting)


def _line(path: str, line: GoodsLine, agreement: Agreement) -> Iterator[Finding]:
    yield from _text(f"{path}description", line.description)
    if line.marks is not None:
        yield from _text(f"{path}marks", line.marks)
    if not _HS.fullmatch(line.hs) or int(line.hs[:2]) not in _CHAPTERS:
        yield Finding("CERTIFICATE_HS", f"{path}hs", line.hs[:12], "six digits, chapters 01 to 97")
    if line.origin not in agreement.economies:
        parties = ", ".join(sorted(agreement.economies))
        yield Finding("CERTIFICATE_ORIGIN", f"{path}origin", line.origin[:8], parties)
    if positive(line.quantity) is None:
        yield Finding("CERTIFICATE_QUANTITY", f"{path}quantity", line.quantity[:20], "above zero")
    if not _UNIT.fullmatch(line.unit):
        yield Finding("CERTIFICATE_QUANTITY", f"{path}unit", line.unit[:20], "a word such as kg")
    weight = line.gross_weight_kg
    if weight is not None and positive(weight) is None:
        yield Finding("CERTIFICATE_QUANTITY", f"{path}gross_weight_kg", weight[:20], "above zero")


def _criterion(path: str, line: GoodsLine, agreement: Agreement) -> Iterator[Finding]:
    if line.criterion not in agreement.criteria:
        known = ", ".join(agreement.criteria)
        yield Finding("CERTIFICATE_CRITERION", f"{path}criterion", line.criterion[:12], known)
    told = line.additions
    if not set(told) <= agreement.additions or len(set(told)) < len(told):
        known = ", ".join(sorted(agreement.additions)) or "none"
        yield Finding("CERTIFICATE_CRITERION", f"{path}additions", ", ".join(told)[:40], known)


def _value(path: str, line: GoodsLine, agreement: Agreement) -> Iterator[Finding]:
    """The value free on board where the criterion asks for it (RCEP form, box 12)."""
    criterion = agreement.criteria.get(line.criterion)
    if criterion is not None and criterion.is_value_asked and line.fob is None:
        yield Finding("CERTIFICATE_VALUE", f"{path}fob", "", f"asked by {criterion.code}")
    if line.fob is not None:
        if positive(line.fob.amount) is None:
            told = line.fob.amount[:20]
            yield Finding("CERTIFICATE_VALUE", f"{path}fob.amount", told, "above zero")
        if line.fob.currency not in currencies():
            told = line.fob.currency[:8]
            yield Finding("CERTIFICATE_VALUE", f"{path}fob.currency", told, "ISO 4217")
    if line.rvc_percent is not None and criterion is not None:
        share = positive(line.rvc_percent)
        least = agreement.value_content_min if criterion.is_value_asked else None
        if share is None or share > _HUNDRED or (least is not None and share < least):
            told, wanted = line.rvc_percent[:20], f"{least or 0} to 100"
            yield Finding("CERTIFICATE_VALUE", f"{path}rvc_percent", told, wanted)


def _text(path: str, text: str) -> Iterator[Finding]:
    """A text that is shown to an officer: not empty, not too long, nothing hidden in it.

    Controls of direction and other signs without a shape could show another text than is signed.
    """
    is_hidden = any(unicodedata.category(each) in _HIDDEN and each not in _JOINERS for each in text)
    if not text.strip() or text != text.strip() or len(text) > TEXT_LENGTH_MAX or is_hidden:
        most = f"1 to {TEXT_LENGTH_MAX} visible characters"
        yield Finding("CERTIFICATE_TEXT", path, f"{len(text)} characters", most)


_RULES: Final[tuple[Callable[[Certificate, Agreement], Iterator[Finding]], ...]] = (
    _number,
    _economies,
    _parties,
    _texts,
    _goods,
)
