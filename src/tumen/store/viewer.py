"""For whom a session of the application reads: the one way to say so.

Row-level security shows a session of the role ``tumen_app`` what its viewer may see (migrations
0005, 0010 and 0025): a sender its own rows, customs those that its economy decides, another agency
those that are to be examined in its matters. It holds against
a forgotten condition; a session that runs statements of others could name another viewer, so the
statements of the application are its own, and values go in as literals.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final

from tumen.store.database import Database, Role
from tumen.store.session import Session

_SEE_AS: Final = """
    SELECT set_config('tumen.sender', %(sender)s, true),
           set_config('tumen.authority', %(authority)s, true),
           set_config('tumen.economy', %(economy)s, true),
           set_config('tumen.matters', %(matters)s, true)
"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom a session reads.

    Attributes:
        sender: whose own rows are seen; empty for nobody's.
        authority: ``customs`` or ``agency`` for who decides for an economy; empty else.
        economy: that economy, such as ``CN``.
        matters: what an agency is in charge of, joined by commas, such as ``food,quarantine``.
    """

    sender: str = ""
    authority: str = ""
    economy: str = ""
    matters: str = ""


def see_as(session: Session, viewer: Viewer) -> None:
    """Show a session what a viewer may see, until its transaction ends."""
    session.execute(_SEE_AS, asdict(viewer))


@contextmanager
def session_for(database: Database, viewer: Viewer) -> Iterator[Session]:
    """One transaction that reads what a viewer may see, on a connection of its own."""
    with database.session(Role.APP) as session:
        see_as(session, viewer)
        yield session
