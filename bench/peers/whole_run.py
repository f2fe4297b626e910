"""The whole run of either side, from the table to the charges of each item.

Both are given the same frame, and both may keep what they learnt of a code in an earlier run: what
is timed is the work that each table asks for anew.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from peers.openfisca_cbec import ConsumptionTaxClass, VatClass
from peers.table import GRAMS_PER_KILOGRAM_E5, SCALE_E5

from tumen.law.cn import cbec
from tumen.law.goods import duty_rates, goods_class

CHARGES: Final = ("duty", "consumption_tax", "vat")
LAW_CHANGES: Final = (date(2019, 1, 1), date(2019, 4, 1))
"""Days within the table's year on which a parameter of the rule takes another value."""

PPM: Final = 1_000_000


def tumen_charges(items: pl.DataFrame) -> pl.DataFrame:
    """Customs value, verdict and charges by the vectorised law of China."""
    return cbec.charges(cbec.verdict(cbec.value(items)))


def openfisca_charges(made: TaxBenefitSystem, items: pl.DataFrame) -> dict[str, NDArray[Any]]:
    """The same by OpenFisca: a simulation for each span of days with the same law, joined."""
    told = items.join(_goods(items["hs_code"].unique()), on="hs_code", how="left")
    places, parts = [], []
    for day, rows in _spans(told):
        found = _simulated(made, day, rows)
        places.append(rows["place"].to_numpy())
        parts.append(found)
    order = np.concatenate(places)
    joined = {}
    for name in parts[0]:
        column = np.empty(items.height, parts[0][name].dtype)
        column[order] = np.concatenate([part[name] for part in parts])
        joined[name] = column
    return joined


def _spans(items: pl.DataFrame) -> Iterator[tuple[date, pl.DataFrame]]:
    """The rows of each span of days, and a day of it."""
    items = items.with_row_index("place")
    for first, last in zip((date.min, *LAW_CHANGES), (*LAW_CHANGES, date.max), strict=True):
        rows = items.filter(pl.col("day").is_between(first, last, closed="left"))
        if rows.height:
            yield rows["day"][0], rows


_CLASSES: dict[str, tuple[str, int, int, float]] = {}


def _goods(codes: pl.Series) -> pl.DataFrame:
    """Class and full duty of each code; the classes do not change within the table's year."""
    for code in codes:
        if code not in _CLASSES:
            _CLASSES[code] = (code, *_classes(code), duty_rates()[code] / PPM)
    schema = {"hs_code": pl.String, "vat_class": pl.UInt8, "tax_class": pl.UInt8,
              "tariff_rate": pl.Float32}  # fmt: skip
    return pl.DataFrame([_CLASSES[code] for code in codes], schema=schema, orient="row")


def _classes(code: str) -> tuple[int, int]:
    day = LAW_CHANGES[0]
    reduced = goods_class("cn.vat", code, day)
    taxed = goods_class("cn.consumption_tax", code, day)
    vat = VatClass[reduced.name if reduced else "standard"]
    tax = ConsumptionTaxClass[taxed.name if taxed else "none"]
    return vat.index, tax.index


def _simulated(made: TaxBenefitSystem, day: date, rows: pl.DataFrame) -> dict[str, NDArray[Any]]:
    """Build one simulation and calculate the charges."""
    builder, period = SimulationBuilder(), day.isoformat()
    heads = rows.group_by("declaration", maintain_order=True).first()
    builder.create_entities(made)
    builder.declare_person_entity("item", range(rows.height))
    declarations = builder.declare_entity("declaration", heads["declaration"].to_numpy())
    roles = np.zeros(rows.height, dtype=np.int8)
    builder.join_with_persons(declarations, rows["declaration"].to_numpy(), roles)
    simulation = builder.build(made)
    for name, values in (*_of_items(rows).items(), *_of_declarations(heads).items()):
        simulation.set_input(name, period, values)
    return {name: simulation.calculate(name, period) for name in (*CHARGES, "is_taxed")}


def _of_items(rows: pl.DataFrame) -> dict[str, NDArray[Any]]:
    grams = pl.col("quantity_1_e5") / GRAMS_PER_KILOGRAM_E5
    is_watch = pl.col("tax_class") == ConsumptionTaxClass.watches.index
    counted = pl.when(is_watch).then(pl.col("quantity_e5") / SCALE_E5).otherwise(grams)
    return {
        "price": rows["value_fen"].to_numpy(),
        "quantity": rows.select(counted.cast(pl.Float32)).to_series().to_numpy(),
        "tariff_rate": rows["tariff_rate"].to_numpy(),
        "vat_class": rows["vat_class"].to_numpy(),
        "consumption_tax_class": rows["tax_class"].to_numpy(),
    }


def _of_declarations(heads: pl.DataFrame) -> dict[str, NDArray[Any]]:
    return {
        "freight_and_insurance": (heads["freight_fen"] + heads["insurance_fen"]).to_numpy(),
        "used_before": heads["used_before_fen"].to_numpy(),
        "is_single_indivisible": heads["is_single_indivisible"].to_numpy(),
    }
