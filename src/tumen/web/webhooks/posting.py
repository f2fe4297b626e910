"""One POST to a receiver: bounded in time and size, and led nowhere else.

The connection goes to the number that was looked at, with the certificate checked for the name.
No proxy, no redirect, no cookie. Of the answer its status is kept and when to come again; its
body is read as far as its bound and forgotten.
"""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final

from tumen.kernel.webhook_limits import WEBHOOK_ANSWER_BYTES_MAX, WEBHOOK_SECONDS_MAX
from tumen.web.webhooks.addresses import Address, Refused, resolved

AGENT: Final = "Tumen-Webhooks/1"
_DIGITS_MAX: Final = 6


class Fault(StrEnum):
    """Why no answer came."""

    ADDRESS_REFUSED = "address_refused"
    NAME_UNKNOWN = "name_unknown"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TOO_SLOW = "too_slow"
    NO_HTTP = "no_http"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a POST.

    Attributes:
        status: of the answer; None where none came.
        fault: why none came.
        retry_after: seconds after which the receiver wants it again.
    """

    status: int | None
    fault: Fault | None = None
    retry_after: int | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver has it: 2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300


def post(
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    *,
    is_private_allowed: bool,
    seconds: float = WEBHOOK_SECONDS_MAX,
) -> Answer:
    """Send a body to an address; every failure is an answer."""
    try:
        number = resolved(address, is_private_allowed=is_private_allowed)
    except Refused:
        return Answer(None, Fault.ADDRESS_REFUSED)
    except OSError:
        return Answer(None, Fault.NAME_UNKNOWN)
    connection = _Pinned(address, number, seconds)
    with _cut_after(connection, seconds) as is_cut:
        try:
            answer = _asked(connection, address, body, headers)
            if is_cut.is_set():
                raise TimeoutError
            return _told(answer)
        except (OSError, HTTPException, ValueError) as error:
            return Answer(None, Fault.TOO_SLOW if is_cut.is_set() else _fault(error))
        finally:
            connection.close()


class _Pinned(HTTPConnection):
    """A connection to a number, by the name of the host."""

    def __init__(self, address: Address, number: str, seconds: float) -> None:
        super().__init__(address.host, address.port, timeout=seconds)
        self._number = number
        self._is_secure = address.is_secure
        self._way: socket.socket | None = None  # http.client lets go of its own at the answer

    def cut(self) -> None:
        """End what is under way, in whichever thread it is."""
        if self._way is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._way, socket.SHUT_RDWR)

    def connect(self) -> None:
        """Connect to the number; the certificate is checked for the name."""
        self._way = socket.create_connection((self._number, self.port), self.timeout)
        self.sock = self._way
        if self._is_secure:
            # The handshake is apart, so that it can be cut too.
            wrapped = ssl.create_default_context().wrap_socket(
                self._way, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self._way = wrapped
            wrapped.do_handshake()


@contextmanager
def _cut_after(connection: _Pinned, seconds: float) -> Iterator[threading.Event]:
    """Cut a connection when its time is over: a receiver that drips would hold it for ever."""
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        connection.cut()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield is_cut
    finally:
        timer.cancel()


def _asked(
    connection: HTTPConnection, address: Address, body: bytes, headers: Mapping[str, str]
) -> HTTPResponse:
    """The answer, once its head has come."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    is_usual = address.port == (443 if address.is_secure else 80)
    said = {
        "Host": host if is_usual else f"{host}:{address.port}",
        "Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close", **headers,
    }  # fmt: skip
    connection.request("POST", address.target, body=body, headers=said)
    return connection.getresponse()


def _told(answer: HTTPResponse) -> Answer:
    """What an answer says; that its body breaks off takes nothing back."""
    with suppress(OSError, HTTPException, ValueError):
        answer.read(WEBHOOK_ANSWER_BYTES_MAX)
    return Answer(answer.status, retry_after=_retry_after(answer))


def _retry_after(answer: HTTPResponse) -> int | None:
    """Seconds of Retry-After; a date is not taken, for our clocks may differ."""
    stated = (answer.getheader("Retry-After") or "").strip()
    is_number = stated.isascii() and stated.isdigit() and len(stated) <= _DIGITS_MAX
    return int(stated) if is_number else None


def _fault(error: Exception) -> Fault:
    if isinstance(error, TimeoutError):
        return Fault.TOO_SLOW
    if isinstance(error, ssl.SSLError):
        return Fault.CERTIFICATE
    return Fault.UNREACHABLE if isinstance(error, OSError) else Fault.NO_HTTP
