"""After the decision: correct, return, revoke; answer what was asked for. A look before the act."""

from datetime import date
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.errors import NotPermitted
from tumen.web.access.guard import caller_of, needs
from tumen.web.api.aftercare import asker_of, done
from tumen.web.office import Office
from tumen.web.portal import remarks
from tumen.web.portal.form import Form
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.portal.words import N_
from tumen.web.problem import Refusal
from tumen.window.aftercare_asked import (
    OF_FILERS,
    AftercareAsked,
    AftercareStep,
    ItemStated,
    Stated,
)
from tumen.window.aftercare_told import told
from tumen.window.ledger.aftercare_list import applications

STEPS: Final = {
    AftercareStep.CORRECT: N_("Correct what was declared"),
    AftercareStep.RETURN: N_("Return goods of a shipment"),
    AftercareStep.REVOKE: N_("Take a shipment back before its release"),
    AftercareStep.GRANT: N_("Grant what was asked for"),
    AftercareStep.REFUSE: N_("Refuse what was asked for"),
    AftercareStep.GOODS_BACK: N_("Returned goods are back in time"),
    AftercareStep.LAPSE: N_("Returned goods were not back in time"),
}
"""What can be done, as the form names it."""

FOR_OFFICERS: Final = (
    AftercareStep.GRANT, AftercareStep.REFUSE, AftercareStep.CORRECT, AftercareStep.GOODS_BACK,
    AftercareStep.LAPSE,
)  # fmt: skip
ITEM_FIELDS: Final = (
    "hs", "quantity", "quantity_1", "quantity_2", "total_price", "unit_price", "net_weight_kg",
)  # fmt: skip
"""Fields of a goods item that the form asks for; the API takes them all."""


@get("/aftercare", guards=[needs(Permission.CORRECT)], include_in_schema=False)
async def aftercare(
    request: AnyRequest, office: NamedDependency[Office], number: FromQuery[str] = ""
) -> Response[str]:
    """What waits for an answer, and a form."""
    return await _page(request, office, Form({}, initial={"number": number}), None)


@post("/aftercare", guards=[needs(Permission.CORRECT)], status_code=200, include_in_schema=False)
async def ask(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """What would become of what the form says, or what became of it.

    Raises:
        NotPermitted: it is not for the caller.
    """
    form = Form({name: str(value) for name, value in (await request.form()).items()})
    caller = caller_of(request)
    asked = asked_of(form)
    if asked.step not in _steps(caller):
        raise NotPermitted("Filers ask, and customs answers.")
    is_preview = "preview" in form.values
    found = await done(office, caller, asked, preview=is_preview)
    answer = told(found.judged, found.event_id, None)
    answer["is_preview"] = is_preview
    answer["against"] = [
        remarks.told(language_of(request), each.code, each.path, _values(each))
        for each in found.judged.objections
    ]
    return await _page(request, office, form, answer)


def _steps(caller: Caller) -> tuple[AftercareStep, ...]:
    return OF_FILERS if asker_of(caller).officer is None else FOR_OFFICERS


def _values(objection: Any) -> dict[str, Any]:
    return {"value": objection.value, "expected": objection.expected}


def asked_of(form: Form) -> AftercareAsked:
    """What a form asks for.

    Raises:
        Refusal: it names nothing that can be done, or a place or day that is none.
    """
    try:
        step = AftercareStep(form.value("step"))
        day = form.filled("happened_on")
        named = {name: text for name in ITEM_FIELDS if (text := form.filled(name)) is not None}
        items = (ItemStated(int(form.filled("item") or "1"), **named),) if named else ()
        return AftercareAsked(
            form.value("number").strip(),
            step,
            form.value("reason"),
            form.filled("reference") if step in OF_FILERS else None,
            Stated(form.filled("freight"), form.filled("insurance"), items),
            form.filled("basis"),
            None if day is None else date.fromisoformat(day),
        )
    except ValueError as error:
        raise Refusal("REQUEST_INVALID") from error


async def _page(
    request: AnyRequest, office: Office, form: Form, answer: dict[str, Any] | None
) -> Response[str]:
    caller = caller_of(request)
    return page(
        request,
        "aftercare",
        waiting=await office.read_as(caller, applications),
        form=form,
        answer=answer,
        steps=[(step, STEPS[step]) for step in _steps(caller)],
        fields=ITEM_FIELDS,
        is_officer=asker_of(caller).officer is not None,
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of what comes after a decision."""
    return [aftercare, ask]
