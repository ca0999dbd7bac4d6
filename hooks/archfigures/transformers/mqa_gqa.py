"""Figures of docs/architectures/transformers/mqa-gqa.md."""

from __future__ import annotations

from archfigures import Drawing, figure

HEADS = 8


@figure(
    "transformers/mqa-gqa/sharing",
    title="Who shares keys and values: multi-head, grouped-query and multi-query attention",
    desc="Three panels with eight query heads each. In multi-head attention every query head has its own key–value "
    "head; in grouped-query attention four query heads share one of two; in multi-query attention all eight share "
    "one. Below each panel the cache per token and layer.",
)
def sharing() -> Drawing:
    d = Drawing(760)
    d.label("queries", (14, 66), anchor="start", muted=True)
    d.label("keys,\nvalues", (14, 146), anchor="start", muted=True)
    panels = (("multi-head", 8, "16 $d_{h}$"), ("grouped-query", 2, "4 $d_{h}$"), ("multi-query", 1, "2 $d_{h}$"))
    for column, (name, groups, cached) in enumerate(panels):
        left = 92 + column * 228
        d.label(name, (left + 94, 20), bold=True)
        shared = []
        for group in range(groups):
            x = left + 12 + 23.5 * ((group + 0.5) * HEADS / groups - 0.5)
            shared.append(d.box("", (x, 146), role="state", w=19 if groups == HEADS else 44, h=34, corner=4))
        for head in range(HEADS):
            q = d.box("", (left + 12 + head * 23.5, 66), role="attention", w=17, h=24, corner=4)
            d.arrow(q.bottom, shared[head * groups // HEADS].top, head=False)
        d.label(f"cache: {cached}", (left + 94, 186))
        d.label("numbers per token and layer", (left + 94, 204), size=12, muted=True)
    return d
