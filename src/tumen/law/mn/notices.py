"""What Mongolia's law makes a reader look at besides the charges: controlled goods."""

from tumen.law.settlement import Settlement


def warn_of_control(settlement: Settlement) -> None:
    """Goods that are controlled at the border, by their code."""
    for goods in settlement.consignment.goods:
        found = settlement.class_of("mn.control", goods)
        if found is not None:
            path = f"items[{goods.place}].hs"
            settlement.warn("MN_CONTROLLED_GOODS", path, value=found.name)
