"""Everything that a machine can find wrong with the data of the law."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from tumen.law import goods, parameters
from tumen.law.goods import GoodsClass
from tumen.law.parameters import DATA, Parameter, Problem
from tumen.law.usage import usage

PACKAGE: Final = Path(__file__).parents[1]
UNREADABLE: Final = (tomllib.TOMLDecodeError, msgspec.ValidationError)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, and what is wrong with it.

    Attributes:
        parameters: how many parameters could be read.
        values: how many values they have.
        classes: how many classes of goods could be read.
        problems: what is wrong; empty where all is well.
    """

    parameters: int
    values: int
    classes: int
    problems: tuple[Problem, ...]


def check(folder: Path = DATA, package: Path = PACKAGE) -> Checked:
    """Check schema, gaps, overlaps, citations, classes of goods, and what no code names.

    Args:
        folder: the data: a folder for each economy.
        package: the code that computes with it.
    """
    known = [*_parameters(folder)]
    classes = [*_classes(folder)]
    problems = parameters.check(folder)
    for tax in goods.taxes(folder):
        problems += goods.check_goods(tax, folder)
    words = {each.name for _, each in classes} | {*_rule_words(each for _, each in known)}
    code = usage(package, words)
    named = [(path.name, each.name) for path, each in known]
    named += [(goods.goods_file(tax).name, tax) for tax in goods.taxes(folder)]
    problems += [
        Problem(file, name, "is dead: no code names it")
        for file, name in named
        if not code.names(name)
    ]
    values = sum(len(each.values) for _, each in known)
    return Checked(len(known), values, len(classes), tuple(problems))


def _rule_words(known: Iterable[Parameter]) -> Iterator[str]:
    """The words that rules have as values: a class of goods by default, such as ``old_10``."""
    for parameter in known:
        yield from (each.value for each in parameter.values if isinstance(each.value, str))


def _parameters(folder: Path) -> Iterator[tuple[Path, Parameter]]:
    """The parameters of the files that can be read; the others are a problem of their own."""
    for path in parameters.parameter_files(folder):
        try:
            yield from ((path, each) for each in parameters.read_file(path))
        except UNREADABLE:
            continue


def _classes(folder: Path) -> Iterator[tuple[str, GoodsClass]]:
    """The classes of goods of the files that can be read."""
    for tax in goods.taxes(folder):
        try:
            yield from ((tax, each) for each in goods.read_classes(tax, folder))
        except UNREADABLE:
            continue
