"""What an assessment under the law of China collects, and the ruling that is made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tumen.law.cn.declared import class_of
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.goods import GoodsClass
from tumen.law.ruling import Charge, Notice, Ruling, Status

NOT_IN_FORCE: Final = Notice("LAW_NOT_IN_FORCE", "date")


@dataclass(slots=True)
class Findings:
    """The steps, the doubts and the remarks of one assessment.

    Attributes:
        consignment: what is assessed.
        why: the explanation; it also notes the parameters that were used.
        doubts: what is used and not verified besides the parameters, such as ``cn.vat.goods``.
        notices: remarks for the reader.
    """

    consignment: Consignment
    why: Explanation
    doubts: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)

    def class_of(self, tax: str, goods: Goods) -> GoodsClass | None:
        """The class of an item for a tax; notes a doubtful mapping. Raises :class:`Unknown`."""
        found = class_of(tax, goods, self.why.day)
        if found is not None and not found.is_verified:
            self.doubts.add(f"{tax}.goods")
        return found

    def warnings(self) -> tuple[Notice, ...]:
        """The remarks, each once, and before them what the answer rests on unverified."""
        names = sorted({*self.why.unverified(), *self.doubts})
        rest = tuple({_key(each): each for each in self.notices}.values())
        if not names:
            return rest
        return (Notice("LAW_UNVERIFIED", "", {"parameters": ", ".join(names)}), *rest)

    def ruling(self, regime: str, value: int | None, charges: Sequence[Charge]) -> Ruling:
        """The ruling of charges of which those on the whole shipment have no item."""
        status = status_of(each for each in charges if each.item is None)
        steps = tuple(self.why.steps)
        return Ruling(regime, status, value, tuple(charges), steps, self.warnings())

    def refused(self, regime: str, violations: Sequence[Notice]) -> Ruling:
        """The ruling where the regime does not admit the consignment."""
        steps = tuple(self.why.steps)
        violated = tuple(violations)
        return Ruling(regime, "not_admissible", None, (), steps, self.warnings(), violated)

    def unknown(self, regime: str, missing: Unknown, codes: Iterable[str]) -> Ruling:
        """The ruling where nothing can be computed, and for want of what."""
        charges = [Charge(code, None, None, None, None, (), missing.name) for code in codes]
        return self.ruling(regime, None, charges)


def _key(notice: Notice) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return notice.code, notice.path, tuple(sorted(notice.parameters.items()))


def status_of(payable: Iterable[Charge]) -> Status:
    """Unknown where any charge is, exempt where nothing is due, else payable."""
    amounts = [each.amount for each in payable]
    if None in amounts:
        return "unknown"
    return "payable" if any(amounts) else "exempt"


def whole(code: str, charges: Sequence[Charge]) -> Charge:
    """What is payable on the whole shipment: the sum over the items; unknown where one is."""
    missing = next((each.missing for each in charges if each.amount is None), None)
    amounts = [each.amount for each in charges if each.amount is not None]
    bases = [each.base for each in charges if each.base is not None]
    rates = {each.rate for each in charges}
    return Charge(
        code=code,
        item=None,
        base=sum(bases) if len(bases) == len(charges) else None,
        rate=rates.pop() if len(rates) == 1 else None,
        amount=sum(amounts) if len(amounts) == len(charges) else None,
        citations=tuple(dict.fromkeys(text for each in charges for text in each.citations)),
        missing=missing,
    )
