"""Writes the documents of a draft in the native form. Amounts are integer fen until they are text.

Fields whose native default is meant are left out, as a shop would leave them out.
"""

from tumen.simulation.bundle import Document
from tumen.simulation.draft import BONDED, Draft, Line


def yuan(fen: int) -> str:
    """Fen as decimal yuan.

    >>> yuan(1905)
    '19.05'
    """
    return f"{fen // 100}.{fen % 100:02d}"


def thousandths(amount: int) -> str:
    """Grams as kilograms, millilitres as litres.

    >>> thousandths(1250)
    '1.250'
    """
    return f"{amount // 1000}.{amount % 1000:03d}"


def order_number(draft: Draft) -> str:
    """The platform's order number."""
    return f"DEMO{draft.serial}"


def own_reference(draft: Draft) -> str:
    """The filer's number of the list; at most 18 characters, so that a return may cite it."""
    return f"L{draft.serial}"


def waybill_number(draft: Draft) -> str:
    """The carrier's waybill number."""
    return f"W{draft.serial}"


def order(draft: Draft) -> Document:
    """The order of a draft."""
    buyer = draft.buyer
    return {
        "kind": "order",
        "message_id": draft.message_id(),
        "issued_at": draft.time(0),
        "order_number": order_number(draft),
        "platform_code": draft.parties.platform,
        "merchant_code": draft.parties.merchant,
        "goods_value": yuan(draft.goods_value),
        "freight": yuan(draft.freight),
        "discount": yuan(draft.discount),
        "tax_total": yuan(draft.tax_total),
        "amount_paid": yuan(draft.amount_paid),
        "buyer_account": buyer.account,
        "buyer_name": buyer.name,
        "buyer_telephone": buyer.telephone,
        "buyer_id_number": buyer.id_number,
        "payment_provider_code": draft.parties.payment_provider,
        "payment_number": f"P{draft.serial}",
        "consignee_name": buyer.name,
        "consignee_telephone": buyer.telephone,
        "consignee_address": buyer.address,
        "items": [_order_item(number, line) for number, line in enumerate(draft.lines, 1)],
    }


def _order_item(number: int, line: Line) -> Document:
    goods = line.goods
    return {
        "item_number": str(number),
        "item_code": f"SKU{goods.hs_code}",
        "item_name": goods.name,
        "model": goods.model,
        "unit": goods.unit,
        "quantity": str(line.quantity),
        "unit_price": yuan(line.price_fen),
        "total_price": yuan(line.total_fen),
        "origin": line.origin,
    }


def payment(draft: Draft) -> Document:
    """The payment of a draft."""
    buyer = draft.buyer
    return {
        "kind": "payment",
        "message_id": draft.message_id(),
        "issued_at": draft.time(90),
        "payment_provider_code": draft.parties.payment_provider,
        "payment_number": f"P{draft.serial}",
        "order_number": order_number(draft),
        "platform_code": draft.parties.platform,
        "payer_id_number": buyer.id_number,
        "payer_name": buyer.name,
        "payer_telephone": buyer.telephone,
        "amount_paid": yuan(draft.amount_paid),
        "paid_at": draft.time(60),
    }


def _weights(draft: Draft) -> tuple[int, int]:
    net = sum([line.quantity * line.goods.net_weight_g for line in draft.lines])
    return net, net + net // 12 + 80  # packing: a twelfth and a box


def waybill(draft: Draft) -> Document:
    """The waybill of a draft."""
    buyer = draft.buyer
    paper: Document = {
        "kind": "waybill",
        "message_id": draft.message_id(),
        "issued_at": draft.time(1800),
        "carrier_code": draft.parties.carrier,
        "waybill_number": waybill_number(draft),
        "order_number": order_number(draft),
        "freight": yuan(draft.freight),
        "insurance": yuan(draft.insurance),
        "gross_weight_kg": thousandths(_weights(draft)[1]),
        "goods_description": draft.lines[0].goods.name,
        "consignee_name": buyer.name,
        "consignee_address": buyer.address,
        "consignee_telephone": buyer.telephone,
    }
    if draft.procedure != BONDED:
        paper["transport_document"] = _master_bill(draft)
    return paper


def _master_bill(draft: Draft) -> str:
    return f"MB{draft.day}{draft.number // 1000:06d}"


def declaration(draft: Draft) -> Document:
    """The declaration list of a draft, with the fields that its procedure demands."""
    buyer = draft.buyer
    net, gross = _weights(draft)
    is_bonded = draft.procedure == BONDED
    return {
        "kind": "declaration",
        "message_id": draft.message_id(),
        "issued_at": draft.time(3600),
        "order_number": order_number(draft),
        "platform_code": draft.parties.platform,
        "merchant_code": draft.parties.merchant,
        "waybill_number": waybill_number(draft),
        "carrier_code": draft.parties.carrier,
        "own_reference": own_reference(draft),
        "guarantor_code": draft.parties.merchant,
        "declared_on": draft.day,
        "customs_office": draft.office,
        "port_office": draft.office,
        "buyer_id_number": buyer.id_number,
        "buyer_name": buyer.name,
        "buyer_telephone": buyer.telephone,
        "consignee_address": buyer.address,
        "agent_code": draft.parties.agent,
        "procedure": draft.procedure,
        **(_bonded(draft) if is_bonded else _direct(draft)),
        "freight": yuan(draft.freight),
        "insurance": yuan(draft.insurance),
        "gross_weight_kg": thousandths(gross),
        "net_weight_kg": thousandths(net),
        "items": [
            _declaration_item(number, line, is_bonded) for number, line in enumerate(draft.lines, 1)
        ],
    }


def _bonded(draft: Draft) -> Document:
    return {
        "account_book": f"T{draft.office}W{draft.warehouse[-6:]}",
        "warehouse_code": draft.warehouse,
        "transport_mode": "Y",
        "dispatch_country": "142",
    }


def _direct(draft: Draft) -> Document:
    return {
        "arrived_on": draft.day,
        "transport_mode": "5",
        "conveyance": "DEMO AIR",
        "voyage": f"DM{draft.number // 1000 % 1000:03d}",
        "transport_document": _master_bill(draft),
        "dispatch_country": draft.origin,
    }


def _declaration_item(number: int, line: Line, is_bonded: bool) -> Document:
    goods = line.goods
    item = {
        "item_number": str(number),
        "item_code": f"SKU{goods.hs_code}",
        "hs_code": goods.hs_code,
        "goods_name": goods.name,
        "model": goods.model,
        "origin": line.origin,
        "quantity": str(line.quantity),
        "unit": goods.unit,
        "quantity_1": measured(line, goods.unit_1),
        "unit_1": goods.unit_1,
        "unit_price": yuan(line.price_fen),
        "total_price": yuan(line.total_fen),
    }
    if is_bonded:
        item["record_number"] = f"R{goods.hs_code}"
    if goods.unit_2:
        item["quantity_2"] = measured(line, goods.unit_2)
        item["unit_2"] = goods.unit_2
    return item


def measured(line: Line, unit: str) -> str:
    """The quantity of a line in a statutory unit: kilograms, litres or pieces."""
    if unit == "035":
        return thousandths(line.quantity * line.goods.net_weight_g)
    if unit == "095":
        return thousandths(line.quantity * line.goods.volume_ml)
    return str(line.quantity)


def _after_release(draft: Draft, kind: str, reason: str) -> Document:
    """What revocation and return have in common; both cite the list's own reference."""
    buyer = draft.buyer
    return {
        "kind": kind,
        "message_id": draft.message_id(),
        "issued_at": draft.next_day + draft.time(0)[8:],
        "customs_office": draft.office,
        "order_number": order_number(draft),
        "platform_code": draft.parties.platform,
        "merchant_code": draft.parties.merchant,
        "waybill_number": waybill_number(draft),
        "carrier_code": draft.parties.carrier,
        "own_reference": f"{kind[2].upper()}{draft.serial}",
        "declaration_number": own_reference(draft),
        "buyer_id_number": buyer.id_number,
        "buyer_name": buyer.name,
        "buyer_telephone": buyer.telephone,
        "agent_code": draft.parties.agent,
        "reason": reason,
    }


def revocation(draft: Draft) -> Document:
    """A revocation of the list, issued on the next day."""
    return _after_release(draft, "revocation", "演示：买家取消订单")


def goods_return(draft: Draft, quantities: dict[int, int]) -> Document:
    """A return, issued on the next day.

    Args:
        draft: the consignment.
        quantities: item number -> how many units come back.
    """
    paper = _after_release(draft, "return", "演示：买家退货")
    paper["items"] = [
        {
            "item_number": str(number),
            "hs_code": draft.lines[number - 1].goods.hs_code,
            "goods_name": draft.lines[number - 1].goods.name,
            "quantity": str(quantity),
            "unit": draft.lines[number - 1].goods.unit,
        }
        for number, quantity in quantities.items()
    ]
    return paper
