"""What the codes of the platform are called on a page: statuses, lanes, charges, regimes.

The English words stand here, in groups; the catalogues translate them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tumen.web.locale.catalogue import catalogue
from tumen.window.ledger import letting_go

REASON: Final = "reason"
"""The group of the reasons that the platform itself gives for what it does."""


def N_(sentence: str) -> str:  # noqa: N802 - the customary name, by which sentences are found
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return sentence


WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "economy": {
            "CN": N_("China"),
            "RU": N_("Russia"),
            "JP": N_("Japan"),
            "KR": N_("Republic of Korea"),
            "MN": N_("Mongolia"),
        },
        "status": {
            "pending": N_("waiting for its counterparts"),
            "awaiting": N_("accepted, awaiting the authority's decision"),
            "released": N_("released"),
            "held": N_("held: an officer looks at the papers"),
            "examination": N_("in examination"),
            "rejected": N_("rejected"),
            "revoked": N_("revoked"),
            "returned": N_("returned"),
            "replaced": N_("replaced by a newer one"),
        },
        "answer": {
            "accepted": N_("accepted"),
            "rejected": N_("rejected"),
            "duplicate": N_("received before"),
            "ignored": N_("ignored"),
            "payable": N_("payable"),
            "exempt": N_("exempt: nothing is payable"),
            "not_admissible": N_("not admissible"),
            "unknown": N_("unknown: something that the answer needs is missing"),
        },
        "lane": {
            "green": N_("green"),
            "blue": N_("blue"),
            "yellow": N_("yellow"),
            "red": N_("red"),
        },
        "due": {"overdue": N_("overdue"), "in_time": N_("in time")},
        "kind": {
            "order": N_("order"),
            "payment": N_("payment"),
            "waybill": N_("waybill"),
            "declaration": N_("declaration"),
            "revocation": N_("revocation"),
            "return": N_("return"),
            "shipment": N_("shipment"),
            "unreadable": N_("unreadable row"),
        },
        "charge": {
            "duty": N_("customs duty"),
            "vat": N_("value added tax"),
            "consumption_tax": N_("consumption tax"),
            "postal_tax": N_("postal tax"),
            "consumption_tax_national": N_("consumption tax, national"),
            "consumption_tax_local": N_("consumption tax, local"),
            "individual_consumption_tax": N_("individual consumption tax"),
            "liquor_tax": N_("liquor tax"),
            "education_tax": N_("education tax"),
            "rural_tax": N_("special tax for rural development"),
            "simplified_duty": N_("simplified duty"),
            "excise": N_("excise"),
            "customs_fee": N_("customs fee"),
            "single_payment": N_("single payment for personal goods"),
        },
        "regime": {
            "auto": N_("the regime that the law assigns"),
            "cbec": N_("retail import by e-commerce"),
            "postal": N_("personal articles by post or courier"),
            "general": N_("general import"),
            "ecommerce": N_("e-commerce goods"),
            "personal": N_("goods for personal use"),
            "simplified": N_("simplified tariff"),
            "list": N_("list clearance"),
            "digital_service": N_("digital service"),
            "export_9610": N_("export of retail parcels (9610)"),
            "export_9710": N_("export to a business (9710)"),
            "export_9810": N_("export to an overseas warehouse (9810)"),
        },
        "transport": {
            "post": N_("post"),
            "courier": N_("courier"),
            "cargo": N_("cargo"),
            "bonded": N_("from a bonded warehouse"),
        },
        "unit": {
            "piece": N_("pieces"),
            "pair": N_("pairs"),
            "dozen": N_("dozens"),
            "kg": N_("kilograms"),
            "g": N_("grams"),
            "t": N_("tonnes"),
            "l": N_("litres"),
            "ml": N_("millilitres"),
            "l_pure_alcohol": N_("litres of pure alcohol"),
            "m": N_("metres"),
            "m2": N_("square metres"),
            "m3": N_("cubic metres"),
            "cm3": N_("cubic centimetres"),
            "carat": N_("carats"),
            "head": N_("heads"),
            "kWh": N_("kilowatt-hours"),
        },
        "purpose": {"personal": N_("personal use"), "commercial": N_("commercial")},
        "buyer": {"person": N_("a person"), "business": N_("a business")},
        "evidence": {
            "statute": N_("the text of the act was read"),
            "confirmed": N_("confirmed"),
            "weak": N_("weakly confirmed"),
            "unverified": N_("not verified"),
            "proposed": N_("proposed, not in force"),
            "expected": N_("announced, value not known"),
        },
        "layer": {
            "format": N_("the form of a document"),
            "business": N_("the rules for one document"),
            "store": N_("what was lodged before"),
            "match": N_("order, payment, waybill and declaration compared"),
            "law": N_("the law"),
            "screen": N_("the choice of lane"),
            "decision": N_("the acts of officers"),
            "certificate": N_("certificates of origin"),
            "service": N_("the service itself"),
        },
        "entry": {
            "used": N_("used"),
            "reserved": N_("reserved"),
            "given_back": N_("given back"),
        },
        "topic": {
            "documents": N_("documents and refusals"),
            "decision": N_("what waits or was decided"),
            "law": N_("rules, rates and thresholds"),
            "allowance": N_("the yearly allowance"),
            "tracking": N_("where goods are"),
            "access": N_("signing in, keys and roles"),
            "other": N_("something else"),
        },
        "ticket": {
            "waiting": N_("waits for an answer"),
            "overdue": N_("overdue"),
            "answered": N_("answered"),
            "closed": N_("closed"),
        },
        "aftercare": {
            "correction": N_("corrected"),
            "correction_asked": N_("correction asked for"),
            "correction_refused": N_("correction refused"),
            "return": N_("return granted"),
            "return_asked": N_("return asked for"),
            "return_refused": N_("return refused"),
            "revocation": N_("revoked"),
            "goods_back": N_("returned goods are back"),
            "return_lapsed": N_("return lapsed: the goods were not back in time"),
        },
        "bill_state": {
            "made": N_("made, not paid"),
            "summarised": N_("summed up in a notice"),
            "paid": N_("paid"),
            "voided": N_("void"),
        },
        "bill_kind": {
            "assessed": N_("the first bill"),
            "supplementary": N_("supplementary bill"),
            "refund": N_("refund"),
        },
        "guarantee": {
            "deposited": N_("deposited"),
            "withdrawn": N_("taken back"),
        },
        "dispute": {
            "open": N_("waits for an officer"),
            "upheld": N_("upheld: the amount is given back"),
            "refused": N_("refused"),
        },
        "ground": {
            "not_mine": N_("It was not my order."),
            "twice": N_("It was counted twice."),
            "amount": N_("The amount is not right."),
            "not_given_back": N_("I returned it, and the amount was not given back."),
        },
        "stated": {
            "freight": N_("freight"),
            "insurance": N_("insurance"),
            "hs": N_("commodity code"),
            "quantity": N_("quantity"),
            "quantity_1": N_("quantity in the first legal unit (list)"),
            "quantity_2": N_("quantity in the second legal unit (list)"),
            "total_price": N_("price of the whole item, CNY (list)"),
            "unit_price": N_("price of one (shipment)"),
            "net_weight_kg": N_("net weight, kg (shipment)"),
            "volume_l": N_("volume, l (shipment)"),
            "origin": N_("country of origin"),
            "category": N_("category of goods"),
        },
        "compared": {
            "equal": N_("equal"),
            "differs": N_("differs"),
            "not stated": N_("not stated"),
        },
        "webhook": {
            "active": N_("delivers"),
            "failing": N_("fails and is tried again"),
            "disabled": N_("was switched off: it failed too long"),
        },
        "turn": {
            "began": N_("made"),
            "delivered": N_("delivered"),
            "failed": N_("failed"),
            "disabled": N_("switched off"),
            "replayed": N_("set back"),
        },
        "matter": {
            "customs": N_("customs control"),
            "quarantine": N_("quarantine"),
            "food": N_("food safety"),
            "technical": N_("technical rules"),
        },
        "entry_of_examination": {
            "required": N_("required"),
            "appointed": N_("appointed"),
            "passed": N_("passed"),
            "failed": N_("not passed"),
            "recognised": N_("recognised from the other side"),
        },
        "step": {
            "accepting": N_("taken over by the carrier"),
            "loading": N_("loaded"),
            "departing": N_("left the place"),
            "arriving": N_("reached the place"),
            "unloading": N_("unloaded"),
            "storing": N_("in a warehouse"),
            "inspecting": N_("looked at"),
            "holding": N_("held at the place"),
            "receiving": N_("handed over to the receiver"),
        },
        "reason": {
            letting_go.REASON: N_("The guarantee suffices for the charges."),
        },
    }
)
"""Group -> code -> the English words."""


def word(language: str, group: str, code: str | None) -> str:
    """What a code is called in a language; a code without a name stands as its own words.

    >>> word("en", "status", "released"), word("en", "charge", "new_tax"), word("en", "lane", None)
    ('released', 'new tax', '')
    """
    if code is None:
        return ""
    known = WORDS[group].get(code)
    if known is None:  # a reason that somebody wrote stands as it was written
        return code if group == REASON else code.replace("_", " ")
    return catalogue(language).gettext(known)
