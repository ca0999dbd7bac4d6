"""Figures of docs/alignment/critique-models.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "alignment/critique-models/loop",
    title="Answer, critique, revision; and what the critique can be used for",
    desc="A question goes to a policy, which gives an answer. A critic reads question and answer and writes a "
    "critique in words. From the critique three arrows lead on: back to the policy for a revision, to a person "
    "who judges with its help, and to a score used as reward or for choosing among answers.",
)
def loop() -> Drawing:
    drawing = Drawing(740)
    question = drawing.box("question", (60, 116), role="data", h=40)
    policy = drawing.box("policy", (190, 116), role="ffn", h=44, w=90)
    answer = drawing.box("answer", (320, 116), role="data", h=40)
    critic = drawing.box("critic", (450, 116), role="attention", h=44, w=90)
    words = drawing.box("critique,\nin words", (585, 116), role="loss", h=50)
    for start, end in ((question, policy), (policy, answer), (answer, critic), (critic, words)):
        drawing.arrow(start.right, end.left)
    drawing.arrow(question.top, critic.top, "the critic sees the question too", via=((60, 60), (450, 60)))
    drawing.arrow(
        words.bottom, policy.bottom, "revise", via=((585, 196), (190, 196)), role="loss", dashed=True, side=-10
    )
    person = drawing.box("a person judges\nwith its help", (662, 206), role="norm", h=48)
    score = drawing.box("score: reward,\nor choice of answer", (655, 28), role="norm", h=46)
    drawing.arrow(words.on("bottom", 0.85), person.top, via=((words.on("bottom", 0.85)[0], 158), (662, 158)))
    drawing.arrow(words.on("top", 0.75), score.bottom, via=((words.on("top", 0.75)[0], 72), (655, 72)))
    return drawing
