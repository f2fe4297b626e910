"""Who is calling: an organisation, perhaps a person of it, and how far they may go."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tumen.access.matrix import Permission, reach_of
from tumen.access.roles import AUTHORITIES, Reach, Role
from tumen.kernel.errors import CallerUnknown, NotPermitted


@dataclass(frozen=True, slots=True)
class Caller:
    """An organisation that asks, by a key or by a person who is signed in; or the public.

    Attributes:
        organisation: its mark, which is the sender of what it lodges; empty for the public.
        name: what it is called.
        roles: what it is in the trade.
        economy: whose authority or resident it is, such as ``CN``; None where it has none.
        person: the login of who is signed in; None for a key.
        scopes: what its key is for; None where all that its roles allow is meant.
        matters: what an agency is in charge of at the border; none for everybody else.
        holder: the blind index of the person whose pass was shown; None for an organisation.
        credential: the mark of the key or the session, for the record; never a secret.
    """

    organisation: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    economy: str | None = None
    person: str | None = None
    scopes: frozenset[Permission] | None = None
    credential: str | None = None
    holder: str | None = None
    matters: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether this is an organisation, not the public."""
        return bool(self.organisation)

    @property
    def sender(self) -> str:
        """Who lodges.

        Raises:
            CallerUnknown: it is the public.
        """
        if not self.is_known:
            raise CallerUnknown
        return self.organisation

    @property
    def authority(self) -> Role | None:
        """As what it acts for its economy: customs before agency; None where it does not."""
        if self.economy is None:
            return None
        return next((role for role in (Role.CUSTOMS, Role.AGENCY) if role in self.roles), None)

    def reach(self, permission: Permission) -> Reach:
        """How far it may go; what everybody may, a key may whatever its scopes are."""
        public = reach_of(Role.PUBLIC, permission)
        if self.scopes is not None and permission not in self.scopes:
            return public
        return max((self._reach_as(role, permission) for role in self.roles), default=public)

    def _reach_as(self, role: Role, permission: Permission) -> Reach:
        if role in AUTHORITIES and self.economy is None:
            return reach_of(Role.PUBLIC, permission)
        return max(reach_of(role, permission), reach_of(Role.PUBLIC, permission))

    def may(
        self,
        permission: Permission,
        *,
        owner: str | None = None,
        economies: Iterable[str] = (),
        required: Iterable[str] = (),
    ) -> bool:
        """Whether it may do this to what an organisation owns and some economies decide.

        Args:
            permission: what is to be done.
            owner: the sender of what it is done to; None where it belongs to none.
            economies: whose authorities decide over it.
            required: the matters in which it is to be examined, or was.
        """
        reach = self.reach(permission)
        if reach is Reach.ALL:
            return True
        is_own = reach >= Reach.OWN and self.is_known and owner == self.organisation
        if is_own or self.economy not in set(economies):
            return is_own
        is_asked = reach is Reach.REQUIRED and not self.matters.isdisjoint(required)
        return reach is Reach.ECONOMY or is_asked

    def need(self, permission: Permission) -> None:
        """Refuse who may not do this to anything at all.

        Raises:
            CallerUnknown: it is the public, and the public may not.
            NotPermitted: the organisation may not.
        """
        if self.reach(permission) is Reach.NONE:
            is_public = not self.is_known and self.holder is None
            raise CallerUnknown if is_public else NotPermitted(permission=permission)


PUBLIC: Final = Caller()
"""Who has shown nothing."""
