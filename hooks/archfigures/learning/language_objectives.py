"""Figures of docs/learning/language-objectives.md."""

from __future__ import annotations

from archfigures import Drawing, figure

SIZE = 8
GALLERY = (
    ("causal", "next token", "causal", range(0, 8)),
    ("masked", "hidden tokens", "full", (2, 5)),
    ("replaced", "original or not", "full", range(0, 8)),
    ("prefix", "after the prefix", "prefix", range(3, 8)),
    ("middle last", "next token", "causal", range(0, 8)),
)


def _allowed(kind: str, row: int, column: int) -> bool:
    return kind == "full" or column <= row or (kind == "prefix" and row < 4 and column < 4)


@figure(
    "learning/language-objectives/gallery",
    title="Masks and losses of five objectives",
    desc="Five grids of eight tokens, rows reading columns, with a strip below for the positions that carry loss. "
    "Causal: lower triangle, loss everywhere. Masked: full grid, loss on two hidden tokens. Replaced: full grid, loss "
    "everywhere. Prefix: a full square for the prefix and a triangle after it, loss after the prefix. Middle last: "
    "lower triangle with the text's middle part moved to the end.",
)
def gallery() -> Drawing:
    d = Drawing(760)
    d.label("who reads\nwhom", (14, 92), anchor="start", size=12, muted=True)
    d.label("loss", (14, 164), anchor="start", size=12, muted=True)
    for column, (name, task, mask, loss) in enumerate(GALLERY):
        x = 140 + column * 134
        cells = [[0.75 if _allowed(mask, i, j) else 0.0 for j in range(SIZE)] for i in range(SIZE)]
        d.heatmap((x, 92), cells, cell=13, role="attention", label=name)
        d.heatmap((x, 164), [[0.8 if j in loss else 0.0 for j in range(SIZE)]], cell=13, role="loss")
        d.label(task, (x, 188), size=12, muted=True)
    parts = (("prefix", 3, "data"), ("suffix", 3, "frozen"), ("middle", 2, "router"))
    left = 140 + 4 * 134 - SIZE * 13 / 2
    for _, width, role in parts:
        d.box("", (left + width * 13 / 2, 212), role=role, w=width * 13 - 2, h=12, corner=2)
        left += width * 13
    d.label("order: prefix, suffix, middle", (536, 212), size=12, muted=True)
    return d
