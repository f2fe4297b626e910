"""The table of routes in ``docs/api.md``, made from the application itself."""

from collections.abc import Iterator
from typing import Any, Final

from litestar import Litestar

from tumen.web.access.guard import permissions_of

BEGIN: Final = "<!-- routes:begin -->"
END: Final = "<!-- routes:end -->"
_HEAD: Final = ("| route | what it does | permission |", "|---|---|---|")


def table_lines(application: Litestar) -> list[str]:
    """A line for each route that ``/openapi.json`` tells, in its order."""
    needed = permissions_of(application)
    paths: dict[str, Any] = application.openapi_schema.to_schema()["paths"]
    return [*_HEAD, *_rows(paths, {_plain(*key): need for key, need in needed.items()})]


def _rows(paths: dict[str, Any], needed: dict[tuple[str, str], Any]) -> Iterator[str]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            need = needed[method.upper(), path]
            yield f"| `{method.upper()} {path}` | {operation['summary']} | `{need}` |"


def _plain(method: str, path: str) -> tuple[str, str]:
    """A route as OpenAPI names it: without the types of the parts of its path.

    >>> _plain("GET", "/v1/receipts/{reference:str}/{number:int}")
    ('GET', '/v1/receipts/{reference}/{number}')
    """
    parts = path.split("/")
    plain = [f"{{{part[1:-1].split(':')[0]}}}" if part.startswith("{") else part for part in parts]
    return method, "/".join(plain)


def with_table(page: str, application: Litestar) -> str:
    """The page with the table of today."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return "\n".join([head + BEGIN, *table_lines(application), END + tail])
