"""Makes small studies for tests: cells in memory, and files in a folder."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from tumen.observatory.audit import judge
from tumen.observatory.claim import TRUE, Claim
from tumen.observatory.dataset import COLUMNS, Catalogue, Cell
from tumen.observatory.expression import parse
from tumen.observatory.finding import Finding
from tumen.observatory.quantity import printed
from tumen.observatory.study import Study
from tumen.observatory.units import unit_of

ACCEPTED = date(2023, 5, 9)


def cell(
    series: str, economy: str, period: str, value: str, unit: str = "billion USD",
    *, dataset: str = "t", concept: str = "", basis: str = "",
) -> Cell:  # fmt: skip
    """A printed cell of table ``t``."""
    return Cell(
        key=(dataset, series, economy, period),
        text=value,
        unit=unit_of(unit),
        quantity=printed(value, unit_of(unit)) if value else None,
        status="A" if value else "M",
        belongs_to=period,
        concept=concept,
        place="Table 1",
        note="",
        basis=frozenset(basis.split()),
    )


def claim(
    expression: str, claimed: str = TRUE, unit: str = "percent", word: str = "exactly"
) -> Claim:
    """A claim C1 whose expression can be read."""
    return Claim(
        id="C1", says="", section="", line=1, expression=expression, claimed=claimed,
        unit=unit_of(unit), word=word, node=parse(expression),
    )  # fmt: skip


def study(cells: Iterable[Cell]) -> Study:
    """A study of these cells, accepted on 2023-05-09."""
    catalogue = Catalogue(cells, frozenset({"WLD", "TOP10"}))
    return Study(Path("study.toml"), {"title": "t"}, {"accepted": ACCEPTED}, catalogue, {}, (), ())


def found(cells: Iterable[Cell], judged: Claim) -> Finding:
    """What the audit says of one claim over these cells."""
    return judge(judged, study(cells))


def slips(finding: Finding) -> list[str]:
    """The slips that would explain a failing claim, the cheapest first."""
    return [explanation.slip for explanation in finding.explanations]


def written(folder: Path, claims: str, tables: Mapping[str, str], head: str = "") -> Path:
    """A study file with its tables beside it; rows are given without the header."""
    datasets = ""
    for name, rows in tables.items():
        text = ",".join(COLUMNS) + "\n" + rows
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        datasets += f'[[datasets]]\nname = "{name}"\nfile = "{name}.csv"\n'
    file = folder / "study.toml"
    file.write_text(f'[study]\ntitle = "A study"\n{head}\n{datasets}\n{claims}', encoding="utf-8")
    return file
