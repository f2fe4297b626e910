"""What the law says of a corrected declaration, and by how much each charge changes. Pure.

The law is that of the declaration's own legal day, as it is held now. What was charged stays; the
differences are supplementary assessments and refunds (:class:`Difference`). Unknown is not zero: a
correction after which a charge is unknown is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, Final

import msgspec
import polars as pl

from tumen.law.answer import UNVERIFIED, Answer
from tumen.law.native.reading import read
from tumen.law.quoting import Books, quoted
from tumen.window.acts import Objection
from tumen.window.aftercare_asked import Difference, ItemStated, Reassessed
from tumen.window.assessment import TAXED, assess
from tumen.window.correction import ListDeclared, Native
from tumen.window.positive_list import PositiveList
from tumen.window.tally import yuan

YUAN: Final = "CNY"


@dataclass(frozen=True, slots=True)
class Charged:
    """What was charged until now.

    Attributes:
        position: the goods item, from 0; None for a shipment.
        code: the charge.
        currency: of the amounts.
        charged_minor: by assessment and corrections; None where nothing is known.
        outstanding_minor: the same after refunds of returns.
        is_unknown: whether a part of it is not known.
    """

    position: int | None
    code: str
    currency: str
    charged_minor: int | None
    outstanding_minor: int | None
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list takes of its person's year, and what all others take."""

    held_fen: int = 0
    by_others_fen: int = 0


def of_list(
    goods: ListDeclared, charged: Sequence[Charged], taken: Taken, listed: PositiveList
) -> Reassessed:
    """A corrected list by the law of its day, judged with what its person used besides."""
    case = goods.case
    balances = case.select("person", "year").with_columns(
        balance_fen=pl.lit(taken.by_others_fen, pl.Int64)
    )
    assessed = assess(case, goods.items, balances)
    found = assessed.cases.row(0, named=True)
    against = [*_unlisted(goods, listed), *_not_taxed(found)]
    if found["missing"]:
        against.append(Objection("CORRECTION_UNKNOWN", "items", found["missing"]))
    if against:
        return Reassessed(objections=tuple(against))
    now = {
        (line["position"], line["code"]): line for line in assessed.charges.iter_rows(named=True)
    }
    used = found["declaration_value_fen"] if found["is_counted"] else 0
    return Reassessed(
        tuple(_list_differences(now, charged)),
        used - taken.held_fen,
        {
            "verdict": found["verdict"],
            "customs_value_fen": found["declaration_value_fen"],
            "used_before_fen": found["used_before_fen"],
            "missing": found["missing"],
            "unverified": found["unverified"],
        },
        doubts=tuple(filter(None, (found["unverified"] or "").split(","))),
    )


def _not_taxed(found: Mapping[str, Any]) -> Iterator[Objection]:
    if found["verdict"] not in TAXED:
        value = f"{found['verdict']}, {yuan(found['declaration_value_fen'])} CNY"
        yield Objection("CORRECTION_NOT_ADMITTED", "items", value)


def _unlisted(goods: ListDeclared, listed: PositiveList) -> Iterator[Objection]:
    """Goods items that are not on the positive list of the day."""
    cases = goods.case.select("document_id", row=pl.lit(0, pl.UInt32), legal_day="day")
    for line in listed.refusals(cases, goods.items).iter_rows(named=True):
        yield Objection(line["code"], line["path"], line["value"], line["expected"])


def _list_differences(
    now: Mapping[tuple[int, str], Mapping[str, Any]], charged: Sequence[Charged]
) -> Iterator[Difference]:
    before = {(each.position, each.code): each for each in charged}
    for position, code in sorted({*now, *((p, c) for p, c in before if p is not None)}):
        line, old = now.get((position, code)), before.get((position, code))
        after = 0 if line is None else line["amount_fen"]
        told = ("base_fen", "rate_ppm")
        base, rate = (None, None) if line is None else (line[name] for name in told)
        yield from _difference(
            old or Charged(position, code, YUAN, 0, 0), after, base,
            None if rate is None else str(rate),
        )  # fmt: skip


def _difference(
    old: Charged, after: int, base: int | None, rate: str | None
) -> Iterator[Difference]:
    """The difference of one charge, where there is one."""
    known = old.charged_minor or 0
    before = None if old.is_unknown else known
    if after != known or old.is_unknown:
        yield Difference(
            old.position, old.code, old.currency, before, after, after - known, base, rate
        )


# --- shipments ---------------------------------------------------------------------------------


def of_shipment(
    native: Native, charged: Sequence[Charged], books: Books, today: date
) -> Reassessed:
    """A corrected shipment by the law of its day."""
    shipment, faults = read(native, today)
    if shipment is None or faults:
        return Reassessed(objections=tuple(_objections(faults)))
    answer = quoted(shipment, books)
    if answer.regime is None:
        why = ", ".join(dict.fromkeys(each.code for each in answer.violations)) or answer.status
        return Reassessed(objections=(Objection("CORRECTION_NOT_ADMITTED", "items", why),))
    if answer.status == "unknown":
        missing = ", ".join(dict.fromkeys(e.missing for e in answer.charges if e.missing))
        return Reassessed(objections=(Objection("CORRECTION_UNKNOWN", "items", missing or None),))
    doubts = [each.parameters["parameters"] for each in answer.warnings if each.code == UNVERIFIED]
    return Reassessed(
        tuple(_shipment_differences(answer, charged)),
        ruling=msgspec.json.encode(answer).decode(),
        doubts=tuple(filter(None, ",".join(doubts).replace(" ", "").split(","))),
    )


def _objections(faults: Sequence[Any]) -> Iterator[Objection]:
    for each in faults:
        is_personal = each.path.startswith("buyer.")
        value = None if is_personal else each.parameters.get("value")
        yield Objection(each.code, each.path, value, each.parameters.get("expected"))


def minor(amount: str) -> int:
    """An amount of the law's answer, which has all the decimals of its currency, in minor units.

    >>> minor("12.50"), minor("-3")
    (1250, -3)
    """
    return int(amount.replace(".", ""))


def _shipment_differences(answer: Answer, charged: Sequence[Charged]) -> Iterator[Difference]:
    now = {each.code: each for each in answer.charges}
    before = {each.code: each for each in charged}
    for code in sorted({*now, *before}):
        line = now.get(code)
        currency = answer.currency or before[code].currency
        old = before.get(code) or Charged(None, code, currency, 0, 0)
        if line is None or line.amount is None:
            yield from _difference(old, 0, None, None)
        else:
            base = None if line.base is None else minor(line.base)
            yield from _difference(old, minor(line.amount), base, line.rate)


def refund_of_return(
    ruling: Answer,
    declared: Mapping[int, Fraction],
    back: Sequence[ItemStated],
    charged: Sequence[Charged],
    *,
    is_full: bool,
) -> Reassessed:
    """What of each charge falls to goods that came back: their items' share, rounded down.

    Args:
        ruling: what the law says of the shipment as it is corrected.
        declared: the quantity of each item, by its place from 0.
        back: the items that came back, with how much.
        charged: what was charged, and is outstanding.
        is_full: whether with them everything is back: then all that is outstanding.
    """
    differences, unknown = [], []
    for each in charged:
        share = _share(ruling, each.code, declared, back)
        left = each.outstanding_minor or 0
        if each.is_unknown or (share is None and not is_full):
            unknown.append(each.code)
            continue
        refund = left if is_full else min(share or 0, left)
        if refund:
            differences.append(
                Difference(None, each.code, each.currency, left, left - refund, -refund)
            )
    if unknown:
        against = Objection("RETURN_SHARE_UNKNOWN", "items", ", ".join(unknown))
        return Reassessed(objections=(against,))
    return Reassessed(tuple(differences))


def _share(
    ruling: Answer, code: str, declared: Mapping[int, Fraction], back: Sequence[ItemStated]
) -> int | None:
    """The share of a charge; None where the law charges it on the whole and not on items."""
    amounts = {
        line.item: each.amount
        for line in ruling.items
        for each in line.charges
        if each.code == code
    }
    if not amounts or None in amounts.values():
        return None
    total = Fraction(0)
    for each in back:
        place, quantity = each.item - 1, Fraction(each.quantity or "0")
        amount = amounts.get(place)
        total += 0 if amount is None else minor(amount) * quantity / declared[place]
    return floor(total)
