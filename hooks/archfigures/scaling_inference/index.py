"""Figures of docs/scaling-inference/index.md."""

from __future__ import annotations

from archfigures import Drawing, figure

PLACES = (
    (66, "training\nbudget", "note", "scaling laws", "how large,\nhow long trained"),
    (228, "model", "ffn", "quantisation", "in how many bits"),
    (384, "one step", "attention", "cost model", "what a step\nreads and computes"),
    (540, "token", "data", "decoding", "which token"),
    (694, "answer", "loss", "test-time compute", "which answer"),
)


@figure(
    "scaling-inference/index/map",
    title="Where each page acts, from the training budget to the answer",
    desc="A row of five boxes joined by arrows: training budget, model, step, token, answer. Below each is the page "
    "that describes it, and its question: scaling laws, quantisation, the cost model, decoding, test-time compute. An "
    "arrow leads from the token back to the step, named speculative decoding, and one from the answer back to the "
    "token.",
)
def chain() -> Drawing:
    drawing = Drawing(760)
    boxes = []
    for x, label, role, page, question in PLACES:
        boxes.append(drawing.box(label, (x, 92), role=role, w=92, h=48))
        drawing.label(page, (x, 136), bold=True)
        drawing.label(question, (x, 168 if "\n" in question else 160), muted=True)
    for index, label in enumerate(("$N$, $D$", "bytes", "logits", "tokens")):
        drawing.arrow(boxes[index].right, boxes[index + 1].left, label)
    for source, label in ((3, "several tokens at once"), (4, "again, or more of them")):
        start, end = boxes[source].on("top", 0.4), boxes[source - 1].on("top", 0.6)
        drawing.arrow(start, end, label, via=[(start[0], 42), (end[0], 42)])
    drawing.label("speculative decoding", (462, 12), bold=True)
    return drawing
