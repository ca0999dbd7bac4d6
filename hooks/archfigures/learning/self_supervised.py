"""Figures of docs/learning/self-supervised.md."""

from __future__ import annotations

from archfigures import Drawing, figure

WORDS = ("the", "cat", "sat", "on", "the", "mat")
LEFT, STEP = 168.0, 58.0


@figure(
    "learning/self-supervised/objectives",
    title="Five objectives: what is shown and what has to be predicted",
    desc="Five rows. Next token: every position predicts the word after it. Masked token: two hidden words are "
    "predicted from both sides. Span corruption: a hidden span is written out after its marker. Masked patches: "
    "twelve of sixteen patches are painted from four. Denoising: the noise in a whole noisy image is predicted.",
)
def objectives() -> Drawing:
    d = Drawing(760)
    d.label("shown", (LEFT + 2.5 * STEP, 16), bold=True)
    d.label("to be predicted", (638, 16), bold=True)
    _words(d, 56, "next token", WORDS[:-1], {}, "the word after each,\nat every position")
    _words(d, 122, "masked token", WORDS, {1: "·", 4: "·"}, "cat, the", "from left and right at once")
    _words(d, 188, "span corruption", ("the", "A", "on", "the", "mat"), {1: "A"}, "A cat sat", "written by a decoder")
    _patches(d, 272)
    _noise(d, 372)
    return d


def _title(d: Drawing, name: str, y: float) -> None:
    d.label(name, (18, y), anchor="start", bold=True)


def _words(
    d: Drawing, y: float, name: str, words: tuple[str, ...], hidden: dict[int, str], answer: str, how: str = ""
) -> None:
    _title(d, name, y)
    for index, word in enumerate(words):
        role = "router" if index in hidden else "data"
        d.box(hidden.get(index, word), (LEFT + index * STEP, y), role=role, w=50, h=30, dashed=index in hidden)
    last = LEFT + (len(words) - 1) * STEP + 25
    box = d.box(answer, (638, y), role="loss", w=152)
    d.arrow((last, y), box.left)
    if how:
        d.label(how, (638, y + 27), size=12, muted=True)


def _patches(d: Drawing, y: float) -> None:
    _title(d, "masked patches", y)
    kept = {3, 6, 11, 15}
    shown = [[0.75 if 4 * i + j in kept else 0.0 for j in range(4)] for i in range(4)]
    asked = [[0.0 if 4 * i + j in kept else 0.75 for j in range(4)] for i in range(4)]
    left = d.heatmap((LEFT + 2.5 * STEP, y), shown, cell=19, role="data")
    right = d.heatmap((638, y), asked, cell=19, role="loss")
    d.arrow(left.right, right.left, "a quarter of the patches", side=-10)


def _noise(d: Drawing, y: float) -> None:
    _title(d, "denoising", y)
    picture = [[0.1, 0.8, 0.8, 0.1], [0.8, 0.4, 0.4, 0.8], [0.8, 0.4, 0.4, 0.8], [0.1, 0.8, 0.8, 0.1]]
    noise = [[0.5, 0.1, 0.3, 0.9], [0.2, 0.7, 0.9, 0.1], [0.6, 0.2, 0.1, 0.8], [0.9, 0.4, 0.6, 0.3]]
    mixed = [[0.6 * p + 0.4 * n for p, n in zip(*rows, strict=True)] for rows in zip(picture, noise, strict=True)]
    clean = d.heatmap((LEFT - 2, y), picture, cell=19, role="data")
    plus = d.operator("+", (LEFT + 1.25 * STEP, y), role="noise")
    shown = d.heatmap((LEFT + 2.5 * STEP, y), mixed, cell=19, role="noise")
    right = d.heatmap((638, y), noise, cell=19, role="loss")
    d.arrow(clean.right, plus.left)
    d.arrow(plus.right, shown.left)
    d.arrow(shown.right, right.left, "the noise that was added", side=-10)
