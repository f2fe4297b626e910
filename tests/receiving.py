"""A receiver of webhooks in this process, and deliverers in others, for tests of webhooks."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clearing import CLOCK
from offices import node
from tumen.kernel.clock import Clock, SystemClock
from tumen.store.database import Database
from tumen.web.webhooks import delivering
from tumen.web.webhooks.delivering import Deliveries

EMPTY_ROUNDS = 10


@dataclass
class Received:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def numbers(self) -> list[int]:
        return [event["event_id"] for event in self.events]

    @property
    def events(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = json.loads(self.body)["data"]["events"]
        return told

    def is_signed_with(self, shown: str) -> bool:
        """The scheme again, from its specification and not from our code."""
        key = base64.b64decode(shown.split("_", 1)[1])
        name, moment = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        told = b".".join([name.encode(), moment.encode(), self.body])
        made = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
        stated = self.headers["webhook-signature"].split(" ")
        return any(hmac.compare_digest(f"v1,{made}", each) for each in stated)


@dataclass
class Receiver:
    """Answers as it is told, and 204 after that.

    Attributes:
        answers: the next ones: status and headers.
        seconds: how long it takes for each.
        drips: whether its answers have no end.
        dripped: how many bytes of them it could send.
        arrived: whether anything has come.
    """

    port: int = 0
    posts: list[Received] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    seconds: float = 0
    drips: threading.Event = field(default_factory=threading.Event)
    dripped: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/events?from=tumen"

    @property
    def numbers(self) -> list[int]:
        return [number for each in self.posts for number in each.numbers]


def certified(folder: Path, host: str) -> Path:
    """A file with a key and the certificate that it signed for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = SystemClock().now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def receiver(certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver on a port of its own; over TLS where a certificate is given."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent = {name.lower(): value for name, value in self.headers.items()}
            made.arrived.set()
            time.sleep(made.seconds)
            made.posts.append(Received(self.path, sent, body))
            status, headers = made.answers.pop(0) if made.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if made.drips.is_set():
                self._drip()

        def _drip(self) -> None:
            """Never come to an end."""
            try:
                while made.drips.is_set():
                    self.wfile.write(b"x")
                    made.dripped += 1
                    time.sleep(0.02)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            made.drips.clear()
            server.shutdown()
            thread.join()


@dataclass
class Hands:
    """A clock that is moved by hand."""

    at: datetime = CLOCK.at

    def now(self) -> datetime:
        return self.at

    def go_on(self, **time: float) -> None:
        self.at += timedelta(**time)


@contextmanager
def deliveries(
    database: Database, folder: Path, clock: Clock | None = None, *, is_private_allowed: bool = True
) -> Iterator[Deliveries]:
    """What delivers for a node on a test database, with no thread of its own."""
    made = Deliveries(
        replace(node(database, folder), clock=clock or Hands()),
        is_private_allowed=is_private_allowed, chance=lambda: 0.0,
    )  # fmt: skip
    try:
        yield made
    finally:
        made.close()


def deliver(given: Deliveries) -> int:
    """Rounds until nothing is sent; how many sent something."""
    sent = 0
    while [True for each in given.round() if each.result()]:
        sent += 1
    return sent


def deliver_by_ones(url: str, directory: Path, folder: Path) -> None:
    """A process that delivers one event at a time until there was nothing for a while."""
    delivering.WEBHOOK_EVENTS_MAX = 1  # type: ignore[misc]
    with deliveries(Database(url, directory), folder) as made:
        for _ in range(EMPTY_ROUNDS):
            deliver(made)
            time.sleep(0.05)
