"""What Mongolia's law makes a reader look at besides the charges: controlled goods, papers."""

import re
from typing import Final

from tumen.law import control
from tumen.law.settlement import Settlement

REGISTER_NUMBERS: Final = {
    "person": re.compile(r"[А-ЯЁӨҮ]{2}[0-9]{8}"),
    "business": re.compile(r"[0-9]{7}"),
}
"""A person's register number is two Cyrillic letters and eight digits, a business's seven digits;
no check digit is known."""


def warn_of_control(settlement: Settlement) -> None:
    """Goods that are controlled at the border, by their code."""
    control.warn(settlement, "mn.control")


def warn_of_register_number(settlement: Settlement) -> None:
    """A register number that was told has the form of one; it is never part of a warning."""
    told = (settlement.consignment.buyer_id or "").strip().upper()
    form = REGISTER_NUMBERS.get(settlement.consignment.buyer_kind)
    if told and form is not None and form.fullmatch(told) is None:
        settlement.warn("MN_REGISTER_NUMBER_FORM", "buyer.id")
