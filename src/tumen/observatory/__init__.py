"""The observatory: published indicators and studies, measured, rebuilt and audited.

It reads published tables only: neither the law nor the store. For a notebook it gives the
functions of :mod:`tumen.observatory.api`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tumen.observatory.api import catalogue, compare, divide, indicator, sources, vintages

__all__ = ["catalogue", "compare", "divide", "indicator", "sources", "vintages"]

_API: Final = "tumen.observatory.api"


def __getattr__(name: str) -> Any:
    """Load the functions for notebooks when one is asked for: an audit needs no frames."""
    if name in __all__:
        return getattr(import_module(_API), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
