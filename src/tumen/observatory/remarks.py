"""Remarks on a finding: cells of another year, recovered or late, and digits at the edge."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from tumen.observatory.claim import Claim
from tumen.observatory.dataset import Cell
from tumen.observatory.finding import Finding, Remark, corrected
from tumen.observatory.periods import last_day
from tumen.observatory.quantity import Quantity, decimal_text
from tumen.observatory.study import Study
from tumen.observatory.values import Value


def of_the_used(used: Iterable[Cell], study: Study) -> list[Remark]:
    """What a reader should know of the cells that a claim rests on, each once."""
    return list(dict.fromkeys(remark for cell in used for remark in _of_a_cell(cell, study)))


def _of_a_cell(cell: Cell, study: Study) -> Iterator[Remark]:
    if cell.belongs_to != cell.period:
        yield Remark("OTHER_YEAR", f"{cell.name} is of {cell.belongs_to}")
    if cell.confidence and not cell.confidence.startswith("high"):
        name = f"{cell.dataset}.{cell.series}[{cell.economy}]"
        yield Remark("RECOVERED", f"{name} was not printed; confidence {cell.confidence}")
    accepted = study.document.get("accepted")
    if accepted is not None and last_day(cell.period) > accepted:
        text = f"{cell.dataset} has values of {cell.period}; the study was accepted on {accepted}"
        yield Remark("AFTER_DOCUMENT", text)


def at_the_edge(claim: Claim, value: Value) -> Iterator[Remark]:
    """Where only the room of the operands' digits makes a claim consistent."""
    if not isinstance(value, Quantity) or claim.is_truth:
        return
    own = claim.quantity
    is_finer = value.high - value.low < own.high - own.low or claim.word != "exactly"
    if is_finer and not own.low <= value.value <= own.high:
        digits = corrected(claim, value)
        yield Remark("LAST_DIGIT", f"the printed values themselves give {digits}")


def wide(value: Value) -> Iterator[Remark]:
    """Where the operands have so few digits that almost anything agrees with them."""
    if isinstance(value, Quantity) and value.high - value.low > abs(value.value) * Fraction(1, 2):
        yield Remark("FEW_DIGITS", "the operands have too few digits to say much")


def implied_whole(claim: Claim, finding: Finding) -> Iterator[Remark]:
    """For an unexplained share: the whole that would give what is printed."""
    is_share = claim.expression.startswith("share(") and not claim.is_truth
    if not is_share or finding.explanations or len(finding.used) != 2:
        return
    part, whole = finding.used
    if part.quantity is None or whole.quantity is None or not claim.quantity.value:
        return
    implied = part.quantity.value / claim.quantity.value / whole.unit.scale
    number = decimal_text(implied, 2)
    yield Remark("IMPLIED_WHOLE", f"{claim.claimed} {claim.unit.text} needs a whole of {number} "
                 f"{whole.unit.text}; {whole.name} is {whole.value}")  # fmt: skip
