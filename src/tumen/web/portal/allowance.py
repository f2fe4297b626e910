"""The allowance of a person: every use of it, for the customs that keeps it.

The person's number is compared in its concealed form. It travels in the body of a form alone, so
that it stands in no address and in no record of requests.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import polars as pl
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.law.parameters import value_at
from tumen.web.access.guard import caller_of, needs
from tumen.web.legal_day import today
from tumen.web.office import Office
from tumen.web.portal.page import AnyRequest, page
from tumen.window.ledger.allowances import uses
from tumen.window.privacy import blind
from tumen.window.tally import yuan

NEEDED: Final = [needs(Permission.READ_ALLOWANCE)]
NUMBER_LENGTH_MAX: Final = 60
LIMIT: Final = "cn.cbec.annual_limit"


@get("/allowance", guards=NEEDED, include_in_schema=False)
async def allowance_form(request: AnyRequest) -> Response[str]:
    """The form."""
    return page(request, "allowance", uses=None)


@post("/allowance", guards=NEEDED, status_code=200, include_in_schema=False)
async def allowance(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """What was used under a number, year by year, and every use."""
    number = str((await request.form()).get("number", "")).strip()[:NUMBER_LENGTH_MAX]
    person = blind(pl.Series("number", [number]), "id_number", office.node.keys).item()
    found = await office.read_as(caller_of(request), partial(uses, person=person))
    day = today(office.node.clock)
    limit = value_at(LIMIT, day).integer
    this_year = [each for each in found if each["year"] == day.year]
    used = this_year[-1]["used_after_fen"] if this_year else 0
    return page(
        request,
        "allowance",
        uses=_told(found),
        year=day.year,
        limit=yuan(limit),
        used=yuan(used),
        left=yuan(max(limit - used, 0)),
        parameter=LIMIT,
    )


def _told(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every use with its amounts in yuan."""
    return [
        {
            **each,
            "used_before": yuan(each["used_after_fen"] - each["amount_fen"]),
            "amount": yuan(each["amount_fen"]),
            "used_after": yuan(each["used_after_fen"]),
        }
        for each in found
    ]


def routes() -> list[HTTPRouteHandler]:
    """The routes of the allowance."""
    return [allowance_form, allowance]
