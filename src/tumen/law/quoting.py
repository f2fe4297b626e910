"""A quote: what a shipment costs at the border, why, and under which regime.

1. The shipment is read; what is wrong with it is told and nothing is computed.
2. Rates of exchange are looked up by the destination's rule for the day, or taken as stated.
3. Prices are converted exactly and the tariff's rates are looked up: a :class:`Consignment`.
4. The regimes are asked in the order of the law whether they admit the consignment, and what
   they charge. The first that admits it is taken, unless the law leaves the next one open to
   the importer's choice: then the one with the smallest known total. The others are told.
5. What the law of the sending economy does not let go takes no regime: nothing is admissible, and
   no amount is told of goods that cannot lawfully arrive.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from tumen.codelist.violations import is_rejecting
from tumen.kernel.limits import SHIPMENT_AMOUNT_MINOR_MAX
from tumen.law import exchange, regimes, tariffs
from tumen.law.answer import Answer, Considered, answer_of, rate_line, refusal_of
from tumen.law.consignment import (
    NOTHING,
    CertifiedOrigin,
    Consignment,
    ExchangeRate,
    Goods,
    Preference,
    Related,
)
from tumen.law.duty import Measures
from tumen.law.exchange_import import OfficialRate
from tumen.law.figures import MINOR_UNITS, product_of, total_of
from tumen.law.native.reading import read
from tumen.law.native.shipment import AUTO, EXPORTS, REGIMES, Item, Shipment
from tumen.law.overlay import remembered_up_to
from tumen.law.plausibility import weight_notices
from tumen.law.ruling import Notice, Ruling

DEVIATION_MAX: Final = 2
"""A stated rate of exchange beyond twice or half of our table's is remarked upon."""

NO_CODE: Final = "HS_LENGTH_WRONG"
"""What is no code of the tariff might be read as other goods: nothing is computed by it."""

RATES_CACHED_MAX: Final = 65_536
"""Days, currencies and destinations whose rates of exchange are kept."""


class Consulted(Mapping[str, ExchangeRate]):
    """The rates of exchange of a shipment, looked up when they are asked for: only those are told.

    They are the stated rates, and of the other currencies those that books or tables hold.
    """

    def __init__(self, shipment: Shipment, books: "Books") -> None:
        self._shipment, self._books = shipment, books
        stated = (shipment.exchange_rates or {}).items()
        self._found: dict[str, ExchangeRate | None] = {
            currency: exchange.given(currency, units) for currency, units in stated
        }
        self._asked: dict[str, None] = {}

    def __getitem__(self, currency: str) -> ExchangeRate:
        rate = self._find(currency)
        if rate is None:
            raise KeyError(currency)
        self._asked[currency] = None
        return rate

    def __iter__(self) -> Iterator[str]:
        return filter(self.holds, dict.fromkeys((*self._found, *_wanted(self._shipment))))

    def __len__(self) -> int:
        return len([*self])

    def _find(self, currency: str) -> ExchangeRate | None:
        if currency not in self._found:
            told = self._shipment
            is_wanted = currency in _wanted(told)
            self._found[currency] = (
                _held(self._books, told.destination, currency, told.day) if is_wanted else None
            )
        return self._found[currency]

    def holds(self, currency: str) -> bool:
        """Whether there is a rate of a currency; that this is asked tells nothing of it."""
        return self._find(currency) is not None

    def asked(self) -> tuple[ExchangeRate, ...]:
        """Those that were asked for, in that order."""
        return tuple(self[currency] for currency in self._asked)


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """What a node holds besides the law that comes with the program.

    Two of them are never the same, so that what was looked up in one is kept for it.

    Attributes:
        tariffs: a folder of imported tariffs; None for those that come with the program.
        rates: imported official rates of exchange.
    """

    tariffs: Path | None = None
    rates: tuple[OfficialRate, ...] = ()


NO_BOOKS: Final = Books()
"""The law alone, as it comes with the program."""


def quote(
    shipment: Mapping[str, object],
    *,
    today: date | None = None,
    books: Books | None = None,
    certified: CertifiedOrigin | None = None,
    is_explained: bool = True,
) -> Answer:
    """What the law says of a native shipment (docs/shipment.md).

    Args:
        shipment: the fields of the native shipment.
        today: the legal date where the shipment names none.
        books: imported tariffs and rates; none where left out.
        certified: a certificate of origin that was verified; it is then the proof of the claim,
            or, where the shipment makes none, the claim.
        is_explained: whether the answer has the steps of the computation.

    Returns:
        The answer; a shipment that cannot be read has status ``unknown`` and violations.
    """
    told, faults = read(shipment, today)
    if told is None:
        return refusal_of(shipment, faults)
    if certified is not None:
        claim = told.preference or Preference(certified.agreement)
        told = replace(told, preference=replace(claim, certified=certified))
    return quoted(told, books or NO_BOOKS, is_explained=is_explained)


def quoted(shipment: Shipment, books: Books, *, is_explained: bool = True) -> Answer:
    """The same for a shipment that was read."""
    head = {"destination": shipment.destination, "date": shipment.day}
    rates = Consulted(shipment, books)
    if not rates.holds(shipment.currency):
        missing = Notice(
            "EXCHANGE_RATE_MISSING",
            f"exchange_rates.{shipment.currency}",
            {"value": shipment.currency},
        )
        return refusal_of(head, (missing,))
    of_codes = tuple(_code_problems(shipment, books))
    no_codes = tuple(each for each in of_codes if each.code == NO_CODE)
    if no_codes:
        return refusal_of(head, no_codes)
    consignment = consignment_of(shipment, rates, books)
    exports = regimes.export_notices(consignment)
    banned = tuple(each for each in exports if is_rejecting(each.code))
    found = list(_considered(shipment, consignment, banned))
    chosen = _choice(found)
    if _is_too_large(consignment, found):
        return refusal_of(head, (_TOO_LARGE,))
    remarks = (
        *of_codes,
        *_stated_rates(shipment),
        *weight_notices(shipment),
        *exports,
        *_rate_notices(shipment, rates.asked()),
    )
    return answer_of(consignment, found, chosen, remarks, rates.asked(), is_explained=is_explained)


def _wanted(shipment: Shipment) -> tuple[str, ...]:
    """The shipment's own currency, and those in which the two laws state limits and rates."""
    return (
        shipment.currency,
        *regimes.STATUTORY_CURRENCIES[shipment.destination],
        *regimes.EXPORT_CURRENCIES.get(shipment.dispatch, ()),
    )


@remembered_up_to(RATES_CACHED_MAX)
def _held(books: Books, destination: str, currency: str, day: date) -> ExchangeRate | None:
    return exchange.rates_for(destination, day, (currency,), {}, books.rates).get(currency)


def consignment_of(
    shipment: Shipment, rates: Mapping[str, ExchangeRate], books: Books
) -> Consignment:
    """The shipment in the destination's currency, with what its tariff prints for each code."""
    one = rates[shipment.currency].units
    related = tuple(
        Related(each.value * one, each.seller, each.ordered_at, each.arrived_at)
        for each in shipment.related
    )
    return Consignment(
        destination=shipment.destination,
        dispatch=shipment.dispatch,
        day=shipment.day,
        goods=tuple(
            _goods(place, item, one, shipment, books) for place, item in enumerate(shipment.items)
        ),
        freight=shipment.freight * one if shipment.freight else NOTHING,
        insurance=shipment.insurance * one if shipment.insurance else NOTHING,
        transport=shipment.transport,
        purpose=shipment.purpose,
        buyer_id=shipment.buyer_id,
        buyer_kind=shipment.buyer_kind,
        used_this_year=shipment.used_this_year,
        ordered_at=shipment.ordered_at,
        arrived_at=shipment.arrived_at,
        related=related,
        platform=shipment.platform,
        seller=shipment.seller,
        preference=shipment.preference,
        exchange=rates,
    )


def _goods(place: int, item: Item, one: Fraction, shipment: Shipment, books: Books) -> Goods:
    counted = item.quantity if item.unit.factor == 1 else item.quantity * item.unit.factor
    measures = Measures(
        kg=counted if item.unit.name == "kg" else item.net_weight_kg,
        litre=counted if item.unit.name == "l" else item.volume_l,
        quantity=counted,
        unit=item.unit.name,
    )
    printed = tariffs.rates_of(shipment.destination, item.hs, shipment.day, books.tariffs)
    return Goods(
        place=place,
        hs=item.hs,
        price=product_of(item.quantity, item.unit_price, one),
        measures=measures,
        description=item.description,
        origin=item.origin,
        category=item.category,
        rates=item.rates or {},
        tariff=printed,
    )


def _considered(
    shipment: Shipment, consignment: Consignment, banned: tuple[Notice, ...]
) -> Iterator[Considered]:
    """Each regime that was asked for, with what it charges or why it does not admit.

    Goods that a regime admits take it, unless it leaves the next one open to choice.

    Args:
        shipment: names the regime, or leaves it open.
        consignment: what is assessed.
        banned: why the sending economy does not let it go; empty where it does.
    """
    asked = REGIMES[shipment.destination] if shipment.regime == AUTO else (shipment.regime,)
    obligatory: str | None = None
    for name in asked:
        found = regimes.regime(shipment.destination, name)
        if found is None:
            yield Considered(name, (Notice("REGIME_NOT_THERE", "regime", {"value": name}),), None)
            continue
        refusals = banned or found.refusals(consignment)
        if not refusals and obligatory is not None:
            refusals = (Notice("REGIME_OBLIGATORY", "regime", {"value": obligatory}),)
        yield Considered(name, refusals, None if refusals else found.assess(consignment))
        if not refusals and not found.is_elective:
            obligatory = name


def _choice(found: list[Considered]) -> Ruling | None:
    """Of the regimes open to choice the one with the smallest known total; of equal ones the first.

    Where another one is unknown, the choice is marked: it might have been less.
    """
    rulings = [each.ruling for each in found if each.ruling is not None]
    if not rulings:
        return None
    known = [each for each in rulings if each.total is not None]
    if not known:
        return rulings[0]
    best = min(known, key=lambda each: each.total or 0)
    unknown = tuple(
        Notice("REGIME_NOT_COMPARED", "regime", {"value": each.regime})
        for each in rulings
        if each.total is None and each.status != "not_admissible"
    )
    return replace(best, warnings=(*best.warnings, *unknown)) if unknown else best


def _is_too_large(consignment: Consignment, found: Iterable[Considered]) -> bool:
    """Whether the price, or what any regime would charge, is above what is assessed."""
    price = total_of([consignment.price, consignment.freight, consignment.insurance])
    rulings = [each.ruling for each in found if each.ruling is not None]
    charges = [charge for each in rulings for charge in each.charges]
    amounts = [amount for each in charges for amount in (each.base, each.amount) if amount]
    return price.numerator * MINOR_UNITS > SHIPMENT_AMOUNT_MINOR_MAX * price.denominator or any(
        amount > SHIPMENT_AMOUNT_MINOR_MAX for amount in amounts
    )


_TOO_LARGE: Final = Notice(
    "AMOUNT_TOO_LARGE",
    "items",
    {"value": "above the limit", "expected": f"{SHIPMENT_AMOUNT_MINOR_MAX // MINOR_UNITS:,}"},
)


def _code_problems(shipment: Shipment, books: Books) -> Iterator[Notice]:
    """By the destination's tariff; goods of a Chinese export bear the code of China's."""
    economy = "CN" if shipment.regime in EXPORTS else shipment.destination
    for place, item in enumerate(shipment.items):
        if not item.hs:
            continue
        path = f"items[{place}].hs"
        problem = tariffs.code_problem(economy, item.hs, path, books.tariffs)
        if problem is not None:
            yield problem


def _rate_notices(shipment: Shipment, rates: Iterable[ExchangeRate]) -> Iterator[Notice]:
    for rate in rates:
        yield from exchange.notices(shipment.destination, rate, shipment.day)
        if rate.source == exchange.GIVEN:
            yield from _far(shipment, rate)


def _far(shipment: Shipment, rate: ExchangeRate) -> Iterator[Notice]:
    """A stated rate that is another one than our table's by more than a market moves."""
    ours = _held(NO_BOOKS, shipment.destination, rate.currency, shipment.day)
    if (
        ours is not None
        and not ours.units / DEVIATION_MAX <= rate.units <= ours.units * DEVIATION_MAX
    ):
        stated, known = (rate_line(each).rate for each in (rate, ours))
        path = f"exchange_rates.{rate.currency}"
        yield Notice("EXCHANGE_RATE_FAR", path, {"value": stated, "expected": known})


def _stated_rates(shipment: Shipment) -> Iterator[Notice]:
    for place, item in enumerate(shipment.items):
        for code, share in (item.rates or {}).items():
            if share > 1:
                path = f"items[{place}].rates.{code}"
                yield Notice("RATE_ABOVE_ONE", path, {"value": str(share)})
