"""For whom the store is read when a caller asks."""

from tumen.access.caller import Caller
from tumen.store.viewer import Viewer


def filer_of(caller: Caller) -> str | None:
    """Whose documents alone a caller sees; None for an authority, which sees those of others."""
    return caller.sender if caller.authority is None else None


def viewer_of(caller: Caller) -> Viewer:
    """What row-level security shows a caller.

    Its own; customs its economy's, another agency what is to be examined in its matters.

    Raises:
        CallerUnknown: it is the public, to which nothing is shown.
    """
    authority = caller.authority
    if authority is None:
        return Viewer(caller.sender)
    return Viewer(caller.sender, authority, caller.economy or "", ",".join(sorted(caller.matters)))
