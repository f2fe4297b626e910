"""Audits a test database, and changes what nobody may change, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from clearing import KEYS, SIGNER
from tumen.store.database import Database
from tumen.store.session import Connection, Session
from tumen.trust.note import VerifierKey
from tumen.window.ledger.audit import Audit
from tumen.window.ledger.audit_origins import astray
from tumen.window.ledger.finding import Finding
from tumen.window.ledger.log import origins, salt_key


class Undone(Exception):
    """Raised to leave a transaction without a trace."""


def findings(session: Session) -> list[Finding]:
    known = origins(session)
    found = [*astray(session, known)]
    keys = [VerifierKey.parse(SIGNER.verifier_key)]
    for place, origin in enumerate(known):
        following = known[place + 1] if place + 1 < len(known) else None
        audit = Audit(session, origin, following, keys, salt_key(KEYS.sealing, origin.name))
        found += [each for each in audit.run() if isinstance(each, Finding)]
    return found


@contextmanager
def superuser(database: Database) -> Iterator[Session]:
    """A transaction of whoever owns the server; nothing of it stays."""
    opened = psycopg.connect(database.url, autocommit=True, options="-c timezone=UTC")
    with Connection(opened) as connection, suppress(Undone), connection.transaction() as session:
        session.execute("SET LOCAL session_replication_role = replica")
        yield session
        raise Undone
