"""Where a delivery may go, and where it is not led."""

import socket
from typing import Any

import pytest

from tumen.kernel.errors import UsageError
from tumen.web.webhooks.addresses import Address, Refused, is_allowed, read_address, resolved
from tumen.web.webhooks.posting import Answer, Fault, post

PUBLIC = "93.184.216.34"
INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_a_number_that_leads_inside_is_refused(number: str) -> None:
    assert not is_allowed(number, is_private_allowed=False)
    host = f"[{number}]" if ":" in number else number
    with pytest.raises(UsageError):
        read_address(f"https://{host}/events", is_private_allowed=False)


@pytest.mark.parametrize("number", [PUBLIC, "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_a_number_of_the_public_internet_is_taken(number: str) -> None:
    assert is_allowed(number, is_private_allowed=False)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001", "127.1", "0177.0.0.1"],
)
def test_the_own_machine_is_known_however_it_is_written(host: str) -> None:
    with pytest.raises(UsageError, match="private network"):
        read_address(f"https://{host}/", is_private_allowed=False)


@pytest.mark.parametrize(
    "text",
    [
        "", "events", "ftp://example.org/", "file:///etc/passwd", "https://", "https:///x",
        "https://user:word@example.org/", "https://example.org@10.0.0.1/",
        "https://example.org/#part", "https://example.org/\r\nHost: inside",
        "https://exa mple.org/",
        "https://example.org:0/", "https://example.org:99999/", "https://[::1",
        "https://пример.рф/",
        "http://example.org/", "http://127.0.0.1/", "https://example.org/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_over_https_is_refused_and_told(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_address(text, is_private_allowed=False)
    assert "https" in refused.value.next_step
    assert "word" not in str(refused.value)


def test_plain_http_goes_to_the_own_machine_alone_and_where_the_node_allows_it() -> None:
    found = read_address("http://127.0.0.1:8080/a?b=c", is_private_allowed=True)
    assert found == Address(False, "127.0.0.1", 8080, "/a?b=c")
    for text in ("http://10.0.0.1/", "http://example.org/", "http://127.evil.example/"):
        with pytest.raises(UsageError):
            read_address(text, is_private_allowed=True)
    assert read_address("https://10.0.0.1/", is_private_allowed=True).port == 443


def test_a_name_is_looked_at_when_it_is_used_and_all_its_numbers_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[str] = []

    def answered(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", (number, 443)) for number in found]

    address = read_address("https://events.example/", is_private_allowed=False)
    monkeypatch.setattr(socket, "getaddrinfo", answered)
    found[:] = [PUBLIC]
    assert resolved(address, is_private_allowed=False) == PUBLIC
    found[:] = [PUBLIC, "169.254.169.254"]
    with pytest.raises(Refused):
        resolved(address, is_private_allowed=False)
    assert post(address, b"", {}, is_private_allowed=False) == Answer(None, Fault.ADDRESS_REFUSED)
    plain = Address(is_secure=False, host="localhost", port=80, target="/")
    found[:] = ["10.0.0.1"]
    with pytest.raises(Refused):
        resolved(plain, is_private_allowed=True)
