"""What each agreement asks of a certificate of origin, as dated and sourced data.

>>> sorted(agreements()["RCEP"].criteria)
['CR', 'CTC', 'PE', 'RVC', 'WO']
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Criterion:
    """An origin criterion.

    Attributes:
        code: as the form prints it.
        title: what it means.
        is_value_asked: whether the value free on board must stand beside it.
        evidence: ``confirmed`` or ``unverified``.
    """

    code: str
    title: str
    is_value_asked: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement.

    Attributes:
        name: ``RCEP`` or ``CKFTA``.
        title: its full name.
        economies: its parties, as ISO 3166 codes.
        valid_months: how long a certificate lives from its day of issue.
        criteria: by code.
        additions: codes that may stand beside a criterion.
        value_content_min: the smallest regional value content in percent; None where none is known.
        is_origin_the_exporter: whether goods originate where they are exported from.
        items_max: how many goods lines it lets up to ``items_max_until``; None for any number.
        items_max_until: the last day of that limit.
    """

    name: str
    title: str
    economies: frozenset[str]
    valid_months: int
    criteria: Mapping[str, Criterion]
    additions: frozenset[str]
    value_content_min: int | None
    is_origin_the_exporter: bool
    items_max: int | None
    items_max_until: date | None

    def items_max_on(self, day: date) -> int | None:
        """How many goods lines a certificate of a day may have; None for any number."""
        is_limited = self.items_max_until is not None and day <= self.items_max_until
        return self.items_max if is_limited else None


@cache
def agreements() -> Mapping[str, Agreement]:
    """The agreements by name."""
    data = files("tumen.trust.credential").joinpath("data/agreements.toml")
    found = tomllib.loads(data.read_text(encoding="utf-8"))
    return MappingProxyType({name: _agreement(name, table) for name, table in found.items()})


def _agreement(name: str, table: Mapping[str, Any]) -> Agreement:
    criteria = {
        each["code"]: Criterion(
            each["code"], each["title"], each.get("is_value_asked", False), each["evidence"]
        )
        for each in table["criterion"]
    }
    return Agreement(
        name=name,
        title=table["title"],
        economies=frozenset(table["economies"]),
        valid_months=table["valid_months"],
        criteria=MappingProxyType(criteria),
        additions=frozenset(table["additions"]),
        value_content_min=table.get("value_content_min"),
        is_origin_the_exporter=table["origin_is_exporter"],
        items_max=table.get("items_max"),
        items_max_until=table.get("items_max_until"),
    )
