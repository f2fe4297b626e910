"""The catalogue of violations as a frame, for joins."""

from functools import cache

import polars as pl

from tumen.codelist.violations import GENERAL_CEB_CODE, all_violations, ceb_code, is_rejecting


@cache
def lookup() -> pl.DataFrame:
    """The catalogue as a frame for joins: a line for each code and kind.

    Returns:
        code, kind, ceb (Int32, null where the receipt status is 100), is_rejecting, layer.
    """
    return pl.DataFrame(
        [
            (entry.code, kind, ceb_code(entry.code, kind), is_rejecting(entry.code), entry.layer)
            for entry in all_violations()
            for kind in GENERAL_CEB_CODE
        ],
        schema={
            "code": pl.String,
            "kind": pl.String,
            "ceb": pl.Int32,
            "is_rejecting": pl.Boolean,
            "layer": pl.String,
        },
        orient="row",
    )
