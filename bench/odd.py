"""The few shipments that tell what hardly any tells: claims, stated rates, faults.

They are the part of a file that no shortcut serves, so their share decides how fast the whole is.
"""

from typing import Final

import numpy as np
import polars as pl

KINDS: Final = 8
RELATED: Final = '[{"value": "40.00", "seller": "seller-1", "ordered_at": "2026-01-15"}]'

COLUMNS: Final = {
    "regime": pl.String,
    "ordered_at": pl.Date,
    "arrived_at": pl.Date,
    "related": pl.String,
    "preference_agreement": pl.String,
    "preference_proof": pl.String,
    "preference_direct_transport": pl.Boolean,
    "exchange_rate_USD": pl.String,
    "rate_duty": pl.String,
}
"""What only they fill."""


def with_odd(rows: pl.DataFrame, chance: np.random.Generator, share: float) -> pl.DataFrame:
    """The rows, a share of the shipments made odd, each in one of eight ways.

    1. A preference is claimed under the RCEP, with its proof.  2. An exchange rate is stated.
    3. The days of order and arrival are told.  4. Another parcel is named.  5. The rate of duty is
    stated.  6. It is a service.  7. A code has five digits.  8. A quantity is nothing.
    """
    first = int(rows["place"][0])
    shipments = int(rows["place"][-1]) - first + 1
    drawn = np.where(chance.random(shipments) < share, chance.integers(1, KINDS + 1, shipments), 0)
    rows = rows.with_columns(odd=pl.Series(drawn)[(rows["place"] - first).to_numpy()])
    kind, day = pl.col("odd"), pl.col("date")
    stated = pl.col("currency") == "USD"
    filled = {
        "regime": pl.when(kind == 6).then(pl.lit("digital_service")),
        "ordered_at": pl.when(kind == 3).then(day.dt.offset_by("-9d")),
        "arrived_at": pl.when(kind == 3).then(day.dt.offset_by("-1d")),
        "related": pl.when(kind == 4).then(pl.lit(RELATED)),
        "preference_agreement": pl.when(kind == 1).then(pl.lit("RCEP")),
        "preference_proof": pl.when(kind == 1).then(pl.lit("RCEP-2026-000001")),
        "preference_direct_transport": pl.when(kind == 1).then(pl.lit(value=True)),
        "exchange_rate_USD": pl.when((kind == 2) & stated).then(_dollar()),
        "rate_duty": pl.when(kind == 5).then(pl.lit("0.05")),
        "hs": pl.when(kind == 6).then(None).when(kind == 7).then(pl.lit("61091"))
        .otherwise("hs"),
        "category": pl.when(kind == 6).then(pl.lit("software")).otherwise("category"),
        "quantity": pl.when(kind == 8).then(pl.lit(0)).otherwise("quantity")
        .cast(rows.schema["quantity"]),
    }  # fmt: skip
    return rows.with_columns(**filled).drop("odd")


def _dollar() -> pl.Expr:
    """A rate near the one of its year."""
    units = {"CN": "7.1", "RU": "81", "JP": "152", "KR": "1410", "MN": "3560"}
    return pl.col("destination").replace_strict(units)
