"""What Russia's law makes a reader look at besides the charges: control, papers, preference."""

from typing import Final

from stdnum.ru import inn

from tumen.kernel.errors import LawError
from tumen.law import control
from tumen.law.consignment import Consignment
from tumen.law.explanation import Unknown
from tumen.law.parameters import value_at
from tumen.law.preference import Agreement, preferential
from tumen.law.settlement import Settlement

GSP_ORIGINS: Final = frozenset({"CN", "KR", "MN"})
AGREEMENTS: Final = {
    "EAEU_MN": Agreement(origins={"MN": "ru.preference.eaeu_mongolia"}, is_proof_asked=False)
}
INN_LENGTHS: Final = frozenset({10, 12})
UNION: Final = frozenset({"AM", "BY", "KG", "KZ"})
SENDERS: Final = {"JP": "ru.control.japan", "KR": "ru.control.korea"}


def warn_of_control(settlement: Settlement) -> None:
    """Goods that are controlled at the border, and senders that restrict exports to Russia.

    Between the members of the Union there is no such border (Договор о ЕАЭС, 25).
    """
    consignment = settlement.consignment
    control.warn(settlement, "ru.control")
    dispatch = consignment.dispatch
    if dispatch in UNION and settlement.why.holds(f"ru.union.{dispatch}"):
        settlement.warn("RU_FROM_THE_UNION", "dispatch", value=dispatch)
    name = SENDERS.get(dispatch)
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
    if not settlement.why.holds("ru.express.taxpayer_number_required"):
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
    for goods in consignment.goods:
        preferential(settlement, goods, AGREEMENTS, consignment.price)
    for origin in sorted({each.origin or "" for each in consignment.goods} & GSP_ORIGINS):
        try:
            is_open = settlement.why.value(f"ru.gsp.{origin}").scalar
        except Unknown:
            continue
        if is_open:
            settlement.warn("RU_GSP_RATES_NOT_HELD", "items", value=origin)
