"""Bills: what is due of released goods, from when and until when it is paid. Pure.

What is billed is the difference between what is owed and what was billed before. So the first bill
of a declaration is net of returns, and a correction, a refund or a reversal makes a further one:
the bills of a declaration always sum up to its charges. The days are those of the law that was in
force on the day of release; where the law that we hold names none, the bill says that they are
unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import polars as pl

from tumen.kernel.errors import LawError
from tumen.law.parameters import VERIFIED, Value, value_at
from tumen.window.states import Status

OWING: Final = (Status.RELEASED, Status.RETURNED)
"""What is owed of these is the sum of their charges: a return has taken its share off."""

ENDED: Final = (Status.REJECTED, Status.REVOKED, Status.REPLACED)
"""Nothing is owed of these. Of what is held after an undone release nothing is billed meanwhile."""

OWED_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        **dict.fromkeys(
            ("economy", "regime", "filer", "payer", "currency", "number", "status"), pl.String()
        ),
        "is_guaranteed": pl.Boolean(),
        "declared_on": pl.Date(),
        "released_on": pl.Date(),
        "bills": pl.Int32(),
        "standing": pl.Int32(),
        "goods_item": pl.Int32(),
        "code": pl.String(),
        **dict.fromkeys(("charged_minor", "owed_minor", "billed_minor"), pl.Int64()),
        "is_unknown": pl.Boolean(),
    }
)
"""A charge of a declaration: what was charged, what is left of it, what was billed before.
``bills`` counts all bills of the declaration, ``standing`` those that are not void."""


class BillKind(StrEnum):
    """What a bill is in the life of its declaration."""

    ASSESSED = "assessed"
    SUPPLEMENTARY = "supplementary"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """When a bill is paid.

    Attributes:
        due_from: the first day on which it is made and may be paid; None: at once.
        due_by: the last day; None where the law that we hold names none.
        citation: instrument and article; None where there is none.
        is_verified: whether the days were confirmed in a source.
    """

    due_from: date | None = None
    due_by: date | None = None
    citation: str | None = None
    is_verified: bool = True


UNKNOWN_TERM: Final = PaymentTerm(is_verified=False)
"""Where the law that we hold names no days: it is told, and nothing is made up."""


def _after(day: date, found: Value) -> date:
    return day + timedelta(days=found.integer)


def cited(found: Value) -> str:
    """Instrument and article; the instrument alone where no article is held."""
    return found.instrument if found.article == NO_ARTICLE else found.citation


NO_ARTICLE: Final = "—"


def _cbec(_declared: date, released: date) -> PaymentTerm:
    """Chinese retail imports: in a window after release, once no return can be applied for."""
    first, last = (value_at(f"cn.cbec.payment_{end}_day", released) for end in ("from", "to"))
    is_verified = {first.evidence, last.evidence} <= VERIFIED
    return PaymentTerm(_after(released, first), _after(released, last), cited(last), is_verified)


def _within(parameter: str, *, of_declaring: bool) -> "Term":
    """Within some days, the first day not counted."""

    def term(declared: date, released: date) -> PaymentTerm:
        began = declared if of_declaring else released
        found = value_at(parameter, began)
        is_verified = found.evidence in VERIFIED
        return PaymentTerm(None, _after(began, found), cited(found), is_verified)

    return term


Term = Callable[[date, date], PaymentTerm]
"""From the days of declaring and of release to the days of payment."""

EVERY_REGIME: Final = ""
TERMS: Final[Mapping[tuple[str, str], Term]] = {
    ("CN", "cbec"): _cbec,
    ("CN", "general"): _within("cn.general.payment_days", of_declaring=True),
    ("KR", EVERY_REGIME): _within("kr.payment_days", of_declaring=False),
}
"""By economy and regime. What is not here is unknown: JP, MN, RU, and personal articles."""


def payment_term(economy: str, regime: str, declared: date, released: date) -> PaymentTerm:
    """When goods that were released are paid for, by the law of that day.

    >>> term = payment_term("CN", "cbec", date(2026, 11, 20), date(2026, 11, 23))
    >>> str(term.due_from), str(term.due_by)
    ('2026-12-24', '2027-01-07')
    >>> payment_term("JP", "general", date(2026, 11, 20), date(2026, 11, 23)).due_by is None
    True
    """
    term = TERMS.get((economy, regime)) or TERMS.get((economy, EVERY_REGIME))
    if term is None:
        return UNKNOWN_TERM
    try:
        return term(declared, released)
    except LawError:  # the law of that day is not held
        return UNKNOWN_TERM


@dataclass(frozen=True, slots=True)
class Billing:
    """What a run makes of some declarations.

    Attributes:
        bills: a row a bill: the columns of its declaration, ``kind``, ``due_from``, ``due_by``,
            ``citation``, ``is_verified``, ``charged_minor``, ``total_minor``.
        items: document_id, goods_item, code, amount_minor: what each bill is made of.
        unknown: how many declarations wait because a charge of theirs is unknown.
        later: how many wait for the first day on which they are paid.
    """

    bills: pl.DataFrame
    items: pl.DataFrame
    unknown: int
    later: int


def bill(owed: pl.DataFrame, day: date) -> Billing:
    """The bills that are made on a day.

    Args:
        owed: :data:`OWED_SCHEMA`, all charges of each declaration.
        day: by the clock of the authority.
    """
    lines = _differences(owed)
    is_open = pl.col("is_unknown").any().over("document_id")
    known = lines.filter(~is_open)
    heads = _heads(known)
    terms = _terms(heads)
    timed = heads.join(terms, on=_TIMED, how="left", nulls_equal=True, maintain_order="left")
    is_due = (pl.col("due_from") <= day).fill_null(value=True) | (pl.col("bills") > 0)
    bills = timed.filter(is_due)
    items = known.filter(pl.col("amount_minor") != 0).join(
        bills.select("document_id"), on="document_id", how="semi", maintain_order="left"
    )
    return Billing(
        bills.with_columns(_KIND),
        items.select("document_id", "goods_item", "code", "amount_minor"),
        lines.filter(is_open)["document_id"].n_unique(),
        timed.height - bills.height,
    )


def _differences(owed: pl.DataFrame) -> pl.DataFrame:
    """What is to be billed of each charge; goods that are held again wait as they are."""
    is_owing = pl.col("status").is_in([*map(str, OWING)])
    stands = owed.filter(is_owing | pl.col("status").is_in([*map(str, ENDED)]))
    due = pl.when(is_owing).then("owed_minor").otherwise(0)
    return stands.with_columns(
        amount_minor=due - pl.col("billed_minor"),
        charged_minor=pl.when(is_owing).then("charged_minor").otherwise(0),
        is_unknown=pl.col("is_unknown") & is_owing,
    )


_TIMED: Final = ("economy", "regime", "declared_on", "released_on")
_HEAD: Final = (
    "document_id", *_TIMED, "filer", "payer", "currency", "number", "is_guaranteed", "bills",
    "standing",
)  # fmt: skip


def _heads(lines: pl.DataFrame) -> pl.DataFrame:
    """The declarations of which something is to be billed, or taken back."""
    return (
        lines.group_by(_HEAD, maintain_order=True)
        .agg(
            pl.col("charged_minor").sum(),
            pl.col("amount_minor").sum().alias("total_minor"),
            (pl.col("amount_minor") != 0).any().alias("differs"),
        )
        .filter("differs")
        .drop("differs")
    )


def _terms(heads: pl.DataFrame) -> pl.DataFrame:
    """The days of payment of each economy, regime and pair of days: there are few."""
    distinct = heads.select(_TIMED).unique(maintain_order=True)
    found = [payment_term(*row) for row in distinct.iter_rows()]
    schema = {"due_from": pl.Date, "due_by": pl.Date, "citation": pl.String,
              "is_verified": pl.Boolean}  # fmt: skip
    rows = [(each.due_from, each.due_by, each.citation, each.is_verified) for each in found]
    return distinct.hstack(pl.DataFrame(rows, schema=schema, orient="row"))


_KIND: Final = (
    pl.when(pl.col("standing") == 0)
    .then(pl.lit(str(BillKind.ASSESSED)))
    .when(pl.col("total_minor") < 0)
    .then(pl.lit(str(BillKind.REFUND)))
    .otherwise(pl.lit(str(BillKind.SUPPLEMENTARY)))
    .alias("kind")
)


# --- what is stated of bills ---------------------------------------------------------------------


class BillState(StrEnum):
    """Where a bill stands; the state that the last statement about it gave it."""

    MADE = "made"
    SUMMARISED = "summarised"
    PAID = "paid"
    VOIDED = "voided"


class BillEntry(StrEnum):
    """What an authority states of bills."""

    SUMMARISED = "summarised"
    PAID = "paid"
    VOIDED = "voided"


BILL_TRANSITIONS: Final[Mapping[tuple[BillState, BillEntry], BillState]] = {
    (BillState.MADE, BillEntry.SUMMARISED): BillState.SUMMARISED,
    (BillState.MADE, BillEntry.PAID): BillState.PAID,
    (BillState.MADE, BillEntry.VOIDED): BillState.VOIDED,
    (BillState.SUMMARISED, BillEntry.PAID): BillState.PAID,
}
"""(state, entry) -> state. What a payment notice sums up is not voided: a further bill mends it."""
