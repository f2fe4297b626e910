"""The law of five economies as code: dated, cited, exact and explained.

>>> from tumen import law
>>> answer = law.quote(
...     {
...         "destination": "KR", "dispatch": "CN", "date": "2026-08-01", "currency": "USD",
...         "exchange_rates": {"USD": "1400"},
...         "items": [{"hs": "6109100000", "quantity": "1", "unit_price": "100"}],
...         "buyer": {"id": "P123456789012"},
...     }
... )
>>> answer.regime, answer.status, answer.total
('list', 'exempt', '0')
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tumen.law.answer import Answer
    from tumen.law.frames import assess
    from tumen.law.quoting import Books, quote

__all__ = ["Answer", "Books", "assess", "quote"]

_HOMES: Final = {
    "quote": "tumen.law.quoting",
    "assess": "tumen.law.frames",
    "Books": "tumen.law.quoting",
    "Answer": "tumen.law.answer",
}


def __getattr__(name: str) -> object:
    """Load what a notebook asks for when it asks: the road needs a part of the law alone."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
