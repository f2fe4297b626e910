"""The flags of `tumen quote`: a shipment of one goods item, field by field (docs/shipment.md)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

import typer

from tumen.kernel.errors import UsageError

ONE: Final = "1"

Text = str | None
Several = list[str] | None

To = Annotated[Text, typer.Option("--to", help="Destination: CN RU JP KR MN.")]
Sender = Annotated[Text, typer.Option("--from", help="Sending country, two letters.")]
Hs = Annotated[Text, typer.Option(help="Commodity code.")]
Price = Annotated[Text, typer.Option(help="Price of one unit.")]
Currency = Annotated[Text, typer.Option(help="Its currency, such as USD.")]
Quantity = Annotated[str, typer.Option(help="How many units.")]
Unit = Annotated[Text, typer.Option(help="piece, pair, kg, l and the like.")]
Weight = Annotated[Text, typer.Option(help="Net weight in kg.")]
Volume = Annotated[Text, typer.Option(help="Volume in litres.")]
Origin = Annotated[Text, typer.Option(help="Country of origin.")]
Category = Annotated[Text, typer.Option(help="A hint: cosmetics, wine, bag …")]
Description = Annotated[Text, typer.Option(help="What the goods are.")]
Rates = Annotated[
    Several, typer.Option("--rate", help="A rate used instead of the tariff's: duty=0.05.")
]
Freight = Annotated[Text, typer.Option(help="Freight of the whole shipment.")]
Insurance = Annotated[Text, typer.Option(help="Insurance of the whole shipment.")]
ExchangeRates = Annotated[
    Several,
    typer.Option("--exchange-rate", help="Units of the destination's currency: USD=1400."),
]
Day = Annotated[Text, typer.Option(help="The legal date, YYYY-MM-DD; default today.")]
OrderedAt = Annotated[Text, typer.Option(help="The day of the order.")]
ArrivedAt = Annotated[Text, typer.Option(help="The day of arrival.")]
RegimeName = Annotated[Text, typer.Option(help="A regime; default: the one the law takes.")]
Transport = Annotated[Text, typer.Option(help="post, courier, cargo or bonded.")]
Purpose = Annotated[Text, typer.Option(help="personal or commercial.")]
BuyerKind = Annotated[Text, typer.Option("--buyer", help="person or business.")]
BuyerId = Annotated[Text, typer.Option(help="Its number, such as Korea's P and twelve digits.")]
UsedThisYear = Annotated[Text, typer.Option(help="CN: yuan of the yearly allowance used before.")]
Platform = Annotated[Text, typer.Option(help="The platform it was bought on.")]
Seller = Annotated[Text, typer.Option(help="Who sold it.")]
Agreement = Annotated[Text, typer.Option(help="A preference is claimed: RCEP, CKFTA, APTA …")]
OriginProof = Annotated[Text, typer.Option(help="Its proof: certificate, declaration, importer.")]
IsDirect = Annotated[
    bool | None,
    typer.Option("--direct/--not-direct", help="Whether the goods came directly."),
]

ITEM: Final = {
    "hs": "hs",
    "price": "unit_price",
    "quantity": "quantity",
    "unit": "unit",
    "weight": "net_weight_kg",
    "volume": "volume_l",
    "origin": "origin",
    "category": "category",
    "description": "description",
    "rate": "rates",
}
HEAD: Final = {
    "to": "destination",
    "sender": "dispatch",
    "date": "date",
    "ordered_at": "ordered_at",
    "arrived_at": "arrived_at",
    "regime": "regime",
    "transport": "transport",
    "purpose": "purpose",
    "currency": "currency",
    "freight": "freight",
    "insurance": "insurance",
    "exchange_rate": "exchange_rates",
    "platform": "platform",
    "seller": "seller",
}
BUYER: Final = {"buyer": "kind", "buyer_id": "id", "used_this_year": "used_this_year"}
PREFERENCE: Final = {
    "agreement": "agreement",
    "origin_proof": "proof",
    "direct": "direct_transport",
}
_TABLES: Final = frozenset({"rate", "exchange_rate"})
"""Flags that are given once for each entry, as NAME=VALUE."""

_FLAGS: Final = (*HEAD, *BUYER, *PREFERENCE, *ITEM)


def shipment_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """The native shipment of the flags; what was not given is left out.

    Args:
        told: the values of the command's parameters by name.

    Raises:
        UsageError: no flag was given, or an entry is no ``NAME=VALUE``.
    """
    found = _fields(told, HEAD)
    nested = {"buyer": _fields(told, BUYER), "preference": _fields(told, PREFERENCE)}
    found |= {name: table for name, table in nested.items() if table}
    if not found:
        raise UsageError("Name a shipment file, or give --to, --from, --hs, --price, --currency.")
    return {**found, "items": [_fields(told, ITEM)]}


def refuse_beside_a_file(told: Mapping[str, Any]) -> None:
    """A file says all of a shipment: a flag beside it would change nothing, or not be seen.

    Raises:
        UsageError: a flag was given.
    """
    for flag in _FLAGS:
        if told[flag] is not None and (flag, told[flag]) != ("quantity", ONE):
            name = "from" if flag == "sender" else flag.replace("_", "-")
            raise UsageError(f"Give a shipment file or the flags, not both: --{name}.")


def _fields(told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the native shipment that were given."""
    given = {flag: field for flag, field in names.items() if told[flag] is not None}
    return {
        field: _entries(flag, told[flag]) if flag in _TABLES else told[flag]
        for flag, field in given.items()
    }


def _entries(flag: str, texts: Iterable[str]) -> dict[str, str]:
    """The table of a flag that was given once for each entry."""
    found: dict[str, str] = {}
    for text in texts:
        name, is_split, value = text.partition("=")
        if not (name and is_split and value) or name in found:
            told = f"Give each --{flag.replace('_', '-')} once, as NAME=VALUE: {text!r}."
            raise UsageError(told)
        found[name] = value
    return found
