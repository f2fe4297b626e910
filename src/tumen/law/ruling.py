"""What the scalar law answers: charges, status, explanation, and what it was not sure of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

from tumen.law.consignment import Consignment
from tumen.law.explanation import Step

Status = Literal["payable", "exempt", "not_admissible", "unknown"]

CHARGE_CODES: Final = (
    "duty",
    "simplified_duty",
    "postal_tax",
    "single_payment",
    "excise",
    "consumption_tax",
    "individual_consumption_tax",
    "liquor_tax",
    "education_tax",
    "rural_tax",
    "vat",
    "consumption_tax_national",
    "consumption_tax_local",
    "customs_fee",
)
"""Every charge, in the order in which an answer lists them."""

PLACE_OF: Final[Mapping[str, int]] = {code: place for place, code in enumerate(CHARGE_CODES)}
"""The place of each charge in that order."""

GIVEN: Final = "rate given by the filer"
"""Stands where a citation would, for a rate of the shipment itself."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge of one item, or of the whole shipment.

    Attributes:
        code: one of :data:`CHARGE_CODES`.
        item: the item's place; None for what is payable on the whole shipment.
        base: what the rate is applied to, in minor units; None where there is no one base, or it
            is unknown.
        rate: the rate as a reader knows it, such as ``13%`` or ``60% or 4,800 JPY/pair``.
        amount: in minor units of the destination's currency; None is unknown, never zero.
        citations: instruments and articles.
        missing: what is unknown, where the amount is.
    """

    code: str
    item: int | None
    base: int | None
    rate: str | None
    amount: int | None
    citations: tuple[str, ...]
    missing: str | None = None


def on_the_whole(code: str, lines: Sequence[Charge]) -> Charge:
    """The items' charges of one code as one charge on the whole."""
    if len(lines) == 1:
        return replace(lines[0], item=None)
    bases = [each.base for each in lines if each.base is not None]
    amounts = [each.amount for each in lines if each.amount is not None]
    rates = {each.rate for each in lines}
    citations = dict.fromkeys(text for each in lines for text in each.citations)
    missing = next((each.missing for each in lines if each.missing is not None), None)
    return Charge(
        code,
        None,
        sum(bases) if len(bases) == len(lines) else None,
        rates.pop() if len(rates) == 1 else None,
        sum(amounts) if len(amounts) == len(lines) else None,
        tuple(citations),
        missing,
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """A coded remark: a warning, a violation, or the reason why a regime does not apply.

    Attributes:
        code: a key of ``codelist/data/violations.d``.
        path: the field of the native shipment, such as ``items[0].hs``; empty for the whole.
        parameters: what the message is filled with.
    """

    code: str
    path: str = ""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Ruling:
    """What one regime says of a consignment.

    Attributes:
        regime: the regime's name.
        status: ``payable``, ``exempt``, ``not_admissible`` or ``unknown``.
        customs_value: in minor units; None where unknown.
        charges: those of the items (by ``item``), and what is payable on the whole (item None).
        steps: the explanation.
        warnings: what the reader should know; among them every unverified value that was used
            (``LAW_UNVERIFIED``), every indicative or dated tariff (``TARIFF_INDICATIVE``) and
            every rate that is not held (``RATE_UNKNOWN``).
        violations: what must be mended before the law can answer.
    """

    regime: str
    status: Status
    customs_value: int | None
    charges: tuple[Charge, ...]
    steps: tuple[Step, ...]
    warnings: tuple[Notice, ...] = ()
    violations: tuple[Notice, ...] = ()

    @cached_property
    def payable(self) -> tuple[Charge, ...]:
        """The charges on the whole shipment."""
        return tuple(each for each in self.charges if each.item is None)

    @cached_property
    def total(self) -> int | None:
        """The sum of what is payable; None while any of it is unknown, or nothing is admitted."""
        if self.status in {"unknown", "not_admissible"}:
            return None
        amounts = [each.amount for each in self.payable]
        return None if None in amounts else sum(each for each in amounts if each is not None)


@dataclass(frozen=True, slots=True)
class Regime:
    """A way in which goods may enter an economy.

    Attributes:
        name: as the native shipment names it.
        refusals: why a consignment may not take it; empty where it may.
        assess: what the law then says.
        is_elective: whether the importer may take the next regime instead, as a simplified
            tariff leaves the general one open. Else goods that are admitted must take it.
    """

    name: str
    refusals: Callable[[Consignment], tuple[Notice, ...]]
    assess: Callable[[Consignment], Ruling]
    is_elective: bool = False
