"""What stands in a path or behind the ``?``: said once for every route that asks for it."""

from datetime import date
from typing import Annotated, Final

from litestar.params import PathParameter, QueryParameter

from tumen.window.service_level import Due
from tumen.window.states import Lane, Status

_OF_CONSIGNMENT: Final = "A number of the consignment: its order's, payment's, waybill's or list's."

Reference = Annotated[str, PathParameter(description=_OF_CONSIGNMENT)]
AnyReference = Annotated[str, QueryParameter(description=f"{_OF_CONSIGNMENT} It may hold a slash.")]
WithProof = Annotated[
    bool, QueryParameter(description="Whether the proof of each receipt is told with it.")
]
DocumentNumber = Annotated[
    int, PathParameter(description="The number of the document, as its receipt and lists tell it.")
]
DeclarationNumber = Annotated[
    str,
    PathParameter(
        description="The declaration's number, or `%23` and its document's, as lists do."
    ),
]
BillNumber = Annotated[str, PathParameter(description="The bill's number, as lists of bills do.")]
TicketNumber = Annotated[
    str, PathParameter(description="The ticket's number, which was told when it was asked.")
]
DisputeNumber = Annotated[
    int, PathParameter(description="The dispute's number, as the list of open ones tells it.")
]
JourneyNumber = Annotated[
    str, PathParameter(description="The waybill's number, or that of a consignment of both ends.")
]
KeyMark = Annotated[str, PathParameter(description="The mark of a key, as the list tells it.")]
WebhookMark = Annotated[
    str, PathParameter(description="The mark of a webhook, as the list tells it.")
]
SubmissionName = Annotated[
    str, PathParameter(description="The name of a submission, as its reply told it.")
]
ListName = Annotated[str, PathParameter(description="The name of a list, of those that there are.")]
Code = Annotated[str, PathParameter(description="A code, as answers tell it.")]
Economy = Annotated[str, PathParameter(description="CN, JP, KR, MN or RU.")]
CommodityCode = Annotated[
    str, PathParameter(description="6 to 10 digits; six stand for all lines below them.")
]
NamePrefix = Annotated[
    str, QueryParameter(description="How the names begin, such as `cn.cbec`; all without it.")
]
DayInForce = Annotated[
    date | None,
    QueryParameter(description="Only what is in force on this day; all values without it."),
]
DayOfTariff = Annotated[
    date | None, QueryParameter(description="The day on which it is asked; today without it.")
]
StatusWanted = Annotated[
    Status | None, QueryParameter(name="status", description="Only those that stand here.")
]
LaneWanted = Annotated[
    Lane | None, QueryParameter(name="lane", description="Only those of this lane.")
]
LodgedSince = Annotated[
    date | None,
    QueryParameter(name="since", description="Only those recorded on this day or later, in UTC."),
]
DueWanted = Annotated[
    Due | None, QueryParameter(name="due", description="Only those that are due like this.")
]
