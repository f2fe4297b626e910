"""Write what a full run of the fault tests came to: python tools/build_faults_page.py REPORT.xml.

The report is the one that `make faults` has pytest write; there may be several, where the files
were run apart. The name of each suite is the revision that was run.
"""

import ast
import os
import platform
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from lxml import etree

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/faults.md"
FOLDERS: Final = ("tests/fault", "tests/property")
OUTCOMES: Final = {"failure": "failed", "error": "failed", "skipped": "skipped"}

HEAD: Final = """\
# Faults: what was done to the road, and what came of it

Written by `make faults`, which runs `tests/fault` and `tests/property` in full; `make test` runs
the same tests as a seeded sample. "Times" counts repetitions inside a test: kills, orders of
arrival or mixtures; where none is told, a test did its work once, or as often as its own file
says.

{runs}
Result: {passed} passed, {failed} failed, {skipped} skipped, in {minutes} minutes.
"""
RUN: Final = (
    "{what} {started}, revision {revision}, {processors} processors, {system}, Python {python}, "
    "tumen {version}."
)


def main() -> None:
    """Write the page from the reports named on the command line."""
    suites = [etree.parse(each).find(".//testsuite") for each in sys.argv[1:]]
    PAGE.write_text(page(suites), encoding="utf-8")


def page(suites: Sequence[etree._Element]) -> str:
    """The page: a section for each file, a line for each test."""
    by_file = defaultdict(list)
    for case in _cases(suites):
        by_file[_file(case)].append(case)
    sections = [_section(file, cases) for file, cases in sorted(by_file.items())]
    return "\n".join([_head(suites), *sections]).rstrip() + "\n"


def _cases(suites: Sequence[etree._Element]) -> list[etree._Element]:
    return [case for suite in suites for case in suite.iter("testcase")]


def _head(suites: Sequence[etree._Element]) -> str:
    outcomes = [_outcome(case) for case in _cases(suites)]
    by_revision = defaultdict(list)
    for suite in suites:
        by_revision[suite.get("name", "unknown")].append(suite)
    told = [_run(revision, each) for revision, each in sorted(by_revision.items())]
    left = sorted(_all_files() - {_file(case) for case in _cases(suites)})
    if left:
        told.append(f"Not run then: {', '.join(f'`{each.relative_to(ROOT)}`' for each in left)}.")
    return HEAD.format(
        runs="\n".join(told),
        passed=outcomes.count("passed"),
        failed=outcomes.count("failed"),
        skipped=outcomes.count("skipped"),
        minutes=round(sum(float(each.get("time", "0")) for each in suites) / 60),
    )


def _run(revision: str, suites: Sequence[etree._Element]) -> str:
    """When and where a revision was run, and how many files where they were run apart."""
    files = sorted({_file(case).name for case in _cases(suites)})
    return RUN.format(
        what="Last run:"
        if len(suites) == 1
        else f"{len(files)} files, each run by itself, the first at",
        started=min(each.get("timestamp", "") for each in suites).partition(".")[0],
        revision=revision,
        processors=os.cpu_count(),
        system=platform.system(),
        python=platform.python_version(),
        version=version("tumen"),
    )


def _all_files() -> set[Path]:
    return {file for folder in FOLDERS for file in (ROOT / folder).glob("test_*.py")}


def _file(case: etree._Element) -> Path:
    return ROOT.joinpath(*str(case.get("classname")).split(".")).with_suffix(".py")


def _section(file: Path, cases: list[etree._Element]) -> str:
    title = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or file.stem
    lines = [
        f"## {title.splitlines()[0].rstrip('.')}",
        "",
        f"`{file.relative_to(ROOT)}`",
        "",
        "| what | cases | times | result |",
        "|---|---|---|---|",
        *_lines(cases),
        "",
    ]
    return "\n".join(lines)


def _lines(cases: list[etree._Element]) -> Iterator[str]:
    by_test = defaultdict(list)
    for case in cases:
        by_test[case.get("name", "").partition("[")[0]].append(case)
    for name, same in by_test.items():
        sentence = name.removeprefix("test_").replace("_", " ")
        outcomes = [_outcome(case) for case in same]
        told = ", ".join(f"{outcomes.count(one)} {one}" for one in sorted(set(outcomes)))
        yield f"| {sentence} | {len(same)} | {_times(same)} | {told} |"


def _times(cases: list[etree._Element]) -> str:
    """What the tests recorded of how often they did their work, such as "5 kills"."""
    found = {
        f"{each.get('value')} {each.get('name')}"
        for case in cases
        for each in case.iter("property")
    }
    return ", ".join(sorted(found))


def _outcome(case: etree._Element) -> str:
    return next((OUTCOMES[each.tag] for each in case if each.tag in OUTCOMES), "passed")


if __name__ == "__main__":
    main()
