"""One measurement of the law in a process of its own: `law_measure.py NAME ARGUMENTS-AS-JSON`.

The result is the last line of standard output, as JSON. A wrong result is an error.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import polars as pl
import quoted
from mix import ODD_SHARE, shipments
from verdict import WrongResult

from tumen import law
from tumen.law import assessing

CHECKED: Final = 200
"""Shipments of each frame that are held against their quotes."""

WARM_UP_QUOTES: Final = 300
AT_ONCE: Final = 32
EXAMPLE: Final = Path(__file__).parents[1] / "examples/shipment.json"


def assess(
    items: int, calls: int, seed: int = 0, odd: float = ODD_SHARE, *, texts: bool = False
) -> dict[str, Any]:
    """Seconds of ``law.assess`` over a frame: the first call, then others over other frames."""
    seconds, checked = [], 0
    for call in range(calls + 1):
        rows = shipments(items, seed + call, odd)
        frame = rows.cast(pl.String) if texts else rows  # texts: as CSV is read
        started = time.perf_counter()
        assessed = law.assess(frame)
        seconds.append(time.perf_counter() - started)
        checked += quoted.check(rows, assessed, CHECKED)
    return {
        "items": items, "first": seconds[0], "seconds": seconds[1:], "checked": checked,
        "odd": odd, "texts": texts, "memory_mib": _peak_mib(),
    }  # fmt: skip


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def mix(items: int, seed: int = 0) -> dict[str, Any]:
    """What the mix is like, and what becomes of it; untimed."""
    frame = shipments(items, seed)
    with _scalar_counted() as counted:
        assessed = law.assess(frame)
    statuses = assessed.group_by("destination", "status").len().rows()
    heads = frame.unique("shipment")
    return {
        "items": items,
        "shipments": assessed.height,
        "codes": frame.select("destination", "hs").n_unique(),
        "statuses": [[economy or "none", status, count] for economy, status, count in statuses],
        "regimes": assessed.group_by("destination", "regime").len().drop_nulls().rows(),
        "commercial": int((heads["purpose"] == "commercial").sum()),
        "odd": ODD_SHARE,
        "scalar": counted,
    }


@contextmanager
def _scalar_counted() -> Iterator[Counter[str]]:
    """Count the quotes that an assessment asks the scalar law for, by destination."""
    counted: Counter[str] = Counter()
    plain = assessing.quote

    def counting(native: Any, **named: Any) -> Any:
        counted[str(native.get("destination"))] += 1
        return plain(native, **named)

    assessing.quote = counting
    try:
        yield counted
    finally:
        assessing.quote = plain


def files(items: int, runs: int, seed: int = 0) -> dict[str, Any]:
    """Seconds of `tumen assess` from Parquet and from CSV, to Parquet; the same answers."""
    frame = shipments(items, seed)
    found: dict[str, Any] = {"items": items}
    marks = set()
    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as folder:
        for form, write in (("parquet", frame.write_parquet), ("csv", frame.write_csv)):
            source, out = Path(folder) / f"in.{form}", Path(folder) / "out.parquet"
            write(source)
            seconds = [_command("assess", str(source), "--out", str(out)) for _ in range(runs)]
            assessed = pl.read_parquet(out)
            quoted.check(frame, assessed, CHECKED)
            marks.add(quoted.fingerprint(assessed))
            found[form] = {"seconds": seconds, "bytes": source.stat().st_size}
    if len(marks) != 1:
        raise WrongResult("Parquet and CSV of the same shipments gave different answers")
    return found


def _command(*arguments: str) -> float:
    """The seconds of a command of the shell, with nothing imported."""
    program = Path(sys.executable).with_name("tumen")
    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as home:
        environment = {**os.environ, "TUMEN_HOME": home}
        started = time.perf_counter()
        subprocess.run(
            [str(program), *arguments], env=environment, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return time.perf_counter() - started


def quotes(count: int, seed: int = 0) -> dict[str, Any]:
    """Milliseconds of one quote, of 32 one after another, and of a frame of 32 shipments."""
    rows = shipments(4 * (count + WARM_UP_QUOTES), seed)  # more shipments than twice the count
    told = list(quoted.natives(rows))
    first = _milliseconds(law.quote, told[0])
    for native in told[1:WARM_UP_QUOTES]:
        law.quote(native)
    timed = told[WARM_UP_QUOTES : WARM_UP_QUOTES + count]
    each = [_milliseconds(law.quote, native) for native in timed]
    starts = range(WARM_UP_QUOTES + count, len(told) - AT_ONCE, AT_ONCE)
    batched = [_milliseconds(_quote_all, told[at : at + AT_ONCE]) for at in starts]
    names = rows["shipment"].unique(maintain_order=True)
    frames = [
        rows.filter(pl.col("shipment").is_in(names[at : at + AT_ONCE].implode())) for at in starts
    ]
    law.assess(frames[0])
    assessed = [_milliseconds(law.assess, frame) for frame in frames[1:]]
    return {
        "quotes": count,
        "batches": len(batched),
        "first": first,
        "one": _spread(each),
        "in_a_row": _spread([taken / AT_ONCE for taken in batched]),
        "frame": _spread([taken / AT_ONCE for taken in assessed]),
    }


def _quote_all(told: list[dict[str, Any]]) -> None:
    for native in told:
        law.quote(native, is_explained=False)


def _milliseconds(action: Callable[[Any], object], given: object) -> float:
    started = time.perf_counter()
    action(given)
    return (time.perf_counter() - started) * 1_000


def _spread(taken: list[float]) -> dict[str, float]:
    return {"median": median(taken), "p95": quantiles(taken, n=20)[-1]}


def shell(runs: int) -> dict[str, Any]:
    """Seconds of commands from the shell, each a process: cold but for the disk's cache."""
    flags = ("--to", "JP", "--from", "CN", "--hs", "610910010", "--price", "4500",
             "--currency", "JPY", "--weight", "0.3", "--date", "2026-08-01")  # fmt: skip
    commands = {
        "tumen quote FILE --json": ("quote", str(EXAMPLE), "--json"),
        "tumen quote --to JP …": ("quote", *flags),
        "tumen --help": ("--help",),
    }
    _command("--help")
    return {
        name: sorted(_command(*arguments) for _ in range(runs))
        for name, arguments in commands.items()
    }


def peer(items: int, pairs: int, seed: int = 0, days: int = 365) -> dict[str, Any]:
    """Our CBEC and OpenFisca's, side by side."""
    side_by_side = import_module("peers.side_by_side")  # the others need no OpenFisca
    found: dict[str, Any] = side_by_side.measure(items, pairs, seed, days)
    return found


MEASUREMENTS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "assess": assess, "mix": mix, "files": files, "quotes": quotes, "shell": shell, "peer": peer,
}  # fmt: skip

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(MEASUREMENTS[sys.argv[1]](**json.loads(sys.argv[2]))) + "\n")
