"""A bundle: the documents of one consignment as they will be sent, and what must become of them."""

from dataclasses import dataclass
from typing import Any, Literal

from tumen.documents.fields import TABLED

Document = dict[str, Any]
"""A document in the native form: text values, and `items`, a list of the same."""

Answer = Literal["accepted", "rejected", "duplicate", "ignored"]


@dataclass(slots=True)
class Sending:
    """One input row: a document on its way, and the answer that it must get.

    Attributes:
        document: the native document; its key `kind` tells which.
        answer: what the receipt must say.
        is_late: whether it arrives on the next day.
        is_broken: whether it goes out as a line that is not JSON.
    """

    document: Document
    answer: Answer = "accepted"
    is_late: bool = False
    is_broken: bool = False

    @property
    def row_kind(self) -> str:
        """The kind under which the row is answered; a broken line still names it."""
        return str(self.document["kind"])


@dataclass(frozen=True, slots=True)
class Truth:
    """What must become of one bundle.

    Attributes:
        bundle: its number, from 0.
        order_number: the number of its order.
        platform_code: the platform of its order.
        fault: the fault that was put in, or `clean`.
        status: the declaration's status when everything has arrived.
        answers: (kind, answer) -> how many input rows must get it.
    """

    bundle: int
    order_number: str
    platform_code: str
    fault: str
    status: str
    answers: dict[tuple[str, str], int]


@dataclass(slots=True)
class Bundle:
    """One consignment.

    Attributes:
        number: from 0, in the order of generation.
        day: the day of its first documents, from 0.
        order_number: the number of its order.
        platform_code: the platform of its order.
        fault: the fault that was put in, or `clean`.
        status: the declaration's status when everything has arrived.
        sendings: its input rows, in the order in which they are sent.
        keeps_order: whether the outcome depends on that order.
        comes_last: whether all that was generated before must arrive before.
    """

    number: int
    day: int
    order_number: str
    platform_code: str
    fault: str
    status: str
    sendings: list[Sending]
    keeps_order: bool = False
    comes_last: bool = False

    @property
    def documents(self) -> list[Document]:
        """Its documents in the order of arrival, those of the next day last."""
        prompt = [sending.document for sending in self.sendings if not sending.is_late]
        return prompt + [sending.document for sending in self.sendings if sending.is_late]

    @property
    def truth(self) -> Truth:
        """What must become of it."""
        answers: dict[tuple[str, str], int] = {}
        for sending in self.sendings:
            cell = (sending.row_kind, sending.answer)
            answers[cell] = answers.get(cell, 0) + 1
        return Truth(
            self.number, self.order_number, self.platform_code, self.fault, self.status, answers
        )


KINDS = tuple(str(kind) for kind in TABLED)
ANSWERS: tuple[Answer, ...] = ("accepted", "rejected", "duplicate", "ignored")
