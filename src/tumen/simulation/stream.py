"""The stream of bundles: drafts, faults and their truth, one after the other, in bounded memory."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tumen.simulation import papers
from tumen.simulation.bundle import Bundle, Document, Sending, Truth
from tumen.simulation.draft import Draft, Drafter
from tumen.simulation.faults import CLEAN, Fault, fault_named
from tumen.simulation.mishaps import CONTRIVE, KEEPS_ORDER, open_case
from tumen.simulation.plan import Lot, Plan

ORDERS_TO_FILL_A_YEAR: Final = 5
"""Orders of `fill` goods that a buyer's year holds; the next exceeds it."""


class _Source:
    def __init__(self, plan: Plan) -> None:
        plan.check()
        self._plan = plan
        self._lot = Lot(plan)
        self._drafter = Drafter(plan.seed, plan.bundles, plan.day, plan.days)

    def __iter__(self) -> Iterator[Bundle]:
        number = 0
        while number < self._plan.bundles:
            fault = self._lot.draw(self._drafter.random)
            if fault is None:
                yield _clean(self._drafter.draft(number, "any"))
                number += 1
            elif fault.name != "over_annual":
                yield self._spoilt(number, fault)
                number += 1
            elif self._fits_a_year(number):
                yield from self._year(number, fault)
                number += ORDERS_TO_FILL_A_YEAR + 1
            else:
                yield _clean(self._drafter.draft(number, "any"))
                number += 1

    def _fits_a_year(self, first: int) -> bool:
        last = first + ORDERS_TO_FILL_A_YEAR
        year_of = self._drafter.year_of
        return last < self._plan.bundles and year_of(first) == year_of(last)

    def _spoilt(self, number: int, fault: Fault) -> Bundle:
        drafter = self._drafter
        draft = drafter.draft(number, fault.goods)
        case = open_case(draft, drafter.random, drafter.buyers.stranger())
        return _bundle(draft, fault.name, fault.status, CONTRIVE[fault.name](case))

    def _year(self, number: int, fault: Fault) -> Iterator[Bundle]:
        """A buyer's year: orders that fill it, all clean, and one that exceeds it."""
        buyer = self._drafter.buyers.stranger()
        for following in range(ORDERS_TO_FILL_A_YEAR):
            yield _clean(self._drafter.draft(number + following, "fill", buyer))
        draft = self._drafter.draft(number + ORDERS_TO_FILL_A_YEAR, "fill", buyer)
        last = _bundle(draft, fault.name, fault.status, _four(draft))
        last.comes_last = True
        yield last


def _four(draft: Draft) -> list[Sending]:
    return [
        Sending(papers.order(draft)),
        Sending(papers.payment(draft)),
        Sending(papers.waybill(draft)),
        Sending(papers.declaration(draft)),
    ]


def _clean(draft: Draft) -> Bundle:
    return _bundle(draft, CLEAN, "released", _four(draft))


def _bundle(draft: Draft, fault: str, status: str, sendings: list[Sending]) -> Bundle:
    return Bundle(
        number=draft.number,
        day=draft.day_number,
        order_number=papers.order_number(draft),
        platform_code=draft.parties.platform,
        fault=fault,
        status=status,
        sendings=sendings,
        keeps_order=fault in KEEPS_ORDER,
    )


def bundles(plan: Plan) -> Iterator[Bundle]:
    """The bundles of a plan, in the order of generation.

    Raises:
        UsageError: the plan asks for what cannot be simulated.
    """
    return iter(_Source(plan))


def stream(plan: Plan) -> Iterator[tuple[list[Document], Truth]]:
    """For each bundle of a plan its native documents, in the order of arrival, and its truth."""
    for bundle in bundles(plan):
        yield bundle.documents, bundle.truth


def scenario(fault: str = CLEAN, seed: int = 0) -> list[Bundle]:
    """All bundles that one case of a fault needs: one, but for `over_annual` six.

    Raises:
        UsageError: there is no such fault.
    """
    plan = Plan(bundles=1, seed=seed, share=0.0)
    if fault != CLEAN:
        needed = ORDERS_TO_FILL_A_YEAR + 1 if fault_named(fault).name == "over_annual" else 1
        plan = replace(plan, bundles=needed, share=1.0, fault=fault)
    return list(bundles(plan))


def one_bundle(fault: str = CLEAN, seed: int = 0) -> Bundle:
    """One consignment with that fault; for `over_annual` the last of its :func:`scenario`.

    Raises:
        UsageError: there is no such fault.

    >>> one_bundle("payment_missing").status
    'pending'
    """
    return scenario(fault, seed)[-1]
