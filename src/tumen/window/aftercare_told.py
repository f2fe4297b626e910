"""What became of what was asked for after a decision, as plain data for every outward face."""

from collections.abc import Callable
from typing import Any

from tumen.codelist.currencies import currency
from tumen.law.figures import amount_text
from tumen.window.acts import spoken
from tumen.window.affair import AftercareJudged
from tumen.window.aftercare_asked import Difference


def told(
    judged: AftercareJudged,
    event: int | None,
    receipt: str | None,
    say: Callable[[str], str] = str,
) -> dict[str, Any]:
    """What became of a request, or would: the differences of an application are not due yet.

    Args:
        judged: the request.
        event: that was recorded.
        receipt: the notice of it.
        say: translates a sentence of the catalogue; by default it stays English.
    """
    standing = None if judged.affair is None else judged.affair.standing
    return {
        "declaration": judged.asked.declaration,
        "reference": judged.asked.reference,
        "answer": judged.answer,
        "entry": None if judged.entry is None else str(judged.entry),
        "status_before": None if standing is None else standing.status,
        "status": judged.status,
        "event": event,
        "receipt": receipt,
        "differences": [difference_told(each) for each in judged.changed.differences],
        "allowance_change": allowance_told(judged.changed.allowance_fen),
        "doubts": [*judged.doubts],
        "violations": spoken(judged.objections, say),
    }


def difference_told(each: Difference) -> dict[str, Any]:
    """By how much a charge changes, in whole units of its currency; unknown is null."""
    return {
        "item": None if each.position is None else each.position + 1,
        "code": each.code,
        "currency": each.currency,
        "before": money(each.before_minor, each.currency),
        "after": money(each.after_minor, each.currency),
        "difference": money(each.amount_minor, each.currency),
    }


def money(minor: int | None, code: str) -> str | None:
    """An amount in whole units of its currency.

    >>> money(-1250, "CNY"), money(300, "JPY"), money(None, "CNY")
    ('-12.50', '300', None)
    """
    return None if minor is None else amount_text(minor, currency(code).minor_digits)


def allowance_told(fen: int) -> str | None:
    """By how much what is taken of a person's year changes; null where it does not."""
    return money(fen, "CNY") if fen else None
