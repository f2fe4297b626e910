"""Why a consignment may not take a regime: the reasons that several economies share."""

from collections.abc import Collection, Iterator
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.ruling import Notice

SERVICES: Final = frozenset(
    {
        "advertising",
        "app",
        "brokerage",
        "cloud",
        "digital_service",
        "e_book",
        "ebook",
        "game",
        "media",
        "music",
        "software",
        "streaming",
        "video",
    }
)
"""The seller's categories that name a service over the internet and no goods."""

ELECTRONIC_BOOKS: Final = frozenset({"e_book", "ebook"})


def is_service(goods: Goods) -> bool:
    """Whether an item is a digital service: no commodity code, and a category that says so."""
    return not goods.hs and goods.category in SERVICES


def services(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is none of goods: each item that is a digital service."""
    return tuple(
        Notice("SERVICE_IS_NO_GOODS", f"items[{goods.place}].category")
        for goods in consignment.goods
        if is_service(goods)
    )


def goods_among_services(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is none of services: each item that is no digital service."""
    return tuple(
        Notice("GOODS_ARE_NO_SERVICE", f"items[{goods.place}]")
        for goods in consignment.goods
        if not is_service(goods)
    )


def not_personal(consignment: Consignment) -> Iterator[Notice]:
    """Why goods are not for the personal use of a person."""
    if consignment.buyer_kind != "person":
        yield Notice("BUYER_NOT_A_PERSON", "buyer.kind")
    if consignment.purpose != "personal":
        yield Notice("PURPOSE_NOT_PERSONAL", "purpose")


def not_by(consignment: Consignment, transports: Collection[str]) -> Iterator[Notice]:
    """Why goods do not come in the way that a regime is for."""
    if consignment.transport not in transports:
        told = {"value": consignment.transport, "expected": ", ".join(sorted(transports))}
        yield Notice("TRANSPORT_NOT_OF_REGIME", "transport", told)


def not_in_force(value: str) -> Notice:
    """The refusal because the law of the regime is not held for the day; names what is not."""
    return Notice("LAW_NOT_IN_FORCE", "date", {"value": value})


def cannot_tell(missing: str) -> Notice:
    """The refusal because it cannot be told whether a regime is open: what was not told."""
    if missing[:3] in {"cn.", "jp.", "kr.", "mn.", "ru."}:
        return not_in_force(missing)
    return Notice("REGIME_NOT_TOLD", missing, {"value": missing})
