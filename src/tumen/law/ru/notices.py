"""What Russia's law makes a reader look at besides the charges: control, papers, preference."""

from collections.abc import Iterator
from typing import Final

from stdnum.ru import inn

from tumen.kernel.errors import LawError
from tumen.law.consignment import Consignment
from tumen.law.explanation import Explanation, Unknown
from tumen.law.parameters import value_at
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement

GSP_ORIGINS: Final = frozenset({"CN", "KR", "MN"})
EAEU_MONGOLIA: Final = "EAEU_MN"
INN_LENGTHS: Final = frozenset({10, 12})
SENDERS: Final = {"JP": "ru.control.japan", "KR": "ru.control.korea"}


def warn_of_control(settlement: Settlement) -> None:
    """Goods that are controlled at the border, and senders that restrict exports to Russia."""
    consignment = settlement.consignment
    for goods in consignment.goods:
        found = settlement.class_of("ru.control", goods)
        if found is not None:
            path = f"items[{goods.place}].hs"
            settlement.warn("RU_CONTROLLED_GOODS", path, value=found.name)
    name = SENDERS.get(consignment.dispatch)
    if name is None:
        return
    try:
        rule = value_at(name, consignment.day)
    except LawError:
        return
    settlement.warn("RU_SENDER_RESTRICTS", "dispatch", value=rule.citation)


def warn_of_taxpayer_number(settlement: Settlement) -> None:
    """An express parcel to a person needs the recipient's passport and taxpayer number.

    The number is never part of a warning (приказ ФТС России от 24.11.2017 № 1861).
    """
    consignment = settlement.consignment
    if consignment.transport != "courier" or consignment.buyer_kind != "person":
        return
    try:
        settlement.why.value("ru.express.taxpayer_number_required")
    except Unknown:
        return
    if not _looks_like_taxpayer_number(consignment):
        settlement.warn("RU_TAXPAYER_NUMBER_MISSING", "buyer.id")
    warn_of_wrong_number(settlement)


def warn_of_wrong_number(settlement: Settlement) -> None:
    """A number of the length of a taxpayer number has its check digits."""
    consignment = settlement.consignment
    is_told = _looks_like_taxpayer_number(consignment)
    if is_told and not inn.is_valid((consignment.buyer_id or "").strip()):
        settlement.warn("RU_TAXPAYER_NUMBER_INVALID", "buyer.id")


def _looks_like_taxpayer_number(consignment: Consignment) -> bool:
    told = (consignment.buyer_id or "").strip()
    return told.isascii() and told.isdigit() and len(told) in INN_LENGTHS


def warn_of_preference(settlement: Settlement) -> None:
    """No agreement that we hold lowers Russia's duty: the base rate of the tariff is taken."""
    consignment = settlement.consignment
    claim = consignment.preference
    if claim is not None:
        settlement.warn(
            "RU_PREFERENCE_REFUSED",
            "preference",
            value=claim.agreement,
            expected=_refusal(settlement, claim.agreement),
        )
    for origin in sorted({each.origin or "" for each in consignment.goods} & GSP_ORIGINS):
        try:
            is_open = settlement.why.value(f"ru.gsp.{origin}").scalar
        except Unknown:
            continue
        if is_open:
            settlement.warn("RU_GSP_RATES_NOT_HELD", "items", value=origin)


def _refusal(settlement: Settlement, agreement: str) -> str:
    """Why an agreement lowers no duty, in one word."""
    if agreement != EAEU_MONGOLIA:
        return "not_of_the_eaeu"
    in_force = is_in_force("ru.preference.eaeu_mongolia", settlement.why)
    return "rate_not_held" if in_force else "not_in_force"


def personal_use_refusals(consignment: Consignment) -> Iterator[Notice]:
    """Why goods are not for the personal use of a person."""
    if consignment.purpose != "personal" or consignment.buyer_kind != "person":
        yield Notice("RU_NOT_FOR_PERSONAL_USE", "purpose")


def is_in_force(name: str, why: Explanation) -> bool:
    """Whether a regime is in force: whether its leading parameter has a value on the day."""
    try:
        why.value(name)
    except Unknown:
        return False
    return True
