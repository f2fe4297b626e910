"""`tumen quote`: what a shipment costs at the border, why, and under which regime."""

import json
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from rich.console import Console

from tumen.cli import quote_flags as flags
from tumen.cli.location import tariff_folder
from tumen.cli.quote_page import print_answer
from tumen.cli.rates import folder as rates_folder
from tumen.codelist.spoken import with_messages
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import PathAbsent, SourceUnreadable, UsageError
from tumen.law.consignment import CertifiedOrigin
from tumen.law.exchange_import import held
from tumen.law.native.told import decoded
from tumen.law.quoting import Books
from tumen.law.quoting import quote as quote_of

REGION_AHEAD_OF_UTC: Final = timedelta(hours=8)
"""The legal day where none is given: Beijing's. Japan and Korea are an hour ahead of it."""


def quote(  # noqa: PLR0913 - a parameter is a flag
    shipment: Annotated[
        Path | None, typer.Argument(help="A native shipment as JSON; - reads standard input.")
    ] = None,
    to: flags.To = None,
    sender: flags.Sender = None,
    hs: flags.Hs = None,
    price: flags.Price = None,
    currency: flags.Currency = None,
    quantity: flags.Quantity = flags.ONE,
    unit: flags.Unit = None,
    weight: flags.Weight = None,
    volume: flags.Volume = None,
    origin: flags.Origin = None,
    category: flags.Category = None,
    description: flags.Description = None,
    rate: flags.Rates = None,
    freight: flags.Freight = None,
    insurance: flags.Insurance = None,
    exchange_rate: flags.ExchangeRates = None,
    date: flags.Day = None,
    ordered_at: flags.OrderedAt = None,
    arrived_at: flags.ArrivedAt = None,
    regime: flags.RegimeName = None,
    transport: flags.Transport = None,
    purpose: flags.Purpose = None,
    buyer: flags.BuyerKind = None,
    buyer_id: flags.BuyerId = None,
    used_this_year: flags.UsedThisYear = None,
    platform: flags.Platform = None,
    seller: flags.Seller = None,
    agreement: flags.Agreement = None,
    origin_proof: flags.OriginProof = None,
    direct: flags.IsDirect = None,
    proof: Annotated[
        Path | None, typer.Option(help="A certificate of origin as a credential; with --trust.")
    ] = None,
    trust: Annotated[
        Path | None, typer.Option(envvar="TUMEN_TRUST", help="The trust bundle for --proof.")
    ] = None,
    lists: Annotated[
        list[Path] | None, typer.Option("--status", help="Its issuer's status list.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Say what a shipment costs at the border, why, and what was not sure.

    Give a JSON file of the native shipment (docs/shipment.md), or one item by flags:
    tumen quote --to JP --from CN --hs 6109100101 --price 4500 --currency JPY

    Several items, and other parcels of the same order or arrival, need a file.
    """
    told = dict(locals())
    if shipment is not None:
        flags.refuse_beside_a_file(told)
    given = _read(shipment) if shipment is not None else flags.shipment_of(told)
    today = (SystemClock().now() + REGION_AHEAD_OF_UTC).date()
    books = Books(tariff_folder(), held(rates_folder()))
    certified = None if proof is None else _certified(proof, trust, lists or [])
    answer = quote_of(given, today=today, books=books, certified=certified)
    if as_json:
        typer.echo(json.dumps(with_messages(answer.to_dict()), ensure_ascii=False, indent=2))
    else:
        print_answer(answer, Console())


def _certified(proof: Path, trust: Path | None, lists: list[Path]) -> CertifiedOrigin:
    certified = import_module("tumen.cli.certified")  # cryptography takes long to import
    return cast("CertifiedOrigin", certified.certified_by(proof, trust, lists))


def _read(file: Path) -> dict[str, Any]:
    """The shipment of a file or of standard input.

    Raises:
        SourceUnreadable: the file cannot be read.
        PathAbsent: there is none of that name.
        UsageError: it is no JSON object, or names a field twice.
    """
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = raw.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise PathAbsent(f"{file} does not exist.") from error
    except OSError as error:
        told = f"{file} cannot be read: {error.strerror}."
        raise SourceUnreadable(told, path=str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8.") from error
    try:
        found = decoded(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} is no JSON object: {error}.") from error
    if not isinstance(found, dict):
        raise UsageError(f"{file} holds no JSON object, but {type(found).__name__}.")
    return found
