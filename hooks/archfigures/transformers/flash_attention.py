"""Figures of docs/architectures/transformers/flash-attention.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "transformers/flash-attention/tiles",
    title="One block of queries is compared with the blocks of keys and values in turn",
    desc="A grid of six by six blocks of scores, of which only those on and below the diagonal are computed. The "
    "fourth row is being processed: two blocks are done, the third is in fast memory, the fourth is still to come. To "
    "its right are the three quantities that are carried along: the running maximum, the running sum and the output "
    "so far.",
)
def tiles() -> Drawing:
    d = Drawing(760)
    blocks, row = 6, 3
    values = [[0.12 if j <= i else 0.0 for j in range(blocks)] for i in range(blocks)]
    values[row][0] = values[row][1] = 0.45
    values[row][2] = 1.0
    grid = d.heatmap((206, 146), values, cell=34, role="attention")
    d.label("blocks of keys and values", (206, 22))
    d.label("blocks\nof\nqueries", (58, 146))
    d.label("never stored;\nempty ones skipped", (206, 268), size=12, muted=True)
    y = grid.top[1] + (row + 0.5) * 34
    at_hand = (grid.left[0] + 2.5 * 34, y)
    work = d.box("$S$ = $QK^{⊤}$/√$d_{h}$\nof one block", (412, y), role="attention", w=132, h=44)
    d.line([at_hand, (grid.right[0] + 6, y)], role="attention", dashed=True)
    d.arrow((grid.right[0], y), work.left)
    carried = [
        d.box("maximum $m$", (642, y - 62), role="state", w=152),
        d.box("sum of exponentials", (642, y), role="state", w=152),
        d.box("output so far", (642, y + 62), role="state", w=152),
    ]
    for box in carried:
        d.arrow(work.right, box.left, via=((520, y), (520, box.y)))
    d.label("carried from block to block,\nrescaled when $m$ rises", (642, y + 106), size=12, muted=True)
    d.label("in fast memory", (412, y + 40), size=12, muted=True)
    return d
