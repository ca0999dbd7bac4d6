"""Figures of docs/architectures/multimodal/dynamic-resolution.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure

ROLES = ("state", "ffn", "router")
AXES = ("time", "row", "column")


@figure(
    "multimodal/dynamic-resolution/positions",
    title="An image between words, with positions of three numbers",
    desc="A sequence of two words, an image of two rows and three columns of tokens, and two words. Under each "
    "token stand its positions in time, row and column. Words have three equal numbers. The image's tokens "
    "share the time and count rows and columns. The words behind it go on from the largest number.",
)
def positions() -> Drawing:
    drawing = Drawing(740)
    tokens = [("a", (0, 0, 0)), ("photo", (1, 1, 1))]
    tokens += [("", (2, 2 + row, 2 + column)) for row in range(2) for column in range(3)]
    tokens += [("of", (5, 5, 5)), ("it", (6, 6, 6))]
    for index, name in enumerate(AXES):
        drawing.label(name, (84, 104 + 34 * index), anchor="end", bold=True)
    for place, (word, where) in enumerate(tokens):
        x = 124 + 63 * place
        drawing.box(word, (x, 52), role="data" if word else "noise", w=56, h=34)
        for index, number in enumerate(where):
            drawing.box(str(number), (x, 104 + 34 * index), role=ROLES[index], w=40, h=28, dashed=bool(word))
    drawing.label("first row of the image", (124 + 63 * 3, 18), muted=True)
    drawing.label("second row", (124 + 63 * 6, 18), muted=True)
    return drawing


@figure(
    "multimodal/dynamic-resolution/axes",
    title="Which axis rotates which pair of channels, in blocks and interleaved",
    desc="Two strips of sixty-four cells, fastest frequency at the left. In the first, sixteen cells for time are "
    "followed by twenty-four for rows and twenty-four for columns. In the second, time, row and column "
    "alternate, and the last four cells are time again.",
)
def axes() -> Drawing:
    drawing = Drawing(740)
    blocks = [0] * 16 + [1] * 24 + [2] * 24
    woven = [index % 3 if index < 60 else 0 for index in range(64)]
    for row, (name, strip) in enumerate((("in blocks", blocks), ("interleaved", woven))):
        y = 44 + 62 * row
        drawing.label(name, (104, y), anchor="end", bold=True)
        for index, axis in enumerate(strip):
            drawing.box("", (118 + 9.4 * index, y), role=ROLES[axis], w=8, h=34, corner=1.5)
    drawing.label("fast", (118, 142), muted=True)
    drawing.label("slow", (118 + 9.4 * 63, 142), muted=True)
    for index, name in enumerate(AXES):
        drawing.box(name, (290 + 120 * index, 158), role=ROLES[index], w=84, h=28)
    return drawing


@figure(
    "multimodal/dynamic-resolution/tokens",
    title="Tokens of a square image by its side, between the limits",
    desc="Two lines of tokens over the side of a square image. With 28 pixels for a token the count rises with the "
    "square of the side and stays just below the limit of 1280 from about 1000 pixels on. With 32 pixels for a "
    "token it rises more slowly and reaches the same limit at about 1150 pixels.",
)
def tokens() -> Chart:
    chart = Chart(Axis("side of a square image, px", 0, 2000), Axis("tokens", 0, 1500), height=310)
    sides = list(range(56, 2001, 4))
    for series, (label, factor) in enumerate((("28 px a token, Qwen2-VL", 28), ("32 px a token, Qwen3-VL", 32))):
        chart.line(sides, [_tokens(side, factor) for side in sides], series=series, label=label)
    chart.line([0, 2000], [1280, 1280], series=2, dashed=True, label="limit")
    return chart


def _tokens(side: int, factor: int, limit: int = 1280) -> int:
    """Tokens of a square image: the nearest multiple, or the largest one under the limit."""
    across = max(2, round(side / factor))
    return across**2 if across**2 <= limit else int(limit**0.5) ** 2
