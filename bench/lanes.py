"""What the made-up parcels to each economy are like: where from, how, in what currency.

Every share here is made up, to be plausible and to reach every regime of goods; none is a
statistic. ``docs/performance-law.md`` tells the mix.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Shares = Mapping[str, float]

UNITS_A_DOLLAR: Final[Mapping[str, float]] = {
    "USD": 1.0, "EUR": 0.87, "CNY": 7.1, "JPY": 150.0, "KRW": 1_400.0, "RUB": 82.0,
}  # fmt: skip
"""Only turns a made-up price in dollars into one in another currency."""

WITHOUT_CENTS: Final = ("JPY", "KRW")
PLATFORM_TOLD: Final = 0.75
"""Shipments that name the platform: without it a parcel to China is a postal article."""


@dataclass(frozen=True)
class Lane:
    """Parcels to one economy.

    Attributes:
        share: of all shipments.
        dispatch: sending countries and their shares.
        currency: of the price.
        transport: how they come.
        buyer_told: share of persons whose number is told.
    """

    share: float
    dispatch: Shares
    currency: Shares
    transport: Shares
    buyer_told: float


PARCEL: Final = {"courier": 0.58, "post": 0.36, "cargo": 0.06}

LANES: Final[Mapping[str, Lane]] = {
    "CN": Lane(
        0.25,
        {"JP": 0.28, "KR": 0.20, "US": 0.14, "HK": 0.10, "DE": 0.08, "AU": 0.08, "FR": 0.07,
         "RU": 0.04, "MN": 0.01},
        {"CNY": 0.55, "USD": 0.18, "JPY": 0.12, "KRW": 0.07, "EUR": 0.08},
        {"bonded": 0.50, "courier": 0.32, "post": 0.14, "cargo": 0.04},
        0.0,
    ),
    "RU": Lane(
        0.25,
        {"CN": 0.84, "KR": 0.05, "TR": 0.05, "AE": 0.03, "DE": 0.018, "MN": 0.01, "JP": 0.002},
        {"RUB": 0.45, "CNY": 0.25, "USD": 0.20, "EUR": 0.10},
        PARCEL, 0.9,
    ),
    "JP": Lane(
        0.20,
        {"CN": 0.62, "KR": 0.15, "US": 0.14, "DE": 0.03, "FR": 0.03, "RU": 0.02, "MN": 0.01},
        {"JPY": 0.50, "USD": 0.25, "CNY": 0.17, "KRW": 0.04, "EUR": 0.04},
        PARCEL, 0.0,
    ),
    "KR": Lane(
        0.25,
        {"CN": 0.60, "US": 0.20, "JP": 0.10, "DE": 0.06, "RU": 0.03, "MN": 0.01},
        {"USD": 0.50, "KRW": 0.22, "CNY": 0.15, "JPY": 0.07, "EUR": 0.06},
        PARCEL, 0.97,
    ),
    "MN": Lane(
        0.05,
        {"CN": 0.55, "KR": 0.25, "RU": 0.10, "JP": 0.06, "US": 0.04},
        {"USD": 0.50, "CNY": 0.35, "KRW": 0.10, "RUB": 0.05},
        PARCEL, 0.5,
    ),
}  # fmt: skip
"""Of the parcels to Russia two in a thousand come from Japan, whose export rules alone are many."""

ORIGINS: Final[Shares] = {"CN": 0.55, "VN": 0.12, "US": 0.09, "JP": 0.08, "KR": 0.08, "IT": 0.08}
"""Of the goods whose origin is not the sending country."""

CATEGORIES: Final[Mapping[str, str]] = {
    "33": "cosmetics", "42": "bag", "61": "clothing", "62": "clothing", "64": "shoes",
    "84": "electronics", "85": "electronics", "91": "watch", "95": "toys",
}  # fmt: skip
"""What the seller calls goods of a chapter, where he does."""

DRINKS: Final = "22"
SHOES: Final = "64"
FOOD: Final = (
    "02",
    "03",
    "04",
    "07",
    "08",
    "09",
    "10",
    "11",
    "12",
    "16",
    "17",
    "18",
    "19",
    "20",
    "21",
)
