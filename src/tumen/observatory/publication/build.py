"""`tumen observe build`: everything of a publication, made where it is not made already.

Reading, the audit and the pages take a second and are done each time; a file is written only where
its bytes change. Pictures take longer, and are drawn again only if their specification, which holds
their data, is another one.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tumen.observatory.dataset import Cell
from tumen.observatory.publication.audit_data import as_data
from tumen.observatory.publication.edition import Edition, edition_of
from tumen.observatory.publication.folder import Folder, key_of, open_folder
from tumen.observatory.publication.layout import Layout, layout_of
from tumen.observatory.publication.material import Material, material_of
from tumen.observatory.publication.pictures import (
    DRAWN_BY,
    Picture,
    draw,
    picture_of,
)
from tumen.observatory.publication.printing import (
    cells_csv,
    layout_csv,
    layout_latex,
    layout_typst,
)
from tumen.observatory.publication.site import Site, figure_points
from tumen.observatory.publication.statements import gaps_of

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    files: int
    written: tuple[str, ...]
    drawn: tuple[str, ...]
    removed: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    edition: Edition


def build(study: Path, out: Path, told: Told = lambda _: None) -> Built:
    """Build the publication of a study into a folder.

    Args:
        study: the study file; its plan and data lie beside it.
        out: a new folder, or that of an earlier build.
        told: called with the name of each part when it is begun.

    Raises:
        StudyError: a file of the study is not of its form.
        FolderForeign: the folder holds something else.
    """
    edition = edition_of(study)
    folder = open_folder(out)
    layouts = {
        table.dataset: layout
        for table in edition.tables
        if (layout := layout_of(edition, table)) is not None
    }
    materials = [material_of(edition, plan) for plan in edition.plan.figures]
    _put_tables(folder, edition, layouts)
    pictures = {each.plan.id: _picture(folder, edition, each, told) for each in materials}
    told("pages")
    for path, text in Site(edition, layouts, pictures).pages():
        folder.put(path, text)
    found = json.dumps(as_data(edition.audit), ensure_ascii=False, indent=2)
    folder.put("audit.json", found + "\n")
    removed = folder.close()
    return Built(
        files=len(folder.now),
        written=tuple(folder.written),
        drawn=tuple(folder.made),
        removed=tuple(removed),
        gaps=gaps_of(edition),
        edition=edition,
    )


def _put_tables(folder: Folder, edition: Edition, layouts: dict[str, Layout]) -> None:
    for table in edition.tables:
        name = f"tables/{table.dataset}"
        cells = edition.study.catalogue.of_dataset(table.dataset)
        folder.put(f"{name}-cells.csv", cells_csv(cells))
        if (layout := layouts.get(table.dataset)) is not None:
            folder.put(f"{name}.csv", layout_csv(layout))
            folder.put(f"{name}.typ", layout_typst(layout))
            folder.put(f"{name}.tex", layout_latex(layout))


def _picture(folder: Folder, edition: Edition, material: Material, told: Told) -> Picture:
    plan = material.plan
    told(plan.id)
    name = f"figures/{plan.id}"
    folder.keep_or_make(
        (f"{name}.vl.json", f"{name}.svg", f"{name}.png"),
        key_of(material.key(), DRAWN_BY),
        lambda: draw(material),
    )
    cells: list[Cell] = [
        point.cell for point in figure_points(edition, plan) if point.cell is not None
    ]
    if plan.series:
        folder.put(f"{name}.csv", cells_csv(cells))
    return picture_of(edition, plan, folder.text(f"{name}.svg"))
