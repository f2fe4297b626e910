"""The regimes of China."""

from tumen.law.ruling import Regime

REGIMES: tuple[Regime, ...] = ()
