"""The structure of dataflows: code lists, concepts, data structures, and themselves."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    Organisation,
    Role,
    Schema,
)
from pysdmx.model.message import Header

from tumen.observatory.sdmx.flow import (
    AGENCY,
    ATTRIBUTE,
    DIMENSION,
    MEASURE,
    NUMBER,
    PERIOD,
    TEXT,
    VERSION,
    CodeList,
    Column,
    Flow,
)
from tumen.observatory.sdmx.protected import protected

SCHEME: Final = "CS_OBSERVATORY"
ROLES: Final = {DIMENSION: Role.DIMENSION, MEASURE: Role.MEASURE, ATTRIBUTE: Role.ATTRIBUTE}
DTYPES: Final = {TEXT: DataType.STRING, NUMBER: DataType.DOUBLE, PERIOD: DataType.PERIOD}


def structures_of(flows: Iterable[Flow]) -> list[Any]:
    """Everything that a reader needs to understand the data, what is referred to first."""
    flows = [*flows]
    columns = {column.id: column for flow in flows for column in flow.columns}
    lists = {each.codes.id: each.codes for each in columns.values() if each.codes is not None}
    first = {flow.structure: flow for flow in flows}
    return [
        *map(_code_list, lists.values()),
        ConceptScheme(
            id=SCHEME, name="Concepts of the observatory", agency=AGENCY, version=VERSION,
            items=[_concept(column) for column in columns.values()],
        ),
        *(_data_structure(name, flow) for name, flow in first.items()),
        *map(_dataflow, flows),
    ]  # fmt: skip


def _code_list(told: CodeList) -> Codelist:
    codes = [
        Code(id=code, name=protected(name), description=protected(more) or None)
        for code, (name, more) in told.codes.items()
    ]
    return Codelist(
        id=told.id, name=protected(told.name), agency=AGENCY, version=VERSION, items=codes
    )


def _concept(column: Column) -> Concept:
    urn = f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:{SCHEME}({VERSION})"
    return Concept(
        id=column.id, name=protected(column.name), dtype=DTYPES[column.dtype],
        codes=_code_list(column.codes) if column.codes else None, urn=f"{urn}.{column.id}",
    )  # fmt: skip


def _components(flow: Flow) -> Components:
    return Components([
        Component(
            column.id, column.is_required, ROLES[column.role], _concept(column),
            attachment_level="O" if column.role == ATTRIBUTE else None,
        )
        for column in flow.columns
    ])  # fmt: skip


def _data_structure(name: str, flow: Flow) -> DataStructureDefinition:
    return DataStructureDefinition(
        id=name, name=f"Structure of {flow.structure}", agency=AGENCY, version=VERSION,
        components=_components(flow),
    )  # fmt: skip


def _dataflow(flow: Flow) -> Dataflow:
    return Dataflow(
        id=flow.id, name=protected(flow.name), agency=AGENCY, version=VERSION,
        structure=f"DataStructure={AGENCY}:{flow.structure}({VERSION})",
    )  # fmt: skip


def schema_of(flow: Flow) -> Schema:
    """What the writer of data must know of a dataflow."""
    return Schema(
        context="dataflow", agency=AGENCY, id=flow.id, version=VERSION,
        components=_components(flow), name=protected(flow.name), generated=_midnight(flow.day),
    )  # fmt: skip


def header_of(flows: Iterable[Flow]) -> Header:
    """The head of a message, of the day of its data: the same data give the same bytes."""
    day = max(flow.day for flow in flows)
    sender = Organisation(id=AGENCY)
    return Header(id=f"{AGENCY}_OBSERVATORY", prepared=_midnight(day), sender=sender)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
