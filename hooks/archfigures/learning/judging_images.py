"""Figures of docs/learning/judging-images.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "learning/judging-images"
PLACES = {
    "the data again": ("the data", 0, 0),
    "all modes, blurred": ("all modes, blurred", 1, 0),
    "one mode missing": ("one mode missing", 0, 1),
    "half the modes missing": ("half the modes", 1, 1),
}


@figure(
    "learning/judging-images/rings",
    title="Data and three generators with different faults",
    desc="Four clouds of points around a circle. The data: eight small clusters. Blurred: eight clusters so wide that "
    "they merge. One mode missing: seven small clusters and a gap. Half the modes missing: four small clusters.",
)
def rings() -> Drawing:
    drawing = Drawing(344)
    clouds = page_data(PAGE)["clouds"]
    for name, (label, column, row) in PLACES.items():
        x0, y0, scale = 90.0 + 166 * column, 106.0 + 190 * row, 41.0
        drawing.label(label, (x0, y0 - 90), bold=True, size=13)
        inside = [(x0 + scale * x, y0 - scale * y) for x, y in clouds[name] if abs(x) < 2 and abs(y) < 1.95]
        drawing.dots(inside, role="data" if name == "the data again" else "noise")
    return drawing


@figure(
    "learning/judging-images/count",
    title="Measured FID by the number of samples",
    desc="Two rising curves over a thousand divided by the number of samples, from 0 to 10. The perfect generator "
    "starts at 0 and ends at 12.2. The generator with ten per cent less spread starts at 0.64 and ends at 11.6. "
    "They cross near 5, that is at two hundred samples.",
)
def count() -> Chart:
    stored = page_data(PAGE)
    across, up = Axis("1,000 / number of samples", 0, 10), Axis("measured FID", 0, 13)
    chart = Chart(across, up, width=344, height=360)
    places = [1000 / number for number in stored["counts"]]
    for series, (name, values) in enumerate(stored["FID"].items()):
        chart.line(places, values, series=series, label=name)
        chart.points(places, values, series=series)
    return chart
