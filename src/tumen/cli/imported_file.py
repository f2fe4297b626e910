"""A file that a user imports: its bytes, its text, and the rows of it that were not taken."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from tumen.codelist.violations import violation
from tumen.kernel.errors import PathAbsent, SourceUnreadable

REFUSED_SHOWN_MAX: Final = 20
"""Refused rows that are told one by one; the others are counted."""


def bytes_of(file: Path, most: int) -> bytes:
    """The bytes of a file as it lies on the disk.

    Raises:
        SourceUnreadable: it cannot be opened, or is larger than it may be.
        PathAbsent: there is none of that name.
    """
    if not file.exists():
        raise PathAbsent(f"{file} does not exist.")
    try:
        with file.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as error:
        raise SourceUnreadable(
            f"{file} cannot be read: {error.strerror}", path=str(file)
        ) from error
    return bounded(file, data, most)


def bounded(file: Path, data: bytes, most: int) -> bytes:
    """The bytes, where they are not more than they may be.

    Raises:
        SourceUnreadable: they are.
    """
    if len(data) > most:
        raise SourceUnreadable(f"{file} is larger than {most:,} bytes")
    return data


def text_of(file: Path, data: bytes) -> str:
    """The bytes as a text.

    Raises:
        SourceUnreadable: they are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceUnreadable(f"{file} is not UTF-8 at byte {error.start}") from error


def tell_refused(reasons: Sequence[str]) -> None:
    """Say of the first rows why they were not taken, and how many more there are."""
    for reason in reasons[:REFUSED_SHOWN_MAX]:
        typer.echo(f"  {reason}", err=True)
    if len(reasons) > REFUSED_SHOWN_MAX:
        typer.echo(f"  and {len(reasons) - REFUSED_SHOWN_MAX:,} more", err=True)


def reason_of(code: str, value: str) -> str:
    """The message of a code about a row."""
    message = violation(code).message.format(path="", value=value, expected="")
    return f"{code}: {message}"
