"""What the law holds of each economy: from when, and how well it is known; made from the data."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tumen.law.goods import GoodsClass, goods_classes, taxes
from tumen.law.parameters import Evidence, Parameter, Value, parameters
from tumen.law.tariff.editions import committed_edition
from tumen.law.value_text import shown

ECONOMIES: Final = ("CN", "RU", "JP", "KR", "MN")
BEGIN: Final = "<!-- coverage: made from the data by tumen.law.coverage; do not edit -->"
END: Final = "<!-- end of coverage -->"

GRADES: Final = ("statute", "confirmed", "weak", "unverified", "proposed")
"""The columns of a summary: what is expected is counted with what is proposed."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is held of one topic of an economy's law, such as ``simplified`` of Japan.

    Attributes:
        name: the second word of its parameters' names; with ``goods`` the classes of goods.
        first: the first day of the earliest value.
        grades: how many values have which evidence.
    """

    name: str
    first: date
    grades: Counter[str]

    @property
    def count(self) -> int:
        """How many values or classes there are."""
        return self.grades.total()


def topics(economy: str) -> list[Topic]:
    """The topics of an economy, by name; its classes of goods come after its parameters."""
    found: dict[str, list[Value | GoodsClass]] = {}
    for each in parameters_of(economy):
        found.setdefault(each.name.split(".")[1], []).extend(each.values)
    for tax in taxes_of(economy):
        found[f"{tax.split('.')[1]}: goods"] = [*goods_classes(tax)]
    return [_topic(name, values) for name, values in sorted(found.items(), key=_goods_last)]


def _goods_last(item: tuple[str, object]) -> tuple[bool, str]:
    return (item[0].endswith(": goods"), item[0])


def _topic(name: str, values: Iterable[Value | GoodsClass]) -> Topic:
    known = [*values]
    grades = Counter(_grade(each.evidence) for each in known)
    return Topic(name, min(each.first for each in known), grades)


def _grade(evidence: Evidence) -> str:
    return "proposed" if evidence == "expected" else evidence


def parameters_of(economy: str) -> list[Parameter]:
    """The parameters of an economy, by name."""
    return [
        each for name, each in sorted(parameters().items()) if name.startswith(_prefix(economy))
    ]


def taxes_of(economy: str) -> list[str]:
    """The taxes of an economy that have classes of goods."""
    return [tax for tax in taxes() if tax.startswith(_prefix(economy))]


def _prefix(economy: str) -> str:
    return f"{economy.lower()}."


def edition_line(economy: str) -> str:
    """Which edition of the tariff is held, from when, and how well it is known."""
    edition = committed_edition(economy)
    if edition is None:
        return "Tariff: none is held."
    note = f"; {edition.note}" if edition.note else ""
    return f"Tariff: {edition.name}, from {edition.first} ({edition.evidence}{note})"


# --- the pages -----------------------------------------------------------------------------------


def coverage(economy: str) -> str:
    """What is held of an economy, in Markdown: a summary, every value, every class of goods."""
    return "\n".join(
        [
            *_summary(economy),
            "",
            edition_line(economy) + ".",
            "",
            *_values(economy),
            *_goods(economy),
        ]
    )


def refreshed(document: str, economy: str) -> str:
    """A document with the tables between its two marks made anew."""
    head, rest = document.split(BEGIN)
    tail = rest.split(END)[1]
    return f"{head}{BEGIN}\n{coverage(economy)}\n{END}{tail}"


def _summary(economy: str) -> Iterator[str]:
    yield from _head("Topic", "From", "Values", *GRADES)
    for each in topics(economy):
        counts = (each.grades[grade] or "" for grade in GRADES)
        yield _line(each.name.replace("_", " "), each.first, each.count, *counts)


def _values(economy: str) -> Iterator[str]:
    yield from _head("Parameter", "From", "To", "Value", "Citation", "Evidence")
    for each in parameters_of(economy):
        for value in each.values:
            text = shown(value.value, each.unit)
            days = (value.first, value.last or "")
            yield _line(f"`{each.name}`", *days, text, value.citation, evidence_text(value))


def _goods(economy: str) -> Iterator[str]:
    if not taxes_of(economy):
        return
    yield ""
    yield from _head("Classes for", "Class", "Goods", "HS", "From", "To", "Evidence")
    for tax in taxes_of(economy):
        for each in goods_classes(tax):
            codes = " ".join(each.prefixes)
            days = (each.first, each.last or "")
            yield _line(tax, each.name, each.what, codes, *days, evidence_text(each))


def _head(*titles: str) -> tuple[str, str]:
    return _line(*titles), "|" + "---|" * len(titles)


def _line(*cells: object) -> str:
    texts = (" ".join(f"{cell}".split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(texts)} |"


def evidence_text(value: Value | GoodsClass) -> str:
    """The evidence of a value, with its confidence where it is unverified."""
    return (
        value.evidence if value.confidence is None else f"{value.evidence} ({value.confidence} %)"
    )
