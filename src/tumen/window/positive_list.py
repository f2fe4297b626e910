"""The positive list: which goods China admits as cross-border e-commerce retail imports.

The list is annexed to notices of the Ministry of Finance and others and is not ours to ship: an
operator imports it, an edition for each day from which it holds. A declaration is judged by the
edition of its legal day. Where no edition reaches back to that day the list is not held, and
nothing is said: an unknown list refuses nobody.

A remark of the list (such as a limit to bonded goods) is kept and not judged.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import polars as pl

from tumen.kernel.violation import no_violations, violations

LISTED_CODE_SCHEMA: Final = pl.Schema({"hs_code": pl.String, "remark": pl.String})

EDITIONS: Final = """
    SELECT DISTINCT ON (l.day, c.hs_code) l.day, c.hs_code
    FROM (
        SELECT DISTINCT ON (day) * FROM list WHERE kind = 'codes' ORDER BY day, list_id DESC
    ) l JOIN listed_code c USING (list_id)
"""
"""The codes of every edition, the last import of a day, as ``EDITIONS_SCHEMA``."""

EDITIONS_SCHEMA: Final = pl.Schema({"day": pl.Date, "hs_code": pl.String})

TARIFF_LINE_DIGITS: Final = 8
_CODE: Final = re.compile(r"[0-9]{8}(?:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class PositiveList:
    """All editions that this node holds.

    Attributes:
        days: from which each edition holds, ascending.
        codes: the commodity codes of each, with 8 or 10 digits.
    """

    days: tuple[date, ...] = ()
    codes: tuple[frozenset[str], ...] = ()

    @classmethod
    def of(cls, editions: pl.DataFrame) -> Self:
        """The list from ``EDITIONS_SCHEMA``."""
        codes: dict[date, set[str]] = {}
        for day, code in editions.iter_rows():
            codes.setdefault(day, set()).add(code)
        days = sorted(codes)
        return cls(tuple(days), tuple(frozenset(codes[day]) for day in days))

    def _edition(self, day: date | None) -> int | None:
        """Which edition is in force on a legal day; None where none is held."""
        held = 0 if day is None else bisect_right(self.days, day)
        return held - 1 if held else None

    def _lists(self, edition: int, code: str) -> bool:
        listed = self.codes[edition]
        return code in listed or code[:TARIFF_LINE_DIGITS] in listed

    def refusals(self, cases: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
        """A violation for each goods item that is not on the list of its declaration's day.

        Args:
            cases: row, document_id and legal_day.
            items: document_id, item_number and hs_code.
        """
        if not self.days:
            return no_violations()
        lines = items.select("document_id", "item_number", "hs_code").join(
            cases.select("row", "document_id", "legal_day"), on="document_id"
        )
        asked = lines.select("hs_code", "legal_day").unique().drop_nulls("hs_code")
        absent = [
            (code, day, self.days[place])
            for code, day in asked.iter_rows()
            if (place := self._edition(day)) is not None and not self._lists(place, code)
        ]
        dated = pl.DataFrame(absent, {**asked.schema, "edition": pl.Date()}, orient="row")
        return violations(
            lines.join(dated, on=["hs_code", "legal_day"]).sort("row", "item_number"),
            "NOT_ON_POSITIVE_LIST",
            pl.format("items[{}].hs_code", pl.col("item_number") - 1),
            value=pl.col("hs_code"),
            expected=pl.format("a code of the list of {}", "edition"),
        )


NO_POSITIVE_LIST: Final = PositiveList()


def listed_code(cells: dict[str, str], seen: set[str]) -> tuple[str, str] | str:
    """The code and remark of a row, or the reason why it cannot be read.

    Args:
        cells: the row by column.
        seen: the codes of earlier rows; this one's is added.
    """
    code = cells["hs_code"].strip()
    if not _CODE.fullmatch(code):
        return "hs_code must have eight or ten digits"
    if code in seen:
        return f"{code} stands in the list twice"
    seen.add(code)
    return code, cells.get("remark", "").strip()
