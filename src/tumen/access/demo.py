"""Organisations of a demonstration: made up, labelled so, with keys and passwords made anew.

None of them exists, and their marks begin with ``demo-``. Each start gives new keys and passwords
and ends those before, so that nothing of a demonstration can be known beforehand or lives on.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tumen.access import accounts, keys, organisations
from tumen.access.accounts import Account
from tumen.access.keys import KeyWanted
from tumen.access.organisations import CONSOLE, Organisation
from tumen.access.roles import Role
from tumen.codelist.matters import OF_AGENCIES
from tumen.store.session import Session

KEY_DAYS: Final = 7
_PASSWORD_BYTES: Final = 12


def _demo(mark: str, name: str, role: Role, economy: str | None = None) -> Organisation:
    return Organisation(
        f"demo-{mark}", f"{name} (demonstration)", frozenset({role}), economy, is_demo=True,
        matters=OF_AGENCIES if role is Role.AGENCY else frozenset(),
    )  # fmt: skip


DEMONSTRATION: Final = (
    _demo("trader", "A trader", Role.TRADER, "CN"),
    _demo("platform", "A platform", Role.PLATFORM, "CN"),
    _demo("payment", "A payment firm", Role.PAYMENT_FIRM, "CN"),
    _demo("carrier", "A carrier", Role.CARRIER, "CN"),
    _demo("broker", "A broker", Role.BROKER, "CN"),
    *(
        _demo(f"customs-{economy.lower()}", f"A customs office of {economy}", Role.CUSTOMS, economy)
        for economy in ("CN", "JP", "KR", "MN", "RU")
    ),
    _demo("agency-cn", "An inspection agency of CN", Role.AGENCY, "CN"),
    _demo("zone", "A zone operator", Role.ZONE_OPERATOR, "CN"),
    _demo("analyst", "An analyst", Role.ANALYST),
    _demo("administrator", "An administrator", Role.ADMINISTRATOR),
)
"""One of each role, and a customs office of each economy."""


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """How to try the node as one of them; shown once.

    Attributes:
        organisation: which one.
        login: of its person.
        password: of its person.
        key: of its programs.
    """

    organisation: Organisation
    login: str
    password: str
    key: str


def begin(session: Session, at: datetime) -> list[DemoAccess]:
    """Enter the organisations of the demonstration, with new keys and passwords.

    Args:
        session: one transaction of the recorder.
        at: now.
    """
    return [_begun(session, organisation, at) for organisation in DEMONSTRATION]


def _begun(session: Session, organisation: Organisation, at: datetime) -> DemoAccess:
    if organisations.find(session, organisation.mark) != organisation:
        organisations.record(session, organisation, at, CONSOLE)
    for old in keys.listed(session, organisation.mark):
        if old.is_in_force(at):
            keys.end(session, old.mark, at, CONSOLE)
    login, password = organisation.mark, secrets.token_urlsafe(_PASSWORD_BYTES)
    if accounts.find(session, login) is None:
        account = Account(login, organisation.mark, is_active=True)
        accounts.record(session, account, at, CONSOLE)
    accounts.set_password(session, login, password, at, CONSOLE)
    wanted = KeyWanted("demonstration", days=KEY_DAYS)
    key = keys.make(session, organisation.mark, wanted, at, CONSOLE)
    return DemoAccess(organisation, login, password, key)
