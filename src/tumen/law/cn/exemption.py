"""A charge that is not collected where it is small on the whole consignment."""

from dataclasses import replace

from tumen.law.explanation import Unknown, without_dash
from tumen.law.settlement import Settlement


def exempt(settlement: Settlement, name: str, code: str) -> None:
    """Make the items' charges of a code nought where their sum is at most what a parameter says.

    Where a charge is unknown and the known ones do not pass the limit, nobody can tell whether
    they are exempt: then all are unknown.

    Args:
        settlement: with the charges; a step tells the comparison.
        name: the parameter, in fen.
        code: the charge.
    """
    mine = [each for each in settlement.charges if each.code == code]
    known = sum(each.amount or 0 for each in mine)
    missing = next((each.missing for each in mine if each.amount is None), None)
    try:
        limit = settlement.why.value(name)
        if known > limit.integer or (missing is None and not known):
            return
        if missing is not None:
            raise Unknown(missing)
    except Unknown as unknown:
        lacking = unknown.name
        changed = [replace(each, amount=None, missing=each.missing or lacking) for each in mine]
    else:
        numbers = f"{settlement.money(known)} <= {settlement.money(limit.integer)}: not collected"
        settlement.why.say(
            "exemption", None, "sum over the items <= limit", numbers, limit.citation
        )
        citation = without_dash(limit.citation)
        changed = [replace(each, amount=0, citations=(*each.citations, citation)) for each in mine]
    others = [each for each in settlement.charges if each.code != code]
    settlement.charges = [*others, *changed]
