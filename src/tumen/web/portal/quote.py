"""The quote: a form, and what the law says of what was filled in, explained."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.law.answer import Answer
from tumen.law.native.shipment import AUTO, BUYER_KINDS, EXPORTS, PURPOSES, REGIMES, TRANSPORTS
from tumen.web.access.guard import caller_of, needs
from tumen.web.legal_day import today
from tumen.web.office import Office
from tumen.web.portal import remarks, words
from tumen.web.portal.form import Form, faults_of
from tumen.web.portal.page import AnyRequest, language_of, page

PLACES_MAX: Final = 10
"""Goods items of the form; more travel as a file."""

_HEAD: Final = (
    "destination", "dispatch", "date", "regime", "transport", "purpose", "currency", "freight",
    "insurance", "platform",
)  # fmt: skip
_BUYER: Final = ("id", "kind", "used_this_year")
_ITEM: Final = (
    "hs", "description", "quantity", "unit", "unit_price", "net_weight_kg", "volume_l", "origin",
    "category",
)  # fmt: skip
_EXPORT: Final = ("export_regime", "dispatched_on")
_EXPORTED: Final = ("export_hs",)
_CAPITALS: Final = frozenset({"dispatch", "currency", "origin"})
_INITIAL: Final = {"items-0-quantity": "1", "destination": "CN"}


@get("/quote", guards=[needs(Permission.QUOTE)], include_in_schema=False)
async def quote_form(request: AnyRequest) -> Response[str]:
    """The empty form."""
    return _page(request, Form({}, initial=_INITIAL), None, 1)


@post("/quote", status_code=200, guards=[needs(Permission.QUOTE)], include_in_schema=False)
async def quote_answer(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The answer above the form; by the button for one more item, the form alone."""
    sent = {name: str(value) for name, value in (await request.form()).items()}
    places = places_of(sent)
    if "add" in sent:
        return _page(request, Form(sent), None, min(places + 1, PLACES_MAX))
    shipment = shipment_of(Form(sent), places)
    answer = await office.quoting.answer(shipment, today(office.node.clock))
    tell = partial(remarks.told, language_of(request))
    wrong = faults_of(tell(each.code, each.path, each.parameters) for each in answer.violations)
    return _page(request, Form(sent, wrong), answer, places)


def places_of(sent: Mapping[str, str]) -> int:
    """How many goods items the form showed."""
    told = sent.get("places", "1")
    return min(max(int(told), 1), PLACES_MAX) if told.isdecimal() and len(told) < 3 else 1


def consignment_of(form: Form, places: int) -> dict[str, Any]:
    """The consignment of a form: its shipment, and what the origin alone is told."""
    told = shipment_of(form, places, (*_ITEM, *_EXPORTED))
    return {**told, **_told(form, "", _EXPORT)}


def shipment_of(form: Form, places: int, item: Sequence[str] = _ITEM) -> dict[str, Any]:
    """The native shipment of a form; what was left empty is not told.

    Args:
        form: what was filled in.
        places: how many goods items the form showed.
        item: the fields of an item.
    """
    items = [_told(form, f"items-{place}-", item) for place in range(places)]
    buyer = _told(form, "buyer-", _BUYER)
    return {
        **_told(form, "", _HEAD),
        **({"buyer": buyer} if buyer else {}),
        # Of the items below the first, one that is empty was not meant.
        "items": [items[0], *(each for each in items[1:] if set(each) - {"unit"})],
    }


def _told(form: Form, prefix: str, names: Iterable[str]) -> dict[str, str]:
    found = {name: form.filled(prefix + name) for name in names}
    return {
        name: value.upper() if name in _CAPITALS else value
        for name, value in found.items()
        if value is not None
    }


def _page(request: AnyRequest, form: Form, answer: Answer | None, places: int) -> Response[str]:
    language = language_of(request)
    word = partial(words.word, language)
    regimes = dict.fromkeys([AUTO, *(name for each in REGIMES.values() for name in each)])
    return page(
        request,
        "quote",
        form=form,
        answer=answer,
        may_lodge=caller_of(request).reach(Permission.LODGE) is not Reach.NONE,
        places=places,
        places_max=PLACES_MAX,
        economies=[(code, word("economy", code)) for code in REGIMES],
        regimes=[(code, word("regime", code)) for code in regimes],
        exports=_options(word, "regime", EXPORTS),
        transports=_options(word, "transport", ("courier", *TRANSPORTS)),
        purposes=_options(word, "purpose", PURPOSES),
        buyers=_options(word, "buyer", BUYER_KINDS),
        units=_options(word, "unit", words.WORDS["unit"]),
    )


def _options(word: Any, group: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, word(group, code)) for code in dict.fromkeys(codes)]


def routes() -> list[HTTPRouteHandler]:
    """The routes of the quote."""
    return [quote_form, quote_answer]
