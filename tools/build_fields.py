"""Re-encode the facts of the CEB 202205 field list as our own field table.

Usage: python tools/build_fields.py DERIVED_FOLDER

DERIVED_FOLDER holds ``ceb202205_fields.csv``: direction, element, field, min, max, type, doc.
Writes ``src/tumen/documents/data/fields.csv``, one line a field: our kind, part and name (in
the words of the WCO Data Model), the CEB element, whether it must be there, type and lengths,
and whether it is personal. The order of lines is the order of elements in a CEB document.
"""

import csv
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/tumen/documents/data/fields.csv"

ELEMENTS = {
    "OrderHead": ("order", "head"),
    "OrderList": ("order", "item"),
    "PaymentHead": ("payment", "head"),
    "LogisticsHead": ("waybill", "head"),
    "InventoryHead": ("declaration", "head"),
    "InventoryList": ("declaration", "item"),
    "InvtCancel": ("revocation", "head"),
    "InvtRefundHead": ("return", "head"),
    "InvtRefundList": ("return", "item"),
}

NAMES = {
    "guid": "message_id",
    "appType": "function_code",
    "appTime": "issued_at",
    "appStatus": "submission_status",
    "orderType": "order_type",
    "orderNo": "order_number",
    "ebpCode": "platform_code",
    "ebpName": "platform_name",
    "ebcCode": "merchant_code",
    "ebcName": "merchant_name",
    "goodsValue": "goods_value",
    "freight": "freight",
    "discount": "discount",
    "taxTotal": "tax_total",
    "acturalPaid": "amount_paid",
    "currency": "currency",
    "buyerRegNo": "buyer_account",
    "buyerName": "buyer_name",
    "buyerTelephone": "buyer_telephone",
    "buyerIdType": "buyer_id_type",
    "buyerIdNumber": "buyer_id_number",
    "payCode": "payment_provider_code",
    "payName": "payment_provider_name",
    "payTransactionId": "payment_number",
    "batchNumbers": "batch_numbers",
    "consignee": "consignee_name",
    "consigneeTelephone": "consignee_telephone",
    "consigneeAddress": "consignee_address",
    "consigneeDistrict": "consignee_district",
    "note": "note",
    "gnum": "item_number",
    "itemNo": "item_code",
    "itemName": "item_name",
    "gmodel": "model",
    "itemDescribe": "description",
    "barCode": "barcode",
    "unit": "unit",
    "qty": "quantity",
    "price": "unit_price",
    "totalPrice": "total_price",
    "country": "country",
    "payerIdType": "payer_id_type",
    "payerIdNumber": "payer_id_number",
    "payerName": "payer_name",
    "telephone": "payer_telephone",
    "amountPaid": "amount_paid",
    "payTime": "paid_at",
    "logisticsCode": "carrier_code",
    "logisticsName": "carrier_name",
    "logisticsNo": "waybill_number",
    "billNo": "transport_document",
    "insuredFee": "insurance",
    "weight": "gross_weight_kg",
    "packNo": "package_count",
    "goodsInfo": "goods_description",
    "copNo": "own_reference",
    "preNo": "preliminary_number",
    "assureCode": "guarantor_code",
    "emsNo": "account_book",
    "invtNo": "declaration_number",
    "ieFlag": "direction",
    "declTime": "declared_on",
    "customsCode": "customs_office",
    "portCode": "port_office",
    "ieDate": "arrived_on",
    "agentCode": "agent_code",
    "agentName": "agent_name",
    "areaCode": "warehouse_code",
    "areaName": "warehouse_name",
    "tradeMode": "procedure",
    "trafMode": "transport_mode",
    "trafNo": "conveyance",
    "voyageNo": "voyage",
    "loctNo": "location",
    "licenseNo": "licence_number",
    "wrapType": "package_type",
    "grossWeight": "gross_weight_kg",
    "netWeight": "net_weight_kg",
    "itemRecordNo": "record_number",
    "gcode": "hs_code",
    "gname": "goods_name",
    "tradeCountry": "trade_country",
    "qty1": "quantity_1",
    "unit1": "unit_1",
    "qty2": "quantity_2",
    "unit2": "unit_2",
    "reason": "reason",
}

# `country` means two things: where the journey starts (head), where the goods are from (item).
HEAD_NAMES = {"country": "dispatch_country"}
ITEM_NAMES = {"country": "origin"}

PERSONAL = {
    "buyer_account", "buyer_name", "buyer_telephone", "buyer_id_number",
    "payer_name", "payer_telephone", "payer_id_number",
    "consignee_name", "consignee_telephone", "consignee_address", "note",
}  # fmt: skip

FORMS = {
    "issued_at": "time14", "paid_at": "time14", "declared_on": "date8", "arrived_on": "date8",
}  # fmt: skip


# What the native forms (NDJSON, CSV) may leave out, and what is then understood.
NATIVE_DEFAULTS = {
    "message_id": "", "function_code": "1", "submission_status": "2", "order_type": "I",
    "currency": "142", "buyer_id_type": "1", "payer_id_type": "1", "direction": "I",
    "declaration_number": "", "platform_name": "", "merchant_name": "", "carrier_name": "",
    "payment_provider_name": "", "agent_name": "", "discount": "0", "tax_total": "0",
    "freight": "0", "insurance": "0", "package_count": "1",
}  # fmt: skip


def native_of(name: str, required: bool) -> str:
    """How the native forms treat the field: `required`, `optional` or `=default`."""
    default = NATIVE_DEFAULTS.get(name)
    if default:
        return f"={default}"
    return "required" if required and default is None else "optional"


def line_of(source: dict[str, str]) -> dict[str, str]:
    """Our line for one field of the source."""
    kind, part = ELEMENTS[source["element"]]
    renamed = (HEAD_NAMES if part == "head" else ITEM_NAMES).get(source["field"])
    name = renamed or NAMES[source["field"]]
    facets = dict(re.findall(r"(\w+)=(\d+)", source["type"]))
    type_ = re.match(r"xs:(\w+)", source["type"])[1]  # type: ignore[index]
    exact = facets.get("length")
    return {
        "kind": kind,
        "part": part,
        "field": name,
        "ceb": source["field"],
        "required": "1" if source["min"] == "1" else "0",
        "type": {"string": "text", "decimal": "decimal", "int": "integer"}[type_],
        "length_min": exact or facets.get("minLength", "") or ("0" if type_ == "string" else ""),
        "length_max": exact or facets.get("maxLength", "") or facets.get("totalDigits", ""),
        "form": FORMS.get(name, ""),
        "native": native_of(name, source["min"] == "1"),
        "personal": "1" if name in PERSONAL and part == "head" else "0",
    }


def main(folder: Path) -> None:
    """Write the field table from the facts in ``folder``."""
    with (folder / "ceb202205_fields.csv").open(encoding="utf-8", newline="") as source:
        rows = [
            line_of(row)
            for row in csv.DictReader(source)
            if row["direction"] == "import" and row["element"] in ELEMENTS
        ]
    with TARGET.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} fields written to {TARGET}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
