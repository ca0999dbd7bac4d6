"""Figures of docs/architectures/mixture-of-experts/routing.md."""

from __future__ import annotations

from archfigures import Drawing, figure
from archfigures.data import page_data

NOTES = {
    "token choice, k = 1": "one cell in each row;\ncolumns uneven",
    "expert choice": "three cells in each column;\nrows uneven, some empty",
    "hash": "one cell in each row,\nby a table of token ids",
    "soft": "every cell in use;\ncolumns add up to 1",
}


@figure(
    "mixture-of-experts/routing/matrices",
    title="Four ways to fill the matrix of tokens and experts",
    desc="Four matrices of twelve tokens by four experts. Token choice marks one cell in each row and the columns "
    "are uneven. Expert choice marks three cells in each column and some rows are empty. Hashing marks one "
    "cell in each row by a fixed table. Soft routing shades all cells.",
)
def matrices() -> Drawing:
    drawing = Drawing(740)
    for index, (name, gates) in enumerate(page_data("architectures/mixture-of-experts/routing").items()):
        x = 110 + index * 174
        shades = [[value**0.6 if value else 0.0 for value in row] for row in gates]
        box = drawing.heatmap((x, 176), shades, cell=22, role="router")
        drawing.label(name, (x, 16), bold=True)
        for expert in range(4):
            drawing.label(str(expert + 1), (box.left[0] + 11 + 22 * expert, 34), muted=True, size=11)
        drawing.label(NOTES[name], (x, 334), muted=True)
    drawing.label("experts", (52, 34), anchor="end", muted=True, size=11)
    drawing.label("tokens", (52, 176), anchor="end", muted=True, size=11)
    return drawing


@figure(
    "mixture-of-experts/routing/groups",
    title="Group-limited routing: first devices, then experts",
    desc="Sixteen experts form four groups, one group for each device. The two groups whose best two experts have the "
    "largest sum of scores are kept; three experts are chosen within them, and a stronger expert in a group that was "
    "left out is passed over.",
)
def groups() -> Drawing:
    drawing = Drawing(740)
    scores = (
        (0.9, 0.2, 0.7, 0.1),
        (0.3, 0.2, 0.1, 0.3),
        (0.1, 0.6, 0.5, 0.2),
        (0.8, 0.1, 0.1, 0.1),
    )
    kept = {0, 2}
    chosen = {(0, 0), (0, 2), (2, 1)}
    for group, row in enumerate(scores):
        x = 130 + group * 172
        drawing.label(f"device {group + 1}", (x, 18), bold=True)
        inside = [
            drawing.box(
                f"{score:.1f}",
                (x - 54 + 36 * i, 62),
                role="ffn" if (group, i) in chosen else "frozen",
                w=32,
                h=34,
                dashed=(group, i) not in chosen,
            )
            for i, score in enumerate(row)
        ]
        drawing.frame(inside, margin=8, role="router" if group in kept else "note")
        best = sorted(row)[-2:]
        drawing.label(f"two best: {sum(best):.1f}", (x, 112))
        drawing.label("kept" if group in kept else "left out", (x, 132), muted=True, bold=group in kept)
    drawing.label("scores", (46, 62), anchor="end", muted=True)
    return drawing
