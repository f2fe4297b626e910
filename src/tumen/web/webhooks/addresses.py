"""Where a delivery may go: to the public internet, and nowhere behind the node's own walls.

1. An address is https, without a user, a fragment or signs that a parser may drop.
2. A host that is written as a number is looked at when the webhook is made.
3. A name is resolved for every delivery, all that it resolves to is looked at, and the connection
   goes to just that: a name that changes its mind between the two gains nothing.

With TUMEN_WEBHOOK_PRIVATE=1 a node sends inside too, and over http to its own machine: for a node
and a receiver within one network, and for tests.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from tumen.kernel.errors import UsageError
from tumen.kernel.webhook_limits import WEBHOOK_ADDRESS_LENGTH_MAX

_SIGNS: Final = re.compile(r"[!-~]+")
_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")
_PORTS: Final = {"https": 443, "http": 80}
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_TRANSLATED_INSIDE: Final = IPv6Network("64:ff9b:1::/48")
_FOUR: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Address:
    """Where a delivery goes.

    Attributes:
        is_secure: whether it goes over TLS.
        host: a name or a number, without brackets.
        port: the port.
        target: path and query, as they stand in the request.
    """

    is_secure: bool
    host: str
    port: int
    target: str


class Refused(Exception):
    """An address leads where nothing is sent."""


def read_address(text: str, *, is_private_allowed: bool) -> Address:
    """Take an address apart.

    Raises:
        UsageError: it has not the form, or leads inside.
    """
    found = _parts(text)
    address = Address(
        found.scheme == "https", found.hostname or "",
        found.port or _PORTS[found.scheme],
        (found.path or "/") + (f"?{found.query}" if found.query else ""),
    )  # fmt: skip
    if not address.is_secure and not (is_private_allowed and _is_own_machine(address.host)):
        raise UsageError(
            "Events are sent over https.", next_step="Name an address that begins with https://."
        )
    for number in _as_number(address):
        if not is_allowed(number, is_private_allowed=is_private_allowed):
            raise UsageError(
                "The address leads into a private network.",
                next_step="Name a host of the public internet.",
            )
    return address


def resolved(address: Address, *, is_private_allowed: bool) -> str:
    """The number to connect to.

    Raises:
        Refused: the name leads inside, if only by one of its numbers.
        OSError: the name does not resolve.
    """
    numbers = _numbers(address, 0)
    for number in numbers:
        is_own = address.is_secure or ip_address(number).is_loopback
        if not is_own or not is_allowed(number, is_private_allowed=is_private_allowed):
            raise Refused
    return numbers[0]


def is_allowed(number: str, *, is_private_allowed: bool) -> bool:
    """Whether something may be sent to a number."""
    found = _inner(ip_address(number))
    if found.is_multicast or found.is_unspecified:
        return False
    return is_private_allowed or (found.is_global and not found.is_reserved)


def _inner(number: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 number within one of IPv6 that leads to it; else the number itself."""
    if isinstance(number, IPv4Address):
        return number
    if number in _TRANSLATED:
        return IPv4Address(int(number) & _FOUR)
    if number in _TRANSLATED_INSIDE:
        return IPv4Address(0)
    teredo = number.teredo
    return number.ipv4_mapped or number.sixtofour or (teredo[1] if teredo else number)


def _parts(text: str) -> SplitResult:
    try:
        found = urlsplit(text)
        is_formed = (
            len(text) <= WEBHOOK_ADDRESS_LENGTH_MAX
            and _SIGNS.fullmatch(text) is not None
            and found.scheme in _PORTS
            and _HOST.fullmatch(found.hostname or "") is not None
            and "@" not in found.netloc
            and not found.fragment
            and found.port != 0
        )
    except ValueError:
        is_formed = False
    if not is_formed:
        raise UsageError(
            "This is no address to send events to.",
            next_step="Name one such as https://example.org/events: ASCII, no user, no fragment.",
        )
    return found


def _is_own_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _as_number(address: Address) -> list[str]:
    """A host that is a number, however it is written; nothing for a name."""
    if address.host.rstrip(".") == "localhost":
        return ["127.0.0.1"]
    try:
        return _numbers(address, socket.AI_NUMERICHOST)
    except OSError:
        return []


def _numbers(address: Address, flags: int) -> list[str]:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=flags)
    return [str(each[4][0]) for each in found]
