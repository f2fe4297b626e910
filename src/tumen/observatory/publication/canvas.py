"""What a picture is drawn on: its material, and its rows as named data of the specification."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import altair as alt

from tumen.observatory.publication.material import Material, Row, Series
from tumen.observatory.publication.plan_model import FigurePlan
from tumen.observatory.publication.style import QUIET, colour_of, shape_of


@dataclass
class Canvas:
    """Collects the data of a picture apart from its marks: Altair copies marks very often."""

    material: Material
    datasets: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def plan(self) -> FigurePlan:
        """What is to be drawn."""
        return self.material.plan

    @property
    def series(self) -> tuple[Series, ...]:
        """The series to draw."""
        return self.material.series

    def chart(self, rows: Sequence[Row]) -> alt.Chart:
        """A chart of these rows."""
        name = f"rows{len(self.datasets) + 1}"
        self.datasets[name] = list(rows)
        return alt.Chart(alt.NamedData(name=name))

    def words(self, text: str, width: int, height: int) -> alt.Chart:
        """Words in the middle of a panel that has nothing to show."""
        chart: alt.Chart = (
            self.chart([{"text": text}])
            .mark_text(fontSize=14, color=QUIET)
            .encode(text="text:N", x=alt.value(width / 2), y=alt.value(height / 2))
        )
        return chart

    def colour(self, legend: alt.Legend | None) -> alt.Color:
        """The colours of the economies."""
        return alt.Color("economy:N", sort=self._names, scale=self._scale(colour_of),
                         legend=legend)  # fmt: skip

    def shape(self, legend: alt.Legend | None) -> alt.Shape:
        """The shape that goes with each colour."""
        return alt.Shape("economy:N", sort=self._names, scale=self._scale(shape_of),
                         legend=legend)  # fmt: skip

    @property
    def _names(self) -> list[str]:
        return list(self.material.names)

    def _scale(self, of: Callable[[str, int], str]) -> alt.Scale:
        marks = [of(code, at) for at, code in enumerate(self.plan.economies)]
        return alt.Scale(domain=self._names, range=marks)
