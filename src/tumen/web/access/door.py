"""The door of a process: whose a key or a token is, remembered for some seconds."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
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
        if not keys.is_formed(text):
            return await self.by_pass(text)
        at = self.office.node.clock.now()
        return await self._found(text, lambda session: keys.caller_by_key(session, text, at))

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
