"""The table of the page docs/access.md, made from the matrix."""

from collections.abc import Iterator
from typing import Final

from tumen.access.caller import Caller
from tumen.access.matrix import MATRIX, MEANINGS
from tumen.access.roles import Reach, Role

BEGIN: Final = "<!-- made from the matrix: begin -->\n"
END: Final = "<!-- made from the matrix: end -->\n"
ANY_ECONOMY: Final = "CN"

CELLS: Final = {
    Reach.NONE: "-", Reach.OWN: "own", Reach.REQUIRED: "required", Reach.ECONOMY: "economy",
    Reach.ALL: "all",
}  # fmt: skip
"""What stands in a cell."""


def table_lines() -> Iterator[str]:
    """The matrix as a table of Markdown: a line a permission, a column a role."""
    roles = [str(role).replace("_", " ") for role in Role]
    yield f"| permission | lets one | {' | '.join(roles)} |"
    yield f"|---|---|{'---|' * len(roles)}"
    callers = [Caller("any", "", frozenset({role}), ANY_ECONOMY) for role in Role]
    for permission in MATRIX:
        cells = " | ".join(CELLS[caller.reach(permission)] for caller in callers)
        yield f"| `{permission}` | {MEANINGS[permission]} | {cells} |"


def with_table(page: str) -> str:
    """A page with the table of today between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "".join(f"{line}\n" for line in table_lines())
    return f"{before}{BEGIN}{table}{END}{after}"
