"""Figures of docs/architectures/recurrent/deltanet.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "recurrent/deltanet/erase-write",
    title="What a second write under the same key leaves: adding, fading, erasing first",
    desc="Three rows. A state holds an old value under one key and another value under a second key; a new value is "
    "written under the first key. Adding leaves old and new mixed. Fading everything weakens old and other "
    "alike. Erasing first replaces the old value by the new one and leaves the other as it was.",
)
def erase_write() -> Drawing:
    drawing = Drawing(740)
    drawing.label("before", (262, 16), bold=True)
    drawing.label("after writing new under key 1", (520, 16), bold=True)
    rows = (
        ("linear attention: add", ((1.0, 1.0, 0.0), (1.0, 0.0, 0.0))),
        ("retention: fade, add", ((0.5, 1.0, 0.0), (0.5, 0.0, 0.0))),
        ("delta rule: erase, add", ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0))),
    )
    for row, (name, ((old, new, _), (other, _, _))) in enumerate(rows):
        y = 66 + row * 78
        drawing.label(name, (160, y), anchor="end", bold=True)
        _memory(drawing, 270, y, (1.0, 0.0), 1.0)
        drawing.arrow((330, y), (420, y))
        _memory(drawing, 520, y, (old, new), other)
    drawing.label("old", (242, 296), muted=True)
    drawing.label("new", (282, 296), muted=True)
    drawing.label("shade: how much of a value is read back", (480, 296), muted=True)
    return drawing


def _memory(drawing: Drawing, x: float, y: float, first: tuple[float, float], second: float) -> None:
    """Two keys: what is read under the first (old and new value) and under the second."""
    for offset, name in ((-14, "key 1"), (14, "key 2")):
        drawing.label(name, (x - 46, y + offset), muted=True, anchor="end", size=11)
    drawing.heatmap((x - 28, y - 14), [[first[0]]], cell=26, role="noise")
    drawing.heatmap((x + 12, y - 14), [[first[1]]], cell=26, role="state")
    drawing.heatmap((x - 28, y + 14), [[second]], cell=26, role="attention")
