"""One POST to a receiver that answers badly, slowly, or not at all."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from receiving import Receiver, certified, receiver
from tumen.kernel.webhook_limits import WEBHOOK_ANSWER_BYTES_MAX
from tumen.web.webhooks.addresses import Address, read_address
from tumen.web.webhooks.posting import Answer, Fault, post


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def test_an_answer_that_never_ends_is_left(there: Receiver) -> None:
    there.answers = [(200, {})]
    there.drips.set()
    address = read_address(there.address, is_private_allowed=True)
    found = post(address, b"{}", {}, is_private_allowed=True, seconds=0.3)
    assert found == Answer(200), "it had said that it has them"
    assert there.dripped < WEBHOOK_ANSWER_BYTES_MAX // 4


def test_a_head_that_never_ends_is_cut_and_an_answer_that_is_no_http_is_told() -> None:
    for sent, fault in ((b"HTTP/1.1 200 OK\r\nx: ", Fault.TOO_SLOW), (b"SMTP\r\n", Fault.NO_HTTP)):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            address = Address(False, "127.0.0.1", listening.getsockname()[1], "/")
            with ThreadPoolExecutor(1) as one:
                asked = one.submit(post, address, b"{}", {}, is_private_allowed=True, seconds=0.5)
                way, _ = listening.accept()
                with way:
                    way.sendall(sent)
                    while not asked.done() and fault is Fault.TOO_SLOW:
                        with suppress(OSError):
                            way.sendall(b"x")
                        sleep(0.02)
                    assert asked.result() == Answer(None, fault)


def test_a_receiver_with_a_certificate_of_its_name_is_told(
    there: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certified(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiver(certificate) as secure:
        told = [
            post(Address(True, host, secure.port, "/"), b"{}", {}, is_private_allowed=True)
            for host in ("localhost", "127.0.0.1")
        ]
    assert told == [Answer(204), Answer(None, Fault.CERTIFICATE)]
    assert len(secure.posts) == 1


def test_a_receiver_without_a_certificate_of_its_name_is_not_told() -> None:
    with receiver() as plain:
        address = Address(True, "127.0.0.1", plain.port, "/")
        found = post(address, b"{}", {}, is_private_allowed=True, seconds=5)
    assert found == Answer(None, Fault.CERTIFICATE)
    assert plain.posts == []
    gone = post(address, b"{}", {}, is_private_allowed=True, seconds=5)
    assert gone == Answer(None, Fault.UNREACHABLE)
