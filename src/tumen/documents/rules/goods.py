"""Rules of goods: the HS code, and what the bonded procedure asks of each item."""

import polars as pl

from tumen.documents.fields import Kind
from tumen.documents.rules.coded import BONDED
from tumen.documents.rules.register import NOTHING, Document, frame_rule
from tumen.kernel.chains import in_line, is_among, kept
from tumen.kernel.violation import gather, violations


@frame_rule("HS_CODE_UNKNOWN", "HS_LINE_UNVERIFIED", kinds=(Kind.DECLARATION, Kind.RETURN))
def hs_codes_are_known(document: Document) -> pl.DataFrame:
    """An HS code belongs to a line of the tariff, or at least to a subheading that exists.

    A line that our table does not hold is only told: the table is not the whole tariff.
    """
    known_hs, items = document.terms.known_hs, document.items
    stated = set(filter(None, items["hs_code"].to_list()))
    strange = [code for code in stated if not known_hs.is_known(code)]
    if not strange:
        return NOTHING
    unverified = [code for code in strange if known_hs.is_possible(code)]
    unknown = sorted(set(strange) - set(unverified))
    hs_code, path = pl.col("hs_code"), pl.format("items[{}].hs_code", "index")
    return gather(
        *(
            violations(items.filter(hs_code.is_in(those)), code, path, value=hs_code)
            for those, code in ((unknown, "HS_CODE_UNKNOWN"), (unverified, "HS_LINE_UNVERIFIED"))
            if those
        )
    )


@frame_rule("REQUIRED_FOR_PROCEDURE", kinds=(Kind.DECLARATION,))
def bonded_items_have_record_numbers(document: Document) -> pl.DataFrame:
    """Every item of a bonded import has its record number in the account book."""
    bonded = document.head["row"].filter(document.head["procedure"] == BONDED)
    if bonded.is_empty():
        return NOTHING
    is_absent = pl.col("record_number").fill_null("").str.strip_chars() == ""
    items = kept(document.items, is_among(document.items["row"], bonded.to_list()))
    where = kept(items, in_line(items, [is_absent]).to_series())
    if where.is_empty():
        return NOTHING
    return violations(
        where,
        "REQUIRED_FOR_PROCEDURE",
        pl.format("items[{}].record_number", "index"),
        expected=BONDED,
    )
