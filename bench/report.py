"""The report of a run of the bench: Markdown tables, for the screen and for docs/performance.md."""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

BEGIN: Final = "<!-- bench:begin -->"
END: Final = "<!-- bench:end -->"
GIB: Final = 1 << 30
MIB: Final = 1 << 20


def _revision() -> str:
    """The revision of the project that is measured."""
    command = ("git", "describe", "--always", "--dirty")
    folder = Path(__file__).parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def machine() -> dict[str, str]:
    """The machine, as far as it can be told, and what is measured on it."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        model = next(
            (x.partition(":")[2].strip() for x in lines if x.startswith("model name")), model
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": model,
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / GIB:.1f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before the run": f"{os.getloadavg()[0]:.2f} (1 minute)",
        "revision": _revision(),
        "Python": platform.python_version(),
        "polars": version("polars"),
        "psycopg": version("psycopg"),
    }


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column reads, the others count."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def rendered(found: dict[str, Any]) -> str:
    """All tables of a run."""
    parts = [
        _machine(found),
        _roads(found),
        _arms(found["pairs"]),
        _trust(found["trust"]) if "trust" in found else "",
        _stations(found["where"]) if "where" in found else "",
        _latencies(found["small"]) if "small" in found else "",
        _growth(found["growth"]) if "growth" in found else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _machine(found: dict[str, Any]) -> str:
    settings = found["settings"]
    facts = found["machine"] | {"PostgreSQL": settings["server_version"]}
    facts |= {name: settings[name] for name in ("fsync", "synchronous_commit", "shared_buffers")}
    facts["runs"] = f"{found['runs']}, median given; every run checked against truth.csv"
    if found.get("shared"):
        facts["shared"] = "other work ran on this machine meanwhile"
    return table(("machine", "value"), facts.items())


def _roads(found: dict[str, Any]) -> str:
    rows = [("NDJSON", found["pairs"], "road")]
    rows += [
        (name, found[key], "seconds")
        for name, key in (("NDJSON, with --out", "out"), ("CEB XML", "ceb"))
        if key in found
    ]
    return table(
        ("whole road from", "bundles", "seconds", "bundles a second", "slowest", "fastest"),
        [_road(*row) for row in rows],
    )


def _road(name: str, runs: list[dict[str, Any]], key: str) -> list[str]:
    bundles, seconds = runs[0]["bundles"], sorted(run[key] for run in runs)
    rates = [f"{bundles / x:,.0f}" for x in (median(seconds), seconds[-1], seconds[0])]
    return [name, f"{bundles:,}", f"{median(seconds):.2f}", *rates]


def _arms(pairs: list[dict[str, Any]]) -> str:
    """Each ratio is the median of the ratios of the pairs, each of one run."""
    one = pairs[0]
    names = {
        "road": "the road",
        "bare": "bare COPY: text made from frames in memory, and copied",
        "prepared": "prepared COPY: text made beforehand, PostgreSQL alone",
    }
    rows = [
        [
            name,
            f"{median(pair[key] for pair in pairs):.2f}",
            "" if key == "road" else f"{median(pair['road'] / pair[key] for pair in pairs):.2f}",
        ]
        for key, name in names.items()
    ]
    same = "the same rows" if all(pair["same_rows"] for pair in pairs) else "DIFFERENT ROWS"
    said = (
        f"Each arm left {same}: {one['rows']:,} in {one['tables']} tables,"
        f" {one['transactions']} transactions, {one['copied_bytes'] / MIB:,.1f} MiB of text."
    )
    return table(("arm", "seconds", "road / arm"), rows) + "\n\n" + said


def _trust(pairs: list[dict[str, Any]]) -> str:
    """The ratio is the median of the ratios of the pairs, each of one process."""
    names = {"on": "the road with its log", "off": "the same without leaves, checkpoints, files"}
    rows = [[name, f"{median(pair[key] for pair in pairs):.2f}"] for key, name in names.items()]
    ratio = median(pair["on"] / pair["off"] for pair in pairs)
    return table(("log", "seconds"), rows) + f"\n\nWith the log it takes {ratio:.2f} times as long."


def _stations(where: dict[str, Any]) -> str:
    bundles, whole = where["bundles"], where["whole"]
    rows = [
        [station, f"{seconds / bundles * 1e6:,.1f}", f"{seconds / whole:.1%}"]
        for station, seconds in where["stations"].items()
    ]
    rows.append(["all, one after the other", f"{whole / bundles * 1e6:,.1f}", "100 %"])
    return table(("where the time goes", "µs a bundle", "share"), rows)


def _latencies(small: dict[str, Any]) -> str:
    rows = [
        [
            f"{each['documents']}, " + ("apart from fsync" if each["synchronous_commit"] == "off"
                                        else "durable"),
            f"{each['median']:.1f}", f"{each['p95']:.1f}",
            f"{each['deciding_median']:.1f} ({each['deciding']})" if each["deciding"] else "none",
        ]
        for each in small["latencies"]
    ]  # fmt: skip
    header = ("documents a batch", "median ms", "p95 ms", "median ms where one is decided")
    said = f"One durable write of 8 KiB on this disk: {small['sync_milliseconds']:.2f} ms."
    return table(header, rows) + "\n\n" + said


def _growth(growth: list[dict[str, Any]]) -> str:
    first = growth[0]["seconds"] / growth[0]["bundles"]
    rows = []
    for run in growth:
        each = run["seconds"] / run["bundles"]
        rows.append(
            [
                f"{run['bundles']:,}",
                f"{run['seconds']:.1f}",
                f"{each * 1e6:,.1f}",
                f"{each / first - 1:+.0%}",
                f"{run['cpu_seconds'] / run['bundles'] * 1e6:,.1f}",
                f"{run['memory_mib']:,.0f}",
            ]
        )
    header = ("bundles", "seconds", "µs a bundle", "against the first",
              "of it CPU of the process, µs", "peak memory, MiB")  # fmt: skip
    return table(header, rows)


def tell(found: dict[str, Any], text: str, options: argparse.Namespace) -> None:
    """Print what was found, as JSON where it was asked for, and put it into its page."""
    print(json.dumps(found) if options.json else text)
    if options.write:
        write(text, options.write)


def write(text: str, page: Path) -> None:
    """Put the report between the marks of a page, or make a page of it."""
    marked = f"{BEGIN}\n{text}\n{END}"
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    page.write_text(before + marked + after if begin and end else marked + "\n", encoding="utf-8")
