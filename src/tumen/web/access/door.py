"""The door of a process: whose a key or a token is, remembered for some seconds."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial

from tumen.access import keys, passes, sessions
from tumen.access.caller import Caller
from tumen.access.sessions import Begun, Shown
from tumen.kernel.access_limits import CALLER_REMEMBERED_SECONDS, CALLERS_REMEMBERED_MAX
from tumen.kernel.errors import CallerUnknown, StoreConflict
from tumen.store.session import Session
from tumen.web.office import Office

Find = Callable[[Session], Caller | None]


@dataclass(slots=True)
class Door:
    """Finds out who is calling.

    Attributes:
        office: its store, clock and key.
    """

    office: Office
    _known: OrderedDict[bytes, tuple[float, Caller]] = field(default_factory=OrderedDict)
    _used: OrderedDict[str, date] = field(default_factory=OrderedDict)

    def remembered(self, secret: str) -> Caller | None:
        """Whose a key or a token is, where this process was told some seconds ago."""
        until, caller = self._known.get(_mark(secret), (0.0, None))
        return caller if caller is not None and time.monotonic() < until else None

    def forget_key(self, mark: str) -> None:
        """Forget in this process whose a key was."""
        credential = keys.credential_of(mark)
        for each in [
            k for k, (_, caller) in self._known.items() if caller.credential == credential
        ]:
            del self._known[each]

    async def by_key(self, text: str) -> Caller | None:
        """Whose key a text is, or whose pass; None where it is none that is believed."""
        mark = keys.mark_of(text)
        if not mark:
            return await self.by_pass(text)
        at = self.office.node.clock.now()
        caller = await self._found(text, lambda session: keys.caller_by_key(session, text, at))
        if caller is not None:
            await self._note_use(mark, at)
        return caller

    async def by_token(self, token: str) -> Caller | None:
        """Whose session a token is; None where it is none that is believed."""
        if not sessions.is_formed(token):
            return None
        at = self.office.node.clock.now()
        return await self._found(
            token, lambda session: sessions.caller_by_session(session, token, at)
        )

    async def by_pass(self, text: str) -> Caller | None:
        """The person whose pass a text is; None where it is none that is believed."""
        if not passes.is_formed(text):
            return None
        at = self.office.node.clock.now()
        return await self._found(text, lambda session: passes.caller_by_pass(session, text, at))

    def forget_holder(self, person: str) -> None:
        """Forget in this process who shows a pass of a person: it was ended."""
        for each in [k for k, (_, caller) in self._known.items() if caller.holder == person]:
            del self._known[each]

    async def sign_in(self, shown: Shown) -> Begun:
        """Begin a session.

        Raises:
            CallerUnknown: what is shown is not believed; it is not told what of it.
            TooManyRequests: the login failed too often of late.
        """
        node = self.office.node
        work = partial(sessions.sign_in, shown=shown, key=node.keys.seeds, at=node.clock.now())
        try:
            begun = await self.office.sign_ins.run(work)
        except StoreConflict:  # the same code at the same time: one of the two was first
            begun = None
        if begun is None:
            raise CallerUnknown(
                "Login, password or code is wrong.",
                next_step="Try again. A code of a device counts once: wait for the next one.",
            )
        return begun

    async def sign_out(self, token: str) -> None:
        """End a session; this process forgets it at once, others within some seconds."""
        at = self.office.node.clock.now()
        self._known.pop(_mark(token), None)
        await self.office.door.run(lambda session: sessions.sign_out(session, token, at))

    async def _note_use(self, mark: str, at: datetime) -> None:
        """Note the day on which a key was used, once for each process."""
        day = at.astimezone(UTC).date()
        if self._used.get(mark) == day:
            return
        with suppress(StoreConflict):  # another process was first
            await self.office.door.run(lambda session: keys.note_use(session, mark, day))
        self._used[mark] = day
        self._used.move_to_end(mark)
        if len(self._used) > CALLERS_REMEMBERED_MAX:
            self._used.popitem(last=False)

    async def _found(self, shown: str, find: Find) -> Caller | None:
        """Ask the store, and remember what it says of who is known."""
        mark, at = _mark(shown), time.monotonic()
        caller = await self.office.door.run(find)
        self._known.pop(mark, None)
        if caller is not None:
            self._known[mark] = (at + CALLER_REMEMBERED_SECONDS, caller)
            if len(self._known) > CALLERS_REMEMBERED_MAX:
                self._known.popitem(last=False)
        return caller


def _mark(shown: str) -> bytes:
    """What is remembered of a secret: not itself."""
    return hashlib.sha256(shown.encode()).digest()
