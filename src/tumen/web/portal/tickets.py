"""Questions to the help desk by hand: asked, followed by number and secret, answered. No script.

A number and its secret travel in the bodies of forms alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.assistance import tickets
from tumen.assistance.ticket import Question, State, Topic
from tumen.kernel.errors import UsageError
from tumen.kernel.person_limits import QUESTION_BYTES_MAX, QUESTION_LENGTH_MAX, TICKET_DAYS_KEPT
from tumen.law.coverage import ECONOMIES
from tumen.settings import answer_within
from tumen.web import asking
from tumen.web.access.guard import caller_of, needs
from tumen.web.office import Office
from tumen.web.portal import help_desk
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.problem import Refusal

ASKING: Final = [needs(Permission.ASK_HELP)]
SERVICE: Final = "service"
"""What stands for no economy in the form: a question about the service."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a reader filled in: by the names of the fields, nothing where nothing was."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, "")


@get("/help/ask", guards=ASKING, include_in_schema=False)
async def ask_form(request: AnyRequest) -> Response[str]:
    """The form."""
    return _ask_page(request, Filled())


@post(
    "/help/ask", guards=ASKING, status_code=200, include_in_schema=False,
    request_max_body_size=QUESTION_BYTES_MAX,
)  # fmt: skip
async def ask(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Answers that may do already; then, where it is sent all the same, the ticket."""
    form = await _form(request)
    try:
        question = _question(form, language_of(request))
    except Refusal as refusal:
        return _ask_page(request, form, problem=refusal.code)
    index = help_desk.index(question.language)
    answers = [(each["told"].code, each["words"]) for each in index]
    found = asking.suggested(question.text, answers) if "send" not in form.values else []
    if found:
        told = {each["told"].code: each["told"] for each in index}
        return _ask_page(request, form, suggested=[told[code] for code in found])
    opened = await asking.ask(office, caller_of(request), question)
    return page(request, "ticket_opened", opened=opened, secret=tickets.shown(opened.secret))


@get("/help/ticket", guards=ASKING, include_in_schema=False)
async def ticket_form(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The form for number and secret; for who is known the list of tickets as well."""
    caller = caller_of(request)
    found = await asking.listed(office, caller) if caller.is_known else []
    now = office.node.clock.now()
    return page(
        request,
        "tickets",
        found=[(each, each.state(now)) for each in found],
        is_answering=caller.reach(Permission.ANSWER_QUESTIONS) is not Reach.NONE,
        is_known=caller.is_known,
        is_missing=False,
    )


@post(
    "/help/ticket", guards=ASKING, status_code=200, include_in_schema=False,
    request_max_body_size=QUESTION_BYTES_MAX,
)  # fmt: skip
async def ticket(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """A ticket; with a text in the form what is said more, with ``close`` its end."""
    form, caller = await _form(request), caller_of(request)
    try:
        problem = await _done(office, caller, form)
        found = await asking.shown(office, caller, form["number"], form["secret"])
    except Refusal as refusal:
        if refusal.code != "NOT_FOUND":
            raise
        return _missing(request)
    state = found.ticket.state(office.node.clock.now())
    offices = await asking.offices(office, found.ticket) if found.is_answering else {}
    return page(
        request,
        "ticket",
        ticket=found.ticket,
        state=state,
        is_open=state is not State.CLOSED,
        is_answering=found.is_answering,
        offices=offices,
        secret=form["secret"],
        length=QUESTION_LENGTH_MAX,
        days=TICKET_DAYS_KEPT,
        problem=problem,
        text=form["text"] if problem else "",
    )


def _missing(request: AnyRequest) -> Response[str]:
    return page(
        request, "tickets", status=404, found=[], is_answering=False, is_known=False,
        is_missing=True,
    )  # fmt: skip


async def _done(office: Office, caller: Caller, form: Filled) -> str:
    """Do what the button of the form stands for; the code of what is wrong, or nothing."""
    number, secret = form["number"], form["secret"]
    if "say" in form.values:
        return await _said(office, caller, form)
    if "close" in form.values:
        await asking.end(office, caller, number, secret)
    elif "pass_on" in form.values:
        await asking.pass_on(office, caller, number, form["office"])
    return ""


async def _said(office: Office, caller: Caller, form: Filled) -> str:
    """Add a message; the code of what is wrong with it, or nothing."""
    try:
        await asking.say(office, caller, form["number"], form["secret"], form["text"])
    except Refusal as refusal:
        if refusal.code == "NOT_FOUND":
            raise
        return refusal.code
    except UsageError:
        return "CONFLICT"
    return ""


def _question(form: Filled, language: str) -> Question:
    """What the form asks.

    Raises:
        Refusal: it says nothing, or too much, or of nothing that there is.
    """
    topic, economy = form["topic"], form["economy"]
    if topic not in set(Topic) or economy not in (*ECONOMIES, SERVICE):
        raise Refusal("REQUEST_INVALID")
    about = None if economy == SERVICE else economy
    return Question(Topic(topic), about, language, asking.need_words(form["text"]))


async def _form(request: AnyRequest) -> Filled:
    return Filled({name: str(value) for name, value in (await request.form()).items()})


def _ask_page(
    request: AnyRequest, form: Filled, *, problem: str = "", suggested: Any = ()
) -> Response[str]:
    return page(
        request,
        "ask",
        status=400 if problem else 200,
        form=form,
        topics=list(Topic),
        economies=ECONOMIES,
        length=QUESTION_LENGTH_MAX,
        days=TICKET_DAYS_KEPT,
        hours=int(answer_within().total_seconds()) // 3600,
        problem=problem,
        suggested=suggested,
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of questions."""
    return [ask_form, ask, ticket_form, ticket]
