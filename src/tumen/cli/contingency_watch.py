"""`tumen contingency watch`: ask an authority whether it is there; where it is not, wait for it."""

import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import count
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

import typer

from tumen.bootstrap import open_node
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.errors import OutsideError, UsageError
from tumen.kernel.limits import (
    AUTHORITY_ANSWER_SECONDS_MAX,
    AUTHORITY_ASKED_SECONDS,
    AUTHORITY_SILENT_SECONDS,
)
from tumen.window.contingency import Turn, need_words
from tumen.window.ledger.listening import Heard, ListeningDesk
from tumen.window.silence import SILENT, Silence

_CONNECTIONS: Final = {"http": HTTPConnection, "https": HTTPSConnection}
SERVER_FAULT: Final = 500
"""From this status on a server says of itself that it cannot answer."""

_DAY_SECONDS: Final = 86_400


def watch(  # noqa: PLR0913 - a parameter is a flag
    economy: Annotated[str, typer.Argument(help="Whose decisions: CN, JP, KR, MN or RU.")],
    address: Annotated[str, typer.Argument(help="Where its system answers: https://…")],
    after: Annotated[
        int,
        typer.Option(min=1, max=_DAY_SECONDS, help="Seconds that it may give no answer."),
    ] = AUTHORITY_SILENT_SECONDS,
    every: Annotated[
        int, typer.Option(min=1, max=_DAY_SECONDS, help="Seconds between two questions.")
    ] = AUTHORITY_ASKED_SECONDS,
    times: Annotated[
        int | None, typer.Option(min=1, help="Ask so often, then end; by default until stopped.")
    ] = None,
    office: Annotated[str, typer.Option(help="The office that says so.")] = "local",
    database: HeldDatabaseOption = None,
) -> None:
    """Suspend decisions by itself while an authority gives no answer; end that once it does.

    What a person began, a person ends. Where a person ends it before the authority answers, none
    begins by itself until it has answered once.
    """
    parts = _need_address(address)
    need_words(economy, SILENT)
    node = open_node(database)

    def hear(silence: Silence) -> Heard:
        fresh = node.with_lists_in_force()
        desk = ListeningDesk(
            fresh.database.session, economy, office, timedelta(seconds=after), fresh.policy,
            fresh.clock, fresh.log,
        )  # fmt: skip
        heard = desk.hear(silence, answers=answers(parts))
        if heard.turn is not None:
            node.publish_log()
        return heard

    _go_on(hear, economy, every, times)


def _go_on(hear: Callable[[Silence], Heard], economy: str, every: int, times: int | None) -> None:
    """Ask again and again; that the database is away for a while ends nothing."""
    silence = Silence()
    for asked in count(1):
        try:
            heard = hear(silence)
            silence = heard.silence
            _tell(economy, heard)
        except OutsideError as error:
            typer.echo(f"{error.code}: {error}", err=True)
        if asked == times:
            return
        time.sleep(every)


def _tell(economy: str, heard: Heard) -> None:
    if heard.turn is Turn.BEGIN:
        typer.echo(f"{economy} gives no answer: its decisions are suspended.")
    elif heard.turn is Turn.END:
        told = ", ".join(f"{number:,} {status}" for status, number in sorted(heard.decided.items()))
        typer.echo(f"{economy} answers again. Decided: {told or 'nothing had waited'}.")


def _need_address(address: str) -> SplitResult:
    parts = urlsplit(address)
    if parts.scheme not in _CONNECTIONS or not parts.hostname:
        raise UsageError(
            f"{address} is no address that can be asked.",
            next_step="Write it like https://customs.example/healthz.",
        )
    return parts


def answers(parts: SplitResult) -> bool:
    """Whether a server answers and tells no fault of its own; what it says is not read."""
    connection: HTTPConnection = _CONNECTIONS[parts.scheme](
        parts.hostname or "", parts.port, timeout=AUTHORITY_ANSWER_SECONDS_MAX
    )
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("GET", path, headers={"User-Agent": "tumen"})
        return connection.getresponse().status < SERVER_FAULT
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
