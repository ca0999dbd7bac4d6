"""Figures of docs/architectures/diffusion/video-sparse-attention.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/video-sparse-attention"


@figure(
    "diffusion/video-sparse-attention/tiles",
    title="Blocks of 16 tokens, row by row and in tiles, and those that a neighbourhood touches",
    desc="Two grids of eight by sixteen tokens. Left, every row is a block, and a neighbourhood of five by five around "
    "a token touches five blocks. Right, blocks are tiles of four by four, and the same neighbourhood touches four.",
)
def tiles() -> Drawing:
    drawing = Drawing(740)
    for name, left in (("row by row", 24), ("in tiles", 390)):
        cell, rows, columns = 20, 8, 16
        y0, x0 = 40.0, float(left)
        touched = []
        for row in range(rows):
            values = []
            for column in range(columns):
                near = abs(row - 3) <= 2 and abs(column - 5) <= 2
                read = 1 <= row <= 5 if name == "row by row" else column // 4 in (0, 1)
                values.append(0.85 if near else 0.3 if read else 0.0)
            touched.append(values)
        drawing.heatmap((x0 + cell * columns / 2, y0 + cell * rows / 2), touched, cell=cell)
        drawing.label(name, (x0, 22), anchor="start", bold=True)
        drawing.dot((x0 + 5.5 * cell, y0 + 3.5 * cell), role="loss", r=4.5)
        lines = [((x0, y0 + row * cell), (x0 + columns * cell, y0 + row * cell)) for row in range(rows + 1)]
        if name != "row by row":
            lines = [line for index, line in enumerate(lines) if index % 4 == 0]
            lines += [((x0 + c * cell, y0), (x0 + c * cell, y0 + rows * cell)) for c in range(0, columns + 1, 4)]
        for start, end in lines:
            drawing.line([start, end])
        count = 5 if name == "row by row" else 4
        drawing.label(f"{count} blocks read, {16 * count} tokens", (x0 + 160, y0 + 178), size=12, muted=True)
    return drawing


@figure(
    "diffusion/video-sparse-attention/seen",
    title="Which blocks of six frames one block of the third frame attends to",
    desc="Three rows of six small grids of four by eight blocks. The window is the same square in five frames. The "
    "chosen blocks move to the right from frame to frame. The true attention moves in the same way and is strongest in "
    "the middle.",
)
def seen() -> Drawing:
    drawing = Drawing(740)
    names = {"window": "window\nof tiles", "chosen": "chosen by\nmeans", "true": "full\nattention"}
    cell = 13
    for row, (key, frames) in enumerate(page_data(PAGE)["seen"].items()):
        y = 62 + 76 * row
        drawing.label(names[key], (8, y), anchor="start", size=12.5)
        top = max(max(max(line) for line in frame) for frame in frames)
        for column, frame in enumerate(frames):
            x = 138 + 108 * column
            shade = [[(value / top) ** 0.6 if value else 0.0 for value in line] for line in frame]
            drawing.heatmap((x, y), shade, cell=cell, role="state" if key == "true" else "attention")
            if row == 0:
                drawing.label(f"frame {column}", (x, 18), size=12, muted=True)
            if column == 2:
                drawing.dot((x + (3.5 - 4) * cell, y + (1.5 - 2) * cell), role="loss", r=3.5)
    return drawing


@figure(
    "diffusion/video-sparse-attention/held",
    title="Share of the attention that is held, by the share of blocks read",
    desc="Four curves that rise. The best possible choice among tiles and the choice by means nearly coincide and are "
    "highest: 0.81 for 15 per cent of the blocks. Blocks of rows chosen in the same way reach 0.72 there, windows of "
    "tiles 0.75.",
)
def held() -> Chart:
    chart = Chart(Axis("share of blocks read", 0, 0.5), Axis("share of the attention held", 0, 1), height=300)
    choices = page_data(PAGE)["choices"]
    names = {
        "best tiles": "best tiles",
        "chosen tiles": "tiles chosen by means",
        "windows of tiles": "windows of tiles",
        "chosen rows": "rows chosen by means",
    }
    for series, (key, name) in enumerate(names.items()):
        read, kept = [0.0, *(row[0] for row in choices[key])], [0.0, *(row[1] for row in choices[key])]
        chart.line(read, kept, series=series, label=name, dashed=key == "best tiles")
        chart.points(read[1:], kept[1:], series=series)
    return chart
