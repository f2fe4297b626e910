"""The report of a run of the law's bench: Markdown tables for the screen and the page."""

from collections import Counter
from importlib.metadata import version
from statistics import median
from typing import Any, Final

from report import MIB, table

STATUSES: Final = ("payable", "exempt", "unknown", "not_admissible")
MACHINE: Final = (
    "processor", "cores", "memory", "system", "load before the run", "revision", "Python", "polars",
)  # fmt: skip
LIBRARIES: Final = ("narwhals", "numpy", "openfisca-core")
QUOTES: Final = {
    "one": "one quote after another, each timed",
    "in_a_row": "32 quotes without the steps, each of them",
    "frame": "a frame of 32 shipments, each of them",
}
SIDES: Final = {
    "tumen": "Tumen",
    "openfisca": "OpenFisca, at its best",
    "documented": "OpenFisca, as documented",
}


def rendered(found: dict[str, Any]) -> str:
    """All tables of a run, of the parts that were measured."""
    tables = {
        "mix": _mix, "assess": _sizes, "texts": _texts, "odd": _odd, "files": _files,
        "quotes": _quotes, "shell": _shell, "peer": _peer,
    }  # fmt: skip
    parts = [_machine(found)]
    parts += [shown(found) for name, shown in tables.items() if name in found]
    return "\n\n".join(parts)


def _machine(found: dict[str, Any]) -> str:
    facts = {name: found["machine"][name] for name in MACHINE}
    facts |= {name: version(name) for name in LIBRARIES}
    if found["shared"]:
        facts["shared"] = "other work ran on this machine meanwhile"
    return table(("machine", "value"), facts.items())


def _mix(found: dict[str, Any]) -> str:
    mix = found["mix"]
    counts: dict[str, Counter[str]] = {}
    for economy, status, count in mix["statuses"]:
        counts.setdefault(economy, Counter())[status] += count
        counts.setdefault("all", Counter())[status] += count
    economies = sorted(counts, key=lambda name: (name == "all", -counts[name].total()))
    scalar = mix["scalar"] | {"all": sum(mix["scalar"].values())}
    rows = [
        [*_shares(name, counts[name], mix["shipments"]), _share(scalar.get(name, 0), counts[name])]
        for name in economies
    ]
    told = (status.replace("_", " ") for status in STATUSES)
    header = ("shipments to", "share", *told, "by the scalar law")
    return table(header, rows) + "\n\n" + _of_the_mix(mix)


def _shares(name: str, counts: Counter[str], shipments: int) -> list[str]:
    own = counts.total()
    return [name, f"{own / shipments:.1%}", *(_share(counts[each], counts) for each in STATUSES)]


def _share(count: int, counts: Counter[str]) -> str:
    return f"{count / counts.total():.2%}"


def _of_the_mix(mix: dict[str, Any]) -> str:
    shipments = mix["shipments"]
    regimes = sorted(mix["regimes"], key=lambda each: -each[2])
    listed = ", ".join(f"{economy} {name} {n / shipments:.1%}" for economy, name, n in regimes)
    each, commercial = mix["items"] / shipments, mix["commercial"] / shipments
    return (
        f"Of {mix['items']:,} items in {shipments:,} shipments ({each:.2f} each) with"
        f" {mix['codes']:,} distinct codes; {commercial:.1%} are commercial, {mix['odd']:.1%} tell"
        f" something odd. Regimes: {listed}."
    )


def _sizes(found: dict[str, Any]) -> str:
    runs = found["assess"]
    first = median(runs[0]["seconds"]) / runs[0]["items"]
    rows = []
    for run in runs:
        each = median(run["seconds"]) / run["items"]
        rows.append(
            [
                f"{run['items']:,}", f"{run['first']:.3f}", f"{median(run['seconds']):.3f}",
                *_rates(run), f"{each * 1e6:,.2f}", f"{each / first - 1:+.0%}",
                f"{run['memory_mib']:,.0f}",
            ]
        )  # fmt: skip
    header = (
        "`law.assess`, items", "first call, s", "further calls, s", "items a second", "slowest",
        "fastest", "µs an item", "against the first", "peak memory, MiB",
    )  # fmt: skip
    checked = sum(run["checked"] for run in runs)
    said = f"{checked:,} of the shipments were held against their quotes: no column differed."
    return table(header, rows) + "\n\n" + said


def _rates(run: dict[str, Any]) -> list[str]:
    taken = (median(run["seconds"]), max(run["seconds"]), min(run["seconds"]))
    return [f"{run['items'] / seconds:,.0f}" for seconds in taken]


def _texts(found: dict[str, Any]) -> str:
    typed, texts = found["assess"][-1], found["texts"]
    rows = [
        [name, f"{run['items']:,}", f"{median(run['seconds']):.3f}", *_rates(run)]
        for name, run in (("dates and decimals", typed), ("texts", texts))
    ]
    header = ("a frame of", "items", "seconds", "items a second", "slowest", "fastest")
    return table(header, rows)


def _odd(found: dict[str, Any]) -> str:
    plain = next(each for each in found["assess"] if each["items"] == found["odd"][0]["items"])
    runs = sorted([plain, *found["odd"]], key=lambda run: run["odd"])
    rows = [
        [f"{run['odd']:.1%}", f"{run['items']:,}", f"{median(run['seconds']):.3f}", *_rates(run)]
        for run in runs
    ]
    header = ("odd shipments", "items", "seconds", "items a second", "slowest", "fastest")
    return table(header, rows)


def _files(found: dict[str, Any]) -> str:
    files = found["files"]
    rows = [
        [
            name, f"{files['items']:,}", f"{files[form]['bytes'] / MIB:,.1f}",
            f"{median(files[form]['seconds']):.2f}",
            *_rates(files[form] | {"items": files["items"]}),
        ]
        for name, form in (("Parquet", "parquet"), ("CSV", "csv"))
    ]  # fmt: skip
    header = (
        "`tumen assess` from", "items", "MiB", "seconds", "items a second", "slowest", "fastest",
    )  # fmt: skip
    return table(header, rows) + "\n\nBoth gave the same answers."


def _quotes(found: dict[str, Any]) -> str:
    quotes = found["quotes"]
    rows = [
        [name, f"{quotes[key]['median']:.2f}", f"{quotes[key]['p95']:.2f}"]
        for key, name in QUOTES.items()
    ]
    said = (
        f"{quotes['quotes']:,} quotes and {quotes['batches']} batches of other shipments, after the"
        f" first ones; the very first quote of a process took {quotes['first']:.0f} ms."
    )
    return table(("in process, ms", "median", "p95"), rows) + "\n\n" + said


def _shell(found: dict[str, Any]) -> str:
    rows = [
        [f"`{name}`", f"{len(taken)}", *(f"{each:.3f}" for each in _summary(taken))]
        for name, taken in found["shell"].items()
    ]
    return table(("from the shell, s", "runs", "median", "fastest", "slowest"), rows)


def _summary(taken: list[float]) -> tuple[float, float, float]:
    return median(taken), min(taken), max(taken)


def _peer(found: dict[str, Any]) -> str:
    rows, said = [], []
    for each in found["peer"]:
        span = "a year, three laws" if each["days"] > 1 else "one day"
        rows += [_side(span, each, side, name) for side, name in SIDES.items()]
        said.append(_differences(span, each["pairs"]))
    header = ("CBEC, days of", "by", "items", "seconds", "items a second", "theirs / ours")
    return table(header, rows) + "\n\n" + " ".join(said)


def _side(span: str, each: dict[str, Any], side: str, name: str) -> list[str]:
    """The ratio is the median of the ratios of each table."""
    seconds = median(pair[side] for pair in each["pairs"])
    ratio = median(pair[side] / pair["tumen"] for pair in each["pairs"])
    items = each["items"]
    told = "" if side == "tumen" else f"{ratio:.2f}"
    return [span, name, f"{items:,}", f"{seconds:.3f}", f"{items / seconds:,.0f}", told]


def _differences(span: str, pairs: list[dict[str, Any]]) -> str:
    told = [f"{SIDES[side]}, {_off(pairs, side)}" for side in SIDES if side != "tumen"]
    taxed = sum(pair["off"]["openfisca"]["taxed"] for pair in pairs)
    return (
        f"Days of {span}: of {taxed:,} taxed items in {len(pairs)} tables the charges of OpenFisca"
        f" differ from the exact ones by a fen or more as follows: {'; '.join(told)}."
        " Nowhere do they differ by more than float32 explains."
    )


def _off(pairs: list[dict[str, Any]], side: str) -> str:
    names = {"duty": "duty", "consumption_tax": "consumption tax", "vat": "VAT"}
    counts = {
        name: sum(pair["off"][side][f"{key}_off"] for pair in pairs) for key, name in names.items()
    }
    return ", ".join(f"{name} of {count:,}" for name, count in counts.items())
