"""Figures of docs/architectures/visual-tokens/quantisers.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import page_data


@figure(
    "visual-tokens/quantisers/usage",
    title="How evenly three quantisers with 256 codes use them",
    desc="Share of vectors per code, codes sorted by use, logarithmic. The learned codebook falls to nothing after "
    "some seventy codes; with restarts all codes are used almost evenly; the fixed grid falls slowly and ends "
    "at about 180 codes.",
)
def usage() -> Chart:
    chart = Chart(Axis("codes, sorted by use", 0, 256), Axis("share of the vectors", 5e-5, 0.2, log=True), left=74)
    for series, (name, row) in enumerate(page_data("architectures/visual-tokens/quantisers").items()):
        shares = [share for share in row["sorted_share"] if share > 0]
        chart.line(range(1, len(shares) + 1), shares, series=series, label=name)
    return chart
