"""Screening: the lane of each declaration by dated rules, of which none can refuse.

The rules are data (``data/screening.toml``) and the node's own policy, not law. Each rule that
speaks asks for a lane; the strictest is given, with the codes of all that spoke. The random
rules draw from a keyed hash of seed and document key, so that the same seed and key give the
same lot in any batch, on any machine and with any version of the libraries.
"""

import struct
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final
from unicodedata import normalize

import msgspec
import polars as pl

from tumen.kernel.chains import taken
from tumen.kernel.columns import chosen, column, frame_of
from tumen.kernel.limits import RATE_SCALE
from tumen.window.states import Lane

REFERENCE_PRICE_SCHEMA: Final = pl.Schema(
    {"hs_code": pl.String, "unit": pl.String, "low_fen": pl.Int64, "high_fen": pl.Int64}
)

STRICTEST_FIRST: Final = (Lane.RED, Lane.YELLOW, Lane.BLUE)
"""The lanes that a rule can ask for; green is what is left when none speaks."""

RANDOM_WORDS: Final = 2
"""Independent 64-bit lots that are drawn for each document key."""

_LOT: Final = struct.Struct(f">{RANDOM_WORDS}Q")
_FEN_PER_YUAN: Final = 100

NAMES_REMEMBERED_MAX: Final = 1 << 16
"""Goods names whose letters are remembered: most names of a day come again and again."""


def no_reference_prices() -> pl.DataFrame:
    """An empty table of reference prices."""
    return pl.DataFrame(schema=REFERENCE_PRICE_SCHEMA)


@dataclass(frozen=True, slots=True)
class ScreeningLists:
    """What the rules compare with, as in force for the batch.

    Attributes:
        reference_prices: hs_code, unit, low_fen, high_fen for one unit; a code may have several
            lines for a unit (several lists), and each of them may speak.
        bounds: hs_code and unit -> the highest low price and the lowest high one.
    """

    reference_prices: pl.DataFrame = field(default_factory=no_reference_prices)
    bounds: Mapping[tuple[str, str], tuple[int, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Read the reference prices into a mapping, once for all batches."""
        bounds: dict[tuple[str, str], tuple[int, int]] = {}
        names = REFERENCE_PRICE_SCHEMA.names()
        for hs_code, unit, low, high in self.reference_prices.select(names).iter_rows():
            lowest, highest = bounds.get((hs_code, unit), (low, high))
            bounds[hs_code, unit] = max(low, lowest), min(high, highest)
        object.__setattr__(self, "bounds", bounds)


@dataclass(frozen=True, slots=True)
class Screened:
    """What the rules look at: the tables of a batch, and for each word the lots of its cases."""

    cases: pl.DataFrame
    items: pl.DataFrame
    lists: ScreeningLists
    lots: Sequence[Sequence[int]]

    def places_of(self, documents: Collection[int]) -> list[int]:
        """The places of the cases of these documents."""
        if not documents:
            return []
        wanted = frozenset(documents)
        return _places(document in wanted for document in self.cases["document_id"].to_list())


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """A rule of selectivity, in force from its first day to its last.

    Attributes:
        code: what it says when it speaks; an entry of the catalogue of violations.
        lane: what it asks for.
        first: the first legal day (``from`` in the file).
        last: the last legal day (``to``), or None where no end is set.
    """

    code: str
    lane: Lane
    first: date = msgspec.field(name="from")
    last: date | None = msgspec.field(name="to", default=None)

    def chosen(self, screened: Screened) -> list[int]:
        """The places of the cases that it speaks about, whatever their day."""
        raise NotImplementedError

    def is_in_force(self, day: date | None) -> bool:
        """Whether the rule holds on a legal day; without a day every rule does."""
        return day is None or (self.first <= day and (self.last is None or day <= self.last))


class ValueOutlier(Rule, frozen=True, tag="value_outlier"):
    """The price of an item is far below or above the reference prices of its commodity code.

    Silent where there is no reference for the code in this unit. Python's integers are used
    because quantity times price leaves int64.
    """

    factor: int

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        bounds = screened.lists.bounds
        if not bounds:
            return []
        names = ("document_id", "hs_code", "unit", "quantity", "total_price")
        lines = zip(*(screened.items[name].to_list() for name in names), strict=True)
        return screened.places_of(
            [
                document
                for document, hs_code, unit, quantity, total_price in lines
                if (bound := bounds.get((hs_code, unit)))
                and self.is_outlier(quantity or 0, total_price or 0, bound)
            ]
        )

    def is_outlier(self, quantity: int, total_price: int, bound: tuple[int, int]) -> bool:
        """Whether a price is outside the bounds by more than the factor, without a division."""
        paid = total_price * _FEN_PER_YUAN
        return paid * self.factor < quantity * bound[0] or paid > quantity * bound[1] * self.factor


class VagueDescription(Rule, frozen=True, tag="vague_description"):
    """The name of an item is nothing but a vague word, or has hardly a letter."""

    letters_min: int
    words: list[str]

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        names = [name or "" for name in screened.items["goods_name"].to_list()]
        vague = {name for name in set(names) if self.is_vague(name)}
        if not vague:
            return []
        documents = zip(screened.items["document_id"].to_list(), names, strict=True)
        return screened.places_of([document for document, name in documents if name in vague])

    def is_vague(self, name: str) -> bool:
        """Whether a name tells nothing of the goods."""
        told = letters(name)
        return len(told) < self.letters_min or told in _all_letters(tuple(self.words))


class FirstTimeBuyer(Rule, frozen=True, tag="first_time_buyer"):
    """A buyer without an earlier declaration buys for a high value."""

    value_fen_min: int

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        is_first = screened.cases["is_first_time"].to_list()
        values = screened.cases["declaration_value_fen"].to_list()
        both = zip(is_first, values, strict=True)
        return _places(first and (fen or 0) >= self.value_fen_min for first, fen in both)


class ListedParty(Rule, frozen=True, tag="listed_party"):
    """The name of a party resembles one of a watch list: a person judges, nothing is refused."""

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        hits = screened.cases["party_hits"]
        return [] if hits.null_count() == len(hits) else _places(hits.to_list())


class FrozenPerson(Rule, frozen=True, tag="frozen_person"):
    """The buyer has frozen the own allowance: somebody may be using a stranger's number."""

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        return _places(screened.cases["is_frozen"].to_list())


class RateUnknown(Rule, frozen=True, tag="rate_unknown"):
    """A charge is unknown, because the tariff holds no rate or the law no value."""

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        return _places(screened.cases["is_rate_unknown"].to_list())


class QuantityUnknown(Rule, frozen=True, tag="quantity_unknown"):
    """A charge is unknown, because the quantity that it turns on is not stated."""

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        return _places(screened.cases["is_quantity_unknown"].to_list())


class RandomSelection(Rule, frozen=True, tag="random_selection"):
    """The lot falls on the declaration, without regard to goods or parties.

    Attributes:
        rate_ppm: how many of a million.
        word: which of the independent lots decides; two rules with the same word nest.
    """

    rate_ppm: int
    word: int

    def chosen(self, screened: Screened) -> list[int]:  # noqa: D102
        below = threshold(self.rate_ppm)
        return [place for place, lot in enumerate(screened.lots[self.word]) if lot < below]


AnyRule = (
    ValueOutlier
    | VagueDescription
    | FirstTimeBuyer
    | ListedParty
    | FrozenPerson
    | RateUnknown
    | QuantityUnknown
    | RandomSelection
)


class _RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: list[AnyRule]


def read_rules(text: str) -> tuple[AnyRule, ...]:
    """The rules of a TOML text, strictest lane first, else in the order of the text."""
    found = msgspec.convert(tomllib.loads(text), _RuleFile).rule
    return tuple(sorted(found, key=lambda rule: STRICTEST_FIRST.index(rule.lane)))


@cache
def rules() -> tuple[AnyRule, ...]:
    """The rules of this node."""
    file = files("tumen.window").joinpath("data/screening.toml")
    return read_rules(file.read_text(encoding="utf-8"))


def threshold(rate_ppm: int) -> int:
    """The lot below which a case is chosen, so that ``rate_ppm`` of a million are.

    >>> threshold(0), threshold(500_000) == 2**63
    (0, True)
    """
    return rate_ppm * 2**64 // RATE_SCALE


def lots(keys: Sequence[str], seed: str) -> list[tuple[int, ...]]:
    """For each word the lots of all keys: BLAKE2b of the key, keyed with a hash of the seed.

    >>> lots(["P|1"], "seed") == lots(["P|0", "P|1"], "seed")
    False
    >>> lots(["P|1"], "seed")[0] == lots(["P|0", "P|1"], "seed")[0][1:]
    True
    """
    keyed = blake2b(
        digest_size=_LOT.size,
        key=blake2b(seed.encode(), digest_size=32).digest(),
        person=b"tumen.screening",
    )
    digests = []
    for key in keys:
        drawn = keyed.copy()
        drawn.update(key.encode())
        digests.append(drawn.digest())
    words = struct.unpack(f">{len(digests) * RANDOM_WORDS}Q", b"".join(digests))
    return [words[word::RANDOM_WORDS] for word in range(RANDOM_WORDS)]


def _places(flags: Iterable[object]) -> list[int]:
    """Where the flags are up."""
    return [place for place, flag in enumerate(flags) if flag]


@lru_cache(maxsize=NAMES_REMEMBERED_MAX)
def letters(name: str) -> str:
    """The letters of a name in small ones: blanks, digits and signs tell nothing.

    >>> letters("ＧＩＦＴ 100%"), letters("礼品 (2)")
    ('gift', '礼品')
    """
    return "".join(filter(str.isalpha, normalize("NFKC", name).lower()))


@cache
def _all_letters(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(letters(word) for word in words)


def screen(
    cases: pl.DataFrame,
    items: pl.DataFrame,
    lists: ScreeningLists,
    seed: str,
    using: Sequence[AnyRule] | None = None,
) -> pl.DataFrame:
    """The lane of each case, and why.

    Args:
        cases: document_id, key, day (legal), person, declaration_value_fen, is_first_time,
            is_frozen, party_hits, is_rate_unknown, is_quantity_unknown; other columns are ignored.
        items: document_id, hs_code, goods_name, quantity and total_price at scale 10^5, unit;
            items of other documents are ignored.
        lists: the lists in force.
        seed: the recorded seed of the random rules.
        using: the rules, strictest first; this node's where left out.

    Returns:
        document_id, lane, and codes: those of all rules that spoke, strictest first, a code
        once; empty for green.
    """
    screened = Screened(cases, items, lists, lots(cases["key"].to_list(), seed))
    asked = rules() if using is None else using
    return chosen(cases, ["document_id"]).hstack(_verdicts(asked, _masks(asked, screened)))


def _masks(asked: Sequence[AnyRule], screened: Screened) -> list[int]:
    """For each case a number whose bit ``n`` tells that rule ``n`` spoke."""
    days = screened.cases["day"].to_list()
    masks = [0] * len(days)
    for number, rule in enumerate(asked):
        for place in rule.chosen(screened):
            if rule.is_in_force(days[place]):
                masks[place] |= 1 << number
    return masks


def _verdicts(asked: Sequence[AnyRule], masks: Sequence[int]) -> pl.DataFrame:
    """Lane and codes for each mask.

    A batch has few different masks: the verdict on each is worked out once.
    """
    places: dict[int, int] = {}
    of_masks = [places.setdefault(mask, len(places)) for mask in masks]
    spoken = [[rule for n, rule in enumerate(asked) if mask >> n & 1] for mask in places]
    lanes = [str(found[0].lane if found else Lane.GREEN) for found in spoken]
    codes = [list(dict.fromkeys(rule.code for rule in found)) for found in spoken]
    known = frame_of([column("lane", lanes, pl.String), column("codes", codes, pl.List(pl.String))])
    return taken(known, of_masks)
