"""What a shipment says of itself and hardly means: it is told, and computed with all the same."""

from collections.abc import Iterator
from typing import Final

from tumen.law.figures import decimal
from tumen.law.native.shipment import Shipment
from tumen.law.ruling import Notice

PIECE_KG_MAX: Final = 31
"""Of 32,949 products of a retail platform that tell their weight (Olist, MIT licence) one weighs
more, one in a thousand 30 kg or more, and half of them more than 0.7 kg. A weight told in grams
is a thousand times too large, so that it stands above this for every piece of more than 31 g."""

PARCELS: Final = frozenset({"post", "courier"})
COUNTED: Final = frozenset({"piece", "pair", "head"})
CODE: Final = "NET_WEIGHT_UNLIKELY"


def weight_notices(shipment: Shipment) -> Iterator[Notice]:
    """Items of a parcel to a person of which a piece weighs more than next to any on sale does."""
    if shipment.buyer_kind != "person" or shipment.transport not in PARCELS:
        return
    for place, item in enumerate(shipment.items):
        if item.net_weight_kg is None or item.unit.name not in COUNTED:
            continue
        pieces = item.quantity * item.unit.factor
        if item.net_weight_kg > PIECE_KG_MAX * pieces:
            told = {"value": decimal(item.net_weight_kg), "expected": str(PIECE_KG_MAX)}
            yield Notice(CODE, f"items[{place}].net_weight_kg", told)
