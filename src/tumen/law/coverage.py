"""What the law holds, as tables for the documentation; made from the data, never by hand."""

from typing import Final

from tumen.law.goods import GoodsClass, goods_classes, taxes
from tumen.law.parameters import Bracket, Scalar, Value, parameters

BEGIN: Final = "<!-- coverage: made from the data by tumen.law.coverage; do not edit -->"
END: Final = "<!-- end of coverage -->"


def coverage() -> str:
    """The parameters and the goods classes with days, citation and evidence, in Markdown."""
    lines = [
        "| Parameter | From | To | Value | Unit | Citation | Evidence |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, each in sorted(parameters().items()):
        lines += [_parameter_line(name, each.unit, value) for value in each.values]
    lines += [
        "",
        "| Tax | Class | Goods | HS | From | To | Evidence |",
        "|---|---|---|---|---|---|---|",
    ]
    for tax in taxes():
        lines += [_goods_line(tax, each) for each in goods_classes(tax)]
    return "\n".join(lines)


def refreshed(document: str) -> str:
    """A document with the tables between its two marks made anew."""
    head, rest = document.split(BEGIN)
    tail = rest.split(END)[1]
    return f"{head}{BEGIN}\n{coverage()}\n{END}{tail}"


def _parameter_line(name: str, unit: str, value: Value) -> str:
    cells = (
        *(f"`{name}`", str(value.first), str(value.last or ""), _shown(value.value), unit),
        *(value.citation, _evidence(value)),
    )
    return f"| {' | '.join(cells)} |"


def _shown(value: Scalar | tuple[Bracket, ...]) -> str:
    if not isinstance(value, tuple):
        return str(value)
    return "; ".join(
        f"{each.amount}" if each.to is None else f"≤ {each.to}: {each.amount}" for each in value
    )


def _goods_line(tax: str, each: GoodsClass) -> str:
    codes = " ".join(each.prefixes)
    cells = (tax, each.name, each.what, codes, str(each.first), str(each.last or ""))
    return f"| {' | '.join((*cells, _evidence(each)))} |"


def _evidence(value: Value | GoodsClass) -> str:
    return (
        value.evidence if value.confidence is None else f"{value.evidence} ({value.confidence} %)"
    )
