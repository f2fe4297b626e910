"""A session of the service's pools, given to a desk that would open one of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from tumen.store.session import Session


def of_session(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    """Opens what is open already; the pool ends it."""
    return lambda: nullcontext(session)
