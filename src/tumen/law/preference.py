"""Preferential rates of duty: whether a claim holds, and what the tariff then prints.

A claim holds if

1. the agreement is one of the destination's, and in force with the country of origin on the day;
2. the goods came directly, where that is asked for;
3. there is a proof of origin of a kind that it accepts, or the value is so small that none is
   asked for.

What fails is told; then, and where the preferential rate is not held, the goods have the rate
without preference. What each agreement asks for stands in the economy's own parameters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from tumen.law.certified import CERTIFICATE, objections
from tumen.law.consignment import Goods, Preference, TariffRate
from tumen.law.explanation import Unknown
from tumen.law.parameters import Value, parameters
from tumen.law.settlement import Settlement

PROOFS: Final = frozenset({"certificate", "declaration", "importer"})
"""The kinds of proof that have a parameter of their own."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an agreement asks for, by the names of parameters.

    Attributes:
        origins: of the agreement with an origin; its value is true, or lists the origin, perhaps
            with the column of the tariff (``CN:FCN1``).
        columns: the tariff's column for an origin, where no parameter names it.
        transport: that the goods come directly; empty where nobody asks.
        proof: of the proofs that are accepted, a list of kinds; with ``{}`` for the kind, one
            parameter for each. Empty where any proof will do.
        is_proof_asked: whether a proof is asked for at all.
        waiver: of the value up to which no proof is asked; empty where there is none.
    """

    origins: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)
    transport: str = ""
    proof: str = ""
    is_proof_asked: bool = True
    waiver: str = ""


def agreement_of(
    prefix: str,
    origins: Iterable[str],
    *,
    names: Mapping[str, str],
    columns: Mapping[str, str] | None = None,
) -> Agreement:
    """An agreement whose parameters begin alike.

    Args:
        prefix: how they begin, such as ``cn.preference.rcep``.
        origins: the countries of origin.
        names: what follows, of ``origin`` (``{}`` stands for the country), ``transport``,
            ``proof`` and ``waiver``; one that the law does not hold is left out.
        columns: see :class:`Agreement`.
    """
    full = {key: f"{prefix}.{name}" for key, name in names.items()}
    return Agreement(
        origins={each: full["origin"].format(each.lower()) for each in origins},
        columns=columns or {},
        transport=full.get("transport", ""),
        proof=full.get("proof", ""),
        waiver=full.get("waiver", ""),
    )


@dataclass(frozen=True, slots=True)
class Preferred:
    """A preferential rate that is claimed, due and held; and the agreement's citation."""

    rate: TariffRate
    citation: str


def preferential(
    settlement: Settlement,
    goods: Goods,
    agreements: Mapping[str, Agreement],
    value: int | Fraction,
) -> Preferred | None:
    """The preferential rate that is claimed and due; None where there is none.

    Args:
        settlement: takes the step and the warnings.
        goods: an item.
        agreements: those of the destination, by name.
        value: what the waiver of the proof is compared with, in minor units.
    """
    claim = settlement.consignment.preference
    if claim is None:
        return None
    claim = replace(claim, agreement=_named(claim.agreement, agreements))
    found = _Claim(settlement, goods, claim, agreements.get(claim.agreement), value)
    reasons = list(found.reasons())
    if reasons:
        at_item = f"items[{goods.place}].origin"
        path = at_item if reasons == ["origin"] else "preference"
        told = {"value": claim.agreement, "expected": ", ".join(reasons)}
        settlement.warn("PREFERENCE_REFUSED", path, **told)
        return None
    column = found.column()
    settlement.why.say(
        "preference",
        goods.place,
        "agreement in force with the origin, direct transport, proof",
        f"{claim.agreement}, origin {goods.origin}, proof {found.told_proof()}: "
        f"{f'column {column}' if column else 'its rates are not held'}",
        found.citation(),
    )
    rate = goods.tariff.get(column)
    if rate is None or rate.terms is None:
        path = f"items[{goods.place}].hs"
        settlement.warn("PREFERENCE_RATE_NOT_HELD", path, value=claim.agreement, expected=column)
        return None
    return Preferred(rate, found.citation())


def _named(told: str, agreements: Iterable[str]) -> str:
    """An agreement's own name, whatever letters it was told in; what is none of them as told."""
    return next((each for each in agreements if each.casefold() == told.casefold()), told)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim for one item."""

    settlement: Settlement
    goods: Goods
    preference: Preference
    agreement: Agreement | None
    value: int | Fraction

    def reasons(self) -> Iterator[str]:
        """What speaks against it, in the order of the conditions."""
        agreement, why = self.agreement, self.settlement.why
        if agreement is None:
            self._proof()  # a certificate that does not do is told whatever else is wrong
            yield "agreement"
            return
        name = agreement.origins.get(self.goods.origin or "")
        if name is None:
            yield "origin"
            return
        if not why.holds(name) or not _names(why.value(name), self.goods.origin or ""):
            yield "not_in_force"
            return
        if agreement.transport and not self._is_direct(agreement.transport):
            yield "direct_transport"
        if agreement.is_proof_asked and not self._is_proven(agreement):
            yield "proof"

    def _is_direct(self, name: str) -> bool:
        """2. Told, and what the agreement asks for is held."""
        return self.preference.direct_transport is True and self.settlement.why.holds(name)

    def _is_proven(self, agreement: Agreement) -> bool:
        """3. By a proof of an accepted kind, else by the small value."""
        proof, why = self._proof(), self.settlement.why
        if proof is not None and not agreement.proof:
            return True
        if proof in PROOFS:
            name = agreement.proof.format(proof)
            if why.holds(name) and _names(why.value(name), proof):
                return True
        return bool(agreement.waiver) and self._is_waived(agreement.waiver)

    def _proof(self) -> str | None:
        """The kind of proof; none where a certificate was shown that does not do, which is told."""
        found = self._objections()
        if found:
            path = f"items[{self.goods.place}].origin"
            self.settlement.warn("CERTIFICATE_NOT_PROOF", path, value=", ".join(found))
        return None if found else self._shown()

    def _objections(self) -> list[str]:
        """Why a certificate that was shown is no proof; empty where none was, or it is."""
        claim = self.preference
        if claim.certified is None:
            return []
        consignment = self.settlement.consignment
        return list(objections(claim.certified, claim.agreement, consignment, self.goods))

    def _shown(self) -> str | None:
        return self.preference.proof if self.preference.certified is None else CERTIFICATE

    def told_proof(self) -> str:
        """By what the claim is proven, or that no proof was asked for."""
        return (None if self._objections() else self._shown()) or "not asked"

    def _is_waived(self, name: str) -> bool:
        """3. Up to a value in the destination's currency, or in dollars."""
        settlement = self.settlement
        try:
            limit = settlement.why.value(name)
            value = Fraction(self.value)
            if parameters()[name].unit == "cent":
                value = settlement.cents(value)
        except Unknown:
            return False
        return value <= limit.integer

    def column(self) -> str:
        """The column of the tariff, or nothing where its rates are not held."""
        if self.agreement is None or self.goods.origin is None:
            return ""
        listed = str(self.settlement.why.value(self.agreement.origins[self.goods.origin]).scalar)
        pairs = dict(each.partition(":")[::2] for each in listed.split())
        named = pairs.get(self.goods.origin, "")
        return named or self.agreement.columns.get(self.goods.origin, "")

    def citation(self) -> str:
        """Where the agreement is in force from, and that the goods must come directly."""
        if self.agreement is None or self.goods.origin is None:
            return ""
        names = (self.agreement.origins[self.goods.origin], self.agreement.transport)
        return "; ".join(self.settlement.why.cite(each) for each in names if each)


def _names(value: Value, word: str) -> bool:
    """Whether a parameter is true, or lists a word (perhaps with more behind a colon)."""
    if isinstance(value.scalar, bool):
        return value.scalar
    words = str(value.scalar).replace(",", " ").split()
    return word in {each.partition(":")[0] for each in words}
