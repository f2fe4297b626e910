"""A charge that is not collected where it is small on the whole consignment."""

from dataclasses import replace

from tumen.law.cn.amounts import yuan
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Charge


def exempted(why: Explanation, name: str, charges: list[Charge]) -> list[Charge]:
    """The charges of the items, all nought where their sum is at most what a parameter says.

    Where a charge is unknown and the known ones do not pass the limit, nobody can tell whether
    they are exempt: then all are unknown.

    Args:
        why: the explanation; a step tells the comparison.
        name: the parameter, in fen.
        charges: one for each item.
    """
    try:
        limit = why.value(name)
    except Unknown as unknown:
        return [
            replace(each, amount=None, missing=each.missing or unknown.name) for each in charges
        ]
    known = sum(each.amount or 0 for each in charges)
    missing = next((each.missing for each in charges if each.amount is None), None)
    if known > limit.integer:
        return charges
    if missing is not None:
        return [replace(each, amount=None, missing=each.missing or missing) for each in charges]
    if known:
        numbers = f"{yuan(known)} <= {yuan(limit.integer)}: not collected"
        why.say("exemption", None, "sum over the items <= limit", numbers, limit.citation)
        return [
            replace(each, amount=0, citations=(*each.citations, limit.citation)) for each in charges
        ]
    return charges
