"""One submission, both ends: a consignment becomes an export and an import declaration. Pure.

What is told once serves both: the table ``data/crossing.csv`` says which field goes to which end,
and why. What it does not name goes nowhere, and nothing personal crosses the border.

>>> export, importing = both_declarations("T-1", {
...     "destination": "KR", "dispatch": "CN", "currency": "USD", "export_regime": "export_9610",
...     "buyer": {"id": "P1", "kind": "person"}, "items": [{"hs": "6109100000"}]})
>>> export["buyer"], export["items"], importing["buyer"]["id"]
({'kind': 'person'}, [{'hs': '610910'}], 'P1')
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from tumen.documents.formats.strict import nearest
from tumen.law.native.shipment import AUTO, EXPORTS, REGIMES
from tumen.window.acts import Objection
from tumen.window.journey import both_ends

Told = Mapping[str, Any]
Declared = dict[str, Any]

NUMBER: Final = "number"
NESTED: Final = {"buyer": "buyer", "preference": "preference", "items": "item"}
EXPORT_REGIME: Final = "export_regime"
_PLAIN: Final = re.compile(r"[a-z][a-z_]{0,39}")

CUT: Final = ":"
"""Before the number of characters that cross."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a field of a consignment goes.

    Attributes:
        field: its name.
        part: head, buyer, preference or item.
        export: the field of the export declaration; empty where it does not go there.
        importing: the field of the import declaration, likewise.
        is_personal: whether it is of a person.
        why: why it goes there and nowhere else.
    """

    field: str
    part: str
    export: str
    importing: str
    is_personal: bool
    why: str


@cache
def crossings() -> tuple[Crossing, ...]:
    """The whole table; a field of the origin's own comes after the one it takes the place of."""
    text = files("tumen.window").joinpath("data/crossing.csv").read_text(encoding="utf-8")
    return tuple(
        Crossing(
            line["field"], line["part"], line["export"], line["import"],
            line["personal"] == "1", line["why"],
        )
        for line in csv.DictReader(text.splitlines())
    )  # fmt: skip


def both_declarations(number: str, told: Told) -> list[Declared]:
    """The native shipments of a consignment: its export, where one is asked for, and its import."""
    export, importing = both_ends(number)
    declared = []
    if told.get(EXPORT_REGIME) is not None:
        declared.append({"kind": "shipment", "shipment": export, **_end(told, is_export=True)})
    return [*declared, {"kind": "shipment", "shipment": importing, **_end(told, is_export=False)}]


def _end(told: Told, *, is_export: bool) -> Declared:
    """What goes to one end; a part of which nothing goes there is left out."""
    found = _part(told, "head", is_export=is_export)
    for name, part in NESTED.items():
        value = told.get(name)
        if isinstance(value, list):
            found[name] = [
                _part(each, part, is_export=is_export) if isinstance(each, dict) else each
                for each in value
            ]
        elif isinstance(value, dict) and (inner := _part(value, part, is_export=is_export)):
            found[name] = inner
    return found


def _part(told: Told, part: str, *, is_export: bool) -> Declared:
    found: Declared = {}
    for each in crossings():
        name = each.export if is_export else each.importing
        if each.part == part and name and each.field in told:
            target, _, most = name.partition(CUT)
            value = told[each.field]
            found[target] = value[: int(most)] if most and isinstance(value, str) else value
    return found


def told_as(path: str, told: Told) -> str:
    """How a field of the export declaration was named in the consignment.

    >>> told_as("date", {}), told_as("items[0].hs", {"items": [{"export_hs": "1"}]})
    ('dispatched_on', 'items[0].export_hs')
    """
    before, dot, name = path.rpartition(".")
    part = NESTED.get(before.partition("[")[0], "head")
    names = [
        each.field
        for each in crossings()
        if each.part == part and each.export.partition(CUT)[0] == name
    ]
    items = told.get("items") if part == "item" else None
    named = {name for each in items or () if isinstance(each, dict) for name in each}
    told_of = [name for name in names if name in named] or names
    return f"{before}{dot}{told_of[-1]}" if names else path


def objections(told: Told) -> Iterator[Objection]:
    """What speaks against a consignment as a whole, before it becomes declarations."""
    yield from _wrong_ends(told)
    yield from _unknown_fields(told)


def _wrong_ends(told: Told) -> Iterator[Objection]:
    """An end's regime that is none of that end: it would declare there what is not done there."""
    mode, regime = told.get(EXPORT_REGIME), told.get("regime")
    if mode is not None and mode not in EXPORTS:
        yield Objection("WORD_UNKNOWN", EXPORT_REGIME, _plain(mode), ", ".join(EXPORTS))
    if regime in EXPORTS:
        known = REGIMES.get(str(told.get("destination")), ())
        yield Objection("WORD_UNKNOWN", "regime", regime, ", ".join((AUTO, *known)))


def _plain(value: object) -> str | None:
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else None


def _unknown_fields(told: Told) -> Iterator[Objection]:
    """Fields that no end knows: they would go nowhere, so they are refused."""
    yield from _unknown(told, "head", "", {NUMBER, *NESTED})
    for name, part in NESTED.items():
        value = told.get(name)
        listed = value if isinstance(value, list) else [value]
        for place, each in enumerate(listed):
            path = f"{name}[{place}]." if isinstance(value, list) else f"{name}."
            if isinstance(each, dict):
                yield from _unknown(each, part, path, set())


def _unknown(told: Told, part: str, path: str, others: set[str]) -> Iterator[Objection]:
    known = {each.field for each in crossings() if each.part == part} | others
    for name in told:
        if name not in known:
            near = nearest(name, tuple(sorted(known)))
            yield Objection("FIELD_UNKNOWN", _shown(part, path, name), expected=near)


def _shown(part: str, path: str, name: str) -> str:
    """Where an unknown field stands; its name may be a person's, so only a plain one is told."""
    is_plain = part != "buyer" and _PLAIN.fullmatch(name) is not None
    return f"{path}{name}" if is_plain else path.rstrip(".")
