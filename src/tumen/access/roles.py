"""The roles of organisations, and how far a permission reaches."""

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What an organisation is in the trade; it may be several of them.

    ``PUBLIC`` is everybody, signed in or not; ``PERSON`` is who shows a person's pass, and acts for
    that person alone. No organisation is given either.
    """

    PUBLIC = "public"
    TRADER = "trader"
    PLATFORM = "platform"
    PAYMENT_FIRM = "payment_firm"
    CARRIER = "carrier"
    BROKER = "broker"
    CUSTOMS = "customs"
    AGENCY = "agency"
    ZONE_OPERATOR = "zone_operator"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    PERSON = "person"


class Reach(IntEnum):
    """How far a permission reaches; the further one holds all that the nearer ones do.

    ``OWN`` is what the caller's organisation lodged or owns. ``REQUIRED`` is what is to be
    examined, or was, in a matter that the caller is in charge of in its economy. ``ECONOMY`` is
    what the authorities of the caller's economy decide. ``ALL`` is the node's, which belongs to no
    single organisation.
    """

    NONE = 0
    OWN = 1
    REQUIRED = 2
    ECONOMY = 3
    ALL = 4


AUTHORITIES = frozenset({Role.CUSTOMS, Role.AGENCY})
"""Roles that act for an economy, and need one."""

ASSIGNABLE = tuple(role for role in Role if role not in (Role.PUBLIC, Role.PERSON))
"""The roles that an organisation can be given."""
