"""Figures of docs/architectures/transformers/cross-layer-kv.md."""

from __future__ import annotations

from archfigures import Drawing, figure

LAYERS = 8
KINDS = (
    ("each its own", tuple(range(8))),
    ("pairs (CLA)", (0, 0, 2, 2, 4, 4, 6, 6)),
    ("upper half (YOCO)", (0, 1, 2, 3, 4, 4, 4, 4)),
)


@figure(
    "transformers/cross-layer-kv/who-shares",
    title="Which layers make keys and values, and which read those of others",
    desc="Three stacks of eight layers. In the first every layer has its own cache. In the second every other layer "
    "does, and the one above reads it. In the third the upper layers all read the cache of one layer in the middle.",
)
def who_shares() -> Drawing:
    d = Drawing(720)
    for column, (name, source) in enumerate(KINDS):
        x = 84 + column * 240
        d.label(name, (x + 40, 18), bold=True)
        for layer in range(LAYERS):
            y = 296 - layer * 34
            own = source[layer] == layer
            box = d.box(f"layer {layer}", (x, y), role="attention", w=72, h=24)
            if own:
                d.box("", (x + 100, y), role="state", w=34, h=22, corner=3)
                d.arrow(box.right, (x + 83, y))
            else:
                lane = x + 117 + 8 * (layer - source[layer])
                d.arrow(
                    (x + 117, 296 - source[layer] * 34), box.right, via=((lane, 296 - source[layer] * 34), (lane, y))
                )
        d.label(f"{len(set(source))} caches", (x + 40, 330), muted=True)
    return d
