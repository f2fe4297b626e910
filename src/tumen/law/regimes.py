"""Every regime of every economy, and what an economy's law counts in besides its own currency."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final, cast

from tumen.law.consignment import Consignment
from tumen.law.native.shipment import EXPORTS
from tumen.law.ruling import Notice, Regime

_REGIMES: Final[Mapping[str, str]] = {
    "CN": "tumen.law.cn.regimes",
    "RU": "tumen.law.ru.regimes",
    "JP": "tumen.law.jp.regimes",
    "KR": "tumen.law.kr.regimes",
    "MN": "tumen.law.mn.regimes",
}
"""Modules that are read when one is first asked for: a quote needs the law of one economy."""

STATUTORY_CURRENCIES: Final[Mapping[str, tuple[str, ...]]] = {
    "CN": (),
    "RU": ("EUR", "USD"),
    "JP": (),
    "KR": ("USD",),
    "MN": ("USD",),
}
"""Currencies in which an economy's law or tariff states limits and rates."""


EXPORT_CURRENCIES: Final[Mapping[str, tuple[str, ...]]] = {"JP": ("JPY",), "KR": ("USD",)}
"""Currencies in which the sending economy's control of exports states its limits."""

_EXPORT_CONTROLS: Final[Mapping[str, str]] = {
    "JP": "tumen.law.jp.control",
    "KR": "tumen.law.kr.export_control",
}
"""The modules of the economies whose control of exports we hold."""


def export_notices(consignment: Consignment) -> tuple[Notice, ...]:
    """What the law of the sending economy says of letting the goods go, where we hold it."""
    name = _EXPORT_CONTROLS.get(consignment.dispatch)
    if name is None:
        return ()
    told = _read(name).export_notices(consignment)
    return cast("tuple[Notice, ...]", told)


def regime(destination: str, name: str) -> Regime | None:
    """A regime by its name; None where the economy has none of that name.

    Exports from China are the law of the sending economy, whatever the destination.
    """
    exports = name in EXPORTS
    law = _read(_REGIMES["CN" if exports else destination])
    known: tuple[Regime, ...] = law.EXPORT_REGIMES if exports else law.REGIMES
    return next((each for each in known if each.name == name), None)


@cache
def _read(name: str) -> ModuleType:
    return import_module(name)
