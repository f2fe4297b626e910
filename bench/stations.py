"""Where the time goes: the stations of the road, timed from outside, one after the other.

The road reads and prepares one batch while another is decided, and writes what is final while
it decides. Here all is done in one thread, so that each station's own time can be told; what a
station calls of another one is the other's. The sum is therefore more than the road's time.
"""

import functools
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from arena import fresh_node
from arms import replaced

from tumen.bootstrap import DEFAULT_SENDER
from tumen.documents import rules
from tumen.documents.formats import intake
from tumen.documents.formats.sources import find
from tumen.store import session as store_session
from tumen.store.session import Session
from tumen.window import decision, desk, matching, prepare, recording
from tumen.window.desk import Desk
from tumen.window.leaves import WaveLeaves
from tumen.window.ledger.log import NodeLog
from tumen.window.prepare import Preparation
from tumen.window.tally import Tally

PLACES: Final[tuple[tuple[str, Any, str], ...]] = (
    ("check the form", prepare, "judge"),
    ("check the rules", rules, "check"),
    ("conceal personal data", prepare, "conceal"),
    ("prepare: the rest", Preparation, "prepare"),
    ("admit", desk, "admit"),
    ("load from the store", Session, "ask"),
    ("match", matching, "join"),
    ("match", matching, "compare"),
    ("assess", decision, "assess"),
    ("screen", decision, "screen"),
    ("decide: the rest", decision, "decide"),
    *(
        ("compose rows and receipts", recording, name)
        for name in ("contents", "early", "late", "heads", "compose")
    ),
    ("write: text and COPY", Session, "copy"),
    ("leaves of the log", WaveLeaves, "take"),
    ("leaves of the log", WaveLeaves, "leaves"),
    ("append to the log", NodeLog, "append"),
    ("write: commit", Session, "commit"),
    ("the desk itself", Desk, "_run"),
)
"""Station, and where what it does is called from."""

READ: Final = "read"
STATIONS: Final = tuple(dict.fromkeys((READ, *(name for name, _, _ in PLACES))))


@dataclass
class Stopwatch:
    """The time of each station without what it calls of others."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _below: list[float] = field(default_factory=list)

    @contextmanager
    def on(self, station: str) -> Iterator[None]:
        """Time what is done here."""
        self._below.append(0.0)
        started = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - started
            self.seconds[station] += taken - self._below.pop()
            if self._below:
                self._below[-1] += taken

    def timed(self, station: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        @functools.wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:
            with self.on(station):
                return function(*arguments, **named)

        return run


@contextmanager
def _watched(watch: Stopwatch) -> Iterator[None]:
    """Time every place, and write in line: a thread of its own has no place on one watch."""
    with ExitStack() as places:
        places.enter_context(replaced(store_session, "WRITTEN_IN_LINE_MAX", sys.maxsize))
        for station, owner, name in PLACES:
            timed = watch.timed(station, getattr(owner, name))
            places.enter_context(replaced(owner, name, timed))
        yield


def measure(simulation: Path, bundles: int) -> dict[str, Any]:
    """Seconds of each station over a simulation, and of the whole run without overlap."""
    watch, tally = Stopwatch(), Tally()
    with fresh_node(simulation) as node, node.database.connect() as connection, _watched(watch):
        preparation = node.preparation(DEFAULT_SENDER)
        receiving = node.desk(connection.transaction)
        started = time.perf_counter()
        batches = intake.read(find([simulation / "documents"]))
        while True:
            with watch.on(READ):
                texts = next(batches, None)
            if texts is None:
                break
            for outcome in receiving.receive(preparation.prepare(texts)):
                tally.add(outcome)
        whole = time.perf_counter() - started
    rest = whole - sum(watch.seconds.values())
    stations = {station: watch.seconds[station] for station in STATIONS}
    return {"bundles": bundles, "whole": whole, "stations": stations | {"everything else": rest}}
