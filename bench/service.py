"""`make bench`, the service: documents and quotes over HTTP, durable when they are answered.

Server, database and clients share the machine; fsync is on. Each arm has a fresh node. Nothing
here asserts a time; an answer that is not what it must be ends the bench with an error.
"""

import argparse
import base64
import gzip
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final, Protocol

import arms
import filled
import polars as pl
import report
import service_figure
from arena import fresh_node, query, sync_milliseconds
from own_process import say
from verdict import WrongResult

from tumen.access import keys, organisations
from tumen.access.keys import KeyWanted
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.bootstrap import Node
from tumen.simulation import Plan, simulate

CLIENTS: Final = Path(__file__).with_name("service_clients.py")
BUNDLES: Final = 20_000
BUNDLES_QUICK: Final = 400
DOCUMENTS_OF_A_BUNDLE: Final = 4
REQUEST_BUNDLES: Final = 100
SINGLES: Final = 12_000
SINGLES_OF_A_CLIENT: Final = 600
"""A client sends its documents one after the other: a few clients send fewer of them."""

QUOTES: Final = 6_000
TRIES: Final = 600
TRACKED: Final = 6_000
DECLARATIONS: Final = 1_000_000
TRACKING: Final = "tracking"
BULK: Final = "requests of 100 bundles"
SINGLE: Final = "single documents"
SENDERS: Final = "single documents, each client another sender"
QUOTES_ASKED: Final = "quotes, each another"
SAME_QUOTE: Final = "the same quote"
LODGE, QUOTE, TRACK = "/v1/submissions", "/v1/quotes", "/v1/tracking/"
SHIPMENT: Final = {
    "destination": "KR", "dispatch": "CN", "date": "2026-08-03", "currency": "USD",
    "buyer": {"id": "P123456789012"},
    "items": [{"hs": "6109100000", "description": "cotton shirts", "quantity": "3",
               "unit_price": "90.00", "net_weight_kg": "0.6", "origin": "CN"}],
}  # fmt: skip
ANSWERS: Final = ("accepted", "rejected", "duplicate", "ignored")
ARMS: Final = (
    (BULK, LODGE, (1, 4, 8, 16)),
    (SINGLE, LODGE, (1, 4, 16, 64)),
    (SENDERS, LODGE, (4, 16, 64)),
    (QUOTES_ASKED, QUOTE, (1, 4, 16, 64)),
    (SAME_QUOTE, QUOTE, (1, 4, 16, 64)),
    (TRACKING, TRACK, (1, 4, 16, 64)),
)
PERCENTILES: Final = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


class Counts(Protocol):
    """How many of each are sent, as the options of the command have it."""

    singles: int
    quotes: int


def lines_of(documents: Path) -> list[bytes]:
    """The NDJSON lines of a simulation, in its order."""
    found: list[bytes] = []
    for file in sorted(documents.rglob("*.ndjson*")):
        content = file.read_bytes()
        found += (gzip.decompress(content) if file.suffix == ".gz" else content).splitlines()
    return found


def shipments(quotes: int) -> Iterator[bytes]:
    """So many shipments, no two alike: another price each."""
    (item,) = SHIPMENT["items"]
    for cents in range(quotes):
        price = f"{90 + cents // 100}.{cents % 100:02}"
        yield json.dumps({**SHIPMENT, "items": [{**item, "unit_price": price}]}).encode()


def bodies(name: str, lines: Sequence[bytes], clients: int, counts: Counts) -> list[bytes]:
    """What the clients of an arm send."""
    if name == QUOTES_ASKED:
        return list(shipments(counts.quotes))
    if name == SAME_QUOTE:
        return [json.dumps(SHIPMENT).encode()] * counts.quotes
    if name in (SINGLE, SENDERS):
        return list(lines[: min(counts.singles, clients * SINGLES_OF_A_CLIENT)])
    size = REQUEST_BUNDLES * DOCUMENTS_OF_A_BUNDLE
    return [b"\n".join(lines[at : at + size]) for at in range(0, len(lines), size)]


@contextmanager
def serving(node: Node, workers: int) -> Iterator[int]:
    """The service of a node in processes of its own; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    assert node.database.directory is not None
    location = str(node.database.directory)
    command = (sys.executable, "-m", "tumen", "serve", "--port", str(port), "--workers",
               str(workers), "--database", location)  # fmt: skip
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as process:  # type: ignore[call-overload]
        try:
            _until_ready(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _until_ready(port: int) -> None:
    for _ in range(TRIES):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.1)
    raise WrongResult("the service did not start")


def keys_of(node: Node, organisations_wanted: int) -> list[str]:
    """The keys of organisations that lodge; one who shows none may ask 6,000 times a minute."""
    now = node.clock.now()
    found = []
    with node.database.session() as session:
        for number in range(organisations_wanted):
            mark = f"bench-{number}"
            made = Organisation(mark, "Bench", frozenset({Role.PLATFORM}))
            organisations.record(session, made, now, "console")
            found.append(keys.make(session, mark, KeyWanted("bench"), now, "console"))
    return found


def sent(
    port: int, path: str, headers: dict[str, str], clients: int, file: Path, own: Sequence[str] = ()
) -> dict[str, Any]:
    """What the clients measured; they show these keys in turn."""
    job = {"port": port, "path": path, "headers": headers, "clients": clients, "bodies": str(file),
           "is_read": path == TRACK, "keys": own}  # fmt: skip
    done = subprocess.run(
        (sys.executable, str(CLIENTS)), input=json.dumps(job), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise WrongResult(done.stderr)
    return dict(json.loads(done.stdout))


def measure(
    simulation: Path, name: str, path: str, clients: int, options: argparse.Namespace
) -> dict[str, Any]:
    """One arm on a fresh node."""
    lines = lines_of(simulation / "documents")
    with fresh_node(simulation) as node, tempfile.TemporaryDirectory() as folder:
        own = keys_of(node, clients if name == SENDERS else 1)
        file = Path(folder, "bodies")
        sending = bodies(name, lines, clients, options)
        file.write_bytes(b"\n".join(map(base64.b64encode, sending)))
        kind = "application/json" if path == QUOTE else "application/x-ndjson"
        with serving(node, options.workers) as port:
            found = sent(port, path, {"content-type": kind}, clients, file, own)
    return _told(name, clients, found)


def measure_tracking(
    simulation: Path, counts: Sequence[int], options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    """Tracking by anybody, on one node that holds a long history."""
    with fresh_node(simulation) as node, tempfile.TemporaryDirectory() as folder:
        arms.clear(node, simulation)
        say(f"making a history of {options.declarations:,} declarations")
        held = filled.fill(node, options.declarations)
        numbers = query(node, TRACKABLE.format(limit=options.tracked))
        file = Path(folder, "numbers")
        file.write_bytes(b"\n".join(base64.b64encode(str(each).encode()) for (each,) in numbers))
        own = keys_of(node, 1)
        with serving(node, options.workers) as port:
            for clients in counts:
                found = sent(port, TRACK, {}, clients, file, own)
                yield _told(f"{TRACKING}, {held:,} declarations stored", clients, found)


TRACKABLE: Final = """
    SELECT waybill_number FROM (
        SELECT DISTINCT waybill_number, md5(waybill_number) AS at_random FROM waybill
        WHERE answer = 'accepted' AND waybill_number ~ '^[A-Za-z0-9_-]+$' AND waybill_number IN (
            SELECT d.waybill_number FROM declaration d JOIN declaration_event USING (document_id))
    ) w ORDER BY at_random LIMIT {limit}
"""


def _told(name: str, clients: int, found: dict[str, Any]) -> dict[str, Any]:
    """What an arm's clients measured, as the tables and the figure tell it."""
    answers, seconds = found["told"], found["seconds"]
    if answers.get("200") != found["bodies"]:
        raise WrongResult(f"{name}: {answers}")
    documents = sum(
        answers.get(each, 0) for each in ("accepted", "rejected", "duplicate", "ignored")
    )
    taken = pl.Series(found["requests"]) * 1_000
    return {
        "arm": name,
        "clients": clients,
        "requests": found["bodies"] / seconds,
        "documents": documents / seconds,
        **{name: taken.quantile(part, "linear") for name, part in PERCENTILES.items()},
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All arms."""
    found: dict[str, Any] = {"machine": report.machine(), "sync": sync_milliseconds(), "arms": []}
    found["machine"]["workers"] = str(options.workers)
    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as folder:
        simulation = Path(folder, "made")
        simulate(Plan(options.bundles, options.seed), simulation, lambda _: None)
        chosen = [arm for arm in ARMS if not options.only or arm[0] in options.only]
        for name, path, counts in chosen:
            if name == TRACKING:
                found["arms"] += measure_tracking(simulation, counts, options)
                continue
            for clients in counts[-1:] if options.quick else counts:
                say(f"{name}, {clients} clients")
                found["arms"].append(measure(simulation, name, path, clients, options))
    return found


def rendered(found: dict[str, Any]) -> str:
    """The tables of a run."""
    facts = {**found["machine"], "one durable write": f"{found['sync']:.2f} ms"}
    header = ("over HTTP, durable when answered", "clients", "requests a second",
              "documents a second", *(f"{name}, ms" for name in PERCENTILES))  # fmt: skip
    rows = [
        [each["arm"], str(each["clients"]), f"{each['requests']:,.0f}",
         f"{each['documents']:,.0f}" if each["documents"] else "–",
         *(f"{each[name]:,.1f}" for name in PERCENTILES)]
        for each in found["arms"]
    ]  # fmt: skip
    return f"{report.table(('machine', 'value'), facts.items())}\n\n{report.table(header, rows)}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/service.py", description=__doc__)
    parser.add_argument("--bundles", type=int, default=BUNDLES, help=f"default {BUNDLES:,}")
    parser.add_argument("--singles", type=int, default=SINGLES, help="documents sent alone")
    parser.add_argument("--quotes", type=int, default=QUOTES, help="quotes asked")
    parser.add_argument("--tracked", type=int, default=TRACKED, help="journeys asked for")
    parser.add_argument(
        "--declarations", type=int, default=DECLARATIONS, help="stored while journeys are asked for"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that serve; default 1")
    parser.add_argument("--seed", type=int, default=7, help="of the simulation")
    parser.add_argument("--quick", action="store_true", help="few of everything")
    parser.add_argument("--only", action="append", choices=[arm[0] for arm in ARMS],
                        help="one kind of request; may stand several times")  # fmt: skip
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    parser.add_argument("--figure", type=Path, help="draw the arms into this SVG file")
    parser.add_argument("--json", action="store_true", help="print the raw results")
    options = parser.parse_args()
    if options.quick:
        options.bundles, options.singles, options.quotes = BUNDLES_QUICK, 120, 60
        options.tracked, options.declarations = 60, 4_000
    return options


def main() -> None:
    """Measure, show, write."""
    options = _options()
    found = run(options)
    report.tell(found, rendered(found), options)
    if options.figure:
        options.figure.write_text(service_figure.drawn(found), encoding="utf-8")


if __name__ == "__main__":
    main()
