"""Figures of docs/learning/index.md."""

from __future__ import annotations

from archfigures import Drawing, figure

_ANSWERS = ("A", "B", "C right", "D", "E", "F right")
_MODEL = (0.40, 0.25, 0.15, 0.10, 0.06, 0.04)
_ROWS = (
    ("next token", "the corpus", (0.50, 0.10, 0.10, 0.20, 0.05, 0.05)),
    ("demonstration", "a person wrote F", (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)),
    ("preference", "C was preferred to A", (-0.5, 0.0, 0.5, 0.0, 0.0, 0.0)),
    ("verifier", "C and F are right", (-0.076, -0.0475, 0.1215, -0.019, -0.0114, 0.0324)),
    ("own answers, teacher", "a better model's probabilities", (-0.39, -0.13, 0.11, 0.11, 0.16, 0.14)),
)


@figure(
    "learning/index/weights",
    title="Weights with which six answers enter the gradient, by objective",
    desc="Five rows of six bars. Imitating the corpus pulls all answers up, most of all the commonest. A demonstration "
    "pulls up one answer. A preference pulls one up and one down by the same amount. A verifier pulls the two right "
    "answers up, the more often said one harder, and the others down. A teacher that judges the model's own answers "
    "pulls down what the model says too often and up what it says too rarely.",
)
def weights() -> Drawing:
    drawing = Drawing(760)
    drawing.label("where the weights come from", (10, 14), anchor="start", muted=True)
    for column, (name, share) in enumerate(zip(_ANSWERS, _MODEL, strict=True)):
        drawing.label(f"{name}\n{share:.2f}", (328 + 78 * column, 20), muted=True, size=12)
    for row, (name, source, values) in enumerate(_ROWS):
        y = 82 + 68 * row
        drawing.label(name, (10, y - 9), anchor="start", bold=True)
        drawing.label(source, (10, y + 9), anchor="start", muted=True)
        drawing.line([(288, y), (752, y)])
        scale = 26 / max(abs(value) for value in values)
        for column, value in enumerate(values):
            height = abs(value) * scale
            if height >= 0.5:
                at = (328 + 78 * column, y - height / 2 if value > 0 else y + height / 2)
                drawing.box("", at, role="state" if value > 0 else "noise", w=34, h=height, corner=1.5)
    return drawing
