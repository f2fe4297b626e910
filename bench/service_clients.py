"""Clients of the service, in a process of their own: many connections, one thread, no library.

Reads a job as JSON from standard input: the port, the path, headers, keys, the number of clients,
and a file of bodies, one a line in base64; of a job that reads each is the end of its path. Each
client shows one of the keys, keeps its connection, and sends the next body when it has its answer.
Writes the seconds of the whole, of each request, and what was answered.
"""

import asyncio
import base64
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

WARM_UP_SHARE = 10
"""One of so many bodies is sent before the clock starts."""


async def _ask(
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], head: bytes, body: bytes
) -> tuple[int, bytes]:
    """Send a request and read its answer whole."""
    reader, writer = streams
    writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith("content-length:"))
    return int(lines[0].split()[1]), await reader.readexactly(length)


async def _client(
    job: dict[str, Any], own: str, bodies: Iterator[bytes], taken: list[float], told: Counter[str]
) -> None:
    lines = {"host": "127.0.0.1", **job["headers"]}
    if own:
        lines["authorization"] = f"Bearer {own}"
    rest = " HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    streams = await asyncio.open_connection("127.0.0.1", job["port"], limit=1 << 26)
    for body in bodies:
        started = time.perf_counter()
        asked = job["path"] + body.decode() if job["is_read"] else job["path"]
        head = f"{'GET' if job['is_read'] else 'POST'} {asked}{rest}"
        status, answer = await _ask(streams, head.encode(), b"" if job["is_read"] else body)
        taken.append(time.perf_counter() - started)
        told[str(status)] += 1
        if status == 200 and b'"answers"' in answer:
            told.update(json.loads(answer)["answers"])
    streams[1].close()


async def _round(job: dict[str, Any], bodies: list[bytes]) -> dict[str, Any]:
    taken: list[float] = []
    told: Counter[str] = Counter()
    waiting = iter(bodies)
    shown, clients = cycle(job["keys"] or [""]), min(job["clients"], len(bodies))
    started = time.perf_counter()
    await asyncio.gather(
        *(_client(job, own, waiting, taken, told) for own in islice(shown, clients))
    )
    return {"seconds": time.perf_counter() - started, "requests": taken, "told": told}


def main() -> None:
    """Warm up, measure, tell."""
    job = json.load(sys.stdin)
    bodies = [base64.b64decode(line) for line in Path(job["bodies"]).read_bytes().split()]
    first = max(1, len(bodies) // WARM_UP_SHARE)
    asyncio.run(_round(job, bodies[:first]))
    found = asyncio.run(_round(job, bodies[first:]))
    json.dump({**found, "bodies": len(bodies) - first}, sys.stdout)


if __name__ == "__main__":
    main()
