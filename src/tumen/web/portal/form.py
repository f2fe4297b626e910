"""A form as it was sent, with what is wrong beside each of its fields.

A field's name is the path of what it fills, with hyphens for points and brackets:
``items-0-unit_price`` is ``items[0].unit_price``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tumen.web.portal.remarks import Told

NUMBER_DIGITS: Final = 18
"""The digits of a number of the store; all of so many fit its column."""

_SEPARATORS = re.compile(r"[\[\].]+")


def whole_number(text: str, digits: int) -> int | None:
    """A number as somebody wrote it; None where it is none of so many digits.

    >>> whole_number("042", 3), whole_number("4 2", 3), whole_number("", 3), whole_number("1234", 3)
    (42, None, None, None)
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None


def field_of(path: str) -> str:
    """The name of the field that a path fills.

    >>> field_of("items[0].unit_price"), field_of("buyer.id")
    ('items-0-unit_price', 'buyer-id')
    """
    return _SEPARATORS.sub("-", path).strip("-")


@dataclass(frozen=True, slots=True)
class Form:
    """What a reader filled in.

    Attributes:
        values: by the names of the fields.
        faults: what is wrong, by the names of the fields.
        initial: what stands in a field that was never filled.
    """

    values: Mapping[str, str]
    faults: Mapping[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    initial: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, self.initial.get(name, ""))

    def filled(self, name: str) -> str | None:
        """The same without blanks around it; None for nothing."""
        return self.value(name).strip() or None


def faults_of(remarks: Iterable[Told]) -> Mapping[str, list[Told]]:
    """Remarks by the field that each is about."""
    found: dict[str, list[Told]] = defaultdict(list)
    for each in remarks:
        found[field_of(each.path)].append(each)
    return found
