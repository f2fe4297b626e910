"""Dataflows are written by the standard, read back by another reader, and lose nothing."""

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from collecting import collected
from pysdmx.errors import Invalid
from pysdmx.io import get_datasets, read_sdmx

from tumen.observatory.index.divide import divide
from tumen.observatory.index.framework import read_framework
from tumen.observatory.indicators.collection import read_collection, shipped
from tumen.observatory.sdmx.flow import Flow
from tumen.observatory.sdmx.flows import divide_flow, indicator_flow, study_flows
from tumen.observatory.sdmx.writing import (
    FORMATS,
    STANDARDS,
    Form,
    Standard,
    csv_message,
    data_message,
    structure_message,
    write_flows,
)
from tumen.observatory.study import read_study
from tumen.observatory.worked import WORKED_STUDY

NASTY = """He said: "it's <5 & >4", \\n 'quoted' """


@pytest.fixture(scope="module")
def indicators() -> Flow:
    held = shipped()
    return indicator_flow(held, held.vintages("internet_users").drop("is_primary"))


@pytest.fixture(scope="module")
def study() -> list[Flow]:
    return study_flows(read_study(WORKED_STUDY))


def read_back(flows: list[Flow], standard: Standard) -> dict[str, list[dict[str, str]]]:
    """What another reader, which checks the message by the schemas, finds in it."""
    sets = get_datasets(data_message(flows, standard), structure_message(flows, standard))
    return {
        each.short_urn.partition(":")[2].partition("(")[0]: [
            {key: value for key, value in row.items() if value}
            for row in each.data.to_dict(orient="records")  # type: ignore[attr-defined]
        ]
        for each in sets
    }


def told(flow: Flow) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in row.items() if value} for row in flow.rows.to_dicts()
    ]  # fmt: skip


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_observation_is_read_back_as_it_was(indicators: Flow, standard: Standard) -> None:
    assert read_back([indicators], standard) == {"DF_INDICATORS": told(indicators)}


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_table_of_a_study_is_a_dataflow_read_back(
    study: list[Flow], standard: Standard
) -> None:
    found = read_back(study, standard)
    assert found == {flow.id: told(flow) for flow in study}
    # A cell without a value stays a row: its status says why, and nothing reads as a nought.
    missing = [row for rows in found.values() for row in rows if row["OBS_STATUS"] == "M"]
    assert missing
    assert all("OBS_VALUE" not in row for row in missing)


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_structure_holds_every_code_that_the_data_use(
    study: list[Flow], indicators: Flow, standard: Standard
) -> None:
    for flows in (study, [indicators]):
        message = read_sdmx(structure_message(flows, standard), validate=True)
        lists = {each.id: {code.id for code in each} for each in message.get_codelists()}
        (structure,) = message.get_data_structure_definitions()
        assert {each.id for each in message.get_dataflows()} == {flow.id for flow in flows}
        assert [each.id for each in structure.components] == [each.id for each in flows[0].columns]
        for flow in flows:
            for column in flow.columns:
                if column.codes is not None:
                    assert set(flow.rows[column.id]) <= lists[column.codes.id]


def test_a_message_that_breaks_the_schema_is_noticed_by_the_reader(indicators: Flow) -> None:
    message = structure_message([indicators], "3.0").replace('id="DSD_INDICATORS"', 'id="D S D"')
    with pytest.raises(Invalid):
        read_sdmx(message, validate=True)


@pytest.mark.parametrize("standard", STANDARDS)
def test_quotes_brackets_and_backslashes_come_through(tmp_path: Path, standard: Standard) -> None:
    text = io.StringIO()
    csv.writer(text).writerow(["reach", "CN", "2022", "1.5", "A", NASTY])
    held = read_collection(collected(tmp_path, {"survey": text.getvalue()}))
    flow = indicator_flow(held, held.vintages("reach").drop("is_primary"))
    (row,) = read_back([flow], standard)["DF_INDICATORS"]
    assert row["COMMENT_OBS"] == NASTY.strip()


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_table_without_gaps_is_read_back_by_another_reader(standard: Standard) -> None:
    # With a gap in a column the other reader fails (pysdmx 1.10); our own import reads those.
    held = shipped()
    rows = held.vintages("internet_users").drop("is_primary").filter(pl.col("note") == "")
    flow = indicator_flow(held, rows)
    structure = structure_message([flow], standard)
    (found,) = get_datasets(csv_message([flow], standard), structure)
    values = found.data["OBS_VALUE"].astype(float).tolist()  # type: ignore[attr-defined]
    assert values == [float(value) for value in flow.rows["OBS_VALUE"]]


def test_digits_are_written_as_they_were_printed(study: list[Flow]) -> None:
    growth = next(flow for flow in study if flow.id == "DF_SONG_2023_TABLE01")
    assert '"8.75"' in data_message([growth], "3.0")
    assert ",13," in csv_message(
        [next(flow for flow in study if flow.id == "DF_SONG_2023_TABLE07")], "3.0"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_data_give_the_same_bytes(study: list[Flow], tmp_path: Path, form: Form) -> None:
    one, other = (write_flows(study, tmp_path / name, form, "3.0") for name in ("a", "b"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_a_parquet_file_holds_numbers_and_nulls(study: list[Flow], tmp_path: Path) -> None:
    write_flows(study, tmp_path, "parquet", "3.0")
    flow = next(flow for flow in study if flow.rows["OBS_VALUE"].null_count())
    rows = pl.read_parquet(tmp_path / f"{flow.id.lower()}.parquet")
    assert rows["OBS_VALUE"].dtype == pl.Float64
    assert rows.height == flow.rows.height
    assert rows["OBS_VALUE"].null_count() == flow.rows["OBS_VALUE"].null_count()


def test_the_index_is_a_dataflow_of_estimates() -> None:
    held = shipped()
    flow = divide_flow(held, divide(held, read_framework(), resamples=100))
    (rows,) = read_back([flow], "3.0").values()
    assert {row["OBS_STATUS"] for row in rows} == {"E"}
    ranks = {row["REF_AREA"]: row["OBS_VALUE"] for row in rows if row["MEASURE"] == "RANK"}
    assert ranks["KR"] == "1"
