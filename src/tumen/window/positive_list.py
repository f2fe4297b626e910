"""The positive list: which goods China admits as cross-border e-commerce retail imports.

The list is annexed to notices of the Ministry of Finance and others and is not ours to ship: an
operator imports it, an edition for each day from which it holds. A declaration is judged by the
edition of its legal day. Where no edition reaches back to that day the list is not held, and
nothing is said: an unknown list refuses nobody.

A remark of the list (such as a limit to bonded goods) is words without a form: it is told as a
warning beside the goods whose code has it, for a person to judge, and refuses nobody.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import polars as pl

from tumen.kernel.violation import no_violations, violations

LISTED_CODE_SCHEMA: Final = pl.Schema({"hs_code": pl.String, "remark": pl.String})

EDITIONS: Final = """
    SELECT DISTINCT ON (l.day, c.hs_code) l.day, c.hs_code, c.remark
    FROM (
        SELECT DISTINCT ON (day) * FROM list WHERE kind = 'codes' ORDER BY day, list_id DESC
    ) l JOIN listed_code c USING (list_id)
"""
"""The codes of every edition, the last import of a day, as ``EDITIONS_SCHEMA``."""

EDITIONS_SCHEMA: Final = pl.Schema({"day": pl.Date, "hs_code": pl.String, "remark": pl.String})

TARIFF_LINE_DIGITS: Final = 8
_CODE: Final = re.compile(r"[0-9]{8}(?:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class PositiveList:
    """All editions that this node holds.

    Attributes:
        days: from which each edition holds, ascending.
        codes: the commodity codes of each, with 8 or 10 digits, and the remark beside each.
    """

    days: tuple[date, ...] = ()
    codes: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def of(cls, editions: pl.DataFrame) -> Self:
        """The list from ``EDITIONS_SCHEMA``."""
        codes: dict[date, dict[str, str]] = {}
        for day, code, remark in editions.iter_rows():
            codes.setdefault(day, {})[code] = remark
        days = sorted(codes)
        return cls(tuple(days), tuple(codes[day] for day in days))

    def _edition(self, day: date | None) -> int | None:
        """Which edition is in force on a legal day; None where none is held."""
        held = 0 if day is None else bisect_right(self.days, day)
        return held - 1 if held else None

    def _remark(self, edition: int, code: str) -> str | None:
        """What an edition remarks on a code; None where it does not list it."""
        listed = self.codes[edition]
        return listed.get(code, listed.get(code[:TARIFF_LINE_DIGITS]))

    def refusals(self, cases: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
        """A violation for each goods item that is not on the list of its declaration's day.

        Args:
            cases: row, document_id and legal_day.
            items: document_id, item_number and hs_code.
        """
        return self._findings("NOT_ON_POSITIVE_LIST", self._absence, cases, items)

    def remarks(self, cases: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
        """A warning for each goods item on whose code the list of the day remarks something.

        Args:
            cases: as for :meth:`refusals`.
            items: as for :meth:`refusals`.
        """
        return self._findings("POSITIVE_LIST_REMARK", self._remark, cases, items)

    def _absence(self, edition: int, code: str) -> str | None:
        """The list that a code would have to be on; None where it is."""
        if self._remark(edition, code) is not None:
            return None
        return f"a code of the list of {self.days[edition]}"

    def _findings(
        self,
        code: str,
        said: Callable[[int, str], str | None],
        cases: pl.DataFrame,
        items: pl.DataFrame,
    ) -> pl.DataFrame:
        """A finding of each goods item of which the edition of its day says something."""
        if not self.days:
            return no_violations()
        lines = items.select("document_id", "item_number", "hs_code").join(
            cases.select("row", "document_id", "legal_day"), on="document_id"
        )
        asked = lines.select("hs_code", "legal_day").unique().drop_nulls("hs_code")
        found = [
            (hs_code, day, words)
            for hs_code, day in asked.iter_rows()
            if (edition := self._edition(day)) is not None and (words := said(edition, hs_code))
        ]
        told = pl.DataFrame(found, {**asked.schema, "said": pl.String()}, orient="row")
        return violations(
            lines.join(told, on=["hs_code", "legal_day"]).sort("row", "item_number"),
            code,
            pl.format("items[{}].hs_code", pl.col("item_number") - 1),
            value=pl.col("hs_code"),
            expected=pl.col("said"),
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
