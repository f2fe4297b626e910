"""`tumen rates`: import the official exchange rates of an economy, and show the rate of a day."""

import os
from datetime import datetime
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.cli.economy import Economy
from tumen.cli.groups import command_group
from tumen.cli.imported_file import bytes_of, reason_of, tell_refused, text_of
from tumen.codelist.currencies import CURRENCY_OF
from tumen.codelist.spoken import messages
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.law.exchange import notices, rate
from tumen.law.exchange_import import held, merged, parse, written
from tumen.law.explanation import Unknown
from tumen.law.ruling import Notice

FILE_BYTES_MAX: Final = 16 << 20
DIGITS_SHOWN: Final = 8
SHOWN: Final = ("USD", "EUR", "CNY", "JPY", "KRW", "RUB", "MNT", "HKD")
"""The currencies that are shown where none is named."""

app = command_group()


EconomyOption = Annotated[
    Economy, typer.Option("--economy", case_sensitive=False, help="Whose customs rates.")
]


@app.callback()
def rates() -> None:
    """Import official exchange rates, and show the rate of a day."""


def folder() -> Path:
    """Where imported rates lie: $TUMEN_HOME/rates, or ~/.local/share/tumen/rates."""
    home = Path(os.environ.get("TUMEN_HOME") or Path.home() / ".local/share/tumen")
    return home / "rates"


@app.command("import")
def import_rates(
    file: Annotated[Path, typer.Argument(help="CSV: currency,units,from,to.")],
    economy: EconomyOption,
) -> None:
    """Import official rates; from then on they win over the market rates."""
    found = parse(text_of(file, bytes_of(file, FILE_BYTES_MAX)), economy)
    if found.rates:
        target = folder() / f"{economy.lower()}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        earlier = [each for each in held(folder()) if each.economy == economy]
        part = target.with_suffix(".part")
        part.write_text(written(merged(earlier, found.rates)), encoding="utf-8")
        part.replace(target)  # whole or not at all
    typer.echo(f"{economy}: {len(found.rates):,} rates taken, {len(found.refused):,} refused.")
    tell_refused(
        [
            f"line {each.line}: {reason_of(each.code, each.value or 'nothing')}"
            for each in found.refused
        ]
    )
    if not found.rates:
        raise UsageError(f"{file} has no line that can be taken: nothing was imported.")


@app.command("show")
def show(
    economy: EconomyOption,
    currency: Annotated[list[str] | None, typer.Option(help="Which; may be repeated.")] = None,
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The legal date; default today.")
    ] = None,
) -> None:
    """Show the rate that a day's customs value is converted with, its day and its source."""
    day = at.date() if at else SystemClock().now().date()
    official = [each for each in held(folder()) if each.economy == economy]
    own = CURRENCY_OF[economy]
    for each in currency or [code for code in SHOWN if code != own]:
        if not (each.isascii() and each.isalpha()):
            raise UsageError(f"{each!r} is no code of a currency")
        try:
            found = rate(economy, each.upper(), day, official)
        except Unknown as unknown:
            typer.echo(f"1 {each} = unknown  (not held: {unknown})")
            continue
        of = f"{found.source}, {found.day}" if found.day else found.source
        typer.echo(f"1 {found.currency} = {_shown(found.units)} {own}  ({of})")
        for notice in notices(economy, found, day):
            typer.echo(f"    {notice.code}: {_message(notice)}")


def _shown(units: Fraction) -> str:
    whole = Context(prec=DIGITS_SHOWN).divide(Decimal(units.numerator), Decimal(units.denominator))
    return f"{whole:f}"


def _message(notice: Notice) -> str:
    told = {"code": notice.code, "path": notice.path, "parameters": notice.parameters}
    return messages(told)["message"]
