"""Receipts: one body for each answer, in the filer's own format.

A CEB filer gets the official return element (OrderReturn, InventoryReturn, …), or MessageReturn
where the format failed; NDJSON and CSV filers get one JSON line. A receipt never holds personal
data: ``oriBizMessage`` stays empty, and the explanation names codes and fields, not values.

Elements that the schema demands and that the input did not have are filled within the schema's
bounds: a text with ``无`` ("none", the specification's own word), ``preNo`` with ``B`` and 17
zeros, ``oriMessageType`` with ``Unknown``. Texts are cut to the schema's lengths, numbers of a
fixed length that do not fit are left out or filled.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from types import MappingProxyType
from typing import Final

import polars as pl

from tumen.codelist.lists import codes as code_list
from tumen.codelist.violations import UNKNOWN_KIND_STATUS, ceb_texts
from tumen.documents.fields import Kind
from tumen.kernel.chains import in_line, taken
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import DOCUMENTS_PER_MESSAGE_MAX

NAMESPACE: Final = "http://www.chinaport.gov.cn/ceb"
NONE_STATED: Final = "无"
NO_PRELIMINARY_NUMBER: Final = "B" + "0" * 17
CHINA: Final = "Asia/Shanghai"
INFO_LENGTH_MAX: Final = 1_000
PATH_LENGTH_MAX: Final = 80
REJECTED: Final = 100

UNKNOWN_KIND_TEXT: Final = "报文格式校验异常"

FORBIDDEN_IN_XML: Final = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]")
SPECIAL_IN_XML: Final = re.compile(r"[&<>]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a return.

    Attributes:
        tag: its name in the schema.
        column: where its text comes from; None where it is always the filling.
        length: the most characters, or the exact number where ``is_exact``.
        filling: what stands there when nothing fits; None leaves the element out.
        is_exact: whether the schema fixes the length.
    """

    tag: str
    column: str | None
    length: int
    filling: str | None = NONE_STATED
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A return element: its message, its name and its content in the schema's order."""

    message: str
    element: str
    content: tuple[Element, ...]


OFFICE = Element("customsCode", "customs_office", 4, None, is_exact=True)
PLATFORM = Element("ebpCode", "platform_code", 18)
MERCHANT = Element("ebcCode", "merchant_code", 18)
PLATFORM_IF_STATED = Element("ebpCode", "platform_code", 18, None)
MERCHANT_IF_STATED = Element("ebcCode", "merchant_code", 18, None)
AGENT = Element("agentCode", "agent_code", 18, None)
NUMBERS = (
    Element("copNo", "own_reference", 20),
    Element("preNo", "preliminary_number", 18, NO_PRELIMINARY_NUMBER, is_exact=True),
    Element("invtNo", "declaration_number", 18, None, is_exact=True),
)
STATUS = Element("returnStatus", "status", 10, str(REJECTED))
TIME = Element("returnTime", "recorded_at", 17, "0" * 17, is_exact=True)
INFO = Element("returnInfo", "info", INFO_LENGTH_MAX)
APPLICATION = (OFFICE, AGENT, PLATFORM_IF_STATED, MERCHANT_IF_STATED, *NUMBERS)

FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        Kind.ORDER: Form(
            "CEB312Message",
            "OrderReturn",
            (PLATFORM, MERCHANT, Element("orderNo", "order_number", 60), STATUS, TIME, INFO),
        ),
        Kind.PAYMENT: Form(
            "CEB412Message",
            "PaymentReturn",
            (
                Element("payCode", "payment_provider_code", 18),
                Element("payTransactionId", "payment_number", 60),
                *(STATUS, TIME, INFO),
            ),
        ),
        Kind.WAYBILL: Form(
            "CEB512Message",
            "LogisticsReturn",
            (
                Element("logisticsCode", "carrier_code", 18),
                Element("logisticsNo", "waybill_number", 60),
                *(STATUS, TIME, INFO),
            ),
        ),
        Kind.DECLARATION: Form(
            "CEB622Message",
            "InventoryReturn",
            (OFFICE, PLATFORM_IF_STATED, MERCHANT_IF_STATED, AGENT, *NUMBERS, STATUS, TIME, INFO),
        ),
        Kind.REVOCATION: Form(
            "CEB624Message", "InvtCancelReturn", (*APPLICATION, STATUS, TIME, INFO)
        ),
        Kind.RETURN: Form("CEB626Message", "InvtRefundReturn", (*APPLICATION, STATUS, TIME, INFO)),
    }
)

FORMAT_FAILURE: Final = Form(
    "CEB900Message",
    "MessageReturn",
    (
        STATUS,
        Element("returnInfo", "info", 5_000, ""),
        TIME,
        Element("oriCopMsgId", None, 255, ""),
        Element("oriMessageType", "source_message", 15, "Unknown"),
        Element("oriBizMessage", None, 0, ""),
    ),
)

NATIVE_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Kind.ORDER: ("platform_code", "order_number"),
        Kind.PAYMENT: ("payment_provider_code", "payment_number"),
        Kind.WAYBILL: ("carrier_code", "waybill_number"),
        Kind.DECLARATION: (
            "platform_code",
            "order_number",
            "own_reference",
            "preliminary_number",
            "declaration_number",
        ),
        Kind.REVOCATION: ("platform_code", "order_number", "own_reference", "declaration_number"),
        Kind.RETURN: ("platform_code", "order_number", "own_reference", "declaration_number"),
    }
)


def _escaped(texts: list[str | None]) -> list[str | None]:
    """The texts for XML; searched as one, because nearly always there is nothing to escape."""
    if not SPECIAL_IN_XML.search("\n".join(filter(None, texts))):
        return texts
    return [text and escape(text, quote=False) for text in texts]


def _fitting(texts: list[str | None], element: Element) -> list[str | None]:
    """The texts that the schema allows in the element; null where nothing does."""
    if FORBIDDEN_IN_XML.search("\n".join(filter(None, texts))):
        texts = [text and FORBIDDEN_IN_XML.sub("", text) for text in texts]
    most = element.length
    if element.is_exact:
        return [text if text and len(text) == most else None for text in texts]
    return [text and text[:most] for text in texts]


def _column(answers: pl.DataFrame, element: Element) -> list[str]:
    """The element of each answer as text; empty where it is left out."""
    opening, closing = f"<{element.tag}>", f"</{element.tag}>"
    filling = "" if element.filling is None else f"{opening}{element.filling}{closing}"
    if element.column is None:
        return [filling] * answers.height
    texts = _escaped(_fitting(_texts(answers, element.column), element))
    return [f"{opening}{text}{closing}" if text else filling for text in texts]


def _texts(answers: pl.DataFrame, column: str) -> list[str | None]:
    if column == "recorded_at":
        times = answers[column].dt.convert_time_zone(CHINA)
        return times.dt.strftime("%Y%m%d%H%M%S%3f").to_list()
    return answers[column].cast(pl.String).to_list()


def _xml(answers: pl.DataFrame, form: Form) -> pl.Series:
    """Row by row: a column-wise build costs as much at full size and far more for one answer."""
    opening, closing = f"<{form.element}><guid>", f"</{form.element}>"
    columns = [_column(answers, element) for element in form.content]
    return pl.Series(
        "body",
        [
            f"{opening}{guid}</guid>{''.join(content)}{closing}"
            for guid, *content in zip(answers["guid"].to_list(), *columns, strict=True)
        ],
        pl.String,
    )


SHIPMENT_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "shipment": "own_reference",
        "destination": "destination",
        "regime": "regime",
        "verdict": "verdict",
        "currency": "charge_currency",
        "customs_value": "customs_value",
        "charges": "charges",
        "total": "total",
        "warnings": "warnings",
    }
)
"""What the receipt of a native shipment tells beside its key, and where it comes from."""


def _ruling(answers: pl.DataFrame) -> list[pl.Expr]:
    """What the law says of a shipment; of one that is refused at the door it is not told."""
    is_told = {name: pl.col("answer") == "accepted" for name in SHIPMENT_FIELDS}
    is_told["shipment"] = pl.lit(value=True)
    return [
        pl.when(condition).then(name).alias(name)
        for name, condition in is_told.items()
        if name in answers.columns
    ]


def _json(answers: pl.DataFrame, kind: str | None) -> pl.Series:
    if kind == Kind.SHIPMENT:
        return answers.select(_json_of(kind, *_ruling(answers))).to_series()
    return in_line(answers, [_tabled_json(kind)]).to_series()


@cache
def _tabled_json(kind: str | None) -> pl.Expr:
    return _json_of(kind)


def _json_of(kind: str | None, *ruling: pl.Expr) -> pl.Expr:
    return (
        pl.struct(
            "kind",
            *NATIVE_KEYS.get(kind or "", ()),
            *ruling,
            pl.col("source").alias("file"),
            "place",
            "answer",
            *(["declaration"] if kind in (Kind.DECLARATION, Kind.SHIPMENT) else []),
            "status",
            "codes",
            "info",
            pl.col("recorded_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
        )
        .struct.json_encode()
        .alias("body")
    )


def render(answers: pl.DataFrame) -> pl.Series:
    """The receipt of each answer, in the order of the answers.

    Args:
        answers: kind, format (`ceb`, `ndjson`, `csv`), guid (36 characters), is_format_failure,
            answer (to the document), declaration (what became of it at once, for a list that
            was decided), status (the CEB return status), codes (the leading one first), info,
            recorded_at (Datetime in UTC), source, place, source_message, and the key columns of
            :data:`NATIVE_KEYS`, agent_code and customs_office; any of these may be null.

    Returns:
        The bodies as text: the CEB return element without a message around it, or a JSON line.
    """
    if answers.is_empty():
        return pl.Series("body", [], pl.String)
    groups: dict[_Group, list[int]] = {}
    formats, failures, kinds = (
        answers[name].to_list() for name in ("format", "is_format_failure", "kind")
    )
    for place, (form, failed, kind) in enumerate(zip(formats, failures, kinds, strict=True)):
        groups.setdefault((form == "ceb", failed, kind), []).append(place)
    if len(groups) == 1:
        return _body(answers, *groups.popitem()[0])
    bodies: list[str] = [""] * answers.height
    for group, places in groups.items():
        made = _body(taken(answers, places), *group).to_list()
        for place, body in zip(places, made, strict=True):
            bodies[place] = body
    return pl.Series("body", bodies, pl.String)


_Group = tuple[bool, bool, str | None]
"""Whether it is CEB, whether the format failed, the kind."""


def _body(part: pl.DataFrame, is_ceb: bool, is_format_failure: bool, kind: str | None) -> pl.Series:
    if not is_ceb:
        return _json(part, kind)
    return _xml(part, FORMAT_FAILURE if is_format_failure or kind is None else FORMS[kind])


@cache
def _status_texts(is_chinese: bool) -> Mapping[int, str]:
    """The words for each return status: Chinese for CEB, English for the native forms."""
    statuses = code_list("statuses").values()
    if is_chinese:
        named = {int(status.code): status.name_zh for status in statuses}
        return {**ceb_texts(), UNKNOWN_KIND_STATUS: UNKNOWN_KIND_TEXT, **named}
    return {int(status.code): status.name_en for status in statuses}


def _told(codes: Sequence[str], paths: Sequence[str | None]) -> str:
    """Our codes with their fields, the leading one first."""
    return "; ".join(
        f"{code} {path[:PATH_LENGTH_MAX]}" if path else code
        for code, path in zip(codes, paths, strict=True)
    )


def info_text(answers: pl.DataFrame) -> pl.Series:
    """What a receipt says beside its status, without a value of the document.

    For CEB it opens with the official Chinese text of the status; then, for every format, come
    our codes with their fields, the leading one first. A native answer without codes has the
    English name of its status.

    Args:
        answers: format, status (Int32), codes and paths (Lists of String of equal length; both
            empty where nothing is wrong).

    Returns:
        One text for each answer, at most 1,000 characters.
    """
    by_form = {True: _status_texts(True), False: _status_texts(False)}
    is_ceb = [form == "ceb" for form in answers["format"]]  # null is the form of no known file
    infos = [
        by_form[ceb].get(status, "")
        for ceb, status in zip(is_ceb, answers["status"].to_list(), strict=True)
    ]
    faulty = [n for n, size in enumerate(answers["codes"].list.len().to_list()) if size]
    lists = taken(answers[["codes", "paths"]], faulty).rows() if faulty else []
    for ordinal, (codes, paths) in zip(faulty, lists, strict=True):
        opening = f"{infos[ordinal]}; " if is_ceb[ordinal] and infos[ordinal] else ""
        infos[ordinal] = (opening + _told(codes, paths))[:INFO_LENGTH_MAX]
    return pl.Series("info", infos, pl.String)


def envelope(kind: Kind | None, bodies: Iterable[str], guid: str) -> bytes:
    """Wrap return elements in their message.

    Args:
        kind: the kind of the documents answered; None for CEB900.
        bodies: what :func:`render` gave for that kind: 1 to 100 of them, for CEB900 exactly
            one, as the schema has it.
        guid: the number of the message, 36 characters.

    Raises:
        UsageError: too few or too many bodies.
    """
    form = FORMAT_FAILURE if kind is None else FORMS[kind]
    listed = list(bodies)
    most = 1 if kind is None else DOCUMENTS_PER_MESSAGE_MAX
    if not 1 <= len(listed) <= most:
        raise UsageError(f"{form.message} holds 1 to {most} returns", count=len(listed))
    opening = f'<{form.message} xmlns="{NAMESPACE}" guid="{guid}" version="1.0">'
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return "".join((declaration, opening, *listed, f"</{form.message}>")).encode()
