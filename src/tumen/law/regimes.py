"""Every regime of every economy, and what an economy's law counts in besides its own currency."""

from collections.abc import Callable, Mapping
from typing import Final

from tumen.law.cn import regimes as cn
from tumen.law.consignment import Consignment
from tumen.law.jp import control as jp_control
from tumen.law.jp import regimes as jp
from tumen.law.kr import export_control as kr_control
from tumen.law.kr import regimes as kr
from tumen.law.mn import regimes as mn
from tumen.law.native.shipment import EXPORTS
from tumen.law.ru import regimes as ru
from tumen.law.ruling import Notice, Regime

_IMPORTS: Final[Mapping[str, tuple[Regime, ...]]] = {
    "CN": cn.REGIMES,
    "RU": ru.REGIMES,
    "JP": jp.REGIMES,
    "KR": kr.REGIMES,
    "MN": mn.REGIMES,
}

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

_EXPORT_CONTROLS: Final[Mapping[str, Callable[[Consignment], tuple[Notice, ...]]]] = {
    "JP": jp_control.export_notices,
    "KR": kr_control.export_notices,
}


def export_notices(consignment: Consignment) -> tuple[Notice, ...]:
    """What the law of the sending economy says of letting the goods go, where we hold it."""
    control = _EXPORT_CONTROLS.get(consignment.dispatch)
    return () if control is None else control(consignment)


def regime(destination: str, name: str) -> Regime | None:
    """A regime by its name; None where the economy has none of that name.

    Exports from China are the law of the sending economy, whatever the destination.
    """
    known = cn.EXPORT_REGIMES if name in EXPORTS else _IMPORTS[destination]
    return next((each for each in known if each.name == name), None)
