"""Rules of coded fields: function, status, currency, procedure, countries, units, names."""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from tumen.codelist.lists import codes, served_procedures
from tumen.documents.fields import Kind, Part, field_names
from tumen.documents.rules.register import Fault, Terms, line_rule

YUAN: Final = "142"
CHINA: Final = "142"
IDENTITY_CARD: Final = "1"
DIRECT_PURCHASE: Final = "9610"
BONDED: Final = "1210"

NEEDED: Final = {
    DIRECT_PURCHASE: ("conveyance", "voyage", "transport_document"),
    BONDED: ("account_book", "warehouse_code"),
}
"""What each procedure needs (CEB 202205, elements trafNo, voyageNo, billNo, emsNo, areaCode)."""

NAMES: Final = {
    Part.HEAD: ("buyer_name", "payer_name", "consignee_name", "consignee_address", "reason"),
    Part.ITEM: ("item_name", "goods_name", "model"),
}

GOODS_KINDS: Final = (Kind.ORDER, Kind.DECLARATION)
BUYER_KINDS: Final = (Kind.ORDER, Kind.PAYMENT, Kind.DECLARATION, Kind.REVOCATION, Kind.RETURN)


def _not_one_of(code: str, field: str, allowed: tuple[str, ...]) -> Fault:
    text = pl.col(field)
    test = text != allowed[0] if len(allowed) == 1 else ~text.is_in(allowed)
    return Fault(code, field, test, text, ", ".join(allowed))


@line_rule("FUNCTION_CODE_INVALID")
def function_is_new_change_or_delete(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """A document is new (1), a change (2) or a deletion (3); a revocation is always new."""
    allowed = ("1",) if kind is Kind.REVOCATION else ("1", "2", "3")
    return [_not_one_of("FUNCTION_CODE_INVALID", "function_code", allowed)]


@line_rule("SUBMISSION_STATUS_INVALID")
def submission_is_stored_or_lodged(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """A document is stored (1) or lodged (2)."""
    return [_not_one_of("SUBMISSION_STATUS_INVALID", "submission_status", ("1", "2"))]


@line_rule("ORDER_TYPE_UNSUPPORTED", kinds=(Kind.ORDER,))
def order_is_an_import(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """An order is an import order (I)."""
    return [_not_one_of("ORDER_TYPE_UNSUPPORTED", "order_type", ("I",))]


@line_rule("DIRECTION_UNSUPPORTED", kinds=(Kind.DECLARATION,))
def declaration_is_an_import(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """A declaration declares an import (I)."""
    return [_not_one_of("DIRECTION_UNSUPPORTED", "direction", ("I",))]


@line_rule("CURRENCY_UNSUPPORTED", kinds=(Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL, Kind.DECLARATION))
def currency_is_the_yuan(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """All amounts of a document are in Chinese yuan (142)."""
    return [_not_one_of("CURRENCY_UNSUPPORTED", "currency", (YUAN,))]


@line_rule("CURRENCY_UNSUPPORTED", part=Part.ITEM, kinds=GOODS_KINDS)
def currency_of_items_is_the_yuan(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """All amounts of an item are in Chinese yuan (142)."""
    return [_not_one_of("CURRENCY_UNSUPPORTED", "currency", (YUAN,))]


@line_rule("IDENTITY_TYPE_UNSUPPORTED", kinds=BUYER_KINDS)
def identity_is_a_resident_card(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """Buyer and payer are known by their resident identity card (1)."""
    field = "payer_id_type" if kind is Kind.PAYMENT else "buyer_id_type"
    return [_not_one_of("IDENTITY_TYPE_UNSUPPORTED", field, (IDENTITY_CARD,))]


@line_rule("PROCEDURE_NOT_SERVED", "PROCEDURE_UNKNOWN", kinds=(Kind.DECLARATION,))
def procedure_is_retail_import(_kind: Kind, _terms: Terms) -> Iterator[Fault]:
    """The procedure is direct purchase (9610) or bonded import (1210).

    Others of the list, such as 1239, exist and are not served yet.
    """
    procedure, served = pl.col("procedure"), sorted(served_procedures())
    others = sorted(set(codes("procedures")) - set(served))
    expected = ", ".join(served)
    screen = ~procedure.is_in(served)
    unserved, unknown = procedure.is_in(others), ~procedure.is_in([*served, *others])
    yield Fault("PROCEDURE_NOT_SERVED", "procedure", unserved, procedure, expected, screen)
    yield Fault("PROCEDURE_UNKNOWN", "procedure", unknown, procedure, expected, screen)


@line_rule("REQUIRED_FOR_PROCEDURE", kinds=(Kind.DECLARATION,))
def procedure_has_what_it_needs(_kind: Kind, _terms: Terms) -> Iterator[Fault]:
    """9610 needs conveyance, voyage and transport document; 1210 account book and warehouse."""
    for procedure, fields in NEEDED.items():
        is_meant = pl.col("procedure") == procedure
        absences = [pl.col(field).fill_null("").str.strip_chars() == "" for field in fields]
        screen = is_meant & pl.any_horizontal(absences)
        for field, is_absent in zip(fields, absences, strict=True):
            test = is_meant & is_absent
            yield Fault("REQUIRED_FOR_PROCEDURE", field, test, expected=procedure, screen=screen)


@line_rule("DISPATCH_COUNTRY_MISMATCH", kinds=(Kind.DECLARATION,))
def bonded_goods_leave_from_china(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """Goods out of a bonded zone are dispatched from China (142)."""
    country = pl.col("dispatch_country")
    test = (pl.col("procedure") == BONDED) & (country != CHINA)
    return [Fault("DISPATCH_COUNTRY_MISMATCH", "dispatch_country", test, country, CHINA)]


THREE_DIGITS: Final = "^[0-9]{3}$"


def _coded(list_name: str, code: str, fields: tuple[str, ...], shape: str) -> Iterator[Fault]:
    """A code of the wrong shape is refused; one outside our partial list is only told."""
    known = sorted(codes(list_name))
    for field in fields:
        text = pl.col(field)
        is_other, has_shape = ~text.is_in(known), text.str.contains(shape)
        yield Fault(f"{code}_INVALID", field, is_other & ~has_shape, text, screen=is_other)
        yield Fault(f"{code}_UNVERIFIED", field, is_other & has_shape, text, screen=is_other)


@line_rule("TRANSPORT_MODE_INVALID", "TRANSPORT_MODE_UNVERIFIED", kinds=(Kind.DECLARATION,))
def transport_mode_is_coded(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The mode of transport is one digit or capital letter of the customs list."""
    return _coded("transport_modes", "TRANSPORT_MODE", ("transport_mode",), "^[0-9A-Z]$")


@line_rule("COUNTRY_CODE_INVALID", "COUNTRY_CODE_UNVERIFIED", kinds=(Kind.DECLARATION,))
def country_is_three_digits(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The country of dispatch is three digits of the customs list."""
    return _coded("countries", "COUNTRY_CODE", ("dispatch_country",), THREE_DIGITS)


@line_rule("COUNTRY_CODE_INVALID", "COUNTRY_CODE_UNVERIFIED", part=Part.ITEM, kinds=GOODS_KINDS)
def countries_of_items_are_three_digits(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The countries of origin and trade are three digits of the customs list."""
    fields = ("origin",) if kind is Kind.ORDER else ("origin", "trade_country")
    return _coded("countries", "COUNTRY_CODE", fields, THREE_DIGITS)


@line_rule(
    "UNIT_CODE_INVALID",
    "UNIT_CODE_UNVERIFIED",
    part=Part.ITEM,
    kinds=(Kind.ORDER, Kind.DECLARATION, Kind.RETURN),
)
def units_are_three_digits(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """A unit of measure is three digits of the customs list."""
    fields = ("unit", "unit_1", "unit_2") if kind is Kind.DECLARATION else ("unit",)
    return _coded("units", "UNIT_CODE", fields, THREE_DIGITS)


@line_rule("DISTRICT_INVALID", kinds=(Kind.ORDER,))
def district_is_six_digits(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The consignee's district, where it is stated, is six digits."""
    text = pl.col("consignee_district")
    test = (text != "") & ~text.str.contains("^[0-9]{6}$")
    return [Fault("DISTRICT_INVALID", "consignee_district", test, text)]


def _blank(kind: Kind, part: Part) -> Iterator[Fault]:
    for field in NAMES[part]:
        if field in field_names(kind, part):
            yield Fault("NAME_BLANK", field, pl.col(field).str.strip_chars() == "")


@line_rule("NAME_BLANK")
def names_are_not_blank(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The names of persons, their address and the reason of a request hold more than blanks."""
    return _blank(kind, Part.HEAD)


@line_rule("NAME_BLANK", part=Part.ITEM, kinds=(Kind.ORDER, Kind.DECLARATION, Kind.RETURN))
def names_of_goods_are_not_blank(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The name and the model of goods hold more than blanks."""
    return _blank(kind, Part.ITEM)
