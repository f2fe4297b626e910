"""``/v1/tickets``: questions to the help desk."""

from typing import Annotated, Final, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import HeaderParameter, JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.assistance.ticket import Question, Ticket, Topic
from tumen.assistance.tickets import shown
from tumen.kernel.clock import Clock
from tumen.kernel.person_limits import QUESTION_BYTES_MAX
from tumen.web import asking
from tumen.web.access.guard import needs
from tumen.web.api.described import problems, with_body
from tumen.web.api.parameters import TicketNumber
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.window.story import plain

TAGS: Final = ["Help desk"]
ASKING: Final = [needs(Permission.ASK_HELP)]

Secret = Annotated[
    str, HeaderParameter(name="ticket-secret", description="As it was shown when it was asked.")
]
Language = Literal["en", "zh", "ru", "ja", "ko", "mn"]
Economy = Literal["CN", "RU", "JP", "KR", "MN"]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question.

    Attributes:
        text: up to 4,000 characters, without anything personal.
        topic: what it is about.
        economy: whose rules; null for a question about the service.
        language: in which it is asked.
    """

    text: str
    topic: Topic = Topic.OTHER
    economy: Economy | None = None
    language: Language = "en"


class TicketOpened(msgspec.Struct, frozen=True):
    """A ticket that was opened.

    Attributes:
        number: by which it is named.
        secret: with the number it opens the ticket; shown this once.
        due_at: by when the node means to answer first.
    """

    number: str
    secret: str
    due_at: str


class MessageTold(msgspec.Struct, frozen=True):
    """A message.

    Attributes:
        by: ``asker`` or ``help_desk``.
        text: null once it is forgotten.
        at: when.
    """

    by: str
    text: str | None
    at: str


class TicketTold(msgspec.Struct, frozen=True):
    """A ticket.

    Attributes:
        number: by which it is named.
        state: ``waiting``, ``overdue``, ``answered`` or ``closed``.
        topic: what it is about.
        economy: whose rules.
        language: in which it is asked.
        asked_at: when.
        due_at: by when the node means to answer first.
        answered_at: when it did.
        ended_at: when it was closed.
        office: for who answers, the office to which it was passed on; null for any.
        messages: what was said; none in a list.
    """

    number: str
    state: str
    topic: str
    economy: str | None
    language: str
    asked_at: str
    due_at: str
    answered_at: str | None
    ended_at: str | None
    office: str | None
    messages: list[MessageTold]


class Passed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom a ticket is passed on.

    Attributes:
        office: the mark of an authority of the economy that the ticket is about; a text, which is
            looked at by hand: what is wrong with a field named like what a handler is given, as
            the office is, would count as an error of ours.
    """

    office: object

    @property
    def mark(self) -> str:
        """The office that is named.

        Raises:
            Refusal: it is no text.
        """
        if not isinstance(self.office, str):
            raise Refusal("REQUEST_INVALID", "The office is a text: the mark of an authority.")
        return self.office


PASSED: Final = with_body(
    {
        "application/json": Schema(
            type=OpenAPIType.OBJECT, required=["office"], additional_properties=False,
            properties={"office": Schema(type=OpenAPIType.STRING)},
        )
    },
    "The mark of an authority of the economy that the ticket is about.",
)  # fmt: skip


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A further message."""

    text: str


@post(
    "/v1/tickets", guards=ASKING, tags=TAGS, summary="Ask the help desk",
    responses=problems(413), request_max_body_size=QUESTION_BYTES_MAX,
)  # fmt: skip
async def ask(
    data: JSONBody[Asked], office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> TicketOpened:
    """Opens a ticket. Whoever keeps number and secret sees what becomes of it, signed in or not."""
    question = Question(data.topic, data.economy, data.language, asking.need_words(data.text))
    opened = await asking.ask(office, caller, question)
    return TicketOpened(opened.number, shown(opened.secret), opened.due_at.isoformat())


@get(
    "/v1/tickets", guards=ASKING, tags=TAGS, summary="Own tickets, or those to answer",
    responses=problems(),
)  # fmt: skip
async def tickets(
    office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> list[TicketTold]:
    """Of an organisation its own; of who answers what is open, the longest waiting first."""
    found = await asking.listed(office, caller)
    is_answering = caller.reach(Permission.ANSWER_QUESTIONS) is not Reach.NONE
    return [_told(each, office.node.clock, is_answering=is_answering) for each in found]


@get(
    "/v1/tickets/{number:str}", guards=ASKING, tags=TAGS, summary="A ticket",
    responses=problems(404),
)  # fmt: skip
async def ticket(
    number: TicketNumber, office: NamedDependency[Office], caller: NamedDependency[Caller],
    secret: Secret = "",
) -> TicketTold:  # fmt: skip
    """For who has its secret, whose organisation asked, or who answers it."""
    found = await asking.shown(office, caller, number, secret)
    return _told(found.ticket, office.node.clock, is_answering=found.is_answering)


@post(
    "/v1/tickets/{number:str}/messages", status_code=204, guards=ASKING, tags=TAGS,
    summary="Say more, or answer", responses=problems(404, 413),
    request_max_body_size=QUESTION_BYTES_MAX,
)  # fmt: skip
async def say(
    number: TicketNumber, data: JSONBody[Message], office: NamedDependency[Office],
    caller: NamedDependency[Caller], secret: Secret = "",
) -> None:  # fmt: skip
    """A message of the asker, or an answer of the help desk."""
    await asking.say(office, caller, number, secret, data.text)


@post(
    "/v1/tickets/{number:str}/end", status_code=204, guards=ASKING, tags=TAGS,
    summary="Close a ticket", responses=problems(404),
)  # fmt: skip
async def end(
    number: TicketNumber, office: NamedDependency[Office], caller: NamedDependency[Caller],
    secret: Secret = "",
) -> None:  # fmt: skip
    """Its words are forgotten 90 days later."""
    await asking.end(office, caller, number, secret)


@post(
    "/v1/tickets/{number:str}/office", operation_class=PASSED, status_code=204,
    guards=[needs(Permission.ANSWER_QUESTIONS)], tags=TAGS,
    summary="Pass a ticket on to an office", responses=problems(404),
)  # fmt: skip
async def pass_on(
    number: TicketNumber, data: JSONBody[Passed], office: NamedDependency[Office],
    caller: NamedDependency[Caller],
) -> None:  # fmt: skip
    """Others of the economy no longer find it in their lists, until it is overdue."""
    await asking.pass_on(office, caller, number, data.mark)


def _told(each: Ticket, clock: Clock, *, is_answering: bool) -> TicketTold:
    moments = ("asked_at", "due_at", "answered_at", "ended_at")
    told = {
        **{name: plain(getattr(each, name)) for name in (*_PLAIN, *moments)},
        "office": each.office if is_answering else None,
        "state": str(each.state(clock.now())),
        "messages": [
            {"by": "help_desk" if said.is_answer else "asker", "text": said.text,
             "at": plain(said.at)}
            for said in each.said
        ],
    }  # fmt: skip
    return msgspec.convert(told, TicketTold)


_PLAIN: Final = ("number", "topic", "economy", "language")


def routes() -> list[HTTPRouteHandler]:
    """The routes of tickets."""
    return [ask, tickets, ticket, say, pass_on, end]
