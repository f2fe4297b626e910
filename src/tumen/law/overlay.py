"""A proposal that is tried: other parameters instead of the law's, within one context only.

Whoever reads the law (``parameters.parameters``) asks :func:`overlay` first. It lives in a context
variable, so that another thread, or this one once the block has ended, sees the law as it stands.
What is computed from parameters and kept is kept with :func:`remembered`, which keeps what was
found under an overlay with that overlay, never with the law.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Final, ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Parameters that stand in for the law's.

    Attributes:
        parameters: every parameter by its name, as the proposal leaves it.
        version: a short hash of the proposal, for the law's version.
        found: what was computed from these parameters and is kept; see :func:`remembered`.
        asked: the parameters that were asked for by name.
    """

    parameters: Mapping[str, object]
    version: str
    found: dict[object, object] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Let it stand in for the law within the block, whatever ends the block."""
        token = _TRIED.set(self)
        try:
            yield
        finally:
            _TRIED.reset(token)


_TRIED: Final[ContextVar[Overlay | None]] = ContextVar("overlay", default=None)


def overlay() -> Overlay | None:
    """What stands in for the law here and now; None where the law itself stands."""
    return _TRIED.get()


_KEPT: Final[list[Callable[[], None]]] = []
"""How to let go of each thing that is kept under the law."""


def forget() -> None:
    """Let go of all that was kept under the law: what it was computed from has changed."""
    for let_go in _KEPT:
        let_go()


def remembered(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Like ``functools.cache``, for what is computed from parameters of the law."""
    return remembered_up_to(None)(function)


def remembered_up_to(
    most: int | None,
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Like ``functools.lru_cache``, for what is computed from parameters of the law.

    Args:
        most: how many answers are kept under the law; None for all.
    """

    def decorate(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        kept = lru_cache(maxsize=most)(function)
        _KEPT.append(kept.cache_clear)
        by_law = cast("Callable[Arguments, Answer]", kept)

        @wraps(function)
        def read(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            tried = overlay()
            if tried is None:
                return by_law(*args, **kwargs)
            key = (function, args, tuple(kwargs.items()))
            if key not in tried.found:
                tried.found[key] = function(*args, **kwargs)
            return cast("Answer", tried.found[key])

        return read

    return decorate
