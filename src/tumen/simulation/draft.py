"""Drafts: who buys what from whom, before any document is written."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Final, NamedTuple

from tumen.simulation.goods import PIECE_DEAR_FEN, Goods, Shelf, prices, shelf
from tumen.simulation.parties import Buyers, Person, codes_of

GOODS_FEN_MAX: Final = 480_000
"""No clean order's goods are worth more: with freight and insurance it stays below 5,000 CNY."""

FILL_FEN: Final = 465_000
"""About what each of the orders is worth that fill a buyer's year."""

MANY_FEN: Final = 560_000
"""What an order of many pieces is worth at least, to exceed the single limit for sure."""

FREIGHTS_FEN: Final = (0, 0, 0, 800, 1000, 1200, 1500, 2000, 2500, 3800)
INSURANCES_FEN: Final = (0, 0, 0, 0, 0, 0, 100, 150, 200, 500)
LINE_COUNTS: Final = (1,) * 62 + (2,) * 24 + (3,) * 8 + (4,) * 4 + (5,) * 2
"""1.6 goods items on average."""

QUANTITIES: Final = (1,) * 68 + (2,) * 17 + (3,) * 6 + (4,) * 3 + (5, 6, 6, 8, 10, 12)
ORIGINS: Final = ("116", "133", "304", "305", "309", "502", "601", "609")
"""Japan, Korea, Germany, France, Netherlands, United States, Australia, New Zealand."""

OFFICES: Final = ("0100", "2200", "3100", "5100")
"""Customs districts of Beijing, Shanghai, Ningbo and Guangzhou."""

DIRECT: Final = "9610"
BONDED: Final = "1210"


@dataclass(slots=True)
class Line:
    """One goods item."""

    goods: Goods
    quantity: int
    price_fen: int
    origin: str

    @property
    def total_fen(self) -> int:
        """Price times quantity."""
        return self.quantity * self.price_fen


class Parties(NamedTuple):
    """The codes of the enterprises that take part."""

    platform: str
    merchant: str
    payment_provider: str
    carrier: str
    agent: str


@dataclass(slots=True)
class Draft:
    """One consignment before its documents; money in fen."""

    number: int
    day_number: int
    day: str  # YYYYMMDD
    next_day: str
    second: int  # of the day: when the order was placed
    serial: str  # of seed and number: in every number that a party gives
    procedure: str
    buyer: Person
    lines: list[Line]
    freight: int
    insurance: int
    discount: int
    tax_total: int
    parties: Parties
    warehouse: str
    office: str
    origin: str
    goods_value: int
    sheets: int = 0  # message identifiers given out

    @property
    def amount_paid(self) -> int:
        """Goods + freight + tax - discount."""
        return self.goods_value + self.freight + self.tax_total - self.discount

    def message_id(self) -> str:
        """A new identifier in the form of a GUID: seed, sheet, bundle."""
        self.sheets += 1
        serial = self.serial
        return f"DE{serial[:6]}-{self.sheets:04d}-4000-8000-000{serial[6:]}"

    def time(self, seconds: int) -> str:
        """14 digits: so long after the order was placed, on the same day."""
        return self.day + _clock()[self.second + seconds]


@cache
def _clock() -> list[str]:
    """Second of the day -> hhmmss."""
    return [f"{s // 3600:02d}{s // 60 % 60:02d}{s % 60:02d}" for s in range(86_400)]


def day_text(first: date, number: int) -> str:
    """The n-th day from the first, as YYYYMMDD."""
    return (first + timedelta(days=number)).strftime("%Y%m%d")


class Drafter:
    """Draws drafts, one after the other, from one seed."""

    def __init__(self, seed: int, bundles: int, first_day: date, days: int) -> None:
        self.random = Random(seed)  # noqa: S311 - demonstration data
        self.buyers = Buyers(bundles, seed)
        self._bundles, self._days = bundles, days
        self._day_texts = [day_text(first_day, number) for number in range(days + 1)]
        self._bonded, self._direct = shelf("bonded"), shelf("direct")
        self._tag = f"{seed:06d}"
        roles = map(codes_of, Parties._fields)
        self._circles = [Parties(*codes) for codes in product(*roles)]
        self._warehouses = codes_of("warehouse")

    def _day_of(self, number: int) -> int:
        return min(number * self._days // self._bundles, self._days - 1)

    def year_of(self, number: int) -> str:
        """The year in which a bundle is declared."""
        return self._day_texts[self._day_of(number)][:4]

    def draft(self, number: int, goods: str, buyer: Person | None = None) -> Draft:
        """A draft whose goods are as the fault needs them: see :class:`Fault`."""
        draw = self.random.random
        procedure = BONDED if draw() < 0.6 else DIRECT
        lines = self._lines(self._bonded if procedure == BONDED else self._direct, goods)
        freight = FREIGHTS_FEN[int(10 * draw())]
        insurance = INSURANCES_FEN[int(10 * draw())]
        value = sum([line.total_fen for line in lines])
        discount = value // 20 if goods in ("any", "several") and draw() < 0.1 else 0
        if buyer is None:
            buyer = self._buyer(goods, value + freight + insurance)
        day = self._day_of(number)
        return Draft(
            number=number,
            day_number=day,
            day=self._day_texts[day],
            next_day=self._day_texts[day + 1],
            second=21_600 + number * 7 % 43_200,
            serial=f"{self._tag}{number:09d}",
            procedure=procedure,
            buyer=buyer,
            lines=lines,
            freight=freight,
            insurance=insurance,
            discount=discount,
            tax_total=(value + freight + insurance) * 91 // 1000 if draw() < 0.5 else 0,
            warehouse=self._warehouses[number % len(self._warehouses)],
            office=OFFICES[number % len(OFFICES)],
            origin=lines[0].origin,
            parties=self._circles[int(len(self._circles) * draw())],
            goods_value=value,
        )

    def _buyer(self, goods: str, value_fen: int) -> Person:
        if goods in ("any", "several"):
            return self.buyers.draw(self.random, value_fen)
        return self.buyers.stranger()

    def _lines(self, shelf: Shelf, goods: str) -> list[Line]:
        if goods == "dear":
            return [self._dear(shelf)]
        if goods == "many":
            return [self._amounting_to(shelf, MANY_FEN)]
        if goods == "fill":
            return [self._amounting_to(shelf, FILL_FEN)]
        if goods == "several":
            return [self._single(shelf) for _ in range(self.random.randint(2, 4))]
        return self._assortment(shelf)

    def _assortment(self, shelf: Shelf) -> list[Line]:
        draw = self.random.random
        popular, room = shelf.popular, GOODS_FEN_MAX
        lines: list[Line] = []
        for _ in range(LINE_COUNTS[int(100 * draw())]):
            goods, likely = popular[int(len(popular) * draw())]
            price = likely[int(len(likely) * draw())]
            if price > room:
                break
            quantity = min(QUANTITIES[int(100 * draw())], room // price)
            lines.append(Line(goods, quantity, price, ORIGINS[int(8 * draw())]))
            room -= quantity * price
        return lines

    def _single(self, shelf: Shelf) -> Line:
        goods = self.random.choice(shelf.worth)
        price = min(self.random.choice(prices(goods)), GOODS_FEN_MAX // 4)
        return Line(goods, 1, price, self.random.choice(ORIGINS))

    def _dear(self, shelf: Shelf) -> Line:
        goods = self.random.choice(shelf.dear)
        most = min(goods.high_fen, 3 * PIECE_DEAR_FEN)
        return Line(goods, 1, self.random.randint(PIECE_DEAR_FEN, most), ORIGINS[0])

    def _amounting_to(self, shelf: Shelf, fen: int) -> Line:
        goods = self.random.choice(shelf.worth)
        price = min(self.random.choice(prices(goods)), fen // 20)
        quantity = fen // price if fen < GOODS_FEN_MAX else fen // price + 1
        return Line(goods, quantity, price, ORIGINS[0])
