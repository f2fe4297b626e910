"""The annual allowance of a person: reserved in recorded order, never overdrawn.

The rule is the law's (财关税〔2018〕49号 §2); this module only sees to it that each
declaration is judged with what the person's earlier ones have used.
"""

from collections.abc import Callable

import polars as pl

from tumen.kernel.chains import added, beside, without

Verdict = Callable[[pl.DataFrame], pl.DataFrame]
"""The law: adds ``verdict`` and ``is_counted`` (whether it uses the year's allowance) to day,
declaration_value_fen, is_single_indivisible and used_before_fen."""

_PERSON_YEAR = ["person", "year"]


def _counts() -> pl.Expr:
    return pl.col("is_counted").fill_null(value=False)


_EARLIER = pl.col("declaration_value_fen").cum_sum().over(_PERSON_YEAR)
_USED_BEFORE = (pl.col("balance_fen") + _EARLIER - pl.col("declaration_value_fen")).alias(
    "used_before_fen"
)
_USED_BEFORE_THE_ONE = (
    pl.when(pl.col("declaration_value_fen").is_not_null())
    .then("balance_fen")
    .alias("used_before_fen")
)
_BALANCE = pl.col("balance_fen").fill_null(0)


def _one_by_one(cases: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    """Judge the persons' first cases, then their second ones …, each with what truly counted."""
    ranked = cases.with_columns(
        rank=pl.int_range(pl.len()).over(_PERSON_YEAR), used_before_fen=pl.col("balance_fen")
    )
    judged: list[pl.DataFrame] = []
    for _, turn in ranked.group_by("rank", maintain_order=True):
        if judged:
            used = (
                pl.concat(judged)
                .filter(_counts())
                .group_by(_PERSON_YEAR)
                .agg(pl.col("declaration_value_fen").sum().alias("counted"))
            )
            turn = (
                turn.join(used, on=_PERSON_YEAR, how="left", maintain_order="left")
                .with_columns(
                    used_before_fen=pl.col("balance_fen") + pl.col("counted").fill_null(0)
                )
                .drop("counted")
            )
        judged.append(verdict(turn))
    return pl.concat(judged).drop("rank")


def _are_alone(cases: pl.DataFrame) -> bool:
    """Whether each is the only one of its person and year; most of a small batch are."""
    return cases["person"].n_unique() == cases.height


def reserve(cases: pl.DataFrame, balances: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    """Judge each case against its person's allowance, in recorded order.

    Args:
        cases: in recorded order: document_id, person, year, day, declaration_value_fen,
            is_single_indivisible.
        balances: person, year, balance_fen: what is used or reserved in the store.
        verdict: the law's rule.

    Returns:
        The cases, in the same order, with ``used_before_fen``, ``verdict`` and ``is_counted``. If
        every case of a person counts when all earlier ones do, that is also the outcome one by
        one; only the other persons are judged in turns.
    """
    # each as if all earlier ones of the person counted
    used = _USED_BEFORE_THE_ONE if _are_alone(cases) else _USED_BEFORE
    known = added(added(beside(cases, balances, *_PERSON_YEAR), [_BALANCE]), [used])
    judged = verdict(known)
    if judged["is_counted"].all(ignore_nulls=False):
        return without(judged, "balance_fen")
    known = known.drop("used_before_fen")
    contested = judged.filter(~_counts()).select(_PERSON_YEAR).unique()
    settled = judged.join(contested, on=_PERSON_YEAR, how="anti")
    turns = _one_by_one(known.join(contested, on=_PERSON_YEAR, how="semi"), verdict)
    joined = pl.concat([settled, turns.select(settled.columns)])
    return known.select("document_id").join(
        joined.drop("balance_fen"), on="document_id", how="left", maintain_order="left"
    )
