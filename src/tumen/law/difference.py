"""What changes in the law between two days: values, and classes of goods."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tumen.law.coverage import ECONOMIES, parameters_of, taxes_of
from tumen.law.goods import GoodsClass, goods_classes
from tumen.law.parameters import IN_FORCE, Parameter, Value


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that has not the same value, or not by the same act, on two days.

    Attributes:
        parameter: which.
        before: the value on the first day; None where none is in force.
        after: the value on the second day, likewise.
    """

    parameter: Parameter
    before: Value | None
    after: Value | None

    @property
    def is_of_the_act_alone(self) -> bool:
        """Whether the value is the same, and only the act or the article is another."""
        return (
            self.before is not None
            and self.after is not None
            and self.before.value == self.after.value
        )


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A class of goods that begins or ends between two days."""

    tax: str
    goods: GoodsClass
    begins: bool


def changes(first: date, second: date, economy: str | None = None) -> list[Change]:
    """The parameters that differ on two days, by economy and name.

    A value that goes on under another entry, with the same act and article, is no change.
    """
    found = [
        Change(each, _value(each, first), _value(each, second))
        for one in _chosen(economy)
        for each in parameters_of(one)
    ]
    return [each for each in found if _terms(each.before) != _terms(each.after)]


def class_changes(first: date, second: date, economy: str | None = None) -> list[ClassChange]:
    """The classes of goods that are in force on one of two days only."""
    return [*_class_changes(first, second, _chosen(economy))]


def _class_changes(first: date, second: date, economies: tuple[str, ...]) -> Iterator[ClassChange]:
    for economy in economies:
        for tax in taxes_of(economy):
            for each in goods_classes(tax):
                if each.covers(first) != each.covers(second):
                    yield ClassChange(tax, each, begins=each.covers(second))


def _chosen(economy: str | None) -> tuple[str, ...]:
    return ECONOMIES if economy is None else (economy,)


def _value(parameter: Parameter, day: date) -> Value | None:
    known = (each for each in parameter.values if each.evidence in IN_FORCE)
    return next((each for each in known if each.covers(day)), None)


def _terms(value: Value | None) -> object:
    return None if value is None else (value.value, value.citation)
