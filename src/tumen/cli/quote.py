"""`tumen quote`: what a shipment costs at the border, why, and under which regime."""

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from rich.console import Console

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

_ITEM_FLAGS: Final = {
    "hs": "hs",
    "price": "unit_price",
    "quantity": "quantity",
    "unit": "unit",
    "weight": "net_weight_kg",
    "volume": "volume_l",
    "origin": "origin",
    "category": "category",
    "description": "description",
}

_HEAD_FLAGS: Final = ("to", "sender", "date", "regime", "transport", "purpose", "currency",
                      "freight", "insurance", "platform")  # fmt: skip
ONE: Final = "1"

Text = str | None


def quote(  # noqa: PLR0913 - a parameter is a flag
    shipment: Annotated[
        Path | None, typer.Argument(help="A native shipment as JSON; - reads standard input.")
    ] = None,
    to: Annotated[Text, typer.Option("--to", help="Destination: CN RU JP KR MN.")] = None,
    sender: Annotated[Text, typer.Option("--from", help="Sending country, two letters.")] = None,
    hs: Annotated[Text, typer.Option(help="Commodity code.")] = None,
    price: Annotated[Text, typer.Option(help="Price of one unit.")] = None,
    currency: Annotated[Text, typer.Option(help="Its currency, such as USD.")] = None,
    quantity: Annotated[str, typer.Option(help="How many units.")] = ONE,
    unit: Annotated[Text, typer.Option(help="piece, pair, kg, l and the like.")] = None,
    weight: Annotated[Text, typer.Option(help="Net weight in kg.")] = None,
    volume: Annotated[Text, typer.Option(help="Volume in litres.")] = None,
    origin: Annotated[Text, typer.Option(help="Country of origin.")] = None,
    category: Annotated[Text, typer.Option(help="A hint: cosmetics, wine, bag …")] = None,
    description: Annotated[Text, typer.Option(help="What the goods are.")] = None,
    freight: Annotated[Text, typer.Option(help="Freight of the whole shipment.")] = None,
    insurance: Annotated[Text, typer.Option(help="Insurance of the whole shipment.")] = None,
    date: Annotated[Text, typer.Option(help="The legal date, YYYY-MM-DD; default today.")] = None,
    regime: Annotated[Text, typer.Option(help="A regime; default: the one the law takes.")] = None,
    transport: Annotated[Text, typer.Option(help="post, courier, cargo or bonded.")] = None,
    purpose: Annotated[Text, typer.Option(help="personal or commercial.")] = None,
    platform: Annotated[Text, typer.Option(help="The platform it was bought on.")] = None,
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
    """
    told = dict(locals())
    if shipment is not None:
        _refuse_flags(told)
    given = _read(shipment) if shipment is not None else _of_flags(told)
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


def _of_flags(told: Mapping[str, Any]) -> dict[str, Any]:
    """The native shipment of the flags; what was not given is left out."""
    item = {field: told[flag] for flag, field in _ITEM_FLAGS.items() if told[flag] is not None}
    names = {"to": "destination", "sender": "dispatch"}
    found = {names.get(flag, flag): told[flag] for flag in _HEAD_FLAGS if told[flag] is not None}
    if not found:
        raise UsageError("Name a shipment file, or give --to, --from, --hs, --price, --currency.")
    return {**found, "items": [item]}


def _refuse_flags(told: Mapping[str, Any]) -> None:
    """A file says all of a shipment: a flag beside it would change nothing, or not be seen."""
    names = {"to": "--to", "sender": "--from"}
    flags = [*_HEAD_FLAGS, *_ITEM_FLAGS]
    for flag in flags:
        if told[flag] is not None and (flag, told[flag]) != ("quantity", ONE):
            name = names.get(flag, f"--{flag}")
            raise UsageError(f"Give a shipment file or the flags, not both: {name}.")


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
