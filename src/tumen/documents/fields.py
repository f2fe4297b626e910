"""The field table: every field of every document kind, with its CEB name, type and bounds.

The table is ``data/fields.csv``, re-encoded from the facts of the CEB 202205 schema by
``tools/build_fields.py``. It drives the readers, the format check, the typed columns and the
choice of what is sealed as personal data, so that a field is described once.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final


class Kind(StrEnum):
    """The kinds of documents that the window serves."""

    ORDER = "order"
    PAYMENT = "payment"
    WAYBILL = "waybill"
    DECLARATION = "declaration"
    REVOCATION = "revocation"
    RETURN = "return"
    SHIPMENT = "shipment"


class Part(StrEnum):
    """Where a field stands: once a document, or once a goods item."""

    HEAD = "head"
    ITEM = "item"


TABLED: Final = tuple(kind for kind in Kind if kind is not Kind.SHIPMENT)
"""The kinds that the field table describes. A native shipment is none of CEB's documents: its
fields are nested, and the law reads them (ADR 5)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of document.

    Attributes:
        kind: the document kind.
        part: head or item.
        name: our name, in the words of the WCO Data Model.
        ceb: the element's name in CEB 202205.
        required: whether the CEB schema demands the element.
        type: `text`, `decimal` (19 digits, 5 of them decimals) or `integer` (32 bits).
        length_min: fewest characters of a text.
        length_max: most characters of a text, most digits of a number; None where unbounded.
        form: `time14` (YYYYMMDDhhmmss), `date8` (YYYYMMDD) or empty: a business check.
        native: `required`, `optional`, or `=value` for what is understood when it is left out
            of the native forms.
        personal: whether it is sealed under the person's key and masked in answers.
    """

    kind: Kind
    part: Part
    name: str
    ceb: str
    required: bool
    type: str
    length_min: int
    length_max: int | None
    form: str
    native: str
    personal: bool

    @property
    def native_default(self) -> str | None:
        """What the native forms understand when the field is left out; None where nothing is."""
        return self.native[1:] if self.native.startswith("=") else None


def _field(line: dict[str, str]) -> Field:
    return Field(
        kind=Kind(line["kind"]),
        part=Part(line["part"]),
        name=line["field"],
        ceb=line["ceb"],
        required=line["required"] == "1",
        type=line["type"],
        length_min=int(line["length_min"] or 0),
        length_max=int(line["length_max"]) if line["length_max"] else None,
        form=line["form"],
        native=line["native"],
        personal=line["personal"] == "1",
    )


@cache
def all_fields() -> tuple[Field, ...]:
    """Every field, in the order of the CEB schema."""
    text = files("tumen.documents").joinpath("data/fields.csv").read_text(encoding="utf-8")
    return tuple(_field(line) for line in csv.DictReader(text.splitlines()))


@cache
def fields(kind: Kind, part: Part) -> tuple[Field, ...]:
    """The fields of one part of one kind, in the order of the CEB schema."""
    return tuple(field for field in all_fields() if field.kind is kind and field.part is part)


@cache
def field_names(kind: Kind, part: Part) -> tuple[str, ...]:
    """The names of :func:`fields`."""
    return tuple(field.name for field in fields(kind, part))


def has_items(kind: Kind) -> bool:
    """Whether documents of this kind carry goods items."""
    return bool(fields(kind, Part.ITEM))
