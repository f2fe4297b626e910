"""Webhooks: where an organisation is told of events, what came of it, and sending again."""

from collections.abc import Sequence
from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from tumen.access.matrix import Permission
from tumen.kernel.access_limits import SIGN_IN_BYTES_MAX
from tumen.kernel.errors import UsageError
from tumen.kernel.webhook_limits import WEBHOOK_ADDRESS_LENGTH_MAX, WEBHOOKS_MAX
from tumen.web.access.guard import caller_of, needs
from tumen.web.office import Office
from tumen.web.portal.documents import NUMBER_MAX
from tumen.web.portal.form import Form, whole_number
from tumen.web.portal.page import AnyRequest, page
from tumen.web.portal.sign_in import to_page
from tumen.web.webhooks import keeping
from tumen.web.webhooks.batches import TYPES
from tumen.web.webhooks.keeping import Asked

NEEDED: Final = [needs(Permission.KEEP_WEBHOOKS)]
ADDRESS: Final = "/webhooks"
ALL: Final = "all"
"""In the form: events of the past too, not only those from now on."""


@get(ADDRESS, guards=NEEDED, include_in_schema=False)
async def webhooks(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The webhooks of the caller's organisation, and the form for another."""
    return await _page(request, office, Form({}))


@post(
    ADDRESS, guards=NEEDED, status_code=200, include_in_schema=False,
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def make(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Make a webhook, and show its secret this once."""
    sent = await request.form()
    form = Form({name: str(value) for name, value in sent.items()})
    types = [str(each) for each in sent.getall("type", [])]
    after = 0 if form.filled("from") == ALL else None
    try:
        asked = Asked(form.filled("address") or "", types, after)
        made, secret = await keeping.made(office, caller_of(request), asked)
    except UsageError:
        return await _page(request, office, form, types)
    return page(request, "webhook_made", webhook=made, secret=secret)


@get(f"{ADDRESS}/{{mark:str}}", guards=NEEDED, include_in_schema=False)
async def webhook(
    request: AnyRequest, office: NamedDependency[Office], mark: FromPath[str]
) -> Response[str]:
    """One webhook with its last deliveries."""
    return await _one(request, office, mark)


@post(
    f"{ADDRESS}/{{mark:str}}/replay", guards=NEEDED, status_code=303, include_in_schema=False,
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def replay(
    request: AnyRequest, office: NamedDependency[Office], mark: FromPath[str]
) -> Response[str]:
    """Send events again, and go back to the webhook."""
    text = str((await request.form()).get("after", "")).strip()
    try:
        after = whole_number(text, len(str(NUMBER_MAX)))
        if after is None:
            raise UsageError
        await keeping.replayed(office, caller_of(request), mark, after)
    except UsageError:
        return await _one(request, office, mark, status=400, is_refused=True)
    return to_page(f"{ADDRESS}/{mark}")


@post(f"{ADDRESS}/{{mark:str}}/end", guards=NEEDED, status_code=303, include_in_schema=False)
async def end(
    request: AnyRequest, office: NamedDependency[Office], mark: FromPath[str]
) -> Response[str]:
    """End a webhook, and go back to those that are left."""
    await keeping.ended(office, caller_of(request), mark)
    return to_page(ADDRESS)


async def _page(
    request: AnyRequest, office: Office, form: Form, refused: Sequence[str] | None = None
) -> Response[str]:
    """The page.

    Args:
        request: whose page it is.
        office: where to look.
        form: what was filled in.
        refused: the boxes that were chosen in a form that asks for what cannot be; else None.
    """
    found = await keeping.listed(office, caller_of(request))
    return page(
        request,
        "webhooks",
        status=200 if refused is None else 400,
        form=form,
        webhooks=[(each, keeping.state_of(each)) for each in found],
        types=TYPES,
        limits={"webhooks": WEBHOOKS_MAX, "address": WEBHOOK_ADDRESS_LENGTH_MAX},
        chosen=refused or (),
        is_refused=refused is not None,
    )


async def _one(
    request: AnyRequest, office: Office, mark: str, *, status: int = 200, is_refused: bool = False
) -> Response[str]:
    found, turns = await keeping.seen(office, caller_of(request), mark)
    return page(
        request, "webhook", status=status, webhook=found, state=keeping.state_of(found),
        turns=turns, is_refused=is_refused,
    )  # fmt: skip


def routes() -> list[HTTPRouteHandler]:
    """The routes of the webhooks."""
    return [webhooks, make, webhook, replay, end]
