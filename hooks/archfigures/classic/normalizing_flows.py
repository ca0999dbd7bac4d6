"""Figures of docs/architectures/classic/normalizing-flows.md."""

from __future__ import annotations

from archfigures import Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/classic/normalizing-flows"


@figure(
    "classic/normalizing-flows/coupling",
    title="A coupling layer and its inverse",
    desc="Left, from data to noise: one half of the coordinates passes unchanged and feeds a network that gives a "
    "log-scale and a shift; the other half is multiplied by the exponential of the log-scale and the shift is "
    "added. Right, from noise to data: the same network, fed by the same unchanged half, and the other half "
    "minus the shift, divided by the scale.",
)
def coupling() -> Drawing:
    drawing = Drawing(760)
    for x0, heading, signs, inward, outward in (
        (30, "data → noise, one pass", ("×", "+"), "$x$", "$y$"),
        (410, "noise → data, one pass", ("−", "÷"), "$y$", "$x$"),
    ):
        drawing.label(heading, (x0 + 160, 14), size=12.5, bold=True)
        kept = drawing.tensor((x0 + 30, 62), 1, 4, cell=13, role="data", label=f"{inward}, kept half")
        moved = drawing.tensor((x0 + 30, 156), 1, 4, cell=13, role="attention", label=f"{inward}, other half")
        network = drawing.box("network\n$s$, $t$", (x0 + 132, 108), role="ffn", h=46)
        first = drawing.operator(signs[0], (x0 + 180, 156))
        second = drawing.operator(signs[1], (x0 + 232, 156))
        end = drawing.tensor((x0 + 300, 156), 1, 4, cell=13, role="attention", label=f"{outward}")
        same = drawing.tensor((x0 + 300, 62), 1, 4, cell=13, role="data", label=f"{outward} = kept half")
        drawing.arrow(kept.right, same.left)
        drawing.arrow((x0 + 132, 62), network.top)
        drawing.arrow(moved.right, first.left)
        drawing.arrow(first.right, second.left)
        drawing.arrow(second.right, end.left)
        for target, share, text in ((first, 0.35, ""), (second, 0.7, "")):
            start = network.on("right", share)
            drawing.arrow(start, target.top, text, via=((target.x, start[1]),))
        names = ("$e^s$", "$t$") if signs[0] == "×" else ("$t$", "$e^s$")
        drawing.label(names[0], (x0 + 192, 134), muted=True)
        drawing.label(names[1], (x0 + 246, 130), muted=True)
    return drawing


@figure(
    "classic/normalizing-flows/jacobians",
    title="Four ways to a determinant that is cheap: the pattern of the Jacobian",
    desc="Four square grids. Coupling: ones on the diagonal of the upper half, a dense block below and a diagonal "
    "block: the product of the diagonal. One by one convolution: equal dense blocks on the diagonal. "
    "Autoregressive: lower triangular. Continuous: dense, but only the trace is needed at each moment.",
)
def jacobians() -> Drawing:
    drawing = Drawing(760)
    n = 8

    def pattern(kind: str) -> list[list[float]]:
        out = [[0.0] * n for _ in range(n)]
        for i in range(n):
            for j in range(n):
                if kind == "coupling":
                    value = 0.9 if i == j else (0.35 if i >= 4 > j else 0.0)
                elif kind == "mix":
                    value = 0.7 if i // 2 == j // 2 else 0.0
                elif kind == "autoregressive":
                    value = 0.9 if i == j else (0.35 if j < i else 0.0)
                else:
                    value = 0.9 if i == j else 0.35
                out[i][j] = value
        return out

    for index, (kind, name, cost) in enumerate(
        (
            ("coupling", "coupling", "diagonal: $O(d)$"),
            ("mix", "1 × 1 convolution", "one small block"),
            ("autoregressive", "autoregressive", "diagonal: $O(d)$"),
            ("dense", "continuous", "its trace, over time"),
        )
    ):
        x = 100.0 + 187 * index
        box = drawing.heatmap((x, 96), pattern(kind), cell=15, role="attention")
        drawing.label(name, (x, 18), bold=True)
        drawing.label(cost, (x, box.bottom[1] + 16), muted=True)
    return drawing


@figure(
    "classic/normalizing-flows/layers",
    title="Samples of a trained flow after every second coupling layer, from noise to two moons",
    desc="Five clouds of points. The first is a round Gaussian. The following ones are sheared and bent step by step"
    " until two interlocking half circles appear.",
)
def layers() -> Drawing:
    drawing = Drawing(760)
    states = page_data(PAGE)["states"]
    for index, points in enumerate(states):
        x0, y0, scale = 78.0 + 151 * index, 88.0, 25.0
        drawing.label("noise" if index == 0 else f"{2 * index} layers", (x0, 16), bold=True, size=12.5)
        inside = [(x0 + scale * x, y0 - scale * y) for x, y in points if abs(x) < 2.7 and abs(y) < 2.7]
        drawing.dots(inside, role="noise" if index == 0 else "data")
    return drawing
