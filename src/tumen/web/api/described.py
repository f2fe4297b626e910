"""What ``/openapi.json`` says of routes whose bodies the framework cannot tell by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from tumen.web.problem import PROBLEM_JSON, Problem

TEXT: Final = Schema(type=OpenAPIType.STRING)


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems that a route may answer with, beside those that every route may."""
    return {
        status: ResponseSpec(
            Problem, media_type=PROBLEM_JSON, generate_examples=False, description="A problem"
        )
        for status in sorted({*statuses, *EVERYWHERE})
    }


def nothing(description: str) -> dict[int, ResponseSpec]:
    """An answer without content."""
    return {204: ResponseSpec(None, description=description, generate_examples=False)}


UNCHANGED: Final = {
    304: ResponseSpec(
        None, generate_examples=False, description="What If-None-Match names is still told"
    )
}
"""The answer to who holds the same already."""

EVERYWHERE: Final = (400, 401, 403, 429, 500, 503)
"""What any route may answer: a fault in the request, no permission, too much at once, ours."""


def with_body(contents: Mapping[str, Schema], description: str) -> type[Operation]:
    """The operation of a route that reads its body itself."""
    body = RequestBody(
        content={kind: OpenAPIMediaType(schema=schema) for kind, schema in contents.items()},
        description=description,
        required=True,
    )

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            self.request_body = body

    return Described


def array_of(schema: Schema, most: int) -> Schema:
    """The schema of a list."""
    return Schema(type=OpenAPIType.ARRAY, items=schema, min_items=1, max_items=most)


def any_object(description: str) -> Schema:
    """The schema of an object that is described elsewhere."""
    return Schema(type=OpenAPIType.OBJECT, description=description)
