"""What a run leaves in ``--out``: receipts, the refused rows, notices, the summary.

* ``receipts.ndjson``: one line for each NDJSON or CSV row, in the order of the rows;
* ``ceb/NAME.CEB312.xml`` …: the official receipt message for each CEB message lodged, and
  ``ceb/NAME-PLACE.CEB900.xml`` for each document whose format failed;
* ``notices.ndjson`` and ``ceb/notice-NUMBER.CEB622.xml``: new statuses of declarations that
  were answered before;
* ``proofs.ndjson``: for each receipt and notice its SHA-256 and its proof, a tlog-proof (ADR 6);
  those recorded before the log began have none;
* ``rejected.csv``: file, row, document, field, value, code, message, fix;
* ``summary.json``.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

import polars as pl

from tumen.codelist.spoken import explained
from tumen.codelist.violations import warning_codes
from tumen.documents import receipt
from tumen.documents.fields import Kind
from tumen.kernel.errors import OutsideError
from tumen.window.answers import guids
from tumen.window.recording import Outcome

REJECTED_COLUMNS: Final = (
    "file", "row", "document", "field", "value", "code", "message", "fix",
)  # fmt: skip
ANSWER_COLUMNS: Final = ("row", "source", "place", "kind", "digest", "receipt", "document_id")

Prove = Callable[[str, Sequence[int]], Mapping[int, str]]
"""Gives the proofs of some ``documents`` or ``events`` by their numbers."""


class AnswersOut:
    """Writes a run's answers below a folder as they come; writes nothing without a folder."""

    def __init__(
        self,
        folder: Path | None,
        prove: Prove | None = None,
        publish: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._prove = prove
        self._publish = publish
        self._noticed: list[pl.DataFrame] = []
        self._files: dict[str, TextIO] = {}
        self._waiting: list[pl.DataFrame] = []
        self._names: dict[str, str] = {}
        self._told: set[int] = set()

    def __enter__(self) -> Self:
        if self._folder is not None:
            try:
                (self._folder / "ceb").mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutsideError(f"{self._folder} cannot be written: {error}") from error
            csv.writer(self._file("rejected.csv")).writerow(REJECTED_COLUMNS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()

    def _file(self, name: str) -> TextIO:
        assert self._folder is not None  # noqa: S101 - callers return early without a folder
        if name not in self._files:
            self._files[name] = (self._folder / name).open("w", encoding="utf-8", newline="")
        return self._files[name]

    def write(self, outcome: Outcome) -> None:
        """Take one outcome: its receipts wait for the end of the batch, the rest is written."""
        if self._folder is None:
            return
        self._waiting.append(outcome.answers.select(ANSWER_COLUMNS))
        self._write_notices(outcome.notices)
        rows = rejected_rows(outcome)
        if rows:
            csv.writer(self._file("rejected.csv")).writerows(rows)

    def end_batch(self) -> None:
        """Write the receipts of a batch in the order of its rows.

        A batch may be cut into several outcomes, and the documents of one message lie in
        several of them; a message itself lies in one batch.
        """
        if not self._waiting:
            return
        answers = pl.concat(self._waiting).sort("row")
        self._waiting.clear()
        self._write_proofs(answers)
        is_ceb = pl.col("receipt").str.starts_with("<")  # the first one, whatever form came again
        native = answers.filter(~is_ceb)
        if not native.is_empty():
            self._file("receipts.ndjson").write("\n".join(native["receipt"]) + "\n")
        ceb = answers.filter(is_ceb).unique(["source", "place"], keep="first", maintain_order=True)
        if not ceb.is_empty():
            self._write_messages(ceb)

    def _write_proofs(self, answers: pl.DataFrame) -> None:
        """A line for each receipt and notice, in their order.

        What their checkpoint says must be published before anybody holds it: a node that is
        restored to before it would sign another history, and not know that one was shown.
        """
        if self._prove is None:
            return
        file, lines = self._file("proofs.ndjson"), []
        notices, self._noticed = self._noticed, []
        told = [("documents", answers.select(number="document_id", receipt="receipt"))]
        told += [("events", each.select(number="event_id", receipt="receipt")) for each in notices]
        for what, receipts in told:
            proofs = self._prove(what, receipts["number"].to_list())
            for number, receipt_text in receipts.select("number", "receipt").iter_rows():
                if number in proofs:
                    digest = sha256(receipt_text.encode()).hexdigest()
                    line = {"receipt": digest, "proof": proofs[number]}
                    lines.append(json.dumps(line, ensure_ascii=False) + "\n")
        if lines:
            self._publish()
            file.writelines(lines)

    def _write_messages(self, answers: pl.DataFrame) -> None:
        """One receipt message for each message lodged; one CEB900 for each format failure."""
        is_format = pl.col("receipt").str.starts_with("<MessageReturn>")
        for (source, kind), part in answers.filter(~is_format).group_by(
            "source", "kind", maintain_order=True
        ):
            body = receipt.envelope(
                Kind(str(kind)), part["receipt"], guids(part["digest"].head(1)).item()
            )
            self._put(f"{self._flat(str(source))}.{_message_of(str(kind))}.xml", body)
        for source, place, digest, body in (
            answers.filter(is_format).select("source", "place", "digest", "receipt").iter_rows()
        ):
            number = guids(pl.Series("digest", [digest])).item()
            message = receipt.envelope(None, [body], number)
            self._put(f"{self._flat(source)}-{place}.CEB900.xml", message)

    def _flat(self, source: str) -> str:
        """A source's name as a file name of its own; folders become part of it."""
        flat = name = source.strip("./").replace("/", "__")
        others = 1
        while self._names.setdefault(name, source) != source:
            others += 1
            name = f"{flat}-{others}"
        return name

    def _write_notices(self, notices: pl.DataFrame) -> None:
        """Write each notice once, though several documents of the run may have brought it about."""
        is_fresh = [event not in self._told for event in notices["event_id"]]
        fresh = notices.filter(pl.Series(is_fresh, dtype=pl.Boolean))
        self._told.update(fresh["event_id"])
        if not fresh.is_empty():
            self._noticed.append(fresh)
        native = fresh.filter(pl.col("format") != "ceb")
        if not native.is_empty():
            self._file("notices.ndjson").write("\n".join(native["receipt"]) + "\n")
        for event, body in (
            fresh.filter(pl.col("format") == "ceb").select("event_id", "receipt").iter_rows()
        ):
            number = guids(pl.Series("digest", [str(event).zfill(32)])).item()
            message = receipt.envelope(Kind.DECLARATION, [body], number)
            self._put(f"notice-{event}.CEB622.xml", message)

    def _put(self, name: str, body: bytes) -> None:
        assert self._folder is not None  # noqa: S101 - callers return early without a folder
        (self._folder / "ceb" / name).write_bytes(body)

    def finish(self, summary: dict[str, object]) -> None:
        """Write the summary."""
        if self._folder is not None:
            self._file("summary.json").write(json.dumps(summary, indent=2) + "\n")


def _message_of(kind: str) -> str:
    return receipt.FORMS[Kind(kind)].message.removesuffix("Message")


def rejected_rows(outcome: Outcome) -> list[tuple[object, ...]]:
    """What was refused or ignored, one line for each reason."""
    told = outcome.violations.filter(~pl.col("code").is_in(warning_codes()))
    columns = ("source", "place", "kind", "key", "path", "value", "code", "expected")
    return [
        (source, place, f"{kind or 'unreadable'} {key or ''}".strip(), path, value, code,
         *explained(code, path, value, expected))
        for source, place, kind, key, path, value, code, expected
        in told.select(columns).iter_rows()
    ]  # fmt: skip
