"""Writes CEB 202205 messages from native documents, field by field from the field table."""

from collections.abc import Sequence
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from tumen.documents.fields import Field, Kind, Part, fields
from tumen.simulation.bundle import Document
from tumen.simulation.parties import enterprise_names

MESSAGES: Final = {
    Kind.ORDER: ("311", "Order", "OrderHead", "OrderList"),
    Kind.PAYMENT: ("411", "Payment", "PaymentHead", ""),
    Kind.WAYBILL: ("511", "Logistics", "LogisticsHead", ""),
    Kind.DECLARATION: ("621", "Inventory", "InventoryHead", "InventoryList"),
    Kind.REVOCATION: ("623", "InvtCancel", "", ""),
    Kind.RETURN: ("625", "InvtRefund", "InvtRefundHead", "InvtRefundList"),
}
"""Kind -> number of the message, element of a document, of its head, of its items."""

_SENDER: Final = {
    Kind.ORDER: "platform_code",
    Kind.PAYMENT: "payment_provider_code",
    Kind.WAYBILL: "carrier_code",
    Kind.DECLARATION: "agent_code",
    Kind.REVOCATION: "agent_code",
    Kind.RETURN: "agent_code",
}

_SIGNATURE: Final = """\
<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>\
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>\
<ds:SignatureMethod Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"/>\
<ds:Reference URI=""><ds:Transforms>\
<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>\
</ds:Transforms>\
<ds:DigestMethod Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"/>\
<ds:DigestValue>REVNTy1OT1QtQS1ESUdFU1Q=</ds:DigestValue></ds:Reference></ds:SignedInfo>\
<ds:SignatureValue>REVNTy1OT1QtQS1TSUdOQVRVUkU=</ds:SignatureValue>\
<ds:KeyInfo><ds:KeyName>DEMO-NOT-A-KEY</ds:KeyName><ds:X509Data>\
<ds:X509Certificate>REVNTy1OT1QtQS1DRVJUSUZJQ0FURQ==</ds:X509Certificate>\
</ds:X509Data></ds:KeyInfo></ds:Signature>
"""
"""The structure that the schema demands; its values say in Base64 that they are none."""


def _filling(field: Field) -> str | None:
    """What stands in a field that the native document leaves out."""
    return field.native_default if field.required else None


@cache
def _columns(kind: Kind, part: Part) -> list[tuple[str, str, str, str | None]]:
    """Our name, the element, the code to take a company's name from, the default."""
    table = fields(kind, part)
    codes = {field.name for field in table if field.name.endswith("_code")}
    columns = []
    for field in table:
        code = field.name.removesuffix("_name") + "_code"
        named_by = code if field.name.endswith("_name") and code in codes else ""
        columns.append((field.name, field.ceb, named_by, _filling(field)))
    return columns


def _elements(paper: Document, kind: Kind, part: Part) -> str:
    names = enterprise_names()
    out = []
    for name, element, named_by, default in _columns(kind, part):
        value = paper.get(name)
        if value is None:
            value = names.get(paper.get(named_by, "")) if named_by else default
            if value is None:
                continue
        elif "&" in value or "<" in value:
            value = escape(value)
        out.append(f"<ceb:{element}>{value}</ceb:{element}>")
    return "".join(out)


def _document(paper: Document, kind: Kind) -> str:
    _, whole, head, item = MESSAGES[kind]
    inner = _elements(paper, kind, Part.HEAD)
    if head:
        inner = f"<ceb:{head}>{inner}</ceb:{head}>"
    if item:
        inner += "".join(
            f"\n<ceb:{item}>{_elements(line, kind, Part.ITEM)}</ceb:{item}>"
            for line in paper["items"]
        )
    return f"<ceb:{whole}>{inner}</ceb:{whole}>\n"


def message(kind: Kind, papers: Sequence[Document]) -> str:
    """One message of up to 100 documents of one kind; its identifier is its first document's."""
    root = f"CEB{MESSAGES[kind][0]}Message"
    sender = papers[0][_SENDER[kind]]
    body = "".join(_document(paper, kind) for paper in papers)
    signature = _SIGNATURE if kind in (Kind.DECLARATION, Kind.REVOCATION, Kind.RETURN) else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ceb:{root} guid="{papers[0]["message_id"]}" version="1.0"'
        ' xmlns:ceb="http://www.chinaport.gov.cn/ceb">\n'
        f"{body}<ceb:BaseTransfer><ceb:copCode>{sender}</ceb:copCode>"
        f"<ceb:copName>{enterprise_names()[sender]}</ceb:copName><ceb:dxpMode>DXP</ceb:dxpMode>"
        "<ceb:dxpId>DXPDEMO000000001</ceb:dxpId></ceb:BaseTransfer>\n"
        f"{signature}</ceb:{root}>\n"
    )
