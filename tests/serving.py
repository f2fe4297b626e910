"""Serves a node's witness or log over HTTP in processes of its own, for tests."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from running import started

TRIES = 300


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether an HTTP server answers on a port."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def served(folder: Path, port: int, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """Run a command that serves on a port; stopped at the end, with its workers."""
    process = started(folder, *arguments, "--port", port)
    try:
        for _ in range(TRIES):
            if answers(port):
                break
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)
