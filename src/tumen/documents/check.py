"""The format check: every field of every document against the field table, column by column.

1. Texts: present where required, within their lengths, free of control characters.
2. Numbers: all decimals of a batch become int64 at scale 10^5 in one go, exactly; what is not
   plainly written is read one by one. Integers likewise, as 32 bits.
3. Documents: one to 99 goods items where the kind has any; key and content hash.

For CEB the verdict is that of the XSD 202205, which also fixes the currency; for the native
forms the column ``native`` of the field table says what must be there, and an empty text is an
absent one. Nothing is rounded and nothing is dropped: what breaks the format is null in the
typed column and has a violation.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import polars as pl

from tumen.documents.batch import Batch, Texts
from tumen.documents.content import Sheet, faults_of_form, hashes_and_counts
from tumen.documents.fields import Field, Kind, Part
from tumen.documents.formats.canonical import CONTROL
from tumen.documents.formats.lexical import (
    NumberFault,
    odd_decimal,
    odd_integer,
    plain_decimals,
    plain_integers,
)
from tumen.kernel.columns import column, from_rows
from tumen.kernel.violation import VIOLATION_SCHEMA, gather, no_violations, violations

KEY_FIELDS: Final = {
    Kind.ORDER: ("platform_code", "order_number"),
    Kind.PAYMENT: ("payment_provider_code", "payment_number"),
    Kind.WAYBILL: ("carrier_code", "waybill_number"),
    Kind.DECLARATION: ("platform_code", "order_number"),
    Kind.REVOCATION: ("platform_code", "order_number"),
    Kind.RETURN: ("platform_code", "order_number", "own_reference"),
}
"""The fields that make a document's key; a return without a reference is known by its message."""

CEB_FIXED: Final = {"currency": "142"}
"""Fields whose value the CEB schema fixes; an empty element has the fixed value."""

DATE_FORMS: Final = {
    "time14": ("YYYY-MM-DDThh:mm:ss", "YYYYMMDDhhmmss"),
    "date8": ("YYYY-MM-DD", "YYYYMMDD"),
}
"""How days and times are to be written: in the native forms, and in CEB."""

VALUE_SHOWN_MAX: Final = 100
"""Characters of an offending value that a violation shows."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """A rule that some lines of a sheet break: the field, and which lines."""

    field: Field
    code: str
    mask: pl.Expr
    expected: str | None = None

    def violations(self, sheet: Sheet) -> pl.DataFrame:
        field, path = self.field, pl.lit(self.field.name)
        if sheet.part is Part.ITEM:
            path = pl.format("items[{}]." + field.name, "index")
        value = None if field.personal else _shown(pl.col(field.name))
        where = sheet.frame.filter(self.mask)
        return violations(where, self.code, path, value=value, expected=self.expected)


def judge(texts: Texts) -> Batch:
    """Judges the format of every document and gives the typed columns, keys and hashes."""
    forms = list(dict.fromkeys(texts.rows["format"].to_list()))
    heads: dict[Kind, list[pl.DataFrame]] = {}
    items: dict[Kind, list[pl.DataFrame]] = {}
    found = [texts.violations]
    faulty = faults_of_form(texts.violations)
    for form in forms:
        sheets = _sheets(texts, form, len(forms) == 1)
        if not sheets:
            continue
        numbers, faults = _numbers(sheets)
        measure = _Measure.of(sheets)
        hashes, counts = hashes_and_counts(sheets, faulty, measure.has_controls)
        found += [faults, *counts]
        for sheet in sheets:
            findings = _findings(sheet, measure)
            found += [finding.violations(sheet) for finding in findings]
            frame = _typed(sheet, findings, numbers)
            if sheet.part is Part.ITEM:
                items.setdefault(sheet.kind, []).append(frame)
            else:
                frame = frame.hstack([_keys(frame, sheet.kind), hashes[sheet.kind]])
                heads.setdefault(sheet.kind, []).append(frame)
    told = _without_echoes(gather(*found), texts.violations)
    return Batch(texts.rows, _joined(heads), _joined(items), told)


def _without_echoes(found: pl.DataFrame, of_form: pl.DataFrame) -> pl.DataFrame:
    """Leaves out that a value is missing where it is there, but could not be read."""
    if of_form.is_empty():
        return found
    missing = pl.col("code").is_in(["FIELD_MISSING", "ITEMS_MISSING"])
    unread = of_form.filter(~missing).select("row", "path").unique()
    item = pl.col("path").str.extract(r"^(items\[[0-9]+\])\.").fill_null(pl.col("path"))
    named = found.with_row_index("at").filter(missing)
    echoes = [
        named.with_columns(path).join(unread, on=["row", "path"], how="semi")["at"]
        for path in (pl.col("path"), item.alias("path"))
    ]
    return found.filter(~pl.int_range(pl.len()).is_in(pl.concat(echoes).unique().implode()))


def _sheets(texts: Texts, form: str | None, alone: bool) -> list[Sheet]:
    """The filled frames of the documents that came in one form."""
    rows = texts.rows if alone else texts.rows.filter(pl.col("format").eq_missing(form))
    return [
        Sheet(kind, part, frame if alone else frame.join(rows, on="row", how="semi"), form == "ceb")
        for part, frames in ((Part.HEAD, texts.heads), (Part.ITEM, texts.items))
        for kind, frame in frames.items()
    ]


def _joined(frames: dict[Kind, list[pl.DataFrame]]) -> dict[Kind, pl.DataFrame]:
    return {
        kind: parts[0] if len(parts) == 1 else pl.concat(parts).sort("row", maintain_order=True)
        for kind, parts in frames.items()
    }


def _shown(value: pl.Expr) -> pl.Expr:
    """An offending value, cut and made printable: it goes into receipts and the database."""
    return value.str.head(VALUE_SHOWN_MAX).str.replace_all(CONTROL, "\ufffd")


# --- texts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Measure:
    """The lengths of all texts of some sheets, measured at once.

    Attributes:
        lengths: the length of each value, one column of one sheet after the other.
        starts: where the columns of a sheet start.
        shortest: the shortest of all.
        has_controls: whether any value has a control character.
    """

    lengths: pl.Series
    starts: dict[tuple[Kind, Part], int]
    shortest: int
    has_controls: bool

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> "_Measure":
        columns: list[pl.Series] = []
        starts, start = {}, 0
        for sheet in sheets:
            starts[sheet.kind, sheet.part] = start
            columns += [sheet.frame.get_column(field.name) for field in sheet.fields]
            start += len(sheet.fields) * sheet.frame.height
        long = pl.concat(columns, rechunk=True)
        lengths = long.str.len_chars()
        shortest = lengths.min()
        return cls(
            lengths,
            starts,
            shortest if isinstance(shortest, int) else 0,
            bool(long.str.contains(CONTROL).any()),
        )

    def bounds(self, sheet: Sheet) -> Iterator[tuple[Field, int, int]]:
        """For each text field with a value, the least length that matters and the greatest."""
        height = sheet.frame.height
        for at, field in enumerate(sheet.fields):
            if field.type == "text":
                lengths = self.lengths.slice(
                    self.starts[sheet.kind, sheet.part] + at * height, height
                )
                longest = lengths.max()
                if isinstance(longest, int):
                    shortest = lengths.min() if field.length_min > self.shortest else self.shortest
                    yield field, int(shortest), longest  # type: ignore[arg-type]


def _findings(sheet: Sheet, measure: _Measure) -> list[_Finding]:
    """What is missing, empty, too short, too long, fixed otherwise or not to be printed."""
    nulls = sheet.frame.null_count().row(0, named=True)
    found = [
        _Finding(field, "FIELD_MISSING", pl.col(field.name).is_null())
        for field in sheet.fields
        if nulls[field.name] and sheet.is_required(field)
    ]
    for field, shortest, longest in measure.bounds(sheet):
        found += _lengths(sheet, field, shortest, longest)
    if measure.has_controls:
        found += [
            _Finding(field, "CONTROL_CHARACTER", pl.col(field.name).str.contains(CONTROL))
            for field in sheet.fields
        ]
    return found


def _lengths(sheet: Sheet, field: Field, shortest: int, longest: int) -> list[_Finding]:
    """The length rules of a field, where the shortest or longest of its values breaks one."""
    found = []
    length = pl.col(field.name).str.len_chars()
    low, high, fixed = field.length_min, field.length_max, CEB_FIXED.get(field.name)
    if field.form and (longest > low or shortest < low):
        other = (length > 0) & (length != low)
        found.append(_Finding(field, "DATE_MALFORMED", other, DATE_FORMS[field.form][sheet.ceb]))
    elif high is not None and longest > high:
        found.append(_Finding(field, "TEXT_TOO_LONG", length > high, str(high)))
    if shortest < low and not field.form:
        short = (length > 0) & (length < low)
        found.append(_Finding(field, "TEXT_TOO_SHORT", short, str(low)))
    if shortest == 0 and not sheet.ceb and sheet.is_required(field):
        found.append(_Finding(field, "FIELD_MISSING", length == 0))
    if shortest == 0 and sheet.ceb and low and fixed is None:
        found.append(_Finding(field, "FIELD_EMPTY", length == 0, str(low)))
    if sheet.ceb and fixed is not None:
        other = ~pl.col(field.name).is_in([fixed, ""])
        found.append(_Finding(field, "VALUE_FIXED", other, fixed))
    return found


def _typed(
    sheet: Sheet, findings: Sequence[_Finding], numbers: dict[tuple[Kind, Part], list[pl.Series]]
) -> pl.DataFrame:
    """The sheet's frame with typed columns: what breaks the format is null."""
    broken: dict[str, pl.Expr] = {}
    for finding in findings:
        if finding.code != "FIELD_MISSING" and finding.field.type == "text":
            name = finding.field.name
            broken[name] = broken[name] | finding.mask if name in broken else finding.mask
    columns = [
        pl.when(mask.fill_null(value=False)).then(None).otherwise(pl.col(name)).alias(name)
        for name, mask in broken.items()
    ]
    frame = sheet.frame.with_columns(columns) if columns else sheet.frame.clone()
    for typed in numbers[sheet.kind, sheet.part]:
        frame.replace_column(frame.get_column_index(typed.name), typed)
    if sheet.ceb and "currency" in frame.columns and (frame["currency"] == "").any():
        frame = frame.with_columns(pl.col("currency").replace("", CEB_FIXED["currency"]))
    return frame


# --- numbers -----------------------------------------------------------------------------------


def _numbers(
    sheets: Sequence[Sheet],
) -> tuple[dict[tuple[Kind, Part], list[pl.Series]], pl.DataFrame]:
    """The typed number columns of every sheet, and what is no number."""
    typed: dict[tuple[Kind, Part], list[pl.Series]] = {
        (sheet.kind, sheet.part): [] for sheet in sheets
    }
    faults: list[tuple[int, str, str, str | None, str | None]] = []
    for type_, read in (("decimal", plain_decimals), ("integer", plain_integers)):
        columns = [
            (sheet, field) for sheet in sheets for field in sheet.fields if field.type == type_
        ]
        if columns:
            faults += _read_numbers(columns, read, typed)
    return typed, from_rows(faults, VIOLATION_SCHEMA) if faults else no_violations()


def _read_numbers(
    columns: Sequence[tuple[Sheet, Field]],
    read: Callable[[pl.Series], pl.Series],
    typed: dict[tuple[Kind, Part], list[pl.Series]],
) -> list[tuple[int, str, str, str | None, str | None]]:
    """Reads many columns as one: the plain values at once, each odd one by itself."""
    long = pl.concat([sheet.frame.get_column(field.name) for sheet, field in columns], rechunk=True)
    starts = list(accumulate((sheet.frame.height for sheet, _ in columns), initial=0))
    numbers = read(long)
    values: dict[int, int] = {}
    faults = []
    if numbers.null_count() > long.null_count():
        for at in (numbers.is_null() & long.is_not_null()).arg_true():
            place = bisect_right(starts, at) - 1
            sheet, field = columns[place]
            outcome = _odd_number(long[at], field, sheet)
            if isinstance(outcome, int):
                values[at] = outcome
            elif outcome is not None:
                line = sheet.frame.row(at - starts[place], named=True)
                code, expected = outcome
                faults.append(
                    (line["row"], code, _path(field, line), _value(field, line), expected)
                )
    if values:
        numbers = numbers.scatter(list(values), list(values.values()))
    for (sheet, field), start in zip(columns, starts, strict=False):
        mine = numbers.slice(start, sheet.frame.height).rename(field.name)
        typed[sheet.kind, sheet.part].append(mine)
    return faults


def _odd_number(text: str, field: Field, sheet: Sheet) -> int | NumberFault | None:
    """A number that is not plainly written, or its fault; None where it counts as absent."""
    if text == "" and not sheet.ceb:
        return ("FIELD_MISSING", None) if sheet.is_required(field) else None
    if text == "":
        return "FIELD_EMPTY", None
    return odd_decimal(text) if field.type == "decimal" else odd_integer(text, field.length_max)


# --- documents ---------------------------------------------------------------------------------


def _keys(frame: pl.DataFrame, kind: Kind) -> pl.Series:
    """The document keys: their parts joined by a bar, a bar within a part escaped."""
    parts = [frame.get_column(name).to_list() for name in KEY_FIELDS[kind]]
    if kind is Kind.RETURN:
        messages = frame.get_column("message_id").to_list()
        parts[-1] = [own or message for own, message in zip(parts[-1], messages, strict=True)]
    keys = ["|".join([_part(part) for part in key]) for key in zip(*parts, strict=True)]
    return column("key", keys, pl.String)


def key_of(*columns: str) -> pl.Expr:
    """The document key that columns make, as :func:`judge` makes those of documents."""
    parts = [
        pl.col(column)
        .fill_null("")
        .str.replace_all("\\", "\\\\", literal=True)
        .str.replace_all("|", "\\|", literal=True)
        for column in columns
    ]
    return pl.concat_str(parts, separator="|")


def _part(text: str | None) -> str:
    if text is None:
        return ""
    return text.replace("\\", "\\\\").replace("|", "\\|") if "|" in text or "\\" in text else text


def _path(field: Field, line: dict[str, object]) -> str:
    return f"items[{line['index']}].{field.name}" if field.part is Part.ITEM else field.name


def _value(field: Field, line: dict[str, object]) -> str | None:
    if field.personal:
        return None
    return re.sub(CONTROL, "\ufffd", str(line[field.name])[:VALUE_SHOWN_MAX])
