"""The page of a submission parts its rows once: a large file holds up nobody else."""

from tumen.web.answering import DocumentAnswer, Finding
from tumen.web.portal.submit import parted

ROWS = 5_000


class Row(DocumentAnswer, frozen=True, eq=False):
    """A row that counts how often it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Row.compared += 1
        return self is other

    __hash__ = None  # type: ignore[assignment]


def row(place: int, *severities: str) -> Row:
    found = [Finding("CODE", severity, "path", "message", "fix") for severity in severities]
    return Row(place, "accepted", 1, "", findings=found)


def test_rows_are_parted_in_their_order_and_never_compared_with_each_other() -> None:
    rows = [row(n, "warning", "error") if n % 2 else row(n, "warning") for n in range(2 * ROWS)]
    refused, taken = parted(rows)
    assert [each.place for each in refused] == [*range(1, 2 * ROWS, 2)]
    assert [each.place for each in taken] == [*range(0, 2 * ROWS, 2)]
    assert Row.compared == 0
