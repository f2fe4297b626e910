"""The authorisation matrix: one table, role by permission, of how far each reaches.

The guard of every route, the commands and the page ``docs/access.md`` read it; a test asks it of
every route, role, owner and economy. What is not here nobody may do.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tumen.access.roles import ASSIGNABLE, Reach, Role


class Permission(StrEnum):
    """What one may do; the value is also the scope of a key."""

    SEE_SERVICE = "see_service"
    SIGN_IN = "sign_in"
    QUOTE = "quote"
    TRACK = "track"
    VERIFY = "verify"
    READ_REFERENCE = "read_reference"
    ASK_HELP = "ask_help"
    ANSWER_QUESTIONS = "answer_questions"
    READ_LOG = "read_log"
    LODGE = "lodge"
    CORRECT = "correct"
    PRECHECK = "precheck"
    READ_RECEIPTS = "read_receipts"
    READ_DOCUMENTS = "read_documents"
    READ_CONSIGNMENTS = "read_consignments"
    READ_ORPHANS = "read_orphans"
    READ_EVENTS = "read_events"
    REPORT_EVENTS = "report_events"
    READ_ALLOWANCE = "read_allowance"
    GUARD_ALLOWANCE = "guard_allowance"
    IDENTIFY_PERSONS = "identify_persons"
    READ_BILLS = "read_bills"
    RECORD_BILLS = "record_bills"
    KEEP_WEBHOOKS = "keep_webhooks"
    READ_QUEUE = "read_queue"
    DECIDE = "decide"
    READ_EXAMINATIONS = "read_examinations"
    RECORD_EXAMINATIONS = "record_examinations"
    KEEP_BOOKS = "keep_books"
    READ_STATISTICS = "read_statistics"
    EXPORT_OWN = "export_own"
    KEEP_KEYS = "keep_keys"
    ADMINISTER = "administer"
    READ_METRICS = "read_metrics"


_FILERS: Final = (Role.TRADER, Role.PLATFORM, Role.PAYMENT_FIRM, Role.CARRIER, Role.BROKER)
_LODGING: Final = (*_FILERS, Role.ZONE_OPERATOR)
_AUTHORITIES: Final = (Role.CUSTOMS, Role.AGENCY)
_SIGNED_IN: Final = ASSIGNABLE


def _row(
    *,
    own: tuple[Role, ...] = (),
    required: tuple[Role, ...] = (),
    economy: tuple[Role, ...] = (),
    everything: tuple[Role, ...] = (),
) -> Mapping[Role, Reach]:
    cells = dict.fromkeys(own, Reach.OWN)
    cells |= dict.fromkeys(required, Reach.REQUIRED)
    cells |= dict.fromkeys(economy, Reach.ECONOMY)
    return MappingProxyType(cells | dict.fromkeys(everything, Reach.ALL))


_PUBLIC: Final = _row(everything=(Role.PUBLIC,))
_SEEN: Final = _row(own=_LODGING, required=(Role.AGENCY,), economy=(Role.CUSTOMS,))

MATRIX: Final[Mapping[Permission, Mapping[Role, Reach]]] = MappingProxyType(
    {
        Permission.SEE_SERVICE: _PUBLIC,
        Permission.SIGN_IN: _PUBLIC,
        Permission.QUOTE: _PUBLIC,
        Permission.TRACK: _PUBLIC,
        Permission.VERIFY: _PUBLIC,
        Permission.READ_REFERENCE: _PUBLIC,
        Permission.ASK_HELP: _PUBLIC,
        # About the rules of an economy its authorities answer, about the service who keeps it.
        Permission.ANSWER_QUESTIONS: _row(economy=_AUTHORITIES, everything=(Role.ADMINISTRATOR,)),
        Permission.READ_LOG: _PUBLIC,
        Permission.LODGE: _row(own=_LODGING),
        Permission.CORRECT: _row(own=_LODGING, economy=(Role.CUSTOMS,)),
        Permission.PRECHECK: _row(own=_LODGING),
        Permission.READ_RECEIPTS: _row(own=_LODGING),
        Permission.READ_DOCUMENTS: _SEEN,
        Permission.READ_CONSIGNMENTS: _SEEN,
        Permission.READ_ORPHANS: _row(own=_LODGING, economy=(Role.CUSTOMS,)),
        Permission.READ_EVENTS: _SEEN,
        Permission.REPORT_EVENTS: _row(own=(Role.CARRIER, Role.ZONE_OPERATOR)),
        # The allowance is a person's; the customs that keeps it sees its uses by blind index.
        Permission.READ_ALLOWANCE: _row(economy=(Role.CUSTOMS,)),
        # A person whom that customs identified sees and guards the own one.
        Permission.GUARD_ALLOWANCE: _row(own=(Role.PERSON,)),
        Permission.IDENTIFY_PERSONS: _row(economy=(Role.CUSTOMS,)),
        Permission.READ_BILLS: _row(own=_LODGING, economy=(Role.CUSTOMS,)),
        Permission.RECORD_BILLS: _row(economy=(Role.CUSTOMS,)),
        Permission.KEEP_WEBHOOKS: _row(own=_LODGING),
        Permission.READ_QUEUE: _row(economy=(Role.CUSTOMS,), required=(Role.AGENCY,)),
        Permission.DECIDE: _row(economy=(Role.CUSTOMS,)),
        Permission.READ_EXAMINATIONS: _SEEN,
        Permission.RECORD_EXAMINATIONS: _row(economy=_AUTHORITIES),
        Permission.KEEP_BOOKS: _row(own=(Role.ZONE_OPERATOR,)),
        Permission.READ_STATISTICS: _row(everything=(Role.ANALYST,), economy=(Role.CUSTOMS,)),
        Permission.EXPORT_OWN: _row(own=_SIGNED_IN),
        Permission.KEEP_KEYS: _row(own=_SIGNED_IN),
        # An administrator keeps the node, and sees nobody's trade.
        Permission.ADMINISTER: _row(everything=(Role.ADMINISTRATOR,)),
        Permission.READ_METRICS: _row(everything=(Role.ADMINISTRATOR,)),
    }
)
"""permission -> role -> reach; a role without a cell reaches nothing."""

MEANINGS: Final[Mapping[Permission, str]] = MappingProxyType(
    {
        Permission.SEE_SERVICE: "see that the service is there, and its pages for everybody",
        Permission.SIGN_IN: "sign in and out",
        Permission.QUOTE: "ask what a shipment costs at the border",
        Permission.TRACK: "see the status and place of a journey, and no person",
        Permission.VERIFY: "verify a receipt by its proof",
        Permission.READ_REFERENCE: "read code lists, the law and tariffs",
        Permission.ASK_HELP: "ask the help desk a question, and follow it by its number and secret",
        Permission.ANSWER_QUESTIONS: "answer questions to the help desk",
        Permission.READ_LOG: "read the public files of the log, and have a checkpoint cosigned",
        Permission.LODGE: "lodge documents",
        Permission.CORRECT: "correct what was declared, and see what waits for an answer",
        Permission.PRECHECK: "ask whether documents would match",
        Permission.READ_RECEIPTS: "fetch receipts and proofs again",
        Permission.READ_DOCUMENTS: "read documents and declarations",
        Permission.READ_CONSIGNMENTS: "read all about a consignment",
        Permission.READ_ORPHANS: "list documents whose counterpart is missing",
        Permission.READ_EVENTS: "follow events",
        Permission.REPORT_EVENTS: "report where goods are",
        Permission.READ_ALLOWANCE: "read what a person's yearly allowance was used for",
        Permission.GUARD_ALLOWANCE: "see one's own allowance, freeze it, dispute a use",
        Permission.IDENTIFY_PERSONS: "hand a pass to a person after a look at the papers",
        Permission.READ_BILLS: "read what is due, and summaries of it",
        Permission.RECORD_BILLS: "make bills, state what was paid and guaranteed",
        Permission.KEEP_WEBHOOKS: "say where events are to be sent",
        Permission.READ_QUEUE: "see what waits for an officer",
        Permission.DECIDE: "release, hold, examine or reject",
        Permission.READ_EXAMINATIONS: "see appointments and results of examinations",
        Permission.RECORD_EXAMINATIONS: "make appointments and record results",
        Permission.KEEP_BOOKS: "keep the account book of a zone",
        Permission.READ_STATISTICS: "read aggregates",
        Permission.EXPORT_OWN: "take out what the organisation lodged",
        Permission.KEEP_KEYS: "make and end the organisation's own keys",
        Permission.ADMINISTER: "keep organisations, people, keys and roles",
        Permission.READ_METRICS: "read the figures of the running service",
    }
)
"""What each permission lets one do, in plain words."""


def reach_of(role: Role, permission: Permission) -> Reach:
    """How far a permission reaches for a role; ``NONE`` where the table has no cell."""
    return MATRIX.get(permission, {}).get(role, Reach.NONE)
