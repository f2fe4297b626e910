"""The words of an audit: what each verdict, slip and relation says to a reader.

Pages and terminal say the same: this is one of the faces of the observatory that speak.
"""

from typing import Final

from tumen.observatory.finding import Explanation, Finding

VERDICT_WORDS: Final = {
    "consistent": "what is printed can be recomputed",
    "inconsistent": "what is printed is not what its data give",
    "unit_error": "the number is right in another unit or power of ten",
    "not_checkable": "the data to recompute it are not held",
}

VERDICT_NAMES: Final = {
    "consistent": "consistent",
    "inconsistent": "inconsistent",
    "unit_error": "unit error",
    "not_checkable": "not checkable",
}

_SLIP_WORDS: Final = {
    "growth_over_end_year": "growth was taken over the end year instead of the start year",
    "percent_for_points": "percent and percentage points were mistaken for each other",
    "times_for_percent": "times and percent were mistaken for each other",
    "by_times_for_times": "'times as much' and 'more by … times' were mistaken for each other",
    "lost_minus": "a minus sign was lost",
    "factor_of_ten": "a power of ten was mistaken",
    "truncated_not_rounded": "the digits were cut off, not rounded",
    "date_after_document": "the day is after the document's own",
    "swapped_header": "two columns were taken for each other",
    "swapped_row": "two rows were taken for each other",
    "tables_disagree": "two places print the same thing differently",
    "wrong_denominator": "another total was taken as the whole",
    "wrong_scope": "other economies were taken together",
    "another_year": "the cell of another year was taken",
}

SLIP_TITLES: Final = {
    **{name: text[0].upper() + text[1:] for name, text in _SLIP_WORDS.items()},
    "": "What no known slip explains",
}
"""A heading for each slip, and for what none explains."""

RELATION_WORDS: Final = {
    "total": "the sum of its rows",
    "share": "part and whole",
    "rank": "the order of the values",
    "growth": "the values of two years",
    "mean": "the mean of its parts",
    "difference": "the difference of two tables",
    "at_least": "never below the other series",
    "same": "the same thing elsewhere",
    "date": "ends before the document does",
}


def slip_text(found: Explanation) -> str:
    """One explanation as a sentence: the slip and where it shows."""
    told = found.evidence
    text = _SLIP_WORDS[found.slip]
    if "factor" in told:
        text += f" (to be read as {told['factor']} times what is printed)"
    if "also" in told:
        text += f", and {_SLIP_WORDS[told['also']]}"
    if "cell" in told and "other" in told:
        more = int(told["cells"]) - 1
        rest = f" and {more} more" if more else ""
        text += f": {told['cell']}{rest} ({told['printed']}) for {told['other']} ({told['says']})"
    elif "cell" in told:
        text += f": {told['cell']}, printed {told['printed']}"
    for how in ("with", "without"):
        if how in told:
            text += f": {how} {told[how]}"
    return text


def claimed_text(finding: Finding) -> str:
    """What the study prints, with its word and unit."""
    claim = finding.claim
    if claim.is_truth:
        return "holds"
    word = "" if claim.word == "exactly" else f"{claim.word.replace('_', ' ')} "
    return value_text(f"{word}{claim.claimed} {claim.unit.text}")


def value_text(text: str) -> str:
    """A value as it is said: 'rank 4', not '4 rank'."""
    number = text.removesuffix(" rank")
    return text if number == text else f"rank {number}"


_DOUBT_WORDS: Final = {
    "total": "It is not the sum of its rows.",
    "share": "It is not the part over the whole.",
    "rank": "The order of the values gives another rank.",
    "growth": "The values of the two years give another growth.",
    "mean": "It is not the mean of its parts.",
    "difference": "It is not the difference of two tables.",
    "at_least": "It is below what it cannot be below.",
    "same": "Another place prints it differently.",
    "date": "It ends after the document's own day.",
}


def doubt_text(finding: Finding) -> str:
    """Why a cell is in doubt, in a sentence: by a check of the tables, or by a claim."""
    return _DOUBT_WORDS.get(finding.claim.says, f"In doubt by {finding.claim.id}.")
