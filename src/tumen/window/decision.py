"""The decision on each declaration: match, assess, screen, then one transition."""

from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

import polars as pl

from tumen.kernel.chains import added, beside, is_among, kept, without
from tumen.kernel.columns import chosen, column
from tumen.kernel.fixed_point import text_of
from tumen.kernel.violation import gather, no_violations, violations
from tumen.window import matching
from tumen.window.assessment import Assessed, assess
from tumen.window.matching import Counterparts
from tumen.window.positive_list import NO_POSITIVE_LIST, PositiveList
from tumen.window.screening import ScreeningLists, screen
from tumen.window.states import TRANSITIONS

REFUSED_BY_LAW = {
    "over_single_limit": "OVER_SINGLE_LIMIT",
    "over_annual_limit": "OVER_ANNUAL_LIMIT",
    "not_in_force": "LAW_NOT_IN_FORCE",
}

Columns = dict[str, pl.DataType | type[pl.DataType]]

ASSESSED_SCHEMA: Final[Columns] = {
    "document_id": pl.Int64,
    "verdict": pl.String,
    "declaration_value_fen": pl.Int64,
    "used_before_fen": pl.Int64,
    "is_counted": pl.Boolean,
    "missing": pl.String,
    "unverified": pl.String,
}
LANE_SCHEMA: Final[Columns] = {
    "document_id": pl.Int64,
    "lane": pl.String,
    "codes": pl.List(pl.String),
}
CHARGE_SCHEMA: Final[Columns] = {
    "document_id": pl.Int64,
    "position": pl.Int32,
    "code": pl.String,
    "base_fen": pl.Int64,
    "rate_ppm": pl.Int64,
    "amount_fen": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a node has chosen for itself.

    Attributes:
        payer_must_be_buyer: whether a payment by another person refuses the declaration.
        seed: makes the random selection reproducible; recorded with every batch.
        lists: watch lists and reference prices in force.
        positive_list: the goods that may be imported as CBEC, where they are held.
        guarantee_must_suffice: whether goods wait until the guarantee of their taxes suffices.
    """

    payer_must_be_buyer: bool
    seed: str
    lists: ScreeningLists
    positive_list: PositiveList = NO_POSITIVE_LIST
    guarantee_must_suffice: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided about the cases of a batch.

    Attributes:
        cases: the cases with status, lane, codes, legal_day, and where they were assessed
            verdict, declaration_value_fen, used_before_fen, is_counted, missing, unverified.
        charges: as in :class:`~tumen.window.assessment.Assessed`.
        violations: why cases were refused, and warnings, by row.
    """

    cases: pl.DataFrame
    charges: pl.DataFrame
    violations: pl.DataFrame


def _law_refusals(cases: pl.DataFrame) -> pl.DataFrame:
    """The violations of declarations that the law does not admit as CBEC."""
    there = set(cases["verdict"].to_list())
    found = [
        violations(
            cases.filter(pl.col("verdict") == verdict),
            code,
            "items",
            value=text_of(pl.col("declaration_value_fen") * 1_000),
        )
        for verdict, code in REFUSED_BY_LAW.items()
        if verdict in there
    ]
    return gather(*found)


def _legal_day() -> pl.Expr:
    """The day of the decision for the law: when the last of the four documents was there."""
    stamps = [
        pl.col(name).str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
        for name in ("issued_at", "order_issued_at", "payment_issued_at", "waybill_issued_at")
    ]
    return reduce(pl.max_horizontal, stamps, pl.col("day")).alias("legal_day")


_LEGAL_DAY: Final = _legal_day()


def transition(cases: pl.DataFrame) -> pl.DataFrame:
    """The status that follows from origin and ``on``, by the one table of transitions."""
    return beside(cases, _TABLE, "origin", "on")


_TABLE: Final = pl.DataFrame(
    [(source, str(on), str(to)) for (source, on), to in TRANSITIONS.items()],
    schema={"origin": pl.String, "on": pl.String, "status": pl.String},
    orient="row",
)
"""The status that follows from origin and ``on``, by the one table of transitions."""


_UNKNOWN: Final = pl.col("missing").replace("", None).str.split(",").fill_null([])
_OF_UNKNOWN: Final = [
    (_UNKNOWN.list.eval(pl.element() != "quantity")).list.any().alias("is_rate_unknown"),
    _UNKNOWN.list.contains("quantity").alias("is_quantity_unknown"),
]


def _screened(
    assessed: Assessed, refusals: pl.DataFrame, items: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """Lanes of the cases that nothing refuses."""
    clean = added(_without(assessed.cases, refusals), _OF_UNKNOWN)
    return screen(clean, items, policy.lists, policy.seed)


def _without(cases: pl.DataFrame, refusals: pl.DataFrame) -> pl.DataFrame:
    """The cases that nothing is said against."""
    if refusals.is_empty():
        return cases
    return kept(cases, ~is_among(cases["row"], refusals["row"].to_list()))


def decide(
    cases: pl.DataFrame,
    items: pl.DataFrame,
    counterparts: Counterparts,
    balances: pl.DataFrame,
    policy: Policy,
) -> Decided:
    """Decide every case that can be decided; the others are pending.

    Args:
        cases: ``CASE_COLUMNS`` of :mod:`tumen.window.cases`, in recorded order.
        items: the goods items of their declarations.
        counterparts: living orders, payments and waybills.
        balances: person, year, balance_fen, is_frozen.
        policy: what this node has chosen.
    """
    joined = matching.join(cases, counterparts, _LEGAL_DAY)
    is_complete = joined["missing"] == ""
    if not is_complete.any():
        decided = _concluded(joined, None, no_violations(), _NO_LANES)
        return _with_warnings(decided, joined, items, policy.positive_list)
    complete = kept(joined, is_complete)
    differences = matching.compare(
        complete, items, counterparts.order_items, payer_must_be_buyer=policy.payer_must_be_buyer
    )
    matched = _known_persons(without(_without(complete, differences), "missing"), balances)
    assessed = assess(matched, items, chosen(balances, ["person", "year", "balance_fen"]))
    unlisted = policy.positive_list.refusals(matched, items)
    refusals = gather(differences, _law_refusals(assessed.cases), unlisted)
    lanes = _screened(assessed, refusals, items, policy)
    decided = _concluded(joined, assessed, refusals, lanes)
    return _with_warnings(decided, joined, items, policy.positive_list)


def _known_persons(cases: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame:
    """The cases with what is known of their persons.

    That is ``is_first_time``: whether nothing is recorded of them yet, and ``is_frozen``: whether
    they froze their allowance.
    """
    lines = [*zip(balances["person"].to_list(), balances["is_frozen"].to_list(), strict=True)]
    known = {person for person, is_frozen in lines if not is_frozen}
    frozen = {person for person, is_frozen in lines if is_frozen}
    persons = cases["person"].to_list()
    flags = {
        "is_first_time": [person not in known for person in persons],
        "is_frozen": [person in frozen for person in persons],
    }
    return cases.hstack([column(name, each, pl.Boolean) for name, each in flags.items()])


def _with_warnings(
    decided: Decided, joined: pl.DataFrame, items: pl.DataFrame, held: PositiveList
) -> Decided:
    """What was decided, with what is told once and refuses nobody.

    That is payments which their orders do not name, and remarks of the positive list.
    """
    if joined["is_named"].all() and not held.days:  # or there is no payment
        return decided
    lodged = joined.filter(pl.col("origin") == "lodged")
    warned = gather(matching.unnamed_payments(lodged), held.remarks(lodged, items))
    return replace(decided, violations=gather(decided.violations, warned))


_NO_LANES: Final = pl.DataFrame(schema=LANE_SCHEMA)
_NO_FACTS: Final = pl.DataFrame(schema=ASSESSED_SCHEMA)
_NO_CHARGES: Final = pl.DataFrame(schema=CHARGE_SCHEMA)
_NOBODY_REFUSED: Final = pl.DataFrame(
    schema={"row": pl.UInt32, "refusal_codes": pl.List(pl.String)}
)
_CONCLUDED: Final = [
    pl.coalesce("refusal_codes", "codes", pl.lit([], pl.List(pl.String))).alias("codes"),
    pl.when(pl.col("missing_counterparts") != "")
    .then(pl.lit("counterpart_missing"))
    .when(pl.col("refusal_codes").is_not_null())
    .then(pl.lit("refused"))
    .otherwise("lane")
    .alias("on"),
]


def _concluded(
    joined: pl.DataFrame, assessed: Assessed | None, refusals: pl.DataFrame, lanes: pl.DataFrame
) -> Decided:
    """Bring the findings together and take the transition."""
    facts = _NO_FACTS if assessed is None else chosen(assessed.cases, [*ASSESSED_SCHEMA])
    spoken = _NOBODY_REFUSED if refusals.is_empty() else _refused(refusals)
    told = joined.rename({"missing": "missing_counterparts"})
    told = beside(beside(told, facts, "document_id"), lanes, "document_id")
    concluded = transition(added(beside(told, spoken, "row"), _CONCLUDED))
    charges = _NO_CHARGES if assessed is None else assessed.charges
    if not refusals.is_empty():
        is_assessed = concluded["document_id"].filter(concluded["refusal_codes"].is_null())
        charges = kept(charges, is_among(charges["document_id"], is_assessed.to_list()))
    return Decided(concluded, charges, refusals)


def _refused(refusals: pl.DataFrame) -> pl.DataFrame:
    return refusals.group_by("row", maintain_order=True).agg(
        pl.col("code").unique(maintain_order=True).alias("refusal_codes")
    )
