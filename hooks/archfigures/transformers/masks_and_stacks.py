"""Figures of docs/architectures/transformers/masks-and-stacks.md."""

from __future__ import annotations

from archfigures import Box, Drawing, figure

SIZE = 6


@figure(
    "transformers/masks-and-stacks/three",
    title="Three stacks and their masks",
    desc="Left, an encoder: one stack, a full mask, a vector for each token comes out. Middle, a decoder: one stack, "
    "a triangular mask, scores for the next token come out. Right, an encoder-decoder: a full-mask stack reads the "
    "source; a second stack reads its own tokens with a triangular mask and the source in full.",
)
def three() -> Drawing:
    d = Drawing(760)
    full = [[0.75] * SIZE for _ in range(SIZE)]
    causal = [[0.75 if j <= i else 0.0 for j in range(SIZE)] for i in range(SIZE)]
    _single(d, 92, "encoder", full, "a vector\nfor each token", "BERT")
    _single(d, 280, "decoder", causal, "scores for\nthe next token", "GPT, Llama")
    d.label("encoder-decoder", (574, 18), bold=True)
    d.label("T5, Whisper", (574, 36), size=12, muted=True)
    source = d.heatmap((462, 150), full, cell=13, role="state")
    left = d.frame([source], margin=12)
    d.label("source", (462, 264), muted=True)
    d.arrow((462, 252), left.bottom)
    own = d.heatmap((596, 150), causal, cell=13, role="attention")
    cross = d.heatmap((688, 150), full, cell=13, role="router")
    right = d.frame([own, cross], margin=12)
    d.label("target so far", (642, 264), muted=True)
    d.arrow((642, 252), right.bottom)
    d.arrow(left.top, cross.top, "read by every layer", via=((462, 78), (688, 78)))
    d.label("itself", (596, own.bottom[1] + 22 + 2), size=11.5, muted=True)
    d.label("source", (688, cross.bottom[1] + 24), size=11.5, muted=True)
    return d


def _single(d: Drawing, x: float, name: str, mask: list[list[float]], out: str, users: str) -> None:
    d.label(name, (x, 18), bold=True)
    d.label(users, (x, 36), size=12, muted=True)
    grid: Box = d.heatmap((x, 150), mask, cell=13, role="state" if name == "encoder" else "attention")
    frame = d.frame([grid], margin=12)
    d.arrow((x, 252), frame.bottom)
    d.label("tokens", (x, 264), muted=True)
    d.label(out, (x, 68), size=12)
    d.arrow(frame.top, (x, 86))
