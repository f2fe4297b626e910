"""``/openapi.json`` says in words what is asked for, sent and answered."""

from typing import Any, cast

from tumen.web.app import application
from tumen.web.office import Office

DESCRIBED: dict[str, Any] = application(cast("Office", None)).openapi_schema.to_schema()
SCHEMAS: dict[str, Any] = DESCRIBED["components"]["schemas"]
FEW_FIELDS = 2
"""Of so many fields the words of the whole may tell; of more each is told."""


def test_every_parameter_of_a_route_says_what_it_is() -> None:
    silent = [
        f"{method} {path}: {each['name']}"
        for path, methods in DESCRIBED["paths"].items()
        for method, operation in methods.items()
        for each in operation.get("parameters", ())
        if not each.get("description")
    ]
    assert not silent


def test_everything_that_is_sent_or_answered_says_what_it_is() -> None:
    assert not [name for name, schema in SCHEMAS.items() if not schema.get("description")]


def test_each_of_many_fields_says_what_it_is() -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in SCHEMAS.items()
        if len(fields := schema.get("properties", {})) > FEW_FIELDS
        for field, told in fields.items()
        if not told.get("description")
    ]
    assert not silent


def test_a_field_is_told_in_the_words_of_its_class() -> None:
    key = SCHEMAS["KeyShown"]
    assert key["description"] == "A key as it is listed."
    assert key["properties"]["label"] == {"type": "string", "description": "What it is for."}
