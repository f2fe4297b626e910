"""What ``/openapi.json`` says of what is sent and answered: the docstrings of the classes.

So a field is told once, where a programmer of ours reads it, and others read the same words.
"""

import inspect
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator

_PART: Final = re.compile(r"^Attributes:$|^Raises:$", re.MULTILINE)
_FIELD: Final = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def about(docstring: str) -> tuple[str, Mapping[str, str]]:
    r"""What a docstring says of a class, and of each of its attributes.

    >>> about("A key.\n\nAttributes:\n    mark: by which\n        it is known.\n    days: left.")
    ('A key.', {'mark': 'By which it is known.', 'days': 'Left.'})
    """
    whole, *parts = _PART.split(docstring.replace("``", "`"))
    fields = _FIELD.findall(parts[0]) if parts else []
    return _line(whole), {name: _line(text) for name, text in fields}


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line[:1].upper() + line[1:]


class DocstringSchemas(OpenAPISchemaPlugin):
    """Adds to the schema of a class what its docstring says of it and of its fields."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Whether it is a class with fields."""
        is_struct = field_definition.is_subclass_of(msgspec.Struct)
        return not field_definition.is_union and (is_struct or field_definition.is_dataclass_type)

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: "SchemaCreator"
    ) -> Schema:
        """The schema that the framework makes, with the words."""
        plain = next(
            each for each in schema_creator.plugins
            if each is not self and schema_creator.plugin_supports_field(each, field_definition)
        )  # fmt: skip
        schema = plain.to_openapi_schema(field_definition, schema_creator)
        schema.description, told = about(inspect.getdoc(field_definition.type_) or "")
        names = _names(field_definition.type_)
        for name, each in (schema.properties or {}).items():
            each.description = each.description or told.get(names.get(name, name))
        return schema


def _names(of: type) -> Mapping[str, str]:
    """By the name that travels, the name in the code."""
    if not issubclass(of, msgspec.Struct):
        return {}
    return {each.encode_name: each.name for each in msgspec.structs.fields(of)}
