"""The service over real HTTP, asked by those who mean no good: it answers, and goes on."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.conftest import fresh_database

from serving import free_port, served
from tumen.kernel.limits import HEADER_BYTES_MAX, SUBMISSION_REQUEST_BYTES_MAX


@pytest.fixture(scope="module")
def port(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    number, folder = free_port(), tmp_path_factory.mktemp("node")
    with (
        fresh_database(database_location) as database,
        served(folder, number, "serve", "--database", database.url),
    ):
        yield number


def said(port: int, sent: bytes) -> tuple[int, dict[str, str]]:
    """The status and the problem that raw bytes are answered with; 0 for a closed connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        with suppress(ConnectionError):
            connection.sendall(sent)
        received = b""
        with suppress(ConnectionError, TimeoutError):
            while block := connection.recv(1 << 16):
                received += block
    if not received:
        return 0, {}
    head, _, body = received.partition(b"\r\n\r\n")
    problem = json.loads(body) if b"problem+json" in head else {}
    return int(head.split()[1]), problem


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    told = [line + " HTTP/1.1", "host: tests", "connection: close", *headers]
    return "\r\n".join([*told, "", ""]).encode() + body


def is_alive(port: int) -> bool:
    return said(port, request("GET /healthz"))[0] == 200


def test_a_head_without_end_is_refused(port: int) -> None:
    status, _ = said(port, request("GET /healthz", "x-long: " + "a" * 2 * HEADER_BYTES_MAX))
    assert status in {0, 400, 413, 431}
    status, _ = said(port, request("GET /" + "a" * 2 * HEADER_BYTES_MAX))
    assert status in {0, 400, 404, 414, 431}
    assert is_alive(port)


def test_a_body_that_says_it_is_too_large_is_not_waited_for(port: int) -> None:
    length = f"content-length: {SUBMISSION_REQUEST_BYTES_MAX + 1}"
    line = "POST /v1/quotes"
    status, problem = said(port, request(line, length, "content-type: application/json"))
    assert (status, problem["code"]) == (413, "TOO_LARGE")
    assert is_alive(port)


def test_who_leaves_in_the_middle_of_a_body_disturbs_nobody(port: int) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(request("POST /v1/quotes", "content-length: 1000", body=b"{"))
    assert is_alive(port)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/receipts/../../../etc/passwd",
        "/v1/receipts/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/v1/receipts/'%20OR%201=1%20--",
        "/v1/reference/code-lists/%00",
        "/v1/reference/problems/%7B%7B7*7%7D%7D",
        "/v1/tracking/%E2%80%AE%F0%9F%92%A9",
        "//etc/passwd",
        "/%ff",
    ],
)
def test_a_tricky_path_is_a_problem_and_no_file(port: int, path: str) -> None:
    status, _ = said(port, request(f"GET {path}"))
    assert status in {400, 401, 404}
    assert is_alive(port)


def test_what_is_no_http_is_not_answered_as_if_it_were(port: int) -> None:
    for sent in (b"\x16\x03\x01\x00", b"GARBAGE\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        assert said(port, sent)[0] in {0, 400, 505}
    assert is_alive(port)
