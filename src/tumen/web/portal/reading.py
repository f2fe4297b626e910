"""Reads the store for whoever asks for a page: the caller sees its own, an authority its economy's.

Row-level security holds the border; nothing here repeats it.
"""

from collections.abc import Callable
from typing import TypeVar

from tumen.access.caller import Caller
from tumen.store.session import Session
from tumen.web.access.guard import caller_of
from tumen.web.office import Office
from tumen.web.portal.page import AnyRequest

Result = TypeVar("Result")


async def read(request: AnyRequest, office: Office, ask: Callable[[Session], Result]) -> Result:
    """What the store shows the caller of a request.

    Raises:
        CallerUnknown: it is the public.
    """
    caller: Caller = caller_of(request)
    return await office.read(caller.sender, ask)
