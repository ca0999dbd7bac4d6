"""Figures of docs/scaling-inference/scaling-laws.md."""

from __future__ import annotations

from archdata import models
from archdata.formulas import LAWS, effective_tokens

from archfigures import Axis, Chart, figure
from archfigures.data import DOCS, page_data

PAGE = "scaling-inference/scaling-laws"
LAW = LAWS["besiroglu"]
BUDGETS = {1e20: "$10^{20}$", 1e21: "$10^{21}$", 1e22: "$10^{22}$", 1e23: "$10^{23}$", 1e24: "$10^{24}$"}

# Training tokens as their makers report them; the page's table names the sources.
TRAINED = (
    ("GPT-3", 175e9, 300e9, -9, 4),
    ("Chinchilla", 70e9, 1.4e12, -6, 26),
    ("Llama 3 8B", "llama-3-8b", 15e12, -9, 4),
    ("Llama 3 70B", "llama-3-70b", 15e12, -9, 2),
    ("Llama 3.1 405B", "llama-3.1-405b", 15.6e12, -9, 2),
    ("Qwen3 0.6B", "qwen3-0.6b", 36e12, -9, 4),
)


def _powers(low: int, high: int, step: int = 1) -> dict[float, str]:
    return {10.0**power: f"$10^{{{power}}}$" for power in range(low, high + 1, step)}


@figure(
    "scaling-inference/scaling-laws/isoflop",
    title="Loss over the number of parameters at five budgets of training, each with its lowest point",
    desc="Five U-shaped curves, lower and further right for larger budgets. A dot marks the lowest point of each; a "
    "second dot, left of it, marks the size that another published fit would choose, hardly higher on the same "
    "curve.",
)
def isoflop() -> Chart:
    sizes = {1e8: "100M", 1e9: "1B", 1e10: "10B", 1e11: "100B", 1e12: "1T"}
    chart = Chart(
        Axis("parameters", 5e7, 3e12, log=True, ticks=sizes),
        Axis("loss in nats a token", 1.85, 3.05, ticks={v: f"{v:g}" for v in (2.0, 2.2, 2.4, 2.6, 2.8, 3.0)}),
        height=350,
    )
    for budget, name in BUDGETS.items():
        best, _ = LAW.optimum(budget)
        xs = [best * 10 ** (i / 20) for i in range(-26, 25)]
        chart.line(xs, [LAW.loss(x, budget / 6 / x) for x in xs], series=0)
        chart.note(name, xs[-1], LAW.loss(xs[-1], budget / 6 / xs[-1]), anchor="start", dx=5, dy=2)
    for series, key, label in ((1, "besiroglu", "least loss"), (3, "hoffmann", "size by Hoffmann's printed constants")):
        chosen = [LAWS[key].optimum(budget)[0] for budget in BUDGETS]
        points = [LAW.loss(n, c / 6 / n) for n, c in zip(chosen, BUDGETS, strict=True)]
        chart.points(chosen, points, series=series, label=label, r=5)
    return chart


@figure(
    "scaling-inference/scaling-laws/ratio",
    title="Best tokens for each parameter over the budget by three fits, and where trained models lie",
    desc="Two rising lines, at about a hundred and at about sixty tokens for each parameter for large budgets, and one "
    "that falls slightly below twenty, with a dashed band around it that widens to the right. Points: GPT-3 far "
    "below all, Chinchilla and Llama 3.1 405B near twenty to forty, small recent models hundreds to tens of "
    "thousands above.",
)
def ratio() -> Chart:
    chart = Chart(
        Axis("operations of training", 1e19, 1e26, log=True, ticks=_powers(19, 26)),
        Axis(
            "training tokens for each parameter",
            1,
            200_000,
            log=True,
            ticks={1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1000", 10_000.0: "10000", 100_000.0: "100000"},
        ),
        height=370,
        left=84,
    )
    budgets = [10 ** (19 + i / 4) for i in range(29)]
    names = {"hoffmann": "Hoffmann, printed", "hoffmann-unrounded": "unrounded", "besiroglu": "Besiroglu"}
    for series, (key, label) in enumerate(names.items()):
        best = [LAWS[key].optimum(c) for c in budgets]
        chart.line(budgets, [d / n for n, d in best], series=series, label=label)
    stored = page_data(PAGE)
    for row in (stored["spread 3"][0], stored["spread 3"][2]):
        chart.line(stored["budgets"], row, series=2, dashed=True)
    known = models.load(DOCS)
    for name, size, tokens, dx, dy in TRAINED:
        parameters = known[size].parameters if isinstance(size, str) else size
        budget = 6 * parameters * tokens
        chart.points([budget], [tokens / parameters], series=3, label="trained models" if name == "GPT-3" else "", r=4)
        chart.note(name, budget, tokens / parameters, anchor="end" if dx < 0 else "start", dx=dx, dy=dy)
    return chart


@figure(
    "scaling-inference/scaling-laws/valley",
    title="Training operations for the same loss, over the size as a share of the best size",
    desc="A curve with its lowest point at a share of one, flat around it: at half the size it lies a quarter higher. "
    "Towards small sizes it rises ever more steeply to an edge near a seventh, below which the loss cannot be "
    "reached. Points: Llama 3 8B at a quarter of its best size and more than five times the least operations, "
    "others nearer to one.",
)
def valley() -> Chart:
    ticks = {0.15: "0.15", 0.2: "0.2", 0.5: "0.5", 1.0: "1", 2.0: "2", 5.0: "5"}
    chart = Chart(
        Axis("parameters, over the best number for this loss", 0.13, 6, log=True, ticks=ticks),
        Axis(
            "operations, over the least", 0.85, 20, log=True, ticks={v: f"{v:g}" for v in (1.0, 2.0, 5.0, 10.0, 20.0)}
        ),
        height=330,
    )
    shares = [LAW.smallest_share() * 1.02 * 1.02**i for i in range(190)]
    chart.line(shares, [LAW.overhead(share) for share in shares], series=0)
    known = models.load(DOCS)
    for key, tokens in (
        ("llama-3-8b", 15e12),
        ("llama-2-7b", 2e12),
        ("llama-3-70b", 15e12),
        ("llama-3.1-405b", 15.6e12),
    ):
        model = known[key]
        best, _ = LAW.optimum(LAW.least_budget(LAW.loss(model.parameters, tokens)))
        share = model.parameters / best
        chart.points([share], [LAW.overhead(share)], series=1, r=5)
        left = key == "llama-2-7b"
        place = {"anchor": "end", "dx": -9, "dy": 10} if left else {"anchor": "start", "dx": 9, "dy": -5}
        chart.note(model.name, share, LAW.overhead(share), **place)  # type: ignore[arg-type]
    return chart


@figure(
    "scaling-inference/scaling-laws/repeats",
    title="What passes over the same data are worth in fresh data",
    desc="A curve that follows the diagonal for about four passes, then bends and approaches a ceiling of sixteen and "
    "a half times the unique data.",
)
def repeats() -> Chart:
    chart = Chart(
        Axis("passes over the same data", 0, 60),
        Axis("worth, in multiples of the unique data", 0, 20),
        height=290,
    )
    xs = [1 + i / 2 for i in range(119)]
    chart.line([0, 60], [0, 60], series=3, label="if every pass were fresh", dashed=True)
    chart.line(xs, [effective_tokens(1, x) for x in xs], series=0, label="by the fit")
    marked = (1, 4, 16, 40)
    chart.points(marked, [effective_tokens(1, x) for x in marked], series=0, r=4)
    for x in marked[1:]:
        chart.note(f"{x} passes: {effective_tokens(1, x):.1f}", x, effective_tokens(1, x), anchor="start", dx=8, dy=14)
    return chart
