"""What must hold within the tables of a study, turned into claims of the tables themselves.

total       total = "TOP10", of = "table10.sales"          the row is the sum of the others
share       of = "share series", part = …, whole = …       cell by cell
rank        of = "rank series", by = "value series"        printed ranks are those of the values
growth      of = "rate series", by = "level series"        over the year before
mean        of = "score series", parts = "a b c"           the mean of series of its table
difference  of = …, minuend = …, subtrahend = …            cell by cell
at_least    of = …, by = …                                 never below the other series
same        of nothing: the same thing in two tables       found by concept, economy and year
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tumen.observatory.claim import TRUE, Claim
from tumen.observatory.dataset import Cell
from tumen.observatory.errors import ExpressionError, StudyError
from tumen.observatory.expression import Call, Cells, Day, Field, Node, Number, Operation
from tumen.observatory.periods import last_day
from tumen.observatory.study import Relation, Study


@dataclass(frozen=True, slots=True)
class _Place:
    """A study and one relation of it."""

    study: Study
    relation: Relation

    def setting(self, name: str) -> str:
        found = self.relation.settings.get(name)
        if found is None:
            raise self.wrong("KEY_ABSENT", f"A relation {self.relation.kind} needs {name!r}.")
        return found

    def series(self, name: str) -> tuple[str, str]:
        dataset, _, series = self.setting(name).partition(".")
        return dataset, series

    def cells(self, name: str) -> list[Cell]:
        try:
            found = self.study.catalogue.series(*self.series(name))
        except ExpressionError as error:
            raise self.wrong(error.code, str(error)) from error
        period = self.relation.settings.get("period")
        return [
            cell for cell in found if cell.quantity is not None and period in (None, cell.period)
        ]

    def has(self, series: tuple[str, str], economy: str, period: str) -> bool:
        cell = self.study.catalogue.cells.get((*series, economy, period))
        return cell is not None and cell.quantity is not None

    def wrong(self, code: str, message: str) -> StudyError:
        line = self.relation.file_line
        return StudyError(code, message, file=self.study.file.name, line=line)

    def claim(self, cell: Cell, node: Node) -> Claim:
        return _claim(cell, node, self.relation.kind, self.relation.file_line)


def of_the_tables(study: Study) -> Iterator[Claim]:
    """Every claim that the tables of a study make of one another.

    Raises:
        StudyError: a relation is not of a known kind, or names what is not there.
    """
    for relation in study.relations:
        place = _Place(study, relation)
        expand = _KINDS.get(relation.kind)
        if expand is None:
            raise place.wrong("VALUE_WRONG", f"There is no relation {relation.kind!r}.")
        yield from expand(place)
    yield from _same(study)
    yield from _dates(study)


def _claim(cell: Cell, node: Node, kind: str, line: int) -> Claim:
    return Claim(
        id=f"{cell.name} {kind}",
        says=kind,
        section=cell.place,
        line=0,
        expression=shown(node),
        claimed=cell.text,
        unit=cell.unit,
        node=node,
        file_line=line,
    )


def _one(series: tuple[str, str], economy: str, period: str) -> Cells:
    return Cells(*series, (economy,), (period,))


def _total(place: _Place) -> Iterator[Claim]:
    whole = place.setting("total")
    of = place.series("of")
    for cell in place.cells("of"):
        if cell.economy == whole:
            yield place.claim(cell, Call("sum", (Cells(*of, None, (cell.period,)),)))


def _share(place: _Place) -> Iterator[Claim]:
    part, whole = place.series("part"), place.series("whole")
    for cell in place.cells("of"):
        if all(place.has(series, cell.economy, cell.period) for series in (part, whole)):
            yield place.claim(cell, _pair("share", part, whole, cell))


def _difference(place: _Place) -> Iterator[Claim]:
    minuend, subtrahend = place.series("minuend"), place.series("subtrahend")
    for cell in place.cells("of"):
        if all(place.has(series, cell.economy, cell.period) for series in (minuend, subtrahend)):
            yield place.claim(cell, _pair("difference", minuend, subtrahend, cell))


def _pair(name: str, one: tuple[str, str], other: tuple[str, str], cell: Cell) -> Call:
    keys = cell.economy, cell.period
    return Call(name, (_one(one, *keys), _one(other, *keys)))


def _rank(place: _Place) -> Iterator[Claim]:
    by = place.series("by")
    for cell in place.cells("of"):
        if place.has(by, cell.economy, cell.period):
            among = Cells(*by, None, (cell.period,))
            yield place.claim(cell, Call("rank", (_one(by, cell.economy, cell.period), among)))


def _growth(place: _Place) -> Iterator[Claim]:
    by = place.series("by")
    for cell in place.cells("of"):
        before = str(int(cell.period) - 1) if cell.period.isdigit() else ""
        if place.has(by, cell.economy, before) and place.has(by, cell.economy, cell.period):
            levels = _one(by, cell.economy, before), _one(by, cell.economy, cell.period)
            yield place.claim(cell, Call("growth", levels))


def _mean(place: _Place) -> Iterator[Claim]:
    dataset, _ = place.series("of")
    names = place.setting("parts").split()
    for cell in place.cells("of"):
        if all(place.has((dataset, name), cell.economy, cell.period) for name in names):
            parts = tuple(_one((dataset, name), cell.economy, cell.period) for name in names)
            yield place.claim(cell, Call("mean", parts))


def _at_least(place: _Place) -> Iterator[Claim]:
    of, by = place.series("of"), place.series("by")
    for cell in place.cells("of"):
        if place.has(by, cell.economy, cell.period):
            keys = cell.economy, cell.period
            node = Operation(">=", _one(of, *keys), _one(by, *keys))
            claim = _claim(cell, node, "at_least", place.relation.file_line)
            yield replace(claim, claimed=TRUE)


def _same(study: Study) -> Iterator[Claim]:
    """The same concept, economy and own period, printed in two tables."""
    for cell in study.catalogue.cells.values():
        if cell.quantity is None or not cell.concept:
            continue
        for other in study.catalogue.of_concept(cell):
            if cell.dataset < other.dataset:
                node = Cells(*other.key[:2], (other.economy,), (other.period,))
                yield _claim(cell, node, "same", 0)


def _dates(study: Study) -> Iterator[Claim]:
    """Each table and period that ends after the study was accepted."""
    accepted = study.document.get("accepted")
    late: dict[tuple[str, str], Cell] = {}
    for cell in study.catalogue.cells.values():
        if accepted is not None and last_day(cell.period) > accepted:
            late.setdefault((cell.dataset, cell.period), cell)
    for (dataset, period), cell in late.items():
        node = Operation("<=", Day(last_day(period)), Field("document", "accepted"))
        claim = _claim(cell, node, "date", 0)
        yield replace(claim, id=f"{dataset} {period} date", claimed=TRUE)


_KINDS: Final[dict[str, Callable[[_Place], Iterator[Claim]]]] = {
    "total": _total,
    "share": _share,
    "rank": _rank,
    "growth": _growth,
    "mean": _mean,
    "difference": _difference,
    "at_least": _at_least,
}


def shown(node: Node) -> str:
    """A tree as the text that gives it.

    >>> shown(Cells("t", "a", ("CN",), ("2018", "2019"), is_range=True))
    't.a[CN, 2018..2019]'
    """
    match node:
        case Cells():
            some = node.economies
            economies = "*" if some is None else _listed(some)
            periods = "..".join(node.periods) if node.is_range else _listed(node.periods)
            return f"{node.dataset}.{node.series}[{economies}, {periods}]"
        case Call():
            return f"{node.name}({', '.join(shown(part) for part in node.arguments)})"
        case Operation():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case Number():
            return node.text
        case Day():
            return str(node.day)
        case Field():
            return f"{node.owner}.{node.name}"


def _inner(node: Node) -> str:
    return f"({shown(node)})" if isinstance(node, Operation) else shown(node)


def _listed(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else "{" + ", ".join(keys) + "}"
