"""The story of a consignment: what `tumen show` tells, assembled from what is recorded. Pure.

What is told is plain data (texts, numbers, lists), so that the page and the JSON say the same.
Amounts are texts in yuan. Personal values are never shown: only whether they are equal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import polars as pl

from tumen.kernel.fixed_point import fen_of, text_of
from tumen.law.cn.amounts import percent
from tumen.law.cn.cbec import OVER_ANNUAL_LIMIT
from tumen.law.cn.cbec_reference import assess
from tumen.law.cn.shipment import Assessment, Item, Quantity, Shipment
from tumen.law.parameters import law_version, value_at
from tumen.window.assessment import TAXES, single
from tumen.window.matching import (
    COMPARISONS,
    COUNTERPARTS,
    ITEM_COLUMNS,
    ITEM_COMPARISONS,
    PAYER_IS_BUYER,
    Comparison,
    Counterparts,
    join,
)
from tumen.window.states import LODGED, TRANSITIONS
from tumen.window.tally import yuan

Row = Mapping[str, Any]
Told = dict[str, Any]

BY_ENTRY: Final = (
    "correction", "application", "application_refused", "goods_back", "return_lapsed",
)  # fmt: skip
"""What leads on only with an entry that names it."""

VERDICT: Final = "verdict"
"""The step of the law that holds an order against the limits of one order and of the year."""

ABSENT: Final = "-"
NOT_STATED: Final = "not stated"
"""Stands for a value that need not be there, and is not: nothing is compared then."""


@dataclass(frozen=True, slots=True)
class Materials:
    """All that is recorded of one declaration in force.

    Attributes:
        case: one line, with the columns of a case; empty where none is in force.
        items: its goods items.
        counterparts: the documents in force that it is matched with.
        history: the events of all declarations lodged under its key.
        charges: what those events charged and refunded.
        allowance: what those events took of the buyer's allowance and gave back.
        payer_must_be_buyer: whether that comparison is in force here.
    """

    case: pl.DataFrame
    items: pl.DataFrame
    counterparts: Counterparts
    history: pl.DataFrame
    charges: pl.DataFrame
    allowance: pl.DataFrame
    payer_must_be_buyer: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of the match: both values as an enquirer may see them."""

    path: str
    left: str
    right: str
    is_equal: bool


def tell(materials: Materials) -> Told:
    """What is told of one declaration: match, assessment, charges, steps, allowance, history."""
    account = None if materials.case.is_empty() else _account(materials)
    acts = dict(materials.history.select("event_id", "act").iter_rows())
    return {
        "goods": [_goods(line) for line in materials.items.iter_rows(named=True)],
        "waits_for": _waits_for(materials),
        "back_by": plain(_back_by(materials)),
        "match": [asdict(each) for each in comparisons(materials)],
        "assessment": _assessment(materials, account),
        "charges": [
            _charge(line, account, acts.get(line["event_id"]))
            for line in materials.charges.iter_rows(named=True)
        ],
        "steps": [] if account is None else [*_steps(materials, account)],
        "allowance": [_entry(line) for line in materials.allowance.iter_rows(named=True)],
        "history": history(materials.history),
    }  # fmt: skip


def _goods(line: Row) -> Told:
    return {
        "item": line["position"] + 1,
        "hs_code": line["hs_code"],
        "goods_name": line["goods_name"],
        "quantity": decimal(line["quantity"]),
        "unit": line["unit"],
        "total_price": decimal(line["total_price"]),
    }


def _waits_for(materials: Materials) -> list[str]:
    """The counterparts that a pending declaration lacks."""
    history = materials.history
    if materials.case.is_empty() or history["status"].item(-1) != "pending":
        return []
    return _words(join(materials.case, materials.counterparts)["missing"].item())


def _back_by(materials: Materials) -> date | None:
    """The last day on which goods of an accepted return may be back; None where none is on."""
    if materials.case.is_empty():
        return None
    mine = pl.col("document_id") == materials.case["document_id"].item()
    steps = materials.history.filter(mine)
    is_here = ~steps["status"].is_in(["released", "returned"])
    history = steps.tail(is_here.reverse().arg_max() or 0) if is_here.any() else steps
    asked = _waiting_returns(history)
    if asked.is_empty():
        return None
    released, asked = history["legal_day"].item(0), asked.item(-1)
    days = value_at("cn.cbec.return_back_days", asked).integer
    return cast("date", released + timedelta(days=days))


def _waiting_returns(history: pl.DataFrame) -> pl.Series:
    """The days of returns after a release of which it is not told whether the goods are back."""
    closed = history["act"].is_in(["goods_back", "return_lapsed"]).fill_null(value=False)
    since = history.height - (closed.reverse().arg_max() or 0) if closed.any() else 1
    return history.slice(since).filter(pl.col("act").is_null())["legal_day"]


def comparisons(materials: Materials) -> list[Compared]:
    """Every comparison of a declaration with its counterparts, those that can be made."""
    if materials.case.is_empty():
        return []
    joined = join(materials.case, materials.counterparts)
    found = [
        _compared(joined.row(0, named=True), each)
        for each in COMPARISONS
        if _can(joined, each) and (materials.payer_must_be_buyer or each is not PAYER_IS_BUYER)
    ]
    if joined["order_id"].item() is not None:
        found += _items_compared(materials.items, materials.counterparts.order_items)
    return found


def _items_compared(items: pl.DataFrame, order_items: pl.DataFrame) -> list[Compared]:
    counts = str(items.height), str(order_items.height)
    theirs = order_items.rename({name: f"order_{name}" for name in ITEM_COLUMNS})
    pairs = items.join(theirs.drop("document_id"), on="item_number", how="left").sort("position")
    return [
        Compared("number of items", *counts, counts[0] == counts[1]),
        *(
            _compared(pair, each, f"items[{pair['position']}].{each.path}")
            for pair in pairs.iter_rows(named=True)
            for each in ITEM_COMPARISONS
        ),
    ]


def _can(joined: pl.DataFrame, comparison: Comparison) -> bool:
    """Whether both documents of the comparison are there."""
    sides = {side.split("_")[0] for side in (comparison.left, comparison.right)}
    needed = sides.intersection(COUNTERPARTS)
    return all(joined[f"{name}_id"].item() is not None for name in needed)


def _compared(row: Row, comparison: Comparison, path: str | None = None) -> Compared:
    left, right = row[comparison.left], row[comparison.right]
    is_equal = left >= right if comparison.at_least else left == right
    if comparison.where_stated and not left:
        return Compared(path or comparison.path, NOT_STATED, _shown(right), is_equal=True)
    if comparison.is_personal:
        word = "equal" if is_equal else "differs"
        return Compared(path or comparison.path, word, word, is_equal)
    if comparison.is_number:
        return Compared(path or comparison.path, decimal(left), decimal(right), is_equal)
    return Compared(path or comparison.path, left or ABSENT, right or ABSENT, is_equal)


def _shown(value: object) -> str:
    return decimal(value) if isinstance(value, int) else str(value or ABSENT)


def decimal(value: int | None) -> str:
    """A number at scale 10^5 as text.

    >>> decimal(1_905_050_000), decimal(None)
    ('19050.5', '-')
    """
    return ABSENT if value is None else str(pl.select(text_of(pl.lit(value))).item())


def _fen(amount: int) -> int:
    return int(pl.select(fen_of(pl.lit(amount))).item())


def shipment(case: Row, items: pl.DataFrame, used_before_fen: int) -> Shipment:
    """The declaration as the scalar law takes it."""
    goods = tuple(
        Item(
            line["hs_code"],
            _fen(line["total_price"]),
            tuple(
                Quantity(line[f"quantity{place}"], line[f"unit{place}"])
                for place in ("", "_1", "_2")
            ),
        )
        for line in items.sort("position").iter_rows(named=True)
    )
    is_single = items.select(single(pl.col("quantity"), pl.col("unit"))).item()
    return Shipment(
        case["day"], goods, _fen(case["freight"]), _fen(case["insurance"]), used_before_fen,
        is_single_indivisible=is_single,
    )  # fmt: skip


def _assessed(materials: Materials) -> Row | None:
    """The event at which the declaration in force was assessed, if it was."""
    document = materials.case["document_id"].item()
    found = materials.history.filter(
        (pl.col("document_id") == document) & pl.col("verdict").is_not_null()
    )
    return None if found.is_empty() else found.row(-1, named=True)


def _account(materials: Materials) -> Assessment | None:
    """The law's own account of the declaration, from the scalar twin."""
    event = _assessed(materials)
    if event is None:
        return None
    if event["used_before_fen"] is None and event["verdict"] == OVER_ANNUAL_LIMIT:
        return None  # whoever is not told what was used cannot be told how this came about
    case = materials.case.row(0, named=True)
    return assess(shipment(case, materials.items, event["used_before_fen"] or 0))


STEP: Final = ("code", "item", "formula", "numbers", "citation")
"""What is told of a step; its numbers are worded when they are read."""


def _steps(materials: Materials, account: Assessment) -> Iterator[Told]:
    """The law's steps; without the one that names what was used before, where that is not told."""
    event = _assessed(materials)
    is_told = event is not None and event["used_before_fen"] is not None
    for step in account.steps:
        if is_told or step.code != VERDICT:
            yield {name: getattr(step, name) for name in STEP}


def _assessment(materials: Materials, account: Assessment | None) -> Told | None:
    if account is None:
        return None
    event = _assessed(materials)
    assert event is not None  # noqa: S101 - an account is made of it
    recorded = _charged(materials)
    return {
        "verdict": event["verdict"],
        "customs_value": yuan(event["customs_value_fen"]),
        "allowance_used_before": _yuan(event["used_before_fen"]),
        "missing": _words(event["missing"]),
        "unverified": _words(event["unverified"]),
        "law_version": event["law_version"],
        "law_version_now": law_version(),
        "differs_now": list(differences(event["verdict"], account, recorded)),
    }


def _charged(materials: Materials) -> pl.DataFrame:
    """What was charged until the last assessment: the first one, and each correction since."""
    assessed = materials.history.filter(pl.col("verdict").is_not_null())["event_id"]
    lines = materials.charges.filter(pl.col("event_id").is_in(assessed.implode()))
    amount = pl.when(pl.col("amount_fen").is_not_null().any()).then(pl.col("amount_fen").sum())
    return lines.group_by("position", "code", maintain_order=True).agg(amount)


def differences(verdict: str, account: Assessment, charges: pl.DataFrame) -> Iterator[str]:
    """Where the law as it is held now computes otherwise than what was recorded."""
    if account.verdict != verdict:
        yield f"the verdict was {verdict}, it would now be {account.verdict}"
    if charges.is_empty():
        return
    recorded = {
        (position, code): amount
        for position, code, amount in charges.select("position", "code", "amount_fen").iter_rows()
    }
    for position, item in enumerate(account.items):
        for code in TAXES:
            now, then = getattr(item, code).amount_fen, recorded.get((position, code), 0)
            if now != then:
                yield (
                    f"item {position + 1}, {code}: {_amount(then)} was recorded, "
                    f"it would now be {_amount(now)}"
                )


def _amount(fen: int | None) -> str:
    return "unknown" if fen is None else yuan(fen)


def _charge(line: Row, account: Assessment | None, act: str | None) -> Told:
    """A charge or a refund (whose amount is negative) with its citation."""
    is_refund = (line["amount_fen"] or 0) < 0
    steps = () if account is None or is_refund else account.steps
    cited = [
        step.citation
        for step in steps
        if (step.item, step.code) == (line["position"], line["code"])
    ]
    return {
        "item": line["position"] + 1,
        "code": line["code"],
        "is_refund": is_refund,
        "act": act,
        "base": None if line["base_fen"] is None else yuan(line["base_fen"]),
        "rate": None if line["rate_ppm"] is None else percent(line["rate_ppm"]),
        "amount": None if line["amount_fen"] is None else yuan(line["amount_fen"]),
        "citation": cited[0] if cited else None,
    }  # fmt: skip


def _entry(line: Row) -> Told:
    after = line["used_after_fen"]
    return {
        "year": line["year"],
        "entry": line["entry"],
        "used_before": _yuan(None if after is None else after - line["amount_fen"]),
        "amount": yuan(line["amount_fen"]),
        "used_after": _yuan(after),
    }


def _yuan(fen: int | None) -> str | None:
    """An amount of a person's allowance; None where the reader is not told it."""
    return None if fen is None else yuan(fen)


def history(events: pl.DataFrame) -> list[Told]:
    """The events with what led to each: codes, or the transition where it has none."""
    before: dict[int, str] = {}
    told = []
    names = ("document_id", "status", "lane", "legal_day", "recorded_at")
    for line in events.iter_rows(named=True):
        document, status = line["document_id"], line["status"]
        source = before.get(document, LODGED)
        before[document] = status
        on = [
            on
            for (origin, on), to in TRANSITIONS.items()
            if (origin, to) == (source, status) and on not in BY_ENTRY
        ]
        on = [line["act"]] if line["act"] else on
        because = _words(line["codes"]) or (
            [] if line["lane"] else [" or ".join(on).replace("_", " ")]
        )
        told.append(
            {
                **{name: plain(line[name]) for name in names},
                "because": because,
                "act": line["act"],
                "reason": line["reason"],
                "by": line["by"],
                "party_hits": _words(line["party_hits"]),
            }
        )
    return told


def _words(joined: str | None) -> list[str]:
    return [word for word in (joined or "").split(",") if word]


def plain(value: object) -> object:
    """A value as JSON holds it.

    >>> plain(date(2026, 8, 3))
    '2026-08-03'
    """
    return value.isoformat() if isinstance(value, date | datetime) else value
