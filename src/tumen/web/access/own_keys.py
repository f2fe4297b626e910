"""An organisation's own keys, as its people keep them: by the API and on a page."""

from typing import Final

from tumen.access import keys
from tumen.access.caller import Caller
from tumen.access.keys import Key, KeyWanted
from tumen.kernel.errors import NotPermitted, PathAbsent
from tumen.store.session import Session
from tumen.web.access.door import Door
from tumen.web.office import Office

OVERLAP_DAYS: Final = 7
"""Days for which a key that is rotated over HTTP lives on."""


async def listed(office: Office, caller: Caller) -> list[Key]:
    """The keys of the caller's organisation, the oldest first; the ended ones too."""
    return await office.door.run(lambda session: keys.listed(session, caller.sender))


async def made(office: Office, caller: Caller, wanted: KeyWanted) -> str:
    """Make a key; it is told this once.

    Raises:
        NotPermitted: no person is signed in.
        UsageError: the organisation has as many keys as it may.
    """
    by, at = need_person(caller), office.node.clock.now()
    return await office.act(lambda session: keys.make(session, caller.sender, wanted, at, by))


async def rotated(office: Office, caller: Caller, mark: str) -> str:
    """Make a key in the place of another, which lives on for some days.

    Raises:
        NotPermitted: no person is signed in.
        UsageError: there is no such key in force.
    """
    by, at = need_person(caller), office.node.clock.now()

    def work(session: Session) -> str:
        _need_own(session, mark, caller)
        return keys.rotate(session, mark, at, by, overlap_days=OVERLAP_DAYS)

    return await office.act(work)


async def ended(office: Office, door: Door, caller: Caller, mark: str) -> None:
    """End a key: in this process at once, in others as soon as they forget it.

    Raises:
        NotPermitted: no person is signed in.
        PathAbsent: the organisation has no such key.
    """
    by, at = need_person(caller), office.node.clock.now()

    def work(session: Session) -> None:
        _need_own(session, mark, caller)
        keys.end(session, mark, at, by)

    await office.act(work)
    door.forget_key(mark)


def need_person(caller: Caller) -> str:
    """The login of who is signed in.

    Raises:
        NotPermitted: it is a key that asks.
    """
    if caller.person is None:
        raise NotPermitted("A key makes and ends no keys.", next_step="Sign in as a person.")
    return caller.person


def _need_own(session: Session, mark: str, caller: Caller) -> None:
    """Refuse the key of another as one that is not there."""
    if keys.key_of(session, mark).organisation != caller.sender:
        raise PathAbsent(f"There is no key {mark!r}.", next_step="See GET /v1/keys.")
