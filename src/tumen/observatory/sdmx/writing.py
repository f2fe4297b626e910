"""Dataflows written: as SDMX-ML or SDMX-CSV with their structure, or as Parquet."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pandas
import polars as pl
from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset

from tumen.observatory.sdmx.flow import AGENCY, VERSION, Flow
from tumen.observatory.sdmx.protected import protected, restored
from tumen.observatory.sdmx.structure import header_of, schema_of, structures_of

Form = Literal["sdmx-ml", "sdmx-csv", "parquet"]
Standard = Literal["3.0", "2.1"]
FORMATS: Final[tuple[Form, ...]] = get_args(Form)
STANDARDS: Final[tuple[Standard, ...]] = get_args(Standard)

STRUCTURE: Final[Mapping[Standard, Format]] = {
    "3.0": Format.STRUCTURE_SDMX_ML_3_0,
    "2.1": Format.STRUCTURE_SDMX_ML_2_1,
}
DATA: Final[Mapping[Standard, Format]] = {
    "3.0": Format.DATA_SDMX_ML_3_0,
    "2.1": Format.DATA_SDMX_ML_2_1_STR,
}


def write_flows(flows: Sequence[Flow], folder: Path, form: Form, standard: Standard) -> list[Path]:
    """Write the structure and the data of dataflows into a folder; the same data, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    structure = folder / "structure.xml"
    structure.write_text(structure_message(flows, standard), encoding="utf-8")
    if form == "parquet":
        return [structure, *(_write_parquet(flow, folder) for flow in flows)]
    if form == "sdmx-csv":
        text, name = csv_message(flows, standard), "data.csv"
    else:
        text, name = data_message(flows, standard), "data.xml"
    (folder / name).write_text(text, encoding="utf-8")
    return [structure, folder / name]


def structure_message(flows: Sequence[Flow], standard: Standard) -> str:
    """The structure as SDMX-ML."""
    return restored(_written(structures_of(flows), flows, STRUCTURE[standard]))


def data_message(flows: Sequence[Flow], standard: Standard) -> str:
    """The data as structure-specific SDMX-ML."""
    datasets = [PandasDataset(structure=schema_of(flow), data=_texts(flow)) for flow in flows]
    return restored(_written(datasets, flows, DATA[standard]))


def csv_message(flows: Sequence[Flow], standard: Standard) -> str:
    """The data as SDMX-CSV: 2.0 for the standard 3.0, 1.0 for 2.1.

    Written here: pysdmx 1.10 cannot read a file back in which a value is missing.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    is_new = standard == "3.0"
    head = ("STRUCTURE", "STRUCTURE_ID", "ACTION") if is_new else ("DATAFLOW",)
    for at, flow in enumerate(flows):
        name = f"{AGENCY}:{flow.id}({VERSION})"
        lead = ("dataflow", name, "I") if is_new else (name,)
        if at == 0:
            writer.writerow((*head, *(column.id for column in flow.columns)))
        writer.writerows((*lead, *row) for row in flow.rows.iter_rows())
    return text.getvalue()


def _texts(flow: Flow) -> "pandas.DataFrame":
    """The rows as texts that survive the writer; a missing value is an empty one."""
    rows = flow.rows.fill_null("")
    return pandas.DataFrame(
        {column.id: [protected(each) for each in rows[column.id]] for column in flow.columns}
    )


def _written(objects: list[Any], flows: Sequence[Flow], form: Format) -> str:
    message = write_sdmx(objects, form, header=header_of(flows))
    if message is None:
        raise RuntimeError("a message without a path is given as a text")
    return message


def _write_parquet(flow: Flow, folder: Path) -> Path:
    path = folder / f"{flow.id.lower()}.parquet"
    rows = flow.rows.with_columns(pl.col("OBS_VALUE").cast(pl.Float64))
    rows.write_parquet(path, compression="zstd", statistics=False)
    return path
