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
    for series, (name, row) in enumerate(page_data("architectures/visual-tokens/quantisers")["usage"].items()):
        shares = [share for share in row["sorted_share"] if share > 0]
        chart.line(range(1, len(shares) + 1), shares, series=series, label=name)
    return chart


@figure(
    "visual-tokens/quantisers/sizes",
    title="Codes in effective use by size of the codebook",
    desc="Both axes are logarithmic. Trained by gradients, use levels off at about twenty-five codes whatever the "
    "size; by moving averages at about sixty. With a learned map of frozen codes it grows slowly, "
    "with restarts and with FSQ as the size does.",
)
def sizes() -> Chart:
    ticks = {16.0: "16", 32.0: "32", 64.0: "64", 128.0: "128", 256.0: "256", 512.0: "512"}
    size = Axis("codes in the book", 16, 512, log=True, ticks=ticks)
    chart = Chart(size, Axis("codes in effective use", 8, 600, log=True, ticks=ticks), height=300)
    for series, (name, rows) in enumerate(page_data("architectures/visual-tokens/quantisers")["sizes"].items()):
        chart.line([row[0] for row in rows], [row[1] for row in rows], series=series, label=name)
        chart.points([row[0] for row in rows], [row[1] for row in rows], series=series)
    return chart
