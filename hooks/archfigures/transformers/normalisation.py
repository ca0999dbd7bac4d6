"""Figures of docs/architectures/transformers/normalisation.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PLACES = (
    ("post-norm", "2017", ("branch", "+", "norm")),
    ("pre-norm", "GPT-2, Llama", ("norm", "branch", "+")),
    ("sandwich", "Gemma 2 and 3", ("norm", "branch", "norm", "+")),
    ("output norm", "OLMo 2", ("branch", "norm", "+")),
)


@figure(
    "transformers/normalisation/placements",
    title="Four placements of the norm",
    desc="Four residual blocks from left to right. Post-norm: the sum of stream and branch is normalised, on the "
    "stream itself. Pre-norm: the branch's input is normalised, and the stream runs through unchanged. Sandwich: the "
    "branch's input and output are normalised. Output norm: only the branch's output is normalised.",
)
def placements() -> Drawing:
    d = Drawing(760)
    for column, (name, user, parts) in enumerate(PLACES):
        left = 42 + column * 186
        d.label(name, (left + 56, 18), bold=True)
        d.label(user, (left + 56, 36), size=12, muted=True)
        _block(d, left, parts)
    return d


def _block(d: Drawing, x: float, parts: tuple[str, ...]) -> None:
    """The stream runs upwards at `x`; the branch leaves below and comes back at the plus."""
    inside = list(parts[: parts.index("+")])
    after = parts[parts.index("+") + 1 :]
    plus = d.operator("+", (x, 108))
    d.arrow((x, 318), plus.bottom)
    d.dot((x, 296), role="note", r=3)
    previous: tuple[float, float] = (x, 296.0)
    gap = 150 / len(inside)
    for index, part in enumerate(inside):
        y = 254 - index * gap
        box = d.box(part, (x + 92, y), role="norm" if part == "norm" else "ffn", w=76)
        d.arrow(previous, box.bottom, via=((x + 92, 296),) if index == 0 else ())
        previous = box.top
    d.arrow(previous, plus.right, via=((x + 92, 108),))
    top = plus.top
    for part in after:
        box = d.box(part, (x, 72), role="norm", w=64, h=26)
        d.arrow(top, box.bottom)
        top = box.top
    d.arrow(top, (x, 46))


@figure(
    "transformers/normalisation/gradients",
    title="Gradient of the last layer before training, against depth",
    desc="Size of the gradient of the last layer's last matrix for stacks of 2 to 128 layers, on logarithmic axes. "
    "With post-norm it does not fall with depth; with pre-norm and sandwich norms it falls like one over the root of "
    "the depth.",
)
def gradients() -> Chart:
    run = page_data("architectures/transformers/normalisation")
    depths = run["depths"]
    chart = Chart(
        Axis("layers", 2, 128, log=True, ticks={float(n): str(n) for n in depths}),
        Axis("gradient of the last layer", 0.8, 20, log=True, ticks={1.0: "1", 2.0: "2", 5.0: "5", 10.0: "10"}),
        height=300,
    )
    for series, name in enumerate(("post", "pre", "sandwich")):
        chart.line(depths, run[name], series=series, label=name if name == "sandwich" else f"{name}-norm")
        chart.points(depths, run[name], series=series)
    return chart
